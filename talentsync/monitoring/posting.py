"""The two ways out: a mail, and a signed POST. Each raises `Undelivered`, which does not name the receiver."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import datetime
from smtplib import SMTPException
from urllib.parse import urlsplit

from django.conf import settings
from django.core import mail

from connectors.base.errors import ConnectorError
from connectors.base.transport import Request, Transport
from talentsync.monitoring.messages import Message

SECONDS = 10.0  # a receiver that is slower is away
MOST_BYTES = 64 * 1024  # of an answer that nobody reads


class Undelivered(Exception):
    """The receiver did not take it."""


def post_mail(message: Message, *, to: str) -> None:
    try:
        with mail.get_connection(timeout=SECONDS) as connection:
            mail.EmailMessage(message.subject, message.text, settings.ALERT_FROM, [to], connection=connection).send()
    except (OSError, SMTPException, ValueError) as error:
        raise Undelivered(type(error).__name__) from None  # its words name the receiver


def post_webhook(message: Message, *, now: datetime) -> None:
    body = json.dumps({"text": _for_slack(f"{message.subject}\n{message.text}")}).encode()
    timestamp = str(int(now.timestamp()))
    headers = {
        "Content-Type": "application/json",
        "X-TalentSync-Timestamp": timestamp,
        "X-TalentSync-Signature": f"sha256={signature(timestamp, body)}",
    }
    address = urlsplit(settings.ALERT_WEBHOOK_URL)
    path = address.path + (f"?{address.query}" if address.query else "")
    try:
        transport = Transport(
            f"{address.scheme}://{address.netloc}",
            connect_timeout=SECONDS / 2,
            wall_deadline=SECONDS,
            max_answer_bytes=MOST_BYTES,
        )
        answer = transport.call(Request(method="POST", path=path, headers=headers, body=body, shown_path="/"))
    except ConnectorError as error:
        raise Undelivered(type(error).__name__) from None  # the address of a webhook is a secret
    if not 200 <= answer.status < 300:
        raise Undelivered(f"HTTP {answer.status}")


def signature(timestamp: str, body: bytes) -> str:
    """With the time in it, so that nobody can send an old message again."""
    signed = timestamp.encode() + b"." + body
    return hmac.new(settings.ALERT_WEBHOOK_SECRET.encode(), signed, hashlib.sha256).hexdigest()


def _for_slack(text: str) -> str:
    """Slack reads these three signs as markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
