"""`request_sync`: ask for what the admin's actions ask for, from a shell."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import models
from django.utils import timezone

from talentsync.customers.models import Connection, Customer, Destination
from talentsync.sync import kinds, runs
from talentsync.sync.agreements import EVERYTHING, MAY_ERASE
from talentsync.sync.kinds import Action, Kind
from talentsync.sync.models import Delivery
from talentsync.sync.states import Operation, RemoteState

USAGE = 2


class Command(BaseCommand):
    help = (
        "Asks for an operation on records of one customer; workers carry it out. There is no Undo. A close or delete "
        "of --all needs --yes-count with the number of records that it is about. With --all an upsert leaves out what "
        "is closed at the vendor; to post such a record anew, name it. What was removed from LinkedIn stays out. Exit "
        "codes: 0 asked, 1 nothing could be asked, 2 usage."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", choices=sorted(kind.name for kind in kinds.for_people()))
        parser.add_argument("--customer", required=True, metavar="NAME")
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--external-id", nargs="+", metavar="ID")
        which.add_argument("--all", action="store_true")
        parser.add_argument("--parent", metavar="ID", help="only what hangs on the record with this ID in the ATS")
        parser.add_argument("--operation", required=True, choices=Operation.values)
        parser.add_argument("--destination", nargs="+", choices=Destination.values)
        parser.add_argument("--close-reason", type=int, metavar="ID", help="Greenhouse's number of the reason")
        parser.add_argument("--may-erase", action="store_true", help="this upsert may erase what the vendor holds")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and change nothing")
        parser.add_argument("--yes-count", type=int, metavar="N")

    def handle(self, **options: Any) -> None:
        kind = kinds.get(options["kind"])
        customer = Customer.objects.filter(name=options["customer"]).first()
        if customer is None:
            raise CommandError(f"There is no customer called {options['customer']!r}.", returncode=USAGE)
        _check_close_reason(customer, options)
        records = _records(kind, customer, options)
        _agree(records.count(), options)
        asked = sum(self._ask(kind, action, records, options) for action in _actions(kind, options["operation"]))
        if not asked and not options["dry_run"]:
            raise CommandError("Nothing could be asked.", returncode=1)

    def _ask(self, kind: Kind, action: Action, records: models.QuerySet[Any], options: dict[str, Any]) -> int:
        destinations = options["destination"] or list(action.destinations)
        asking: dict[str, Any] = {MAY_ERASE: EVERYTHING} if options["may_erase"] else {}
        if options["close_reason"] is not None:
            asking["close_reason_id"] = options["close_reason"]
        run = runs.draft(kind, action, records, by=None, now=timezone.now())
        survey = runs.survey(run, asking)
        for destination in destinations:
            if destination in survey:
                self._tell(action, destination, survey[destination])
        if options["dry_run"]:
            run.delete()
            return 0
        runs.confirm(run, destinations=destinations, options=asking, now=timezone.now(), at_once=True)
        return sum(survey[destination].n_applies for destination in destinations if destination in survey)

    def _tell(self, action: Action, destination: str, survey: runs.Survey) -> None:
        skipped = ", ".join(f"{number} {code}" for code, number in sorted(survey.skipped.items()))
        self.stdout.write(
            f"{action.name} at {destination}: {survey.n_applies}" + (f"; skipped: {skipped}" if skipped else "")
        )


def _records(kind: Kind, customer: Customer, options: dict[str, Any]) -> models.QuerySet[Any]:
    records = kind.model._default_manager.filter(customer=customer)
    if options["parent"] is not None:
        records = _below(kind, records, options["parent"])
    if options["all"]:
        if options["operation"] != Operation.UPSERT:
            return records
        closed = Delivery.objects.current().filter(kind=kind.name, remote_state=RemoteState.CLOSED)
        return records.exclude(pk__in=closed.values("object_id"))
    found = records.filter(**{f"{kind.entity_key}__in": options["external_id"]})
    missing = set(options["external_id"]) - set(found.values_list(kind.entity_key, flat=True))
    if missing:
        raise CommandError(f"Not found: {', '.join(sorted(missing))}.", returncode=USAGE)
    return found


def _below(kind: Kind, records: models.QuerySet[Any], parent: str) -> models.QuerySet[Any]:
    if not kind.below:
        raise CommandError(f"A {kind.name} hangs on nothing: leave --parent out.", returncode=USAGE)
    return records.filter(**{f"{kind.below}__external_id": parent})


def _agree(count: int, options: dict[str, Any]) -> None:
    verb = {Operation.CLOSE: "closes", Operation.DELETE: "deletes"}.get(options["operation"])
    if options["dry_run"] or not options["all"] or verb is None:
        return
    if options["yes_count"] != count:
        raise CommandError(f"This {verb} {count} records. Say --yes-count {count} if you mean it.", returncode=USAGE)


def _check_close_reason(customer: Customer, options: dict[str, Any]) -> None:
    """The reason is one of Greenhouse's own, as far as its list has been read."""
    reason = options["close_reason"]
    if reason is None:
        return
    if options["operation"] != Operation.CLOSE:
        raise CommandError("Only a close takes --close-reason.", returncode=USAGE)
    current = Connection.objects.filter(customer=customer, destination=Destination.GREENHOUSE, is_current=True)
    offered = {each["id"]: each["name"] for connection in current for each in connection.close_reasons}
    if offered and reason not in offered:
        names = ", ".join(f"{pk} {name}" for pk, name in sorted(offered.items()))
        raise CommandError(f"Greenhouse has no close reason {reason}. There are: {names}.", returncode=USAGE)


def _actions(kind: Kind, operation: str) -> list[Action]:
    """An upsert updates what is there and posts what is not. In this order: a post passes over what is being updated,
    while an update would join what is being posted."""
    return [action for action in reversed(kind.actions) if action.operation == operation and action.by_command]
