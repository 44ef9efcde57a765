"""What lists and pages of every kind share: actions and buttons that draft a request and lead to the page that asks.

None of them asks anything of a vendor, and none changes anything but the draft.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from unfold.decorators import action

from talentsync.core.admin import ScopedModelAdmin
from talentsync.customers.models import Destination
from talentsync.sync import kinds, presenting, runs
from talentsync.sync.admin import seeing
from talentsync.sync.models import Delivery


class RequestingModelAdmin(ScopedModelAdmin):
    """`kind` names the records; `requests` are the actions of the kind that the pages offer, with their words."""

    kind: ClassVar[str]
    requests: ClassVar[Mapping[str, str | Promise]]
    list_disable_select_all = False  # the draft keeps ids in one statement, and its page asks first

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "requests" in vars(cls):
            cls.actions = [_asking_for(name, words) for name, words in cls.requests.items()]

    def complete(self, rows: QuerySet[Any]) -> None:
        """Whether LinkedIn was sent each row before it changed."""
        sent = Delivery.objects.current().of_records(self.kind, [row.pk for row in rows])
        at_linkedin = sent.filter(connection__destination=Destination.LINKEDIN, sent_at__isnull=False)
        sent_at = dict(at_linkedin.values_list("object_id", "sent_at"))
        for row in rows:
            row.changed_since = row.pk in sent_at and sent_at[row.pk] < row.changed_at

    def has_sync_permission(self, request: HttpRequest) -> bool:
        permission = kinds.get(self.kind).permission
        return not permission or request.user.has_perm(permission)

    def get_urls(self) -> Any:
        ask = self.admin_site.admin_view(self.ask_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_ask"
        return [path("<path:object_id>/ask/<str:name>/", ask, name=name), *super().get_urls()]

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """What the kind has declared of what the pages offer, as far as the person may ask for it."""
        offered = super().get_actions(request)
        return {name: offered[name] for name in seeing.may_ask(kinds.get(self.kind), offered, request.user)}

    def ask(self, request: HttpRequest, records: QuerySet[Any], name: str) -> HttpResponse | None:
        """Draft the request and go to the page that asks; stay here where no vendor is connected."""
        kind = kinds.get(self.kind)
        run = runs.draft(kind, kind.action(name), records, by=seeing.person(request), now=timezone.now())
        if run.total:
            return redirect("admin:sync_run_confirm", run.pk)
        run.delete()
        vendors = gettext(" or ").join(str(Destination(each).label) for each in kind.action(name).destinations)
        words = gettext("Nothing was done: the customer of these %(records)s is not connected to %(vendors)s yet.")
        messages.warning(request, words % {"records": presenting.noun(kind, 2), "vendors": vendors})
        return None

    def ask_view(self, request: HttpRequest, object_id: str, name: str) -> HttpResponse:
        """POST: draft a request for this one record."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        record = self.found(request, object_id)
        if not self.has_sync_permission(request):
            raise PermissionDenied
        if name not in self.requests or name not in {each.name for each in kinds.get(self.kind).actions}:
            raise Http404
        if not seeing.may_ask(kinds.get(self.kind), [name], request.user):
            raise PermissionDenied
        asked = self.ask(request, self.model._default_manager.filter(pk=record.pk), name)
        return asked or redirect(presenting.link_to(record))

    def found(self, request: HttpRequest, object_id: str) -> Any:
        """The record, or 404 for whoever may not see it."""
        record: Model | None = self.get_object(request, object_id)
        if record is None or not self.has_view_permission(request, record):
            raise Http404
        return record


def _asking_for(name: str, words: str | Promise) -> Any:
    """The action of a list that asks for this."""

    def asks(self: RequestingModelAdmin, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        return self.ask(request, queryset, name)

    asks.__name__ = name
    return action(description=words, permissions=["sync"])(asks)
