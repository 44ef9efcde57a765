"""How much of a vendor's quota is used, and whether it is ever exceeded: ten minutes by a clock that jumps.

The vendor's clock and ours are one, and stand still while the engine works. The quota is a twentieth of LinkedIn's, so
that ten minutes are over in seconds; the arithmetic does not know sizes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import time_machine
from django.conf import settings
from django.db.models import Sum
from django.utils import timezone

from connectors.base.quota import Quota
from connectors.base.transport import FunctionAdapter
from connectors.linkedin.client import LinkedInClient
from connectors.linkedin.simulator import Linkedin
from talentsync.customers import clients
from talentsync.customers.models import Connection
from talentsync.sync import engine
from talentsync.sync.models import Attempt, Lane
from tests.bench import world
from tests.bench.lines import Line
from tests.customers.making import LINKEDIN, make_connection, make_customer

A_MINUTE = 500  # records that the vendor allows
MINUTES = 10
AT_LEAST = 0.98
CLIENT = "quota"


def lines() -> Iterator[Line]:
    allowed = A_MINUTE * MINUTES * (100 - settings.DAILY_LIMIT_HEADROOM_PERCENT) // 100
    lifted, LinkedInClient.quotas = LinkedInClient.quotas, {"atsCandidates": Quota(records_per_minute=A_MINUTE)}
    try:
        sent, throttled = _ten_minutes(allowed + A_MINUTE)
    finally:
        LinkedInClient.quotas = lifted
        clients.unmount_all()
    yield Line(
        what=f"with the quota on, at least {AT_LEAST:.0%} of it less headroom in {MINUTES} minutes, and no 429",
        measured=f"{sent / allowed:.1%} ({sent:,} of {allowed:,} records, {throttled} times 429)",
        good=sent >= AT_LEAST * allowed and not throttled,
    )


def _ten_minutes(number: int) -> tuple[int, int]:
    """Records that were sent in time, and how often the vendor refused."""
    with time_machine.travel(timezone.now(), tick=False) as clock:
        connection = make_connection(make_customer("Quota"), client_id=CLIENT)
        _mount()
        lane = world.candidates_asked_for(connection, number, "QUOTA")
        began = timezone.now()
        ends = began + timedelta(minutes=MINUTES)
        while timezone.now() < ends:
            engine.run(lane, until=ends)
            lane.refresh_from_db(fields=["not_before"])
            clock.move_to(max(lane.not_before or ends, timezone.now() + timedelta(milliseconds=100)))
        return _sent(lane, connection, ends)


def _sent(lane: Lane, connection: Connection, ends: object) -> tuple[int, int]:
    calls = Attempt.objects.filter(connection=connection, kind=lane.kind)
    sent = calls.filter(error="", at__lt=ends).aggregate(records=Sum("n_records"))["records"] or 0
    return sent, calls.filter(status=429).count()


def _mount() -> None:
    simulator = Linkedin()
    simulator.seed_application(
        client_id=CLIENT,
        client_secret=LINKEDIN["client_secret"],
        organizations=[LINKEDIN["organization_urn"]],
        contracts=[LINKEDIN["recruiter_contract_urn"]],
    )
    simulator.configure(records_per_minute={"atsCandidates": A_MINUTE})
    for name, door in simulator.doors.items():
        url = settings.SIMULATOR_URL + door.prefix
        clients.mount(url, FunctionAdapter(url, partial(simulator.answer, door=name)))
