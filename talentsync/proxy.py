"""Who is asking, when a proxy stands in front. It trusts no header that the asker could have written."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from talentsync.checks import LOOPBACK


def client_address(request: HttpRequest) -> str:
    """The peer's address; behind the proxy of an https site, the address that this proxy saw and added last."""
    peer: str = request.META.get("REMOTE_ADDR", "")
    forwarded = request.headers.get("X-Forwarded-For", "")
    if settings.IS_HTTPS and peer in LOOPBACK and forwarded:
        return forwarded.rsplit(",", 1)[-1].strip()
    return peer
