"""*Stopped*: what stops sending, and since when. Stop one customer, one connection or everything, and let it go on."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import path
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from talentsync.core.admin import ScopedModelAdmin
from talentsync.customers.models import Destination
from talentsync.sync import banners, kinds, presenting, stopping
from talentsync.sync.admin import cards, seeing
from talentsync.sync.models import Hold
from talentsync.sync.states import Operation

EVERYTHING = "sync.stop_all"


class StopForm(forms.ModelForm):
    """What is to be stopped, and why. Neither customer nor connection is everything."""

    may_stop_everything = False

    class Meta:
        model = Hold
        fields = ("customer", "connection", "reason")
        help_texts = {
            "customer": _("Stops everything that is sent for this customer."),
            "connection": _("Stops only this connection. Leave the customer empty then."),
            "reason": _(
                "Everybody who works with these jobs reads it. What people ask for meanwhile is kept and sent later."
            ),
        }

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        customer, connection = found.get("customer"), found.get("connection")
        if customer and connection:
            raise forms.ValidationError(_("Choose the customer or the connection, not both."))
        if not customer and not connection and not self.may_stop_everything:
            raise forms.ValidationError(
                _("Choose a customer or a connection. Only administrators stop all sending for everybody.")
            )
        return found


@admin.register(Hold)
class Holds(ScopedModelAdmin):
    form = StopForm
    list_display = ("what", "concerns", "reason", "stopped_by", "since")
    list_filter = ("customer", "connection__destination", "operation")
    list_filter_submit = True
    list_select_related = ("customer", "connection__customer", "by")
    list_before_template = "admin/sync/holds_intro.html"
    empty_title = _("Nothing is stopped")
    empty_words = _("What people ask for is sent. You can stop it for a customer or a connection; a reason is needed.")
    add_words = _("Stop sending…")
    ordering = ("-since", "-pk")
    actions = ("let_go_on",)
    change_form_template = "admin/sync/hold_change.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Hold]:
        return stopping.visible_holds(request.user)

    def may_see(self, request: HttpRequest, obj: Any) -> bool:
        return not isinstance(obj, Hold) or self.get_queryset(request).filter(pk=obj.pk).exists()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_release_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("sync.delete_hold"))

    @display(description=_("stopped"))
    def what(self, hold: Hold) -> str:
        return str(hold.connection or hold.customer or gettext("Everything"))

    @display(description=_("concerns"))
    def concerns(self, hold: Hold) -> str:
        kind = _kind_words(hold)
        operation = str(Operation(hold.operation).label) if hold.operation else ""
        return " · ".join(filter(None, [kind, operation])) or gettext("Everything")

    @display(description=_("by"), ordering="by")
    def stopped_by(self, hold: Hold) -> str:
        return str(hold.by) if hold.by else gettext("TalentSync itself")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return ((None, {"fields": ("customer", "connection", "reason")}),)
        return ((None, {"fields": ("what", "concerns", "reason", "stopped_by", "since")}),)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("what", "concerns", "reason", "stopped_by", "since") if obj else ()

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Plain choices: neither customers nor connections are made from here."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        if db_field.name == "reason":
            field.widget.attrs["rows"] = 3
        return field

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        made = super().get_form(request, obj, change=change, **kwargs)
        return type("StopFormOfPerson", (made,), {"may_stop_everything": request.user.has_perm(EVERYTHING)})

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Through the service: stopping what is stopped already changes nothing."""
        said = form.cleaned_data
        hold = stopping.stop(
            customer=said["customer"], connection=said["connection"], reason=said["reason"], by=seeing.person(request)
        )
        obj.pk, obj.since = hold.pk, hold.since

    @admin.action(description=_("Let it go on"), permissions=["release"])
    def let_go_on(self, request: HttpRequest, queryset: QuerySet[Hold]) -> None:
        for hold in queryset:
            self._release(request, hold)

    def get_urls(self) -> Any:
        release = self.admin_site.admin_view(self.release_view)
        return [path("<path:object_id>/release/", release, name="sync_hold_release"), *super().get_urls()]

    def release_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """POST: let it go on."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        hold = self.get_object(request, object_id)
        if not isinstance(hold, Hold):
            raise Http404
        if not self.has_release_permission(request):
            raise PermissionDenied
        self._release(request, hold)
        return redirect("admin:sync_hold_changelist")

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        hold = kwargs.get("obj")
        context["may_release"] = isinstance(hold, Hold) and self._may_release(request, hold)
        context["may_stop_everything"] = request.user.has_perm(EVERYTHING)
        if isinstance(hold, Hold):
            context["waits"] = banners.waiting_words(stopping.waiting_for(hold, request.user))
            context["message"] = self._message(hold, context["waits"])
        return super().render_change_form(request, context, *args, **kwargs)

    def _message(self, hold: Hold, waits: str) -> str:
        """What Support may send to the customer as it is."""
        vendor = str(Destination(hold.connection.destination).label) if hold.connection else gettext("the vendors")
        sentences = [
            gettext("What TalentSync sends to %(vendor)s for you has been stopped since %(moment)s.")
            % {"vendor": vendor, "moment": cards.in_full(hold.since)},
            gettext("It concerns: %(what)s.") % {"what": self.concerns(hold)},
            gettext("Reason: %(reason)s") % {"reason": hold.reason},
            waits or gettext("Nothing waits at the moment."),
            gettext("What you ask for meanwhile is kept, and sent as soon as it goes on."),
        ]
        if hold.probed:
            sentences.append(gettext("Please see to it at %(vendor)s; it then goes on by itself.") % {"vendor": vendor})
        return "\n".join(sentences)

    def _may_release(self, request: HttpRequest, hold: Hold) -> bool:
        """Who may not stop everybody may not let everybody go on either."""
        over_all = hold.customer_id is None and hold.connection_id is None
        return self.has_release_permission(request) and (not over_all or request.user.has_perm(EVERYTHING))

    def _release(self, request: HttpRequest, hold: Hold) -> None:
        facts = {"what": self.what(hold)}
        if not self._may_release(request, hold):
            messages.error(request, gettext("Only administrators let all sending go on."))
            return
        stopping.release(hold, by=seeing.person(request))
        messages.success(request, gettext("It goes on: %(what)s.") % facts)


def _kind_words(hold: Hold) -> str:
    declared = {kind.name: kind for kind in kinds.all_kinds()}
    if hold.kind in declared:
        return capfirst(presenting.noun(declared[hold.kind], 2))
    return hold.kind
