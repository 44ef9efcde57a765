"""One chaos run: the events at their offsets, then quiet, then the judgement."""

from __future__ import annotations

import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from talentsync.candidates.services import Gone
from talentsync.resumes.refusals import Refused
from talentsync.sync.models import Budget, Delivery, Erasure, Lane
from talentsync.sync.states import UNFINISHED
from tests.chaos import judging
from tests.chaos.judging import Told
from tests.chaos.mishaps import Mishaps
from tests.chaos.people import People
from tests.chaos.plan import Event
from tests.chaos.report import Report

QUIET_SECONDS = 180.0  # within which everything must come to rest
LOOK_EVERY = 2.0
AT_REST_FOR = 3  # looks in a row
A_LONG_TIME = timedelta(days=2)


class Chaos:
    """People, what happens to them, and what is found."""

    def __init__(self, people: People, mishaps: Mishaps, told: Callable[[], Told]) -> None:
        self._people, self._mishaps, self._told = people, mishaps, told
        self.report = Report()

    def carry_out(self, events: Sequence[Event]) -> None:
        self._mishaps.start_everything()
        began = time.monotonic()
        for event in events:
            time.sleep(max(0.0, began + event.at - time.monotonic()))
            self._happen(event)
        self.report.lasted = time.monotonic() - began

    def become_quiet(self) -> None:
        """Everything is mended and let go; time goes by until nothing is left to do. Then Support tries again what
        failed, and that comes to rest as well.
        """
        self._mishaps.mend_everything()
        ends = time.monotonic() + QUIET_SECONDS
        self._people.confirm_imports()
        if self._comes_to_rest(ends):
            self.report.failed_first = Counter(_failures())
            self._people.try_everything_again()
            self._comes_to_rest(ends)

    def judge(self) -> None:
        self._mishaps.count_switches()
        told = self._told()
        self.report.found += judging.findings(told)
        self.report.found += [f"process {name} ended by itself" for name in self._mishaps.ended]
        self.report.broken, self.report.passed_over = self._mishaps.done, self._people.passed_over
        self.report.left_failed = Counter(_failures())
        self.report.count_calls(told)

    def _happen(self, event: Event) -> None:
        """A deed is answered, if with a sentence about what was asked for; whatever else comes is a finding."""
        doer = self._people if hasattr(self._people, event.what) else self._mishaps
        if doer is self._people and self._mishaps.database_is_gone:
            self._people.passed_over["the database is gone"] += 1
            return
        try:
            getattr(doer, event.what)(**event.told)
        except Refused as refused:
            self._people.passed_over[str(refused)] += 1
        except Gone:
            self._people.passed_over["erased meanwhile"] += 1
        except Exception:
            self.report.found.append(f"{event} met a traceback:\n{traceback.format_exc()[-3000:]}")
        if doer is self._people:
            self.report.done[_named(event)] += 1

    def _comes_to_rest(self, ends: float) -> bool:
        rested = 0
        while time.monotonic() < ends:
            self.report.held.update(self._people.release_everything())
            time_goes_by()
            time.sleep(LOOK_EVERY)
            rested = 0 if list(judging.stuck()) else rested + 1
            if rested >= AT_REST_FOR:
                return True
        sys.stdout.write("It did not come to rest.\n")
        return False


def time_goes_by() -> None:
    """So much that whatever waits for a moment has reached it. What waits for something else, and the vendors' minutes,
    which are the real ones, are left alone.
    """
    now = timezone.now()
    unfinished = Delivery.objects.filter(state__in=UNFINISHED, due_at__gt=now, lease="")
    unfinished.update(due_at=now)
    Lane.objects.filter(not_before__gt=now, lease_name="").update(not_before=now)
    Budget.objects.filter(blocked_until__gt=now + timedelta(seconds=5)).update(blocked_until=now)
    asked = Erasure.objects.exclude(state=Erasure.State.DONE).filter(Q(looked_at__isnull=False))
    asked.update(looked_at=now - A_LONG_TIME)


def _failures() -> list[str]:
    rows = Delivery.objects.failed().values_list("kind", "operation", "failure", "error_code")
    return [" ".join(filter(None, row)) for row in rows]


def _named(event: Event) -> str:
    if event.what == "click":
        return f"{event.told['action']} {event.told['kind']}"
    return f"{event.what} {event.told.get('kind', '')}".strip()
