"""How the admin looks and what its sidebar offers. Settings import this module, so it imports no model."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

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


def may(permission: str) -> Callable[[HttpRequest], bool]:
    """A sidebar entry's condition: the person has this permission."""
    return lambda request: request.user.has_perm(permission)


def entry(title: Any, *, icon: str, model: str) -> dict[str, Any]:
    """A sidebar entry that opens the list of a model, for those who may view it."""
    app, name = model.split(".")
    link = reverse_lazy(f"admin:{app}_{name}_changelist")
    return {"title": title, "icon": icon, "link": link, "permission": may(f"{app}.view_{name}")}


UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "TalentSync",
    "SITE_HEADER": "TalentSync",
    "SITE_SYMBOL": "sync_alt",
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("talentsync.svg")}],
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_BACK_BUTTON": True,
    "ENVIRONMENT": "talentsync.unfold.environment_badge",
    "STYLES": [lambda request: static("talentsync.css")],
    "COLORS": {"primary": {name: f"oklch({light}% {chroma} 250)" for name, (light, chroma) in SHADES.items()}},
    "SIDEBAR": {
        "navigation": [
            {
                "items": [
                    {"title": _("Start"), "icon": "home", "link": reverse_lazy("admin:index")},
                    entry(_("Jobs"), icon="work", model="jobs.job"),
                    entry(_("What was asked for"), icon="list_alt", model="sync.run"),
                ],
            },
            {
                "title": _("Support"),
                "separator": True,
                "items": [
                    entry(_("LinkedIn and Greenhouse status"), icon="sync_alt", model="sync.delivery"),
                    entry(_("Tries"), icon="receipt_long", model="sync.attempt"),
                    entry(_("Stopped"), icon="pause_circle", model="customers.hold"),
                ],
            },
            {
                "title": _("Administration"),
                "separator": True,
                "items": [
                    entry(_("Customers"), icon="apartment", model="customers.customer"),
                    entry(_("Connections"), icon="cable", model="customers.connection"),
                    entry(_("Users"), icon="group", model="auth.user"),
                    entry(_("Who did what"), icon="history", model="core.auditevent"),
                ],
            },
        ],
    },
}
