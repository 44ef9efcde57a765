"""Who is told, when, and how far they were told. A receiver that is away loses nothing: it is tried again by `due_at`,
and then gets all that it missed as one message. Who is told twice was told by somebody who died right after it.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F, Max, Min

from talentsync.monitoring import messages, posting
from talentsync.monitoring.messages import Message
from talentsync.monitoring.models import Notice, Receiver

logger = logging.getLogger(__name__)

WEBHOOK = "webhook"
MAIL = "mail:"
FORGOTTEN_AFTER = timedelta(days=30)
CLAIM = timedelta(minutes=2)  # longer than any sending lasts
AGAIN = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 30, 60))


def tell(now: datetime) -> None:
    """Tell every receiver whose time has come what it does not know yet."""
    _keep_list(now)
    for receiver in Receiver.objects.filter(name__in=names(), due_at__lte=now).order_by("name"):
        message = messages.since(receiver.told_upto)
        if message is not None and _claim(receiver, now):
            _send(receiver, message, now)


def names() -> list[str]:
    """The receivers that the settings name."""
    return [f"{MAIL}{address}" for address in settings.ALERT_EMAILS] + [WEBHOOK] * bool(settings.ALERT_WEBHOOK_URL)


def _keep_list(now: datetime) -> None:
    """A new receiver is told what is wrong now. Who is no longer named is forgotten only after a while: as long as one
    process has older settings than another, each would forget those of the other, and tell anew.
    """
    wanted = names()
    Receiver.objects.exclude(name__in=wanted).filter(due_at__lt=now - FORGOTTEN_AFTER).delete()
    known = set(Receiver.objects.values_list("name", flat=True))
    new = [name for name in wanted if name not in known]
    if new:
        start = _before_what_is_wrong()
        Receiver.objects.bulk_create(
            [Receiver(name=name, due_at=now, told_upto=start) for name in new], ignore_conflicts=True
        )


def _before_what_is_wrong() -> int:
    first = Notice.objects.filter(alert__ended_at=None, is_over=False, at=F("alert__since")).aggregate(pk=Min("pk"))
    if first["pk"] is not None:
        return int(first["pk"]) - 1
    return int(Notice.objects.aggregate(pk=Max("pk"))["pk"] or 0)


def _claim(receiver: Receiver, now: datetime) -> bool:
    """One conditional update: of several who look at the same moment one sends."""
    mine = Receiver.objects.filter(pk=receiver.pk, due_at=receiver.due_at, told_upto=receiver.told_upto)
    return bool(mine.update(due_at=now + CLAIM))


def _send(receiver: Receiver, message: Message, now: datetime) -> None:
    try:
        if receiver.name == WEBHOOK:
            posting.post_webhook(message, now=now)
        else:
            posting.post_mail(message, to=receiver.name.removeprefix(MAIL))
    except posting.Undelivered as why:
        wait = AGAIN[min(receiver.failures, len(AGAIN) - 1)]
        logger.warning("alerts could not be sent by %s: %s; next try in %s", receiver, why, wait)
        Receiver.objects.filter(pk=receiver.pk).update(due_at=now + wait, failures=F("failures") + 1)
    else:
        Receiver.objects.filter(pk=receiver.pk).update(due_at=now, failures=0, told_upto=message.upto)
