"""A note about a candidate or an application (linkedin.md 4.3)."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from talentsync.candidates.models.candidate import Candidate
from talentsync.candidates.models.person import PersonRecord, of_person
from talentsync.candidates.querysets import HangingQuerySet
from talentsync.sync.models import unique_id


class Note(PersonRecord):
    """What somebody wrote down. The author is named with both names or not at all."""

    note = models.TextField(_("note"), blank=True)
    ats_created_at = models.DateTimeField(_("written"), default=timezone.now)
    author_first_name = models.CharField(_("author's first name"), max_length=200, blank=True)
    author_last_name = models.CharField(_("author's last name"), max_length=200, blank=True)

    objects = HangingQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return Truncator(self.note).chars(60) or self.external_id


class CandidateNote(Note):
    """A note about a candidate; its ID is its own below the candidate."""

    UNDER = "candidate"

    candidate = models.ForeignKey(Candidate, models.CASCADE, related_name="notes", verbose_name=_("candidate"))

    class Meta:
        constraints = [unique_id("candidate")]
        indexes = of_person("candidate_note")
        verbose_name = _("candidate note")
        verbose_name_plural = _("candidate notes")
