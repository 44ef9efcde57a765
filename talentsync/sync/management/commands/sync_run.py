"""`sync_run`: do a worker's work in the foreground."""

from __future__ import annotations

from threading import Event
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from talentsync.customers.models import Customer
from talentsync.sync import driving, kinds
from talentsync.sync.driving import Scope

LONGEST_WAIT_SECONDS = 5.0  # then it looks again: somebody may have asked for something new


class Command(BaseCommand):
    help = (
        "Sends what is due, in this process. Without an option each lane is visited once; --until-idle goes on until "
        "nothing is due now; --until-settled also waits for LinkedIn's tasks and for retries. Exit codes: 0 done, "
        "1 a record ended as 'Needs attention' meanwhile, 2 usage."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--customer", metavar="NAME")
        parser.add_argument("--kind", choices=sorted(kind.name for kind in kinds.all_kinds()))
        how_long = parser.add_mutually_exclusive_group()
        how_long.add_argument("--until-idle", action="store_true")
        how_long.add_argument("--until-settled", action="store_true")

    def handle(self, *, customer: str | None, kind: str | None, **options: Any) -> None:
        scope = Scope(customer=_customer(customer), kind=kind)
        started = timezone.now()
        if options["until_settled"]:
            travelled = self._until_settled(scope)
        else:
            travelled = driving.until_idle(scope) if options["until_idle"] else driving.once(scope)
        failed = driving.failed_since(scope, started)
        self.stdout.write(f"{travelled} records travelled, {failed} need attention.")
        if failed:
            raise CommandError("See 'Needs me' on the start page.", returncode=1)

    def _until_settled(self, scope: Scope) -> int:
        travelled, pause = driving.until_idle(scope), Event()
        while (moment := driving.next_due(scope, timezone.now())) is not None:
            wait = (moment - timezone.now()).total_seconds()
            pause.wait(min(max(wait, 0.05), LONGEST_WAIT_SECONDS))
            travelled += driving.until_idle(scope)
        return travelled


def _customer(name: str | None) -> Customer | None:
    if name is None:
        return None
    found = Customer.objects.filter(name=name).first()
    if found is None:
        raise CommandError(f"There is no customer called {name!r}.", returncode=2)
    return found
