"""From what is wrong to alerts: one row for each thing, one notice when it begins and one when it is over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Min

from talentsync.monitoring.models import Alert, Notice, Receiver, Watch
from talentsync.monitoring.troubles import Trouble

OVER_AFTER = timedelta(minutes=5)  # what comes and goes within this time is one alert, not ten
KEPT_FOR = timedelta(days=90)


def note(troubles: Sequence[Trouble], now: datetime) -> None:
    """Write down what has begun and what is over. One at a time: receivers are told by the numbers of notices, and a
    number must not appear behind a higher one.
    """
    with transaction.atomic():
        Watch.objects.select_for_update().get(pk=Watch.THE_ONE)
        rows = {alert.key: alert for alert in Alert.objects.filter(key__in=[trouble.key for trouble in troubles])}
        for trouble in troubles:
            alert = rows.get(trouble.key) or Alert(key=trouble.key, since=now, seen_at=now)
            begins = alert.pk is None or alert.ended_at is not None
            _see(alert, trouble, begins=begins, now=now)
            if begins:
                Notice.objects.create(alert=alert, is_over=False, at=now)
        for alert in Alert.objects.filter(ended_at=None, seen_at__lte=now - OVER_AFTER).order_by("pk"):
            alert.ended_at = now
            alert.save(update_fields=["ended_at"])
            Notice.objects.create(alert=alert, is_over=True, at=now)


def _see(alert: Alert, trouble: Trouble, *, begins: bool, now: datetime) -> None:
    alert.seen_at = now
    if begins:
        alert.condition, alert.customer_id = trouble.condition, trouble.customer_id
        alert.facts, alert.path = trouble.facts, trouble.path
        alert.since, alert.ended_at = now, None
    alert.save()


def forget(now: datetime) -> None:
    """Alerts that were over long ago, unless somebody has still to be told of them."""
    old = Alert.objects.filter(ended_at__lt=now - KEPT_FOR)
    told = Receiver.objects.aggregate(upto=Min("told_upto"))["upto"]
    if told is not None:
        old = old.exclude(notices__pk__gt=told)
    old.delete()
