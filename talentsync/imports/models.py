"""Imports, how far each is, and what was wrong with their rows."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """The record types that can be imported; resumes come with their files (`bundles`)."""

    JOB = "job", _("Jobs")
    CANDIDATE = "candidate", _("Candidates")
    CANDIDATE_NOTE = "candidate_note", _("Candidate notes")
    APPLICATION = "application", _("Applications")
    APPLICATION_NOTE = "application_note", _("Application notes")
    APPLICATION_STAGE = "application_stage", _("Application stages")
    INTERVIEW_FEEDBACK = "interview_feedback", _("Interview feedback")
    RESUME = "resume", _("Resumes")


class State(models.TextChoices):
    CHECKING = "checking", _("Being checked")
    CHECKED = "checked", _("Waits for you")
    LOADING = "loading", _("Being loaded")
    DONE = "done", _("Done")
    FAILED = "failed", _("Could not be read")


WORKING = (State.CHECKING, State.LOADING)


class Import(models.Model):
    """One file of one kind for one customer. `position` and `line` say how far it has been read: they move in the same
    transaction as the rows before them are loaded and counted.
    """

    customer = models.ForeignKey("customers.Customer", models.CASCADE, verbose_name=_("customer"))
    kind = models.CharField(_("record type"), max_length=20, choices=Kind)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("who")
    )
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.CHECKING)
    stored_as = models.CharField(max_length=100, blank=True)  # the file's random name; empty once it is gone
    created_at = models.DateTimeField(_("uploaded"), default=timezone.now, db_index=True)
    touched_at = models.DateTimeField(default=timezone.now)
    size = models.BigIntegerField(default=0)  # bytes; of the table alone, once it is taken out of a zip
    position = models.BigIntegerField(default=0)  # bytes
    line = models.BigIntegerField(default=0)
    brings_back = models.BooleanField(default=False)  # also what was erased here before
    n_new = models.BigIntegerField(_("new"), default=0)
    n_changed = models.BigIntegerField(_("changed"), default=0)
    n_unchanged = models.BigIntegerField(_("unchanged"), default=0)
    n_refused = models.BigIntegerField(_("refused"), default=0)
    n_unsent = models.BigIntegerField(default=0)  # new, or changed in what LinkedIn is told
    n_zoneless = models.BigIntegerField(default=0)  # moments without a zone
    n_errors = models.BigIntegerField(default=0)  # all of them, also those beyond what is kept

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.customer}"

    @property
    def n_rows(self) -> int:
        return self.n_new + self.n_changed + self.n_unchanged + self.n_refused

    @property
    def n_good(self) -> int:
        return self.n_new + self.n_changed

    @property
    def is_working(self) -> bool:
        return self.state in WORKING

    @property
    def percent(self) -> int:
        return 100 * self.position // self.size if self.size else 100


class RowError(models.Model):
    """One broken rule of one row. It holds no value of the file."""

    run = models.ForeignKey(Import, models.CASCADE, related_name="errors")
    line = models.BigIntegerField()
    column = models.CharField(max_length=100, blank=True)
    rule = models.CharField(max_length=30)
    sentence = models.CharField(max_length=500)

    class Meta:
        indexes = [models.Index(fields=["run", "line"])]

    def __str__(self) -> str:
        return f"{self.line} {self.column} {self.rule}".strip()
