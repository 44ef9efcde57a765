"""A pytest plugin: what takes long begins first, else a run waits at its end for the long test that began last."""

from __future__ import annotations

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """After pytest-django's own order, in which the tests that empty the database follow those that need its roles."""
    items.sort(key=lambda item: not may_begin(item))


def may_begin(item: pytest.Item) -> bool:
    return item.get_closest_marker("slow") is not None and not empties_the_database(item)


def empties_the_database(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    by_mark = marker is not None and bool(marker.kwargs.get("transaction"))
    return by_mark or not {"transactional_db", "live_server"}.isdisjoint(getattr(item, "fixturenames", ()))
