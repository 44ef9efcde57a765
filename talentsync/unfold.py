"""How the admin looks and what its sidebar offers. Settings import this module, so it imports no model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User

# Lightness and chroma of one blue (hue 250), from nearly white to nearly black; 600 carries white text at 4.5:1.
SHADES = {
    "50": (97.5, 0.012), "100": (94.5, 0.028), "200": (89.5, 0.055), "300": (82.0, 0.095), "400": (71.5, 0.14),
    "500": (61.5, 0.165), "600": (52.0, 0.16), "700": (45.0, 0.14), "800": (38.0, 0.115), "900": (31.5, 0.09),
    "950": (23.0, 0.065),
}  # fmt: skip


def environment_badge(request: HttpRequest) -> list[Any] | None:
    """What the page is about: real accounts, practice, or both, among the customers this person may see."""
    customers = apps.get_model("customers", "Customer").objects.visible_to(request.user)
    connections = apps.get_model("customers", "Connection").objects.filter(customer__in=customers, is_current=True)
    match sorted(connections.order_by().values_list("environment", flat=True).distinct()):
        case ["live"]:
            return [_("Live"), "danger"]
        case ["simulator"]:
            return [_("Practice"), "info"]
        case ["live", "simulator"]:
            return [_("Live and practice"), "warning"]
    return None


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A line of the sidebar that opens the list of a model; for those who may look at it and have `also`."""

    title: Any
    icon: str
    model: str  # app.model
    also: str = ""

    @property
    def link(self) -> str:
        return reverse("admin:{}_{}_changelist".format(*self.model.split(".")))

    def is_for(self, user: User | AnonymousUser) -> bool:
        may_look = user.has_perm("{}.view_{}".format(*self.model.split(".")))
        return may_look and (not self.also or user.has_perm(self.also))


LOOKS_AFTER = "sync.view_delivery"  # what makes somebody Support

RECRUITING = (
    Entry(title=_("Jobs"), icon="work", model="jobs.job"),
    Entry(title=_("Candidates"), icon="group", model="candidates.candidate"),
    Entry(title=_("Resumes"), icon="description", model="resumes.resume"),
    Entry(title=_("Applications"), icon="assignment_ind", model="applications.application"),
    Entry(title=_("Requests"), icon="list_alt", model="sync.run"),
)
SUPPORT = (
    # Recruiters reach theirs from the start page.
    Entry(title=_("Customers"), icon="apartment", model="customers.customer", also="customers.view_connection"),
    Entry(title=_("Statuses at the vendors"), icon="sync_alt", model="sync.delivery"),
    Entry(title=_("Tries"), icon="receipt_long", model="sync.attempt"),
    Entry(title=_("Stopped"), icon="pause_circle", model="sync.hold"),
    # Recruiters reach these lists from the pages of candidates and applications.
    Entry(title=_("Candidate notes"), icon="notes", model="candidates.candidatenote", also=LOOKS_AFTER),
    Entry(title=_("Application notes"), icon="notes", model="applications.applicationnote", also=LOOKS_AFTER),
    Entry(title=_("Stages"), icon="flag", model="applications.applicationstage", also=LOOKS_AFTER),
    Entry(title=_("Interview feedback"), icon="reviews", model="applications.interviewfeedback", also=LOOKS_AFTER),
    Entry(title=_("Alerts"), icon="notifications", model="monitoring.alert"),
    Entry(title=_("Daily limits"), icon="data_usage", model="sync.budget"),
    Entry(title=_("Connections"), icon="cable", model="customers.connection"),
    # Recruiters reach it from the lists of what they import.
    Entry(title=_("Imports"), icon="upload_file", model="imports.import", also=LOOKS_AFTER),
)
ADMINISTRATION = (
    Entry(title=_("Users"), icon="manage_accounts", model="auth.user"),
    Entry(title=_("Who did what"), icon="history", model="core.auditevent"),
)


def sidebar(request: HttpRequest) -> list[dict[str, Any]]:
    """What this person may open, and no heading above nothing."""
    start = {"title": _("Start"), "icon": "home", "link": reverse("admin:index")}
    groups: list[dict[str, Any]] = [
        {"items": [start, *offered(RECRUITING, request)]},
        {"title": _("Support"), "separator": True, "items": offered(SUPPORT, request)},
        {"title": _("Administration"), "separator": True, "items": offered(ADMINISTRATION, request)},
    ]
    return [group for group in groups if group["items"]]


def offered(entries: Sequence[Entry], request: HttpRequest) -> list[dict[str, Any]]:
    mine = [entry for entry in entries if entry.is_for(request.user)]
    return [{"title": entry.title, "icon": entry.icon, "link": entry.link} for entry in mine]


UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "TalentSync",
    "SITE_HEADER": "TalentSync",
    "SITE_URL": None,  # there is no other site to return to
    "SITE_SYMBOL": "sync_alt",
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("talentsync.svg")}],
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_BACK_BUTTON": True,
    "ENVIRONMENT": "talentsync.unfold.environment_badge",
    "STYLES": [lambda request: static("talentsync.css"), lambda request: static("pages.css")],
    "SCRIPTS": [
        lambda request: static("keyboard.js"),
        lambda request: static("zone.js"),
        lambda request: static("field.js"),
    ],
    "DASHBOARD_CALLBACK": "talentsync.sync.admin.start.start_page",
    "COLORS": {"primary": {name: f"oklch({light}% {chroma} 250)" for name, (light, chroma) in SHADES.items()}},
    "SIDEBAR": {"navigation": sidebar},
}
