"""What hangs on an application: notes, the stages it has gone through, interview feedback (linkedin.md 4.5)."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from talentsync.applications.models.application import Application
from talentsync.candidates.models import Note, PersonRecord, of_person
from talentsync.candidates.querysets import HangingQuerySet
from talentsync.sync.models import unique_id


class ApplicationNote(Note):
    """A note about an application."""

    UNDER = "application"

    application = models.ForeignKey(Application, models.CASCADE, related_name="notes", verbose_name=_("application"))

    class Meta:
        constraints = [unique_id("application")]
        indexes = of_person("application_note")
        verbose_name = _("application note")
        verbose_name_plural = _("application notes")


class ApplicationStage(PersonRecord):
    """One stage that an application has reached: a line of its history, not a value that changes."""

    UNDER = "application"

    application = models.ForeignKey(Application, models.CASCADE, related_name="stages", verbose_name=_("application"))
    stage = models.CharField(_("stage"), max_length=300)
    ats_created_at = models.DateTimeField(_("reached"), default=timezone.now)

    objects = HangingQuerySet.as_manager()

    class Meta:
        constraints = [unique_id("application")]
        indexes = of_person("application_stage")
        verbose_name = _("application stage")
        verbose_name_plural = _("application stages")

    def __str__(self) -> str:
        return self.stage


class InterviewFeedback(PersonRecord):
    """What an interviewer said. The interviewer is named with both names or not at all."""

    class InterviewType(models.TextChoices):
        PHONE_SCREEN = "PHONE_SCREEN", _("By phone")
        ONSITE = "ONSITE", _("On site")

    UNDER = "application"

    application = models.ForeignKey(Application, models.CASCADE, related_name="feedback", verbose_name=_("application"))
    feedback = models.TextField(_("feedback"), blank=True)
    interview_type = models.CharField(_("interview"), max_length=12, choices=InterviewType, blank=True)
    interviewer_first_name = models.CharField(_("interviewer's first name"), max_length=200, blank=True)
    interviewer_last_name = models.CharField(_("interviewer's last name"), max_length=200, blank=True)
    evaluations = models.JSONField(_("ratings"), default=list, blank=True)  # of {attribute, result}
    ats_created_at = models.DateTimeField(_("given"), default=timezone.now)

    objects = HangingQuerySet.as_manager()

    class Meta:
        constraints = [unique_id("application")]
        indexes = of_person("feedback")
        verbose_name = _("interview feedback")
        verbose_name_plural = _("interview feedback")

    def __str__(self) -> str:
        return Truncator(self.feedback).chars(60) or self.external_id
