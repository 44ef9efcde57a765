"""What LinkedIn says of records about a person, stored and summed up. Called inside the engine's settle transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from talentsync.candidates import status
from talentsync.candidates.models import Match, PersonRecord
from talentsync.core.columns import if_whole
from talentsync.customers.models import Connection
from talentsync.sync.models import Delivery
from talentsync.sync.states import State

Facts = Mapping[str, Any]


def absorb_matches(connection: Connection, facts: Mapping[int, Facts], now: datetime) -> None:
    """Keep whom LinkedIn takes these candidates for (linkedin.md 4.2); one statement."""
    rows = [
        Match(
            candidate_id=pk,
            connection=connection,
            matched_members=said.get("matched_members", []),
            manual_matched_member=if_whole(Match, "manual_matched_member", said.get("manual_matched_member", "")),
            checked_at=now,
        )
        for pk, said in facts.items()
        if "matched_members" in said
    ]
    Match.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["candidate", "connection"],
        update_fields=["matched_members", "manual_matched_member", "checked_at"],
    )


def absorb_nothing(connection: Connection, facts: Mapping[int, Facts], now: datetime) -> None:
    """Of notes, applications and what hangs on them LinkedIn says nothing beside what it was sent."""


def summarise(records: Sequence[PersonRecord], deliveries: Mapping[int, Sequence[Delivery]]) -> Sequence[str]:
    for record in records:
        delivery = next(iter(deliveries.get(record.pk, ())), None)
        record.linkedin_status = status.linkedin_status(delivery)
        record.sync_trouble = delivery.failure if delivery is not None and delivery.state == State.FAILED else ""
    return ["linkedin_status", "sync_trouble"]


def never(facts: Facts, now: datetime) -> timedelta | None:
    """What was sent stays until somebody changes it: nothing is looked at regularly."""
    return None
