"""What is due first is found by the index of claims, however many wait and however the planner has counted them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from talentsync.customers import clients
from talentsync.customers.models import Connection
from talentsync.sync import engine
from talentsync.sync.models import Delivery, Lane
from talentsync.sync.states import Priority
from tests.candidates.making import unsaved_candidate
from tests.plans import steps

WAITING = 2_000
SORTS = re.compile(r"USE TEMP B-TREE|SCAN|\s*(?:->\s*)?(?:Sort|Seq Scan)\b.* rows=\d{3,}")  # … of many rows


@pytest.fixture
def lane(at_linkedin: Connection) -> Lane:
    """Nothing but one customer's large request: then every index leads to every row."""
    records = [unsaved_candidate(at_linkedin.customer, f"C-{number}") for number in range(WAITING)]
    type(records[0])._default_manager.bulk_create(records)
    now = timezone.now()
    Delivery.objects.bulk_create(
        Delivery(
            connection=at_linkedin,
            kind="candidate",
            object_id=record.pk,
            entity_key=record.external_id,
            operation="upsert",
            revision=1,
            state="pending",
            remote_state="absent",
            priority=Priority.BACKFILL,
            due_at=now - timedelta(seconds=place // 200),
        )
        for place, record in enumerate(type(records[0])._default_manager.order_by("pk"))
    )
    with database.cursor() as cursor:
        cursor.execute("ANALYZE")
    return Lane.objects.create(connection=at_linkedin, kind="candidate")


def test_a_large_backlog_is_not_sorted(lane: Lane) -> None:
    resource = clients.open_client(lane.connection).resources["candidates"]
    with CaptureQueriesContext(database) as captured:
        batch = engine.lease(lane, resource, now=timezone.now())
    assert batch is not None
    assert len(batch.rows) == 100
    found = [query["sql"] for query in captured if "ORDER BY" in query["sql"] and " LIMIT " in query["sql"]]
    looks = [sql for sql in found if '"sync_delivery"."due_at" <=' in sql]
    assert looks
    sorting = [step for sql in looks for step in steps(sql) if SORTS.match(step)]
    assert sorting == []


def test_a_click_goes_before_a_large_request(lane: Lane) -> None:
    last = Delivery.objects.order_by("-pk").first()
    assert last is not None
    Delivery.objects.filter(pk=last.pk).update(priority=Priority.CLICK, due_at=timezone.now())
    batch = engine.lease(lane, clients.open_client(lane.connection).resources["candidates"], now=timezone.now())
    assert batch is not None
    assert [row.pk for row in batch.rows] == [last.pk]
