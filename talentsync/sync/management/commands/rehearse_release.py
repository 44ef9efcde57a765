"""`rehearse_release`: before an upgrade, what the new code would send beside what the vendors accepted last."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from talentsync.customers.models import Connection, Customer
from talentsync.sync import kinds, rehearsing
from talentsync.sync.rehearsing import OUTCOMES, Rehearsed
from talentsync.sync.states import Operation

USAGE = 2
WORDS = {"change": "change", "invalid": "become invalid", "lose": "lose a field"}
FIELDS_NAMED = 20


class Command(BaseCommand):
    help = (
        "Builds with the code that runs everything that the vendors hold by what we sent, and compares it with what "
        "they accepted last. Reads only; sends nothing. What was edited since it was sent is counted apart. Names "
        "fields and IDs, no values. Exit codes: 0 nothing would surprise, 1 something that nobody edited would become "
        "invalid or lose a field, 2 usage."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--customer", metavar="NAME")
        parser.add_argument("--kind", choices=sorted(kind.name for kind in kinds.for_people()))
        parser.add_argument("--json", action="store_true", help="for programs")

    def handle(self, *, customer: str | None, kind: str | None, **options: Any) -> None:
        connections = Connection.objects.filter(is_current=True).select_related("customer").order_by("pk")
        if customer is not None:
            if not Customer.objects.filter(name=customer).exists():
                raise CommandError(f"There is no customer called {customer!r}.", returncode=USAGE)
            connections = connections.filter(customer__name=customer)
        found: dict[str, dict[str, Rehearsed]] = {}
        for each in kinds.all_kinds():
            for route in each.routes:
                if kind in {None, each.name} and Operation.UPSERT in route.operations:
                    at = connections.filter(destination=route.destination)
                    found.setdefault(route.destination, {})[each.name] = rehearsing.rehearse(each, route, at)
        self.stdout.write(json.dumps(_as_json(found)) if options["json"] else _in_words(found))
        if any(told.surprises for of_kinds in found.values() for told in of_kinds.values()):
            raise CommandError("Something would become invalid or lose a field.", returncode=1)


def _as_json(found: dict[str, dict[str, Rehearsed]]) -> dict[str, Any]:
    return {
        destination: {name: _numbers(told) for name, told in of_kinds.items()}
        for destination, of_kinds in found.items()
    }


def _numbers(told: Rehearsed) -> dict[str, Any]:
    return {
        "compared": told.compared,
        "passed_over": told.passed_over,
        **{outcome: told.counts[outcome] for outcome in OUTCOMES},
        "edited_since": {outcome: told.edited[outcome] for outcome in OUTCOMES},
        "fields": {outcome: dict(told.fields[outcome].most_common(FIELDS_NAMED)) for outcome in OUTCOMES},
        "examples": {outcome: told.examples[outcome] for outcome in OUTCOMES},
    }


def _in_words(found: dict[str, dict[str, Rehearsed]]) -> str:
    lines = []
    for destination, of_kinds in found.items():
        for name, told in of_kinds.items():
            lines.append(f"{name} at {destination}: {_counted(told.counts)} (of {told.compared:,} compared)")
            lines += [_detail(told, outcome) for outcome in OUTCOMES if told.counts[outcome]]
            if told.edited:
                lines.append(f"  also edited since they were sent: {_counted(told.edited)}")
    return "\n".join(lines)


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{counts[outcome]:,} {WORDS[outcome]}" for outcome in OUTCOMES)


def _detail(told: Rehearsed, outcome: str) -> str:
    fields = ", ".join(f"{name} ({n:,})" for name, n in told.fields[outcome].most_common(FIELDS_NAMED))
    return f"  {WORDS[outcome]}: {fields}; for example {', '.join(told.examples[outcome])}"
