"""Times as the person who looks reads them off a clock: in the zone that the browser names in a cookie."""

from __future__ import annotations

from collections.abc import Callable
from datetime import tzinfo
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

COOKIE = "zone"  # static/zone.js sets it


class ViewersZoneMiddleware:
    """Everything inside it reads and writes local times of the viewer; who names no zone gets UTC."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with timezone.override(zone_of(request)):
            return self._get_response(request)


def zone_of(request: HttpRequest) -> tzinfo | None:
    """A zone that nobody knows, or that is none, is as good as none."""
    try:
        return ZoneInfo(request.COOKIES.get(COOKIE, ""))
    except (ValueError, KeyError, OSError):
        return None
