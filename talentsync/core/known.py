"""What is being worked on, for whoever writes a line to the log: ids only, for as long as a block lasts."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse

_known: ContextVar[Mapping[str, object]] = ContextVar("known", default={})  # noqa: B039  (a Mapping is never changed)

HEADER = "X-Request-ID"


@contextmanager
def about(**ids: object) -> Iterator[None]:
    """Lines of this thread are about these, within the block."""
    token = _known.set({**_known.get(), **ids})
    try:
        yield
    finally:
        _known.reset(token)


def now() -> Mapping[str, object]:
    return _known.get()


class RequestIds:
    """A middleware: every request has an id, which its log lines and its answer name."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = secrets.token_hex(8)
        with about(request_id=request_id):
            response = self._get_response(request)
        response.headers[HEADER] = request_id
        return response
