"""A pytest plugin: what takes long begins first, else a run waits at its end for the long test that began last."""

from __future__ import annotations

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that empty the database come last: the others need the roles that stand in it."""
    items.sort(key=lambda item: (empties_the_database(item), item.get_closest_marker("slow") is None))


def empties_the_database(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    by_mark = marker is not None and bool(marker.kwargs.get("transaction"))
    return by_mark or not {"transactional_db", "live_server"}.isdisjoint(getattr(item, "fixturenames", ()))
