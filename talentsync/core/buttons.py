"""What people see who open the address of a button: it answers to its button alone, and opening it does nothing.

They come there by a bookmark, by the address bar, or by logging in again after the button was pressed.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse


class ButtonsAlone:
    """Gives the bare answer 405 a page, whichever view gave it; status and `Allow` stay."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        if not isinstance(response, HttpResponseNotAllowed) or request.method == "HEAD":
            return response
        page = render(request, "405.html", {"back": page_of_the_button(request)}, status=405)
        page.headers["Allow"] = response.headers["Allow"]
        return page


def page_of_the_button(request: HttpRequest) -> str:
    """The page of the record that the button is about, for those who may look at such; "" where there is none."""
    match = request.resolver_match
    app, _, rest = (match.url_name if match and match.url_name else "").partition("_")
    model = rest.partition("_")[0]
    if match is None or "object_id" not in match.kwargs or not request.user.has_perm(f"{app}.view_{model}"):
        return ""
    try:
        return reverse(f"admin:{app}_{model}_change", args=[match.kwargs["object_id"]])
    except NoReverseMatch:
        return ""
