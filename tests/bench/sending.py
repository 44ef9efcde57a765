"""The engine beside a bare loop: the same bodies to the same simulator, a call of the one and a call of the other in
turn, so that both meet the same machine.

The loop knows its bodies beforehand, keeps nothing, and looks only whether the call went through. Its rate is that of
the simulator, which answers a hundred records in some milliseconds; so the limit is judged where a call takes as long
as one to a vendor (decision 0036), and the loopback alone informs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from time import perf_counter, process_time
from typing import Any

import requests
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from connectors.base.resource import Entry, Resource
from connectors.base.transport import Request
from connectors.linkedin.client import LinkedInClient, _request
from connectors.linkedin.resources.candidates import Candidates
from connectors.linkedin.resources.job_postings import JobPostings
from connectors.linkedin.restli import Call, Reply
from connectors.linkedin.tunnel import fitted
from talentsync.customers import clients
from talentsync.customers.models import Connection
from talentsync.sync import engine, kinds, settling
from talentsync.sync.models import Lane
from talentsync.sync.states import Operation
from tests.bench import world
from tests.bench.lines import Line

RECORDS = 2_000
RECORDS_SLOWLY = 1_000
A_CALL = 0.08  # seconds; where 0.35 of the loop and a quarter of a core ask for the same
AT_LEAST = 0.35  # of the bare loop, on PostgreSQL
QUARTER_OF_A_MINUTE = 15.0  # CPU seconds for 10,000 records


def lines(*, judged: bool) -> Iterator[Line]:
    """`judged` where the limit holds."""
    world.without_limits()
    at_linkedin = world.practising("Sending")
    for lane, what in (
        (world.candidates_asked_for(at_linkedin, RECORDS, "SENT"), "candidates"),
        (world.jobs_asked_for(at_linkedin, RECORDS, "SENT"), "jobs, posted"),
    ):
        ours, bare = _in_turn(lane, RECORDS)
        yield _beside(ours, bare, f"engine / bare loop, {what}, through the loopback alone")
        cost = ours.cpu / ours.records
        yield Line(
            what=f"engine, {what}: 10,000 records a minute on less than a quarter of a core",
            measured=f"{cost * 10_000:.1f} s of 60 s, {cost * 100_000:.0f} CPU seconds for 100,000 records",
            good=cost * 10_000 < QUARTER_OF_A_MINUTE,
        )
    yield _queries(at_linkedin)
    slow = {"vendor": "linkedin", "kind": "slow", "endpoint": "atsCandidates", "seconds": A_CALL, "times": None}
    at_linkedin = world.practising("Sending slowly")
    lane = world.candidates_asked_for(at_linkedin, RECORDS_SLOWLY, "SENT")
    world.control("mood", slow)
    ours, bare = _in_turn(lane, RECORDS_SLOWLY)
    world.control("mood", {"calm": True})
    limit = f": at least {AT_LEAST:g}" if judged else ""
    what = f"engine / bare loop, candidates, {A_CALL * 1000:.0f} ms for an answer{limit}"
    yield _beside(ours, bare, what, judged=judged)


def _beside(ours: _Spent, bare: _Spent, what: str, *, judged: bool = False) -> Line:
    share = ours.rate / bare.rate
    return Line(
        what=what,
        measured=f"{share:.2f} ({ours.rate:,.0f} and {bare.rate:,.0f} records a second;"
        f" of {ours.each(world.AT_ONCE, ours.seconds):.0f} ms for a batch {ours.each(world.AT_ONCE, ours.cpu):.0f} are"
        f" computing, {bare.each(world.AT_ONCE, bare.seconds):.0f} the bare call)",
        good=share >= AT_LEAST if judged else None,
    )


@dataclass(kw_only=True)
class _Spent:
    seconds: float = 0.0
    cpu: float = 0.0
    records: int = 0

    @property
    def rate(self) -> float:
        return self.records / self.seconds

    def each(self, records: int, seconds: float) -> float:
        """Milliseconds of these seconds for so many records."""
        return 1000 * seconds * records / self.records

    @contextmanager
    def watched(self, records: int) -> Iterator[None]:
        started, cpu = perf_counter(), process_time()
        yield
        self.seconds += perf_counter() - started
        self.cpu += process_time() - cpu
        self.records += records


def _in_turn(lane: Lane, number: int) -> tuple[_Spent, _Spent]:
    """What the engine spent on the records that are due, and a loop on as many calls."""
    client = _client(lane)
    resource = client.resources[lane.route.resource]
    calls, session = _calls(lane, client), requests.Session()
    assert len(calls) * world.AT_ONCE == number
    ours, bare = _Spent(), _Spent()
    for call in calls:
        with bare.watched(world.AT_ONCE):
            _spoken(session, client, call)
        with ours.watched(world.AT_ONCE):
            _one_batch(lane, resource)
    return ours, bare


def bare_rate(lane: Lane) -> float:
    """Records a second of a loop on this lane's records, with the machine to itself."""
    client, session, bare = _client(lane), requests.Session(), _Spent()
    for call in _calls(lane, client):
        with bare.watched(world.AT_ONCE):
            _spoken(session, client, call)
    return bare.rate


def _client(lane: Lane) -> LinkedInClient:
    client = clients.open_client(lane.connection)
    assert isinstance(client, LinkedInClient)
    return client


def _spoken(session: requests.Session, client: LinkedInClient, call: Request) -> None:
    url = f"{client._transport.base_url}{call.path}"
    answer = session.request(call.method, url, data=call.body, headers=dict(call.headers), timeout=30)
    answer.raise_for_status()
    said = answer.json()
    assert not said.get("errors"), said["errors"]


def _one_batch(lane: Lane, resource: Resource) -> None:
    """As `engine.run` does until nothing is due."""
    batch = engine.lease(lane, resource, now=timezone.now())
    assert batch is not None
    assert len(batch.rows) == world.AT_ONCE
    report = engine.send(batch, resource)
    assert report is not None
    assert report.error is None
    settling.settle(batch, report, now=timezone.now())


# what the bare loop sends


class _Noted(Exception):
    pass


class _Dictation:
    """A wire that only writes down."""

    def __init__(self, client: LinkedInClient) -> None:
        self._token, self._base_url = client._tokens.get(), client._transport.base_url
        self.requests: list[Request] = []

    def call(self, call: Call) -> Reply:
        self.requests.append(fitted(_request(call, self._token), base_url=self._base_url))
        raise _Noted


def _calls(lane: Lane, client: LinkedInClient) -> list[Request]:
    """The same records once more under other IDs, as the connector would write them."""
    dictation = _Dictation(client)
    resource: Resource = Candidates(wire=dictation, organization_urn=lane.connection.organization_urn)
    if lane.kind == "job":
        resource = JobPostings(wire=dictation, organization_urn=lane.connection.organization_urn)
    entries = list(_entries(lane.connection, lane.kind))
    for start in range(0, len(entries), world.AT_ONCE):
        try:
            resource.send(entries[start : start + world.AT_ONCE])
        except _Noted:
            continue
    return dictation.requests


def _entries(connection: Connection, name: str) -> Iterator[Entry]:
    kind, verb = kinds.get(name), {"candidate": "UPSERT", "job": "CREATE"}[name]
    route = kind.route("linkedin")
    for record in kind.rows().filter(customer=connection.customer).order_by("pk"):
        number = record.external_id.partition("-")[2]
        if number == "pattern":
            continue
        payload: Mapping[str, Any] = route.record(record, connection, Operation.UPSERT, {})
        yield Entry(key=f"BARE-{number}", verb=verb, payload=payload)


# queries


def _queries(connection: Connection) -> Line:
    """Queries of a batch of 10 and of one of 100."""
    counts = []
    for number in (10, 100):
        lane = world.candidates_asked_for(connection, number, f"QUERIES{number}")
        with CaptureQueriesContext(database) as captured:
            engine.run(lane, until=timezone.now() + timedelta(minutes=1))
        counts.append(len(captured))
    return Line(
        what="queries for a batch, and to see that nothing more is due, are constant",
        measured=f"{counts[0]} for 10 records, {counts[1]} for 100",
        good=counts[1] - counts[0] <= 10,  # SQLite may need one more per statement at 100 rows (DESIGN 10)
    )
