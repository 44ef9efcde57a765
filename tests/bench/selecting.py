"""Selecting all of 100,000 candidates: what a person waits for from the list's action to the page of progress."""

from __future__ import annotations

from collections.abc import Iterator
from time import perf_counter
from typing import Any

from django.test import Client

from talentsync.candidates.models import Candidate
from talentsync.sync.models import Run
from tests.bench.lines import Line

MANY = 100_000
SECONDS = 2.0
LIST = "/admin/candidates/candidate/"


def all_of_them(browser: Client, *, action: str = "send") -> Iterator[Line]:
    """For a customer with so many candidates; each page is answered within the limit."""
    few = list(Candidate.objects.order_by("-pk").values_list("pk", flat=True)[:50])
    click = {"action": action, "_selected_action": few, "select_across": 1, "index": 0}
    drafted, seconds = _timed(browser.post, LIST, click)
    yield _line(f"select all: ids of {MANY:,} candidates kept", seconds)
    confirm = drafted.url
    page, seconds = _timed(browser.get, confirm)
    assert page.status_code == 200, page.status_code
    yield _line("select all: the page that asks", seconds)
    page, seconds = _timed(browser.get, confirm.replace("/confirm/", "/preview/"))
    yield _line("select all: the page that shows values", seconds)
    started, seconds = _timed(browser.post, confirm, {"destinations": ["linkedin"]})
    run = Run.objects.latest("pk")
    is_durable = started.status_code == 302 and run.state == Run.State.WAITING and run.total == MANY
    yield _line("select all: confirmed and durable", seconds, is_durable)
    page, seconds = _timed(browser.get, started.url)
    assert page.status_code == 200, page.status_code
    yield _line("select all: the page of its progress", seconds)


def _timed(ask: Any, *args: Any) -> tuple[Any, float]:
    started = perf_counter()
    answer = ask(*args)
    return answer, perf_counter() - started


def _line(what: str, seconds: float, is_right: bool = True) -> Line:
    return Line(what=f"{what} within {SECONDS:g} s", measured=f"{seconds:.2f} s", good=is_right and seconds < SECONDS)
