"""*Statuses at the vendors*: what each connection was told about each record, for Support. Read-only."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from talentsync.core.admin import CappedChangeList, ReadOnlyScopedModelAdmin
from talentsync.sync import kinds, presenting, why
from talentsync.sync.admin import asking, seeing
from talentsync.sync.admin.filters import RecordType
from talentsync.sync.models import AttemptItem, Delivery, RemoteTask, Snapshot

TRIES_SHOWN = 20


class StatusList(CappedChangeList):
    """The rows of one page with what is said of them, gathered for all of them at once."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        rows: list[Delivery] = list(self.result_list)  # type: ignore[has-type]
        tell(rows)
        self.result_list = rows


def tell(rows: list[Delivery]) -> None:
    """Put record, reason and trouble onto each delivery; a constant number of queries."""
    reasons = why.gather(rows, now=timezone.now())
    records = presenting.records_of(rows)
    wrong = presenting.last_troubles(rows)
    for row in rows:
        row.record = records.get((row.kind, row.object_id))  # type: ignore[attr-defined]
        row.why_not_yet = reasons.of(row)  # type: ignore[attr-defined]
        row.trouble = presenting.trouble(row, wrong.get(row.pk))  # type: ignore[attr-defined]


@admin.register(Delivery)
class Deliveries(ReadOnlyScopedModelAdmin):
    customer_lookup = "connection__customer"
    list_display = ("record_name", "customer", "vendor", "state_badge", "wish", "note", "attempts", "settled_at")
    list_display_links = ("record_name",)
    list_filter = (
        "state",
        "failure",
        "connection__destination",
        "connection__environment",
        "connection__customer",
        "operation",
        "remote_state",
        RecordType,
    )
    list_filter_submit = True
    list_select_related = ("connection__customer",)
    list_disable_select_all = False  # "try again" keeps the selection as a draft and asks first
    search_fields = ("entity_key__exact",)
    search_help_text = _("The whole ID at the vendor")
    ordering = ("-pk",)
    empty_title = _("No vendor was told anything yet")
    empty_words = _(
        "Once somebody has confirmed a request, each of its records stands here with its status at each vendor."
    )
    actions = ("try_again",)
    change_form_template = "admin/sync/delivery_change.html"
    fieldsets = (
        (_("What was asked for"), {"fields": ("wish", "step_words", "due_at", "attempts")}),
        (_("What is there"), {"fields": ("remote_state", "sent_at", "settled", "settled_at")}),
        (_("Where"), {"fields": ("customer", "vendor", "record_type", "entity_key")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Delivery]:
        return super().get_queryset(request).filter(kind__in=seeing.declared())

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[CappedChangeList]:
        return StatusList

    @display(description=_("record"))
    def record_name(self, delivery: Delivery) -> str:
        record = getattr(delivery, "record", None)
        return str(record) if record is not None else presenting.without_record(delivery)

    @display(description=_("customer"), ordering="connection__customer__name")
    def customer(self, delivery: Delivery) -> str:
        return str(delivery.connection.customer)

    @display(description=_("vendor"), ordering="connection__destination")
    def vendor(self, delivery: Delivery) -> str:
        return f"{delivery.connection.get_destination_display()} · {delivery.connection.get_environment_display()}"

    @display(description=_("status"), ordering="state", label=presenting.COLOURS)
    def state_badge(self, delivery: Delivery) -> tuple[str, str]:
        return delivery.state, presenting.state_words(delivery)

    @display(description=_("asked for"))
    def wish(self, delivery: Delivery) -> str:
        return presenting.wish_words(delivery)

    @display(description=_("why"))
    def note(self, delivery: Delivery) -> str:
        trouble = getattr(delivery, "trouble", None)
        return str(trouble.meaning if trouble else getattr(delivery, "why_not_yet", "") or "–")

    @display(description=_("record type"))
    def record_type(self, delivery: Delivery) -> str:
        return capfirst(presenting.noun(kinds.get(delivery.kind), 1))

    @display(description=_("next step"))
    def step_words(self, delivery: Delivery) -> str:
        words = {"send": _("Send"), "poll": _("Ask whether it is finished"), "check": _("Ask what is there")}
        return str(words[delivery.step]) if delivery.due_at else "–"

    @display(description=_("last done"))
    def settled(self, delivery: Delivery) -> str:
        return delivery.get_settled_operation_display() or "–"

    @action(description=_("Try again…"), permissions=["retry"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> HttpResponse:
        """Draft a request for what failed among the selected rows; its page asks first."""
        return _ask(queryset, request)

    def has_retry_permission(self, request: HttpRequest) -> bool:
        permissions = [kind.permission for kind in kinds.all_kinds()]
        return all(request.user.has_perm(name) for name in permissions if name)

    def get_urls(self) -> Any:
        again = self.admin_site.admin_view(self.again_view)
        return [path("<path:object_id>/again/", again, name="sync_delivery_again"), *super().get_urls()]

    def again_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """POST: draft a request that tries this record again; its page asks first. For whoever may see the customer."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        found = self.get_queryset(request).filter(pk=object_id) if object_id.isdecimal() else self.model.objects.none()
        if not found.exists():
            raise Http404
        return _ask(found, request)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        delivery = self.get_object(request, object_id)
        context: dict[str, Any] = {}
        if isinstance(delivery, Delivery) and self.has_view_permission(request, delivery):
            context = details(delivery, request)
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **context})


def _ask(rows: QuerySet[Delivery], request: HttpRequest) -> HttpResponse:
    names = rows.order_by("kind").values_list("kind", flat=True).distinct()
    chosen = {name: rows.filter(kind=name).order_by().values("object_id") for name in names}
    if not chosen:
        raise Http404
    drafted = asking.draft_retry(chosen, by=seeing.person(request))
    return redirect("admin:sync_run_confirm", drafted.pk)


def details(delivery: Delivery, request: HttpRequest) -> dict[str, Any]:
    """What stands above the columns: why not yet, what went wrong, the last tries, the payload last accepted."""
    tell([delivery])
    record = delivery.record  # type: ignore[attr-defined]
    items = AttemptItem.objects.filter(delivery=delivery).select_related("attempt").order_by("-pk")
    snapshot = None
    if request.user.has_perm(seeing.EXCHANGE):
        snapshot = Snapshot.objects.filter(delivery=delivery).first()
    return {
        "delivery": delivery,
        "record": record,
        "record_link": presenting.link_to(record) if record is not None else "",
        "badge": presenting.COLOURS[delivery.state],
        "state_words": presenting.state_words(delivery),
        "tries": items.defer("request", "answer", "attempt__words")[:TRIES_SHOWN],
        "tasks": RemoteTask.objects.filter(delivery=delivery).order_by("-pk")[:TRIES_SHOWN],
        "snapshot": snapshot,
        "may_retry": delivery.trouble is not None and _may_retry(delivery, request),  # type: ignore[attr-defined]
    }


def _may_retry(delivery: Delivery, request: HttpRequest) -> bool:
    permission = kinds.get(delivery.kind).permission
    return not permission or bool(request.user.has_perm(permission))
