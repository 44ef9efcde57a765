"""What every page says while sending is stopped: for everybody, for a customer, or on a connection."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from talentsync.core.banners import Banner, Tone, register_banner
from talentsync.sync import stopping
from talentsync.sync.models import Hold

AT_MOST = 3  # further ones are counted: a page must not begin below its fold


@register_banner
def stops(request: HttpRequest) -> Sequence[Banner]:
    """The stops that concern this person, the widest first."""
    assert request.user.is_authenticated
    rows = sorted(stopping.visible_holds(request.user)[:50], key=_width)
    shown = [_banner(hold, request) for hold in rows[:AT_MOST]]
    if more := len(rows) - len(shown):
        words = gettext("%(n)s more stops are in force.") % {"n": more}
        shown.append(Banner(words=words, tone=Tone.WARNING, **_link(request)))
    return shown


def _banner(hold: Hold, request: HttpRequest) -> Banner:
    facts = {"what": hold.connection or hold.customer, "reason": hold.reason}
    waits = waiting_words(stopping.waiting_for(hold, request.user))
    if hold.connection is None and hold.customer is None:
        words = _("All sending is stopped. What you ask for is kept and sent later. Reason: %(reason)s")
        return Banner(words=f"{words % facts} {waits}", tone=Tone.DANGER, **_link(request, hold))
    words = _("Stopped: %(what)s. What you ask for is kept and sent later. Reason: %(reason)s")
    if hold.operation:
        facts["operation"] = hold.get_operation_display()
        words = _("Stopped: %(what)s, %(operation)s. What you ask for is kept and sent later. Reason: %(reason)s")
    return Banner(words=f"{words % facts} {waits}", tone=Tone.WARNING, **_link(request, hold))


def waiting_words(number: int) -> str:
    """How many records a stop keeps back; none where nothing waits."""
    if not number:
        return ""
    if number > stopping.COUNTED:
        return gettext("More than %(n)s records wait, nothing is lost.") % {"n": f"{stopping.COUNTED:,}"}
    words = ngettext("%(n)s record waits, nothing is lost.", "%(n)s records wait, nothing is lost.", number)
    return words % {"n": f"{number:,}"}


def _link(request: HttpRequest, hold: Hold | None = None) -> dict[str, Any]:
    """For those who may look at it."""
    if not request.user.has_perm("sync.view_hold"):
        return {}
    link = reverse("admin:sync_hold_change", args=[hold.pk]) if hold else reverse("admin:sync_hold_changelist")
    return {"link": link, "link_words": _("Look at it")}


def _width(hold: Hold) -> tuple[bool, bool]:
    return hold.customer_id is not None or hold.connection_id is not None, hold.connection_id is not None
