"""`sync_status`: how much is sent, waiting and stuck."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Count, Min
from django.utils import timezone

from talentsync.customers.models import Customer
from talentsync.sync import budgets
from talentsync.sync.models import Delivery, Hold


class Command(BaseCommand):
    help = "Shows how many records are in which state, what is due, and what is stopped. Exit codes: 0 done, 2 usage."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--customer", metavar="NAME")
        parser.add_argument("--json", action="store_true", help="for programs")

    def handle(self, *, customer: str | None, **options: Any) -> None:
        if customer is not None and not Customer.objects.filter(name=customer).exists():
            raise CommandError(f"There is no customer called {customer!r}.", returncode=2)
        found = status(customer, now=timezone.now())
        self.stdout.write(json.dumps(found) if options["json"] else _words(found))


def status(customer: str | None, *, now: datetime) -> dict[str, Any]:
    """Counts only, in the shape that other programs rely on (DESIGN 9)."""
    deliveries, stopped = Delivery.objects.current(), Hold.objects.select_related("connection__customer", "customer")
    if customer is not None:
        deliveries = deliveries.filter(connection__customer__name=customer)
    table: dict[str, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    counted = deliveries.values_list("connection__destination", "kind", "state").annotate(Count("pk"))
    for destination, kind, state, number in counted.order_by("connection__destination", "kind", "state"):
        table[destination][kind][state] = number
    due = deliveries.due(now).aggregate(number=Count("pk"), oldest=Min("due_at"))
    oldest = (now - due["oldest"]).total_seconds() if due["oldest"] else 0
    held = [_name(hold) for hold in stopped if customer in {None, _customer_of(hold)} or _customer_of(hold) is None]
    used = budgets.used_today(customer, now=now)
    return {
        "deliveries": table,
        "due": due["number"],
        "oldest_due_seconds": int(oldest),
        "held": held,
        "limits": used,
    }


def _customer_of(hold: Hold) -> str | None:
    customer = hold.customer or (hold.connection.customer if hold.connection else None)
    return customer.name if customer else None


def _name(hold: Hold) -> str:
    whose = str(hold.connection) if hold.connection else _customer_of(hold) or "everything"
    return " · ".join(part for part in [whose, hold.kind, hold.operation] if part)


def _used(limit: dict[str, Any]) -> str:
    parts = [
        f"{limit[name]} of {limit[f'{name}_per_day']} {name}"
        for name in ("calls", "records")
        if limit[f"{name}_per_day"] is not None
    ]
    blocked = f", blocked until {limit['blocked_until']}" if limit["blocked_until"] else ""
    return f"used today at {limit['destination']} {limit['endpoint']}: {', '.join(parts) or 'not counted'}{blocked}"


def _words(found: dict[str, Any]) -> str:
    lines = [
        f"{destination:<12}{kind:<24}{state:<12}{number:>9}"
        for destination, of_kinds in found["deliveries"].items()
        for kind, states in of_kinds.items()
        for state, number in states.items()
    ]
    lines += [_used(limit) for limit in found["limits"]]
    lines.append(f"due now: {found['due']}, the oldest for {found['oldest_due_seconds']} s")
    lines.append(f"stopped: {', '.join(found['held']) or 'nothing'}")
    return "\n".join(lines)
