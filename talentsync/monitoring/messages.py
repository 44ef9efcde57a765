"""What a receiver is told at a time: everything that it does not know yet, in one message."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from talentsync.monitoring import words
from talentsync.monitoring.models import Alert, Notice

AT_MOST = 20  # alerts that are written out; a receiver that was away for a week is not told a novel
MOST_NOTICES = 1_000


@dataclass(frozen=True, kw_only=True)
class Message:
    subject: str
    lines: Sequence[str]
    upto: int  # the last notice that is in it

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


def since(told_upto: int) -> Message | None:
    """None when there is nothing to tell."""
    notices = list(Notice.objects.filter(pk__gt=told_upto).select_related("alert").order_by("pk")[:MOST_NOTICES])
    if not notices:
        return None
    latest = {notice.alert_id: notice for notice in notices}  # what began and ended meanwhile is one line
    told = sorted(latest.values(), key=lambda notice: (notice.is_over, notice.pk))  # first what is still wrong
    return Message(subject=_subject(told), lines=list(_lines(told)), upto=notices[-1].pk)


def _subject(told: Sequence[Notice]) -> str:
    n_over = sum(notice.is_over for notice in told)
    parts = []
    if n_wrong := len(told) - n_over:
        parts.append(ngettext("%(n)s alert", "%(n)s alerts", n_wrong) % {"n": n_wrong})
    if n_over:
        parts.append(ngettext("%(n)s is over", "%(n)s are over", n_over) % {"n": n_over})
    return "TalentSync: " + ", ".join(parts)


def _lines(told: Sequence[Notice]) -> Iterator[str]:
    for notice in told[:AT_MOST]:
        yield _line(notice)
    if (more := len(told) - AT_MOST) > 0:
        yield _("… and %(n)s more") % {"n": more}
    yield words.page(reverse("admin:monitoring_alert_changelist"))


def _line(notice: Notice) -> str:
    alert: Alert = notice.alert
    facts = {"words": words.of(alert), "since": _time(alert.since), "until": _time(notice.at)}
    if notice.is_over:
        return _("OVER: %(words)s From %(since)s to %(until)s.") % facts
    line = _("ALERT: %(words)s Since %(since)s.") % facts
    return f"{line} {words.page(alert.path)}" if alert.path else line


def _time(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
