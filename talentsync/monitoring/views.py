"""Three pages for programs. They are answered before host names, sessions and https are looked at (`probes`)."""

from __future__ import annotations

import hmac

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, JsonResponse
from django.utils import timezone

from talentsync.monitoring import metrics, readiness

TEXT = "text/plain; charset=utf-8"
PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"


def healthz(request: HttpRequest) -> HttpResponse:
    """This process answers. It touches nothing: who restarts a process must not do so because a database is away."""
    return HttpResponse("ok\n", content_type=TEXT)


def readyz(request: HttpRequest) -> HttpResponse:
    """Everything that is needed is there, or 503 and which part is not."""
    parts = readiness.parts(timezone.now())
    is_ready = all(word == readiness.OK for word in parts.values())
    return JsonResponse({"ready": is_ready, "parts": parts}, status=200 if is_ready else 503)


def metrics_page(request: HttpRequest) -> HttpResponse:
    """For whoever has METRICS_TOKEN. Without one there is no such page."""
    if not settings.METRICS_TOKEN:
        return HttpResponseNotFound("not found\n", content_type=TEXT)
    if not _may_read(request):
        return HttpResponse("unauthorized\n", content_type=TEXT, status=401, headers={"WWW-Authenticate": "Bearer"})
    try:
        return HttpResponse(metrics.page(timezone.now()), content_type=PROMETHEUS)
    except Error:
        return HttpResponse("the database is away\n", content_type=TEXT, status=503)


def _may_read(request: HttpRequest) -> bool:
    expected = f"Bearer {settings.METRICS_TOKEN}"
    return hmac.compare_digest(request.headers.get("Authorization", "").encode(), expected.encode())
