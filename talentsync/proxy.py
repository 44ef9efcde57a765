"""Who is asking, when a proxy stands in front. It trusts no header that the asker could have written."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The peer's address; behind the proxy of an https site, the address that this proxy saw and added last."""
    peer: str = request.META.get("REMOTE_ADDR", "")
    forwarded = request.headers.get("X-Forwarded-For", "")
    if settings.IS_HTTPS and forwarded and _is_trusted(peer):
        return forwarded.rsplit(",", 1)[-1].strip()
    return peer


def _is_trusted(peer: str) -> bool:
    try:
        address = ip_address(peer)
    except ValueError:  # a socket of the machine has no address
        return False
    return any(address in ip_network(each) for each in settings.TRUSTED_PROXIES)
