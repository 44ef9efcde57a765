"""What people see whose form brought more than Django reads: the page of the form, and a sentence that says what to do.

It comes before anybody looks whether the form is ours (CSRF): for that it would have to be read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TOO_MUCH = _("Nothing was done: more was entered than a form may bring. Enter less, and choose the files again.")
SENTENCES: Mapping[type[Exception], str | Promise] = {
    TooManyFilesSent: _("None of the files was taken: no more than %(most)s go at once. Choose fewer."),
    TooManyFieldsSent: TOO_MUCH,
    RequestDataTooBig: TOO_MUCH,
    MultiPartParserError: _("Nothing was done: what came could not be read. Fill in the form again."),
}
PIECE = 64 * 1024


class UnreadForms:
    """Whoever sends such a form gets the page as if they had just opened it, and opening pages changes nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        try:
            request.POST  # noqa: B018  (it is read here)
        except tuple(SENTENCES) as error:
            _read_to_the_end(request)
            request.method = "GET"
            words = str(SENTENCES[type(error)])
            messages.error(request, words % {"most": settings.DATA_UPLOAD_MAX_NUMBER_FILES})


def _read_to_the_end(request: HttpRequest) -> None:
    """A browser that is cut off while it sends shows no answer."""
    while request.read(PIECE):
        pass
