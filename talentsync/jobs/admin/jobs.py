"""The list of jobs, a job's page, and the buttons on both. A button asks nothing of a vendor: it drafts a request and
leads to the page that asks first."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from talentsync.core.admin import SeveralChoices
from talentsync.core.admin.base import person
from talentsync.jobs import services
from talentsync.jobs.admin import badges, page, preview
from talentsync.jobs.admin.filters import Expires, Owner, Whose
from talentsync.jobs.admin.forms import JobForm
from talentsync.jobs.models import Job
from talentsync.sync.admin import cards
from talentsync.sync.admin.filters import Trouble
from talentsync.sync.admin.requesting import RequestingModelAdmin
from talentsync.sync.states import Failure

SEES_WIRE = "sync.view_attempt"  # Support: request and answer as JSON

FIELDSETS: tuple[Any, ...] = (
    (
        _("Basics"),
        {
            "fields": (
                ("customer", "external_id"),
                "title",
                ("status", "owner_email"),
                "description",
                "skills_description",
            )
        },
    ),
    (_("Where"), {"fields": ("location", ("workplace_type", "alternate_locations"), ("country_code", "postal_code"))}),
    (
        _("What LinkedIn asks"),
        {
            "fields": (
                "company_apply_url",
                ("poster_email", "company_job_code"),
                "listed_at",
                "expire_at",
                ("employment_status", "experience_level"),
                ("categories", "industries"),
                "company_description",
            )
        },
    ),
    (
        _("Who may see it"),
        {
            "fields": (
                ("availability", "access_restricted"),
                ("requisition_owner_first_name", "requisition_owner_last_name"),
                "requisition_owner_email",
            )
        },
    ),
    (
        _("Promotion"),
        {
            "fields": (
                ("listing_type", "show_poster_info"),
                ("budget_amount", "budget_currency"),
                "partner_job_campaign_id",
            )
        },
    ),
    (
        _("Applying at LinkedIn"),
        {
            "classes": ("collapse",),
            "description": _(
                "Only where LinkedIn's Apply Connect is part of the customer's agreement; elsewhere LinkedIn refuses "
                "such a job. TalentSync does not take applications: your ATS does."
            ),
            "fields": ("job_application_webhook_url", "application_questions"),
        },
    ),
    (_("Pay"), {"fields": ("compensation",)}),
    (_("Greenhouse"), {"fields": (("requisition_id", "greenhouse_job_id"), "close_reason_id")}),
    (_("Technical"), {"classes": ("collapse",), "fields": ("tracking_pixel_url",)}),
)


@admin.register(Job)
class Jobs(RequestingModelAdmin):
    kind = "job"
    requests = page.LABELS
    form = JobForm
    fieldsets = FIELDSETS
    list_display = ("what", "customer", "at_linkedin", "at_greenhouse", "attention", "expires", "owner_email")
    list_before_template = "admin/imports/of_kind.html"
    list_filter = (
        ("posting_status", SeveralChoices),
        ("greenhouse_status", SeveralChoices),
        Trouble,
        Expires,
        Whose,
        Owner,
        "customer",
        "status",
    )
    list_filter_submit = True
    list_filter_sheet = True
    list_select_related = ("customer",)
    empty_title = _("No jobs yet")
    empty_words = _("Add one: its page then tells how to post it at LinkedIn.")
    add_words = _("Add a job")
    search_fields = ("title",)  # shows the box; `get_search_results` says what it looks at
    search_help_text = _("Beginning of a title or of an ID")
    ordering = ("-pk",)
    change_form_template = "admin/jobs/job_change_form.html"
    conditional_fields = {"show_poster_info": "listing_type == 'PREMIUM'"}

    class Media:
        css = {"all": ("jobs/jobs.css",)}

    # the list

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Job], search_term: str
    ) -> tuple[QuerySet[Job], bool]:
        text = search_term.strip()
        return (queryset.beginning_with(text) if text else queryset), False  # type: ignore[attr-defined]

    @display(description=_("job"), header=True, ordering="title")
    def what(self, job: Job) -> list[str]:
        return [job.title, job.external_id]

    @display(description="LinkedIn", ordering="posting_status", label=badges.AT_LINKEDIN)
    def at_linkedin(self, job: Job) -> tuple[str, str]:
        return job.posting_status, badges.linkedin_words(job, timezone.now(), short=True)

    @display(description="Greenhouse", ordering="greenhouse_status", label=badges.AT_GREENHOUSE)
    def at_greenhouse(self, job: Job) -> tuple[str, str]:
        return job.greenhouse_status, job.get_greenhouse_status_display()

    @display(description=_("attention"), ordering="sync_trouble", label={"failed": "danger", "changed": "warning"})
    def attention(self, job: Job) -> tuple[str, str] | str:
        if job.sync_trouble:
            return "failed", str(Failure(job.sync_trouble).label)
        if job.is_live and job.changed_since:  # type: ignore[attr-defined]  # by `complete`
            return "changed", gettext("Changed since")
        return ""

    @display(description=_("expires"), ordering="posting_until", label={True: "warning", False: "default"})
    def expires(self, job: Job) -> tuple[bool, str] | str:
        now = timezone.now()
        words = badges.expiry_words(job, now)
        return (badges.expires_soon(job, now), words) if words else ""

    # a job's page

    def get_urls(self) -> Any:
        preview_view = self.admin_site.admin_view(self.preview_view)
        return [path("<path:object_id>/preview/", preview_view, name="jobs_job_preview"), *super().get_urls()]

    def preview_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """GET: what would be sent."""
        if request.method != "GET":
            return HttpResponseNotAllowed(["GET"])
        job = self.found(request, object_id)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": job,
            "title": gettext("What would be sent"),
            "previews": preview.of(job, cards.connections_of(job)),
            "sees_wire": request.user.has_perm(SEES_WIRE),
        }
        return TemplateResponse(request, "admin/jobs/job_preview.html", context)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A new job is, until told otherwise, that of whoever enters it."""
        mine = {"owner_email": person(request).email, "poster_email": person(request).email}
        return {**mine, **super().get_changeform_initial_data(request)}

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if job := kwargs.get("obj"):
            # A form that came back with errors has put what was typed onto its job; above it stands what is stored.
            stored = Job.objects.select_related("customer").get(pk=job.pk) if request.method == "POST" else job
            context |= page.context(stored, request)
        return super().render_change_form(request, context, *args, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A job stays with its customer, and its id as it is once a vendor knows it."""
        if obj is None:
            return ()
        return ("customer", "external_id") if services.is_known_there(obj) else ("customer",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Jobs are closed and not deleted: what is live at a vendor would stay there for good."""
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            services.change_job(obj, fields=form.changed_data, by=person(request))
        else:
            services.add_job(obj, by=person(request))
