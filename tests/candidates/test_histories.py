"""Whatever people do with records about people and LinkedIn answers, in any order: once it is quiet, both sides agree.

A history is a list of small events over two candidates, a note of each, and an application with a stage: clicks, edits,
imports, links, time, bad answers, a worker that dies after sending, clicks during a call, Undo, stops. After it
LinkedIn is calm again and the engine goes on until nothing is due. What must be true then stands in `agree`.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import strategies as st

from connectors.linkedin.simulator import Linkedin
from talentsync.candidates import linking
from talentsync.candidates.models import Candidate
from talentsync.customers import clients
from talentsync.sync import engine, runs, settling, stopping, waiting
from talentsync.sync.kinds import get
from talentsync.sync.models import Delivery, Hold, Lane, Run, RunItem
from talentsync.sync.states import Operation, RemoteState, State
from tests import histories
from tests.candidates.making import ask, change, fresh, held, make_application, make_candidate, make_note
from tests.customers.conftest import mounted
from tests.customers.making import LINKEDIN, make_connection, make_customer, make_user
from tests.imports import making
from tests.sync import driving
from tests.sync.driving import make_job

pytestmark = pytest.mark.django_db

PEOPLE, NOTES, APPLICATIONS, STAGES = (
    "atsCandidates",
    "atsCandidates/notes",
    "atsApplications",
    "atsApplications/stages",
)
ENDPOINTS = (PEOPLE, NOTES, APPLICATIONS, STAGES)
NAMES = ("first", "second", "note", "other_note", "application", "stage")
KIND = {
    "first": "candidate",
    "second": "candidate",
    "note": "candidate_note",
    "other_note": "candidate_note",
    "application": "application",
    "stage": "application_stage",
}
VERSIONED = {
    "candidate": ("current_job_title", "currentJobTitle"),
    "candidate_note": ("note", "note"),
    "application": ("source", "source"),
    "application_stage": ("stage", "stage"),
}
"""The field that tells one version of a record from another, here and at LinkedIn."""

MOODS = st.sampled_from(
    [
        ("hang_up", {"applied": True}),
        ("hang_up", {"applied": False}),
        ("status", {"status": 503}),
        ("status", {"status": 429}),
        ("status", {"status": 422, "message": "ERROR :: /note :: is not acceptable"}),
        ("missing_permission", {}),
        ("reject", {"status": 422, "message": "ERROR :: /note :: is not acceptable"}),
        ("forget", {}),
        ("stock_validator", {"message": "/note :: is not acceptable"}),
        *histories.WEATHER,
    ]
)
name = st.sampled_from(NAMES)
clicks = st.tuples(
    st.just("click"), st.sampled_from(["send", "send", "delete", "send_again", "try_again"]), name
) | st.tuples(st.just("click"), st.sampled_from(["send_all", "delete"]), st.sampled_from(["first", "application"]))
edits = st.tuples(st.just("edit_and_send"), name)
events = st.one_of(
    clicks,
    edits,
    st.tuples(st.just("during_a_call"), name, st.lists(clicks | edits, min_size=1, max_size=3)),
    st.tuples(st.just("link"), st.sampled_from(["first", "second"])),
    st.tuples(st.just("unlink"), st.sampled_from(["first", "second"])),
    st.tuples(st.just("edit"), name),
    st.tuples(st.just("load"), st.sampled_from([("first",), ("first", "second")])),
    st.tuples(st.just("delete_and_undo"), st.sampled_from(["first", "application"])),
    st.tuples(st.just("stop")),
    st.tuples(st.just("release")),
    st.tuples(st.just("work")),
    st.tuples(st.just("pass_by"), st.sampled_from([6, 70, 130, 1000, 30_000])),
    st.tuples(st.just("bad_luck"), MOODS, st.sampled_from(ENDPOINTS)),
    st.tuples(st.just("die_after_sending"), name),
)


class World:
    """A few records of one customer, LinkedIn, and which version of each was asked for."""

    def __init__(self) -> None:
        self.linkedin = Linkedin()
        self.linkedin.seed_application(
            client_id=LINKEDIN["client_id"],
            client_secret=LINKEDIN["client_secret"],
            organizations=[LINKEDIN["organization_urn"]],
        )
        mounted(self.linkedin)
        self.customer = customer = make_customer("Acme")
        self.connection = make_connection(customer)
        self.user = make_user("support")
        self.linkedin.seed_posting("TS-1")
        first, second = (make_candidate(customer, key, current_job_title="0") for key in ("C-1", "C-2"))
        application = make_application(first, make_job(customer), source="0")
        self.records: dict[str, Any] = {
            "first": first,
            "second": second,
            "note": make_note(first, note="0"),
            "other_note": make_note(second, note="0"),  # with the same ID below another candidate
            "application": application,
            "stage": application.stages.create(customer=customer, external_id="S-1", stage="0"),
        }
        self.versions: Counter[str] = Counter()
        self.asked: dict[int, dict[str, int]] = {}  # the versions there were at each request

    def click(self, action: str, what: str) -> None:
        run = ask(action, self.records[what])
        self.asked[run.pk] = dict(self.versions)

    def edit(self, what: str) -> None:
        self.versions[what] += 1
        change(self.records[what], **{VERSIONED[KIND[what]][0]: str(self.versions[what])})

    def edit_and_send(self, what: str) -> None:
        self.edit(what)
        self.click("send", what)

    def load(self, names: tuple[str, ...]) -> None:
        """A file brings another version of these candidates."""
        for each in names:
            self.versions[each] += 1
        rows = [
            making.candidate(external_id=self.records[each].external_id, current_job_title=str(self.versions[each]))
            for each in names
        ]
        making.loaded(rows, "candidate", self.customer)

    def delete_and_undo(self, what: str) -> None:
        kind, now = get(KIND[what]), timezone.now()
        chosen = kind.model._default_manager.filter(customer=self.customer)
        run = runs.draft(kind, kind.action("delete"), chosen, by=None, now=now)
        runs.confirm(run, destinations=["linkedin"], options={}, now=now)
        assert runs.undo(run, by=self.user, now=now)

    def stop(self) -> None:
        stopping.stop(customer=self.customer, reason="Wait", by=self.user)

    def release(self) -> None:
        Hold.objects.all().delete()

    def link(self, what: str) -> None:
        linking.link(Candidate.objects.filter(pk=self.records[what].pk), f"urn:li:person:{what}")
        ask("link", self.records[what])

    def unlink(self, what: str) -> None:
        ask("unlink", self.records[what])

    def during_a_call(self, what: str, happens: list[tuple[Any, ...]]) -> None:
        taken = self._take(what)
        for event, *arguments in happens:
            getattr(self, event)(*arguments)
        if taken is not None and taken[1] is not None:
            settling.settle(*taken, now=timezone.now())

    def die_after_sending(self, what: str) -> None:
        self._take(what)

    def work(self) -> None:
        for _ in range(30):
            lanes = Lane.objects.select_related("connection__customer").order_by("pk")
            if not sum(engine.run(lane, until=timezone.now() + timedelta(seconds=2)).records for lane in lanes):
                return
        raise AssertionError("the engine never comes to rest")

    def pass_by(self, seconds: float) -> None:
        driving.clock.shift(timedelta(seconds=seconds))

    def bad_luck(self, mood: tuple[str, dict[str, Any]], endpoint: str) -> None:
        self.linkedin.next(mood[0], endpoint=endpoint, **mood[1])

    def become_quiet(self) -> None:
        self.linkedin.calm()
        Hold.objects.all().delete()
        for minutes in (3, 6, 6, 20, 60, 60, 300, 600, 600, 1500, 60, 10):
            self.work()
            self.pass_by(minutes * 60)
        self.work()

    def _take(self, what: str) -> Any:
        lanes = Lane.objects.select_related("connection__customer").filter(kind=KIND[what])
        lane = lanes.first()
        if lane is None:
            return None
        resource = clients.open_client(lane.connection).resources[lane.route.resource]
        batch = engine.lease(lane, resource, now=timezone.now())
        return None if batch is None else (batch, engine.send(batch, resource))


def agree(world: World) -> None:
    counters_add_up()
    for what, record in world.records.items():
        row = Delivery.objects.filter(kind=KIND[what], object_id=record.pk).first()
        if row is None:
            assert held(world.linkedin, KIND[what], record) is None
            continue
        assert not row.lease
        waits_for_a_reason(row)
        linkedin_agrees(world, what, row)
        newest_wish_stands(world, what, row)
    nobody_hangs_on_nothing(world)


def waits_for_a_reason(row: Delivery) -> None:
    """What is unfinished waits for another record, and nobody forgot to wake it."""
    if row.state != State.PENDING:
        assert row.state != State.SUBMITTED
        return
    assert row.due_at is None, (row.kind, row.operation, row.step, row.why, row.due_at)
    above = waiting.Above(get(row.kind), row.connection, [row.object_id], locked=False)
    assert row.pk in waiting.held_back(above, [row], now=timezone.now()), (row.kind, row.operation)


def linkedin_agrees(world: World, what: str, row: Delivery) -> None:
    """What we believe is there is there, and what we believe is gone is gone."""
    there = held(world.linkedin, KIND[what], world.records[what])
    if row.remote_state == RemoteState.LIVE:
        assert there is not None, (what, row.__dict__)
    if row.remote_state in {RemoteState.DELETED, RemoteState.ABSENT}:
        assert there is None, (what, row.__dict__)


def newest_wish_stands(world: World, what: str, row: Delivery) -> None:
    """What was asked for last and reported as done is so."""
    items = RunItem.objects.filter(kind=KIND[what], object_id=world.records[what].pk, run__in=world.asked)
    last = items.exclude(state="skipped").exclude(run__action="try_again").order_by("run_id").last()
    if last is None or last.state != RunItem.State.DONE or row.state != State.SYNCED:
        return
    there = held(world.linkedin, KIND[what], world.records[what])
    if last.run.action == "delete":
        assert there is None, what
    elif row.settled_operation != Operation.DELETE:  # with its parent, at a later request about that one
        ours = VERSIONED[KIND[what]][1]
        assert there is not None, what
        assert int(there[ours]) >= world.asked[last.run_id].get(what, 0), "an older version stands there"
    if KIND[what] == "candidate" and row.settled_operation in {Operation.LINK, Operation.UNLINK}:
        assert (there or {}).get("manualMatchedMember", "") in {fresh(world.records[what]).manual_matched_member, ""}


def nobody_hangs_on_nothing(world: World) -> None:
    """LinkedIn keeps no note of a candidate that it does not have, nor a stage of such an application."""
    for child, parent in (("note", "first"), ("other_note", "second"), ("stage", "application")):
        if held(world.linkedin, KIND[parent], world.records[parent]) is None:
            assert held(world.linkedin, KIND[child], world.records[child]) is None, child


def counters_add_up() -> None:
    for run in Run.objects.all():
        found = Counter(run.items.values_list("state", flat=True))
        counted = {"done": run.n_done, "failed": run.n_failed, "skipped": run.n_skipped, "superseded": run.n_superseded}
        assert counted == {state: found[state] for state in counted}, (run.action, counted, found)
        assert (run.state == "done") == (run.n_settled == run.total)


@pytest.mark.slow
@pytest.mark.parametrize("part", histories.PARTS)
def test_both_sides_agree_after_any_history(part: int) -> None:
    histories.tell(part, it_comes_to_agree, is_there=st.booleans(), history=histories.of(events))


def it_comes_to_agree(is_there: bool, history: list[tuple[Any, ...]]) -> None:
    with transaction.atomic():
        world = World()
        if is_there:
            world.click("send_all", "first")
            world.click("send_all", "second")
            world.work()
        for event, *arguments in history:
            getattr(world, event)(*arguments)
        world.become_quiet()
        agree(world)
        transaction.set_rollback(True)
