"""What people see whose form brought more than Django reads: the page of the form, and a sentence that says what to do.

Django's check of whose form it is (CSRF) comes first, as far as it goes without reading the form: what no page of ours
sent is refused unread. Of whoever is not signed in nothing more is read either; they get Django's own answer (400).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

log = logging.getLogger(__name__)

TOO_MUCH = _("Nothing was done: more was entered than a form may bring. Enter less, and choose the files again.")
SENTENCES: Mapping[type[Exception], str | Promise] = {
    TooManyFilesSent: _("None of the files was taken: no more than %(most)s go at once. Choose fewer."),
    TooManyFieldsSent: TOO_MUCH,
    RequestDataTooBig: TOO_MUCH,
    MultiPartParserError: _("Nothing was done: what came could not be read. Fill in the form again."),
}
PIECE = 64 * 1024
MOST_READ = 1_100 * 1024**2  # a hundred resumes of the largest size, and some more
BY_SCRIPT = "XMLHttpRequest"


class UnreadForms:
    """Whoever sends such a form gets the page as if they had just opened it, and opening pages changes nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response
        self._csrf = CsrfViewMiddleware(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponse | None:
        try:
            return self._csrf.process_view(request, *view)
        except tuple(SENTENCES) as error:
            if not request.user.is_authenticated:
                raise
            log.warning("A form was not read: %s at %s", type(error).__name__, _name_of_page(request))
            _read_to_the_end(request)
            request.method = "GET"
            _tell(request, str(SENTENCES[type(error)]) % {"most": settings.DATA_UPLOAD_MAX_NUMBER_FILES})
        return None


def why(request: HttpRequest) -> str:
    """The sentence that says why the form was not read, "" where it was."""
    return str(getattr(request, "unread", ""))


def is_by_script(request: HttpRequest) -> bool:
    """Whether no page but a script of ours waits for the answer."""
    return request.headers.get("X-Requested-With") == BY_SCRIPT


def _tell(request: HttpRequest, sentence: str) -> None:
    """A script puts the sentence where it belongs; the next page has nothing to do with it."""
    request.unread = sentence  # type: ignore[attr-defined]
    if not is_by_script(request):
        messages.error(request, sentence)


def _read_to_the_end(request: HttpRequest) -> None:
    """A browser that is cut off while it sends shows no answer. One that is gone by now needs none."""
    with suppress(UnreadablePostError):
        for _piece in range(MOST_READ // PIECE):
            if not request.read(PIECE):
                return


def _name_of_page(request: HttpRequest) -> str:
    """No address: what stands in one may be about a person."""
    return request.resolver_match.view_name if request.resolver_match else ""
