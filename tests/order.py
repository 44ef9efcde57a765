"""A pytest plugin: what takes long begins first, else a run waits at its end for the long test that began last.

Where `TESTS_END_AT` says when a run must be over (seconds since 1970; `.ci/run` does), what takes long comes last: many
of the short ones fit into the same time. What has not begun by then is left out, and said.
"""

from __future__ import annotations

import os
import time

import pytest

OUT_OF_TIME = "there was no time left for it: this machine is slow"

ends_at = float(os.environ.get("TESTS_END_AT") or "inf")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=_in_time if ends_at < float("inf") else _long_ones_first)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    if time.time() > ends_at:
        pytest.skip(OUT_OF_TIME)


def _long_ones_first(item: pytest.Item) -> tuple[bool, bool]:
    """Tests that empty the database come last: the others need the roles that stand in it."""
    return empties_the_database(item), not _is_slow(item)


def _in_time(item: pytest.Item) -> tuple[bool, bool, bool]:
    """Those with databases of their own, which are the longest, after all others."""
    has_its_own = _is_slow(item) and item.get_closest_marker("django_db") is None
    return has_its_own, empties_the_database(item), _is_slow(item)


def _is_slow(item: pytest.Item) -> bool:
    return item.get_closest_marker("slow") is not None


def empties_the_database(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    by_mark = marker is not None and bool(marker.kwargs.get("transaction"))
    return by_mark or not {"transactional_db", "live_server"}.isdisjoint(getattr(item, "fixturenames", ()))
