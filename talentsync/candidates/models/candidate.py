"""A candidate as the customer's ATS knows the person, with all that LinkedIn asks for (linkedin.md 4.2).

The fields have LinkedIn's names in snake_case: so are the columns of an import called.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from talentsync.candidates.models.person import PersonRecord, of_person
from talentsync.candidates.querysets import CandidateQuerySet
from talentsync.core.columns import LowerCaseEmailField, by_beginnings, lower_cased
from talentsync.sync.models import listed_few, unique_id


class Candidate(PersonRecord):
    """One candidate of a customer's ATS."""

    # who it is
    first_name = models.CharField(_("first name"), max_length=200, blank=True)
    last_name = models.CharField(_("last name"), max_length=200, blank=True)
    middle_initial = models.CharField(_("middle initial"), max_length=20, blank=True)
    prefix = models.CharField(_("prefix"), max_length=50, blank=True, help_text=_("For example Dr."))
    suffix = models.CharField(_("suffix"), max_length=50, blank=True, help_text=_("For example Jr."))
    current_company_name = models.CharField(
        _("current employer"), max_length=300, blank=True, help_text=_("Helps LinkedIn to find the person's profile.")
    )
    current_job_title = models.CharField(_("current job title"), max_length=300, blank=True)

    # how to reach the person: lists, as LinkedIn has them
    email_addresses = models.JSONField(
        _("e-mail addresses"),
        default=list,
        blank=True,
        help_text=_("One on each line. LinkedIn needs at least one, unless the person is linked."),
    )
    phone_numbers = models.JSONField(_("phone numbers"), default=list, blank=True)  # of {number, extension}
    addresses = models.JSONField(_("postal addresses"), default=list, blank=True)  # of LinkedIn's parts of an address

    # where the person is found
    external_profile_url = models.URLField(
        _("page in your ATS"),
        max_length=2000,
        blank=True,
        help_text=_("The person's page in your ATS. Recruiters reach it from LinkedIn."),
    )
    linked_in_profile_url = models.URLField(
        _("LinkedIn profile"), max_length=2000, blank=True, help_text=_("If known. Helps LinkedIn to find the profile.")
    )
    manual_matched_member = models.CharField(
        _("linked person"), max_length=100, blank=True, editable=False
    )  # urn:li:person:…, confirmed by a person; every update carries it (linkedin.md 4.2)

    # when, by the ATS's clock
    ats_created_at = models.DateTimeField(_("created in your ATS"), default=timezone.now)
    ats_last_modified_at = models.DateTimeField(_("last changed in your ATS"), default=timezone.now)

    # what the person wishes
    do_not_contact = models.BooleanField(
        _("do not contact"), default=False, help_text=_("LinkedIn is told that the person wishes not to be contacted.")
    )
    do_not_send = models.BooleanField(
        _("keep out of LinkedIn"),
        default=False,
        help_text=_("Nothing is sent about the person. What LinkedIn holds can be deleted."),
    )

    # what a search by beginnings looks at
    first_key = lower_cased("first_name", max_length=200)
    last_key = lower_cased("last_name", max_length=200)

    objects = CandidateQuerySet.as_manager()

    class Meta:
        constraints = [unique_id()]
        indexes = [
            *of_person("candidate"),
            *by_beginnings("candidate", "first_key", "last_key"),
            listed_few("candidate_kept_out", Q(do_not_send=True)),
            listed_few("candidate_not_contacted", Q(do_not_contact=True)),
        ]
        verbose_name = _("candidate")
        verbose_name_plural = _("candidates")
        permissions = [
            ("sync_candidate", _("Can send candidates to LinkedIn")),
            ("remove_candidate", _("Can delete candidates from LinkedIn and from TalentSync")),
        ]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}".strip() or self.external_id


class CandidateEmail(models.Model):
    """One of a candidate's addresses, to be looked for. `services` keeps these as `Candidate.email_addresses` is."""

    candidate = models.ForeignKey(Candidate, models.CASCADE, related_name="emails")
    address = LowerCaseEmailField()

    class Meta:
        indexes = by_beginnings("candidate_email", "address")

    def __str__(self) -> str:
        return self.address
