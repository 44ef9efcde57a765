"""The first middleware: what other programs ask for is answered before anything else has a word.

They ask by address and over plain http on their own machine; host names and the redirect to https are for people.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from talentsync.monitoring import views

View = Callable[[HttpRequest], HttpResponse]

PAGES: Mapping[str, View] = {"/healthz": views.healthz, "/readyz": views.readyz, "/metrics": views.metrics_page}


class Probes:
    def __init__(self, get_response: View) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        page = PAGES.get(request.path_info)
        if page is None:
            return self._get_response(request)
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        answer = page(request)
        answer._has_been_logged = True  # type: ignore[attr-defined]  # whoever asks knows; Django would log each 503
        answer.headers["Cache-Control"], answer.headers["X-Content-Type-Options"] = "no-store", "nosniff"
        return answer
