"""The one way to write down who did what. Called in the transaction of the change itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talentsync.core.models import AuditEvent

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from talentsync.customers.models import Customer


def record(
    actor: User | None,
    verb: str,
    *,
    kind: str = "",
    label: str = "",
    customer: Customer | None = None,
    count: int = 1,
    run_id: int | None = None,
) -> AuditEvent:
    """`actor` is None for what the service does by itself. `label` is a number or a name we gave, no personal data."""
    return AuditEvent.objects.create(
        actor=actor, verb=verb, kind=kind, label=label[:200], customer=customer, count=count, run_id=run_id
    )
