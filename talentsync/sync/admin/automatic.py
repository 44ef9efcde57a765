"""The page that asks before automatic sync is switched on, and switches it off."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext

from talentsync.customers.models import Customer
from talentsync.sync import presenting, switching
from talentsync.sync.admin import previewing, seeing
from talentsync.sync.switching import Outlook

MAY_SWITCH = "customers.change_customer"


def switch_view(request: HttpRequest, customer: Customer, context: dict[str, Any]) -> HttpResponse:
    """GET: what it would mean. POST: switch it on, or off. For whoever may change the customer."""
    if not request.user.has_perm(MAY_SWITCH):
        raise PermissionDenied
    if request.method == "POST":
        return _switch(request, customer)
    if request.method != "GET":
        return HttpResponseNotAllowed(["GET", "POST"])
    found = [] if customer.sends_changes else [_row(each) for each in switching.outlook(customer)]
    page = {"customer": customer, "rows": found, "title": gettext("Automatic sync")}
    return TemplateResponse(request, "admin/sync/automatic.html", {**context, **page})


def _switch(request: HttpRequest, customer: Customer) -> HttpResponse:
    on = request.POST.get("on") == "1"
    switching.switch(customer, on=on, by=seeing.person(request))
    words = gettext("Automatic sync is on. What is saved or imported from now on is sent by itself.")
    messages.success(request, words if on else gettext("Automatic sync is off. Nothing is sent by itself any more."))
    return redirect("admin:customers_customer_change", customer.pk)


def _row(found: Outlook) -> dict[str, Any]:
    told = [(words, f"{found.fates[fate]:,}") for fate, (words, _) in previewing.WORDS.items() if found.fates[fate]]
    return {
        "noun": presenting.noun(found.kind, 2),
        "told": told,
        "n_records": f"{found.n_records:,}",
        "is_part": found.n_records > found.n_looked_at,
        "n_looked_at": found.n_looked_at,
    }
