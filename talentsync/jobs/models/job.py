"""A job as the customer's ATS knows it, with everything that either vendor asks for.

The status columns at the end are written by the engine's summary alone; what they are computed
from stands in `facts` and in the deliveries.
"""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from connectors.linkedin import choices as linkedin
from talentsync.core.columns import LowerCaseEmailField, by_beginnings, in_form, lower_cased
from talentsync.customers.models import Availability
from talentsync.jobs.querysets import JobQuerySet
from talentsync.sync.models import SyncedModel, listed, unique_id
from talentsync.sync.states import Failure


class PostingStatus(models.TextChoices):
    """What has become of a job at LinkedIn, in the recruiter's words."""

    NOT_POSTED = "not_posted", _("Not posted")
    POSTING = "posting", _("Posting")
    LIVE = "live", _("Live")
    PRIVATE_LIVE = "private_live", _("Visible in Recruiter only")
    CLOSING = "closing", _("Closing")
    CLOSED = "closed", _("Closed")
    EXPIRED = "expired", _("Expired")
    REMOVED = "removed", _("Removed by LinkedIn")
    UNKNOWN = "unknown", _("Not known")  # a post whose outcome nobody could find out


class GreenhouseStatus(models.TextChoices):
    """What has become of a job at Greenhouse."""

    UNKNOWN = "unknown", _("Not looked at")
    OPEN = "open", _("Open")
    CLOSING = "closing", _("Closing")
    CLOSED = "closed", _("Closed")
    DRAFT = "draft", _("Draft")
    NOT_FOUND = "not_found", _("Not found")
    SEVERAL = "several", _("Several jobs fit")


class Status(models.TextChoices):
    """The ATS's own word for a job."""

    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")


class Job(SyncedModel):
    """One job of a customer's ATS."""

    status = models.CharField(
        _("status in your ATS"),
        max_length=6,
        choices=Status,
        default=Status.OPEN,
        db_index=True,
        help_text=_("What your ATS says. Setting it to closed closes nothing at the vendors: use Close…"),
    )
    owner_email = LowerCaseEmailField(
        _("owner"), blank=True, db_index=True, help_text=_("E-mail address of the recruiter whose job it is.")
    )

    external_id = models.CharField(
        _("ID in your ATS"), max_length=75, help_text=_("At most 75 characters; cannot change once LinkedIn knows it.")
    )  # 75: the shorter of LinkedIn's two documented limits (linkedin.md 10.1, row 2)

    # what it is (linkedin.md 3.3)
    title = models.CharField(_("title"), max_length=200, help_text=_("At most 200 characters."))
    description = models.TextField(
        _("description"),
        blank=True,
        help_text=_(
            "100 to 25,000 characters. LinkedIn keeps the tags b, strong, u, i, br, p, ul and li; other tags go."
        ),
    )
    skills_description = models.TextField(
        _("skills"), blank=True, help_text=_("At most 4,000 characters, with the same few tags.")
    )
    company_description = models.TextField(_("about the company"), blank=True)
    company_job_code = models.CharField(
        _("job code"), max_length=200, blank=True, help_text=_("If your career site shows one.")
    )
    categories = models.JSONField(_("job functions"), default=list, blank=True, help_text=_("At most three."))
    industries = models.JSONField(
        _("industries"),
        default=list,
        blank=True,
        help_text=_("One on each line, written urn:li:industry:55. Needed where the company page names none."),
    )
    employment_status = models.CharField(
        _("employment type"), max_length=20, blank=True, choices=in_form(linkedin.EMPLOYMENT_STATUSES)
    )
    experience_level = models.CharField(
        _("experience level"), max_length=20, blank=True, choices=in_form(linkedin.EXPERIENCE_LEVELS)
    )
    listed_at = models.DateTimeField(
        _("opened"), default=timezone.now, help_text=_("When the job was opened. Not in the future.")
    )
    expire_at = models.DateTimeField(
        _("expires"),
        null=True,
        blank=True,
        help_text=_("Between a day and 180 days from now (premium: 90). Empty: 180 days after posting (premium: 30)."),
    )

    # where
    location = models.CharField(
        _("location"),
        max_length=300,
        blank=True,
        help_text=_("City and country: Graz, Austria. A country alone if remote."),
    )
    alternate_locations = models.JSONField(
        _("further locations"),
        default=list,
        blank=True,
        help_text=_("One on each line, at most six. Only for jobs without Recruiter fields."),
    )
    workplace_type = models.CharField(
        _("workplace"), max_length=10, blank=True, choices=in_form(linkedin.WORKPLACE_TYPES)
    )
    country_code = models.CharField(
        _("country code"),
        max_length=2,
        blank=True,
        help_text=_("Two letters, for example AT. With the postal code instead of a location."),
    )
    postal_code = models.CharField(_("postal code"), max_length=20, blank=True)

    # how people apply, and who posts
    company_apply_url = models.URLField(
        _("where candidates apply"),
        max_length=2000,
        blank=True,
        help_text=_("The whole address, beginning with https://."),
    )
    tracking_pixel_url = models.URLField(_("tracking pixel"), max_length=2000, blank=True)
    job_application_webhook_url = models.URLField(
        _("where applications are sent"),
        max_length=2000,
        blank=True,
        help_text=_(
            "With it people apply at LinkedIn, which hands each application to this address of your ATS. The address "
            "must answer LinkedIn's challenge with the secret of the customer's own application."
        ),
    )
    application_questions = models.JSONField(
        _("questions for applicants"),
        default=dict,
        blank=True,
        help_text=_(
            "As LinkedIn's Apply Connect pages write them, in JSON. Empty: only name, e-mail address and telephone "
            "number are asked."
        ),
    )
    poster_email = models.EmailField(
        _("posted by"),
        blank=True,
        help_text=_(
            "E-mail address of the recruiter who posts it. For premium jobs: the holder of a seat at LinkedIn."
        ),
    )

    # who may see it (linkedin.md 3.4)
    availability = models.CharField(
        _("visibility"),
        max_length=7,
        blank=True,
        choices=Availability,
        help_text=_(
            "Empty: the posting page asks. A live public job cannot become private: close it, then post it again."
        ),
    )
    access_restricted = models.BooleanField(
        _("restricted"), default=False, help_text=_("In Recruiter, visible only to the groups that may see it.")
    )
    requisition_owner_email = models.EmailField(_("hiring manager's e-mail"), blank=True)
    requisition_owner_first_name = models.CharField(_("hiring manager's first name"), max_length=100, blank=True)
    requisition_owner_last_name = models.CharField(_("hiring manager's last name"), max_length=100, blank=True)

    # promotion (linkedin.md 3.4)
    listing_type = models.CharField(
        _("listing"),
        max_length=7,
        choices=in_form(linkedin.LISTING_TYPES),
        default="BASIC",
        help_text=_("Premium uses a slot of the customer's contract. It is public and has no Recruiter fields."),
    )
    show_poster_info = models.BooleanField(_("show who posted it"), default=False, help_text=_("Premium only."))
    budget_amount = models.CharField(
        _("budget"),
        max_length=20,
        blank=True,
        help_text=_(
            "What LinkedIn may spend on promoting this job, for example 500. For customers who pay for performance. "
            "Such a job is public and has no Recruiter fields."
        ),
    )
    budget_currency = models.CharField(
        _("currency of the budget"), max_length=3, blank=True, help_text=_("Three capital letters, for example EUR.")
    )
    partner_job_campaign_id = models.CharField(
        _("job campaign"),
        max_length=200,
        blank=True,
        help_text=_("The campaign's ID at LinkedIn, for customers whose jobs are advertised in campaigns."),
    )

    # pay (linkedin.md 3.5): a list of the fields of connectors.linkedin.records.Compensation
    compensation = models.JSONField(_("pay"), default=list, blank=True)

    # Greenhouse
    requisition_id = models.CharField(
        _("requisition ID"),
        max_length=200,
        blank=True,
        db_index=True,
        help_text=_("The job's requisition ID at Greenhouse. Needed to close it there."),
    )
    greenhouse_job_id = models.BigIntegerField(
        _("Greenhouse job ID"),
        null=True,
        blank=True,
        help_text=_(
            "The number in the job's address at Greenhouse. It wins where several jobs share a requisition ID."
        ),
    )
    close_reason_id = models.BigIntegerField(
        _("close reason"),
        null=True,
        blank=True,
        help_text=_("What Greenhouse is told when the job is closed, unless chosen then."),
    )

    # written by the engine's summary alone
    posting_status = models.CharField(
        _("LinkedIn status"),
        max_length=12,
        choices=PostingStatus,
        default=PostingStatus.NOT_POSTED,
        editable=False,
    )
    posting_until = models.DateTimeField(_("live until"), null=True, editable=False, db_index=True)
    greenhouse_status = models.CharField(
        _("Greenhouse status"),
        max_length=9,
        choices=GreenhouseStatus,
        default=GreenhouseStatus.UNKNOWN,
        editable=False,
        db_index=True,
    )
    sync_trouble = models.CharField(_("trouble"), max_length=15, choices=Failure, blank=True, editable=False)

    # what a search by beginnings looks at
    title_key = lower_cased("title", max_length=200)
    external_key = lower_cased("external_id", max_length=75)
    requisition_key = lower_cased("requisition_id", max_length=200)

    objects = JobQuerySet.as_manager()

    class Meta:
        constraints = [unique_id()]
        indexes = [
            *listed("job", by_status="posting_status"),
            *by_beginnings("job", "title_key", "external_key", "requisition_key"),
        ]
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        permissions = [("sync_job", _("Can post, update, renew and close jobs"))]

    def __str__(self) -> str:
        return self.title or self.external_id

    @property
    def is_open(self) -> bool:
        return self.status == Status.OPEN

    @property
    def is_promoted(self) -> bool:
        """Public, and paid for: by a slot of the contract or by a budget of its own."""
        return self.listing_type == "PREMIUM" or bool(self.budget_amount or self.budget_currency)

    @property
    def is_live(self) -> bool:
        return self.posting_status in {PostingStatus.LIVE, PostingStatus.PRIVATE_LIVE}
