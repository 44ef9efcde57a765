"""Many rows written at once: what they share, and what is their own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from talentsync.sync.models import Delivery, Snapshot
from talentsync.sync.rows import MOST_KEYS, MOST_STATEMENTS, insert_rows, update_rows
from tests.customers.making import make_connection, make_customer

pytestmark = pytest.mark.django_db

FIELDS = ["state", "params", "then_operations", "due_at", "attempts", "company", "words", "error_code"]


def make_rows(number: int) -> list[Delivery]:
    connection = make_connection(make_customer("Acme"))
    rows = [
        Delivery(connection=connection, kind="candidate", object_id=index, entity_key=f"C-{index}", revision=7)
        for index in range(number)
    ]
    Delivery.objects.bulk_create(rows)
    return list(Delivery.objects.order_by("pk"))


def stored(*names: str) -> list[tuple[Any, ...]]:
    return [tuple(getattr(row, name) for name in names) for row in Delivery.objects.order_by("pk")]


def test_rows_that_become_alike(django_assert_num_queries: Any) -> None:
    rows, now = make_rows(MOST_KEYS - 1), timezone.now()
    for row in rows:
        row.state, row.due_at, row.words, row.params = "synced", now, "Thank you", {}
    with django_assert_num_queries(1):
        update_rows(rows, FIELDS)
    assert set(stored("state", "due_at", "words", "attempts")) == {("synced", now, "Thank you", 0)}


def test_more_rows_than_a_statement_takes() -> None:
    rows = make_rows(2 * MOST_KEYS + 1)
    for row in rows:
        row.state = "synced"
    update_rows(rows, FIELDS)
    assert stored("state") == [("synced",)] * len(rows)


@pytest.mark.parametrize("sorts", [2, MOST_STATEMENTS, MOST_STATEMENTS + 1, 40])
def test_rows_of_so_many_sorts(sorts: int, django_assert_max_num_queries: Any) -> None:
    rows, now = make_rows(40), timezone.now()
    for index, row in enumerate(rows):
        sort = index % sorts
        row.state, row.attempts, row.error_code = "failed", sort, f"CODE_{sort}"
        row.due_at, row.company = (None, None) if sort == 0 else (now + timedelta(seconds=sort), sort)
    with django_assert_max_num_queries(MOST_STATEMENTS):
        update_rows(rows, FIELDS)
    wanted = [(row.state, row.attempts, row.error_code, row.due_at, row.company) for row in rows]
    assert stored("state", "attempts", "error_code", "due_at", "company") == wanted


@pytest.mark.parametrize("number", [3, 30])
def test_json_that_python_takes_for_the_same(number: int) -> None:
    rows = make_rows(number)
    for index, row in enumerate(rows):
        row.params = {"flag": True if index % 2 else 1}
        row.then_operations = [["delete", index, {}]] if index else []
    update_rows(rows, FIELDS)
    wanted = [(repr(row.params), row.then_operations) for row in rows]
    assert [(repr(params), then) for params, then in stored("params", "then_operations")] == wanted


@pytest.mark.parametrize("number", [3, 30])
def test_encrypted_words_of_each_row(number: int) -> None:
    rows = make_rows(number)
    for index, row in enumerate(rows):
        row.words = f"No. {index}" if index else ""
    update_rows(rows, FIELDS)
    assert stored("words") == [(row.words,) for row in rows]


@pytest.mark.parametrize("number", [3, 30])
def test_other_columns_and_other_rows_stay(number: int) -> None:
    rows = make_rows(number)
    Delivery.objects.update(revision=8)
    for index, row in enumerate(rows[1:]):
        row.state, row.attempts, row.revision = "synced", index, 9
    update_rows(rows[1:], FIELDS)
    assert stored("state", "revision") == [("idle", 8), *[("synced", 8)] * (number - 1)]


@pytest.mark.parametrize("number", [1, 30])
def test_new_rows_and_what_replaces_others(number: int, django_assert_num_queries: Any) -> None:
    rows, now = make_rows(number), timezone.now()
    with django_assert_num_queries(1):
        insert_rows([Snapshot(delivery=row, held={"n": row.pk}, held_at=now) for row in rows])
    again = [Snapshot(delivery=row, accepted={"ä": f"'{row.pk}'"}, accepted_at=now) for row in rows]
    with django_assert_num_queries(1):
        insert_rows(again, replacing=["accepted", "accepted_at"])
    found = Snapshot.objects.order_by("pk").values_list("pk", "accepted", "accepted_at", "held", "held_at", "waiting")
    assert list(found) == [(row.pk, {"ä": f"'{row.pk}'"}, now, {"n": row.pk}, now, None) for row in rows]


def test_new_rows_get_keys_of_their_own() -> None:
    (pattern,) = make_rows(1)
    insert_rows(
        [
            Delivery(
                connection=pattern.connection,
                kind="candidate",
                object_id=index,
                entity_key=f"new-{index}",
                params={"n": index},
                words="" if index else "Ä",
                due_at=timezone.now() if index else None,
            )
            for index in range(3)
        ]
    )
    new = Delivery.objects.exclude(pk=pattern.pk).order_by("pk")
    assert [(row.entity_key, row.params, row.words, row.due_at is None) for row in new] == [
        ("new-0", {"n": 0}, "Ä", True),
        ("new-1", {"n": 1}, "", False),
        ("new-2", {"n": 2}, "", False),
    ]
