"""Customers and their connections. Buttons that change something are POST forms; everything goes through `services`."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from talentsync.core import audit
from talentsync.core.admin import ScopedModelAdmin, ScopedTabularInline, person
from talentsync.customers import services
from talentsync.customers.forms import SECRETS, ConnectionForm
from talentsync.customers.models import (
    Connection,
    Customer,
    Destination,
    Environment,
    GreenhouseApi,
    Health,
    Membership,
)
from talentsync.sync.admin import automatic, histories

HEALTH_COLOURS = {Health.OK: "success", Health.FAILING: "danger", Health.UNKNOWN: "default", "": "default"}
ENVIRONMENT_COLOURS = {Environment.LIVE: "danger", Environment.SIMULATOR: "info"}


class KeptWhileInUse(ScopedModelAdmin):
    """Deleting asks in plain words, one at a time, and never takes away what was sent and answered."""

    delete_confirmation_template = "customers/delete.html"

    def get_actions(self, request: HttpRequest) -> Any:
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Nothing goes with them, and what is in use stays."""
        return [str(each) for each in objs], {}, set(), [str(each) for each in objs if services.is_in_use(each)]

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        services.delete(obj, by=person(request))


class Members(ScopedTabularInline):
    model = Membership
    fields = ("user",)


@admin.register(Customer)
class Customers(KeptWhileInUse):
    customer_lookup = "pk"
    list_display = ("name", "at_linkedin", "at_greenhouse", "default_availability")
    search_fields = ("name__istartswith",)
    search_help_text = _("Beginning of the name")
    fields = (
        "name",
        "default_availability",
        ("resumes_kept_for", "resumes_kept_unit"),
        "resumes_on_expiry",
    )
    empty_title = _("No customers yet")
    empty_words = _("A customer is an organisation whose jobs are posted from here. You see those you are a member of.")
    add_words = _("Add a customer")
    inlines = (Members,)
    change_form_template = "customers/customer_change_form.html"

    def get_queryset(self, request: HttpRequest) -> Any:
        current = Connection.objects.filter(is_current=True)
        return super().get_queryset(request).prefetch_related(Prefetch("connections", current, "current_connections"))

    @display(description="LinkedIn", label=HEALTH_COLOURS)
    def at_linkedin(self, customer: Customer) -> tuple[str, str]:
        return _in_short(customer, Destination.LINKEDIN)

    @display(description="Greenhouse", label=HEALTH_COLOURS)
    def at_greenhouse(self, customer: Customer) -> tuple[str, str]:
        return _in_short(customer, Destination.GREENHOUSE)

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return self.inlines if obj else ()

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not change and not person(request).is_superuser:
            Membership.objects.create(customer=obj, user=person(request))  # or they would not see what they made
        audit.record(person(request), "change" if change else "add", kind="customer", label=obj.name, customer=obj)

    def get_urls(self) -> Any:
        switch = self.admin_site.admin_view(self.automatic_view)
        return [
            path("<path:object_id>/automatic/", switch, name="customers_customer_automatic"),
            path(
                "<path:object_id>/send-history/",
                self.admin_site.admin_view(self.send_history_view),
                name="customers_customer_send_history",
            ),
            *super().get_urls(),
        ]

    def automatic_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The page that asks before automatic sync is switched."""
        customer = self.get_object(request, object_id)
        if not isinstance(customer, Customer):
            raise Http404
        return automatic.switch_view(request, customer, {**self.admin_site.each_context(request), "opts": self.opts})

    def send_history_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """POST: draft the sending of all history, and lead to the page that asks."""
        customer = self.get_object(request, object_id)
        if not isinstance(customer, Customer):
            raise Http404
        return histories.ask_view(request, customer)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        customer = kwargs.get("obj")
        if customer is not None:
            context["connections"] = customer.connections.all()
            context |= _may(request) | histories.offer(customer, request)
        return super().render_change_form(request, context, *args, **kwargs)


def _in_short(customer: Any, destination: Destination) -> tuple[str, str]:
    found = [each for each in customer.current_connections if each.destination == destination]
    if not found:
        return "", gettext("Not connected")
    return found[0].health, f"{found[0].get_environment_display()} · {found[0].get_health_display()}"


def _only_if(condition: str, *names: str) -> dict[str, str]:
    """On the page of an existing connection the destination is no field, and every field shown belongs there."""
    return {name: f"typeof destination === 'undefined' || ({condition})" for name in names}


_CONDITIONS = {
    **_only_if("destination == 'linkedin'", "organization_urn", "recruiter_contract_urn", "job_contract_urn"),
    **_only_if("destination == 'greenhouse'", "api_version", "acting_user_id"),
    **_only_if("destination == 'greenhouse' && api_version == 'v1'", "api_key"),
    **_only_if("destination != 'greenhouse' || api_version != 'v1'", "client_id", "client_secret"),
}


@admin.register(Connection)
class Connections(KeptWhileInUse):
    form = ConnectionForm
    list_display = ("customer", "destination", "environment_badge", "is_current", "health_badge", "last_tested_at")
    list_display_links = ("customer", "destination")
    list_filter = ("destination", "environment", "health", "is_current", "customer")
    list_filter_submit = True
    list_select_related = ("customer",)
    search_fields = ("customer__name__istartswith",)
    search_help_text = _("Beginning of the customer's name")
    change_form_template = "customers/connection_change_form.html"
    empty_title = _("No connections yet")
    empty_words = _(
        "A connection leads to a customer's account at LinkedIn or Greenhouse. Without one nothing is sent."
    )
    add_words = _("Add a connection")
    conditional_fields = _CONDITIONS

    @display(description=_("live or practice"), ordering="environment", label=ENVIRONMENT_COLOURS)
    def environment_badge(self, connection: Connection) -> tuple[str, str]:
        return connection.environment, connection.get_environment_display()

    @display(description=_("health"), ordering="health", label=HEALTH_COLOURS)
    def health_badge(self, connection: Connection) -> tuple[str, str]:
        return connection.health, connection.get_health_display()

    @display(description=_("secret"))
    def secret(self, connection: Connection) -> str:
        """What stands in place of the credentials for those who may look and not change."""
        stored = any(getattr(connection, name) for name in SECRETS)
        return gettext("Stored, and shown to nobody.") if stored else gettext("None is stored.")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        where = (_("Where"), {"fields": ("customer", "destination", "environment")})
        if obj is None:
            names = ("organization_urn", "api_version", "client_id", "client_secret", "api_key", "acting_user_id")
            return (where, (_("Account"), {"fields": (*names, "recruiter_contract_urn", "job_contract_urn")}))
        fields = _fields_of(obj)
        if not self.has_change_permission(request, obj):
            fields = tuple("secret" if name in SECRETS else name for name in fields)  # Django would show the value
        return (where, (_("Account"), {"fields": fields}))

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Nobody goes live because that was the first entry of a list."""
        return {"environment": Environment.SIMULATOR, **super().get_changeform_initial_data(request)}

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        identity = ("customer", "destination", "environment", "organization_urn", "client_id", "api_version", "secret")
        return identity if obj else ()

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            services.change_connection(obj, fields=form.changed_data, by=person(request))
        else:
            services.add_connection(obj, by=person(request))

    def get_urls(self) -> Any:
        view = self.admin_site.admin_view
        return [
            path("<path:object_id>/test/", view(self.test_view), name="customers_connection_test"),
            path("<path:object_id>/use/", view(self.use_view), name="customers_connection_use"),
            *super().get_urls(),
        ]

    def test_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """POST: test the connection and say what came of it."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        connection = self._found(request, object_id, permission="customers.test_connection")
        tested = services.test_connection(connection, by=person(request))
        messages.add_message(request, messages.SUCCESS if tested.works else messages.ERROR, tested.words)
        return _back(request, connection)

    def use_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """POST: make it the connection in use."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        connection = self._found(request, object_id, permission="customers.change_connection")
        services.use_connection(connection, by=person(request))
        messages.success(request, gettext("%(connection)s is now in use.") % {"connection": connection})
        return _back(request, connection)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        context |= _may(request)
        return super().render_change_form(request, context, *args, **kwargs)

    def _found(self, request: HttpRequest, object_id: str, *, permission: str) -> Connection:
        """The connection, or 404 for whoever may not see it, or 403 without the permission."""
        connection = self.get_object(request, object_id)
        if connection is None:
            raise Http404
        if not request.user.has_perm(permission):
            raise PermissionDenied
        return connection  # type: ignore[no-any-return]


def _fields_of(connection: Connection) -> tuple[str, ...]:
    if connection.destination == Destination.LINKEDIN:
        return ("organization_urn", "client_id", "client_secret", "recruiter_contract_urn", "job_contract_urn")
    credential = ("api_key",) if connection.api_version == GreenhouseApi.V1 else ("client_id", "client_secret")
    return ("api_version", *credential, "acting_user_id", "default_close_reason_id")


def _may(request: HttpRequest) -> dict[str, bool]:
    may = request.user.has_perm
    return {
        "may_test": may("customers.test_connection"),
        "may_use": may("customers.change_connection"),
        "may_connect": may("customers.add_connection"),
    }


def _back(request: HttpRequest, connection: Connection) -> HttpResponse:
    wished = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(wished, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return redirect(wished)
    return redirect(reverse("admin:customers_connection_change", args=[connection.pk]))
