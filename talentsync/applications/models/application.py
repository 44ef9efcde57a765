"""An application: one candidate for one job (linkedin.md 4.4). Fields have LinkedIn's names in snake_case."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from talentsync.applications.querysets import ApplicationQuerySet
from talentsync.candidates.models import Candidate, PersonRecord, of_person
from talentsync.jobs.models import Job
from talentsync.sync.models import unique_id


class Application(PersonRecord):
    """One application. What is left empty of name, e-mail and job title is taken from candidate and job."""

    candidate = models.ForeignKey(Candidate, models.CASCADE, related_name="applications", verbose_name=_("candidate"))
    job = models.ForeignKey(Job, models.PROTECT, related_name="applications", verbose_name=_("job"))
    first_name = models.CharField(
        _("first name"), max_length=200, blank=True, help_text=_("Empty: as the candidate's.")
    )
    last_name = models.CharField(_("last name"), max_length=200, blank=True, help_text=_("Empty: as the candidate's."))
    candidate_email = models.EmailField(
        _("e-mail address"), blank=True, help_text=_("Empty: the candidate's first address.")
    )
    ats_job_posting_name = models.CharField(
        _("job's name"), max_length=300, blank=True, help_text=_("Empty: the job's title.")
    )
    source = models.CharField(_("source"), max_length=300, blank=True, help_text=_("For example Referral."))
    disposition_reason = models.CharField(_("reason for the outcome"), max_length=500, blank=True)
    ats_created_at = models.DateTimeField(_("created in your ATS"), default=timezone.now)
    ats_last_modified_at = models.DateTimeField(_("last changed in your ATS"), default=timezone.now)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        constraints = [unique_id()]
        indexes = of_person("application")
        verbose_name = _("application")
        verbose_name_plural = _("applications")

    def __str__(self) -> str:
        return self.external_id
