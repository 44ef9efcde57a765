"""The Content-Security-Policy header: `settings.SECURE_CSP` (as in Django 6) for the admin, a strict one elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

HEADER = "Content-Security-Policy"
STRICT: Mapping[str, Iterable[str]] = {
    "default-src": ["'none'"],
    "img-src": ["'self'"],
    "style-src": ["'self'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
    "base-uri": ["'none'"],
}


class ContentSecurityPolicyMiddleware:
    """Adds the header unless a view has set its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response
        self._admin = reverse("admin:index")
        self._admin_policy, self._strict_policy = written(settings.SECURE_CSP), written(STRICT)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        policy = self._admin_policy if request.path.startswith(self._admin) else self._strict_policy
        response.headers.setdefault(HEADER, policy)
        return response


def written(policy: Mapping[str, Iterable[str]]) -> str:
    return "; ".join(f"{directive} {' '.join(sources)}" for directive, sources in policy.items())
