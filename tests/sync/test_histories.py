"""Whatever people do and vendors answer, in any order: once it is quiet, both sides agree and nothing is stuck.

A history is a list of small events over two jobs at both vendors: clicks, edits, imports, time, bad answers, a worker
that dies before or after sending, what people do during a call. After it every vendor is calm again and the engine goes
on until nothing is due. What must be true then stands in `agree`.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from hypothesis import strategies as st

from connectors.greenhouse.simulator import Greenhouse
from connectors.linkedin.simulator import Linkedin
from talentsync.customers import clients
from talentsync.jobs.models import Job
from talentsync.sync import engine, kinds, runs, settling, stopping
from talentsync.sync.models import Delivery, Hold, Lane, RemoteTask, Run, RunItem
from talentsync.sync.states import UNFINISHED, RemoteState, State
from tests import histories
from tests.customers.conftest import mounted
from tests.customers.making import GREENHOUSE, LINKEDIN, make_connection, make_customer, make_user
from tests.imports import making
from tests.sync import driving
from tests.sync.driving import ask, edit, fresh, make_job, settle, take_and_send

pytestmark = pytest.mark.django_db

CLICKS = ("post", "update", "renew", "close", "try_again", "check_now")
SEND, ASK, POLL = "simpleJobPostings", "jobPostingStatus", "simpleJobPostingTasks"
BAD_LUCK: tuple[tuple[str, dict[str, Any]], ...] = (
    ("hang_up", {"endpoint": SEND, "applied": True}),
    ("hang_up", {"endpoint": SEND, "applied": False}),
    ("status", {"endpoint": SEND, "status": 503}),
    ("status", {"endpoint": SEND, "status": 409, "message": "Conflict"}),
    ("status", {"endpoint": SEND, "status": 429}),
    ("status", {"endpoint": ASK, "status": 503}),
    ("status", {"endpoint": POLL, "status": 503}),
    ("missing_permission", {"endpoint": SEND}),
    ("missing_permission", {"endpoint": ASK}),
    ("task_failed", {"message": "Invalid Field: /description is too dull"}),
    ("task_failed", {"message": "An unexpected error occurred. This is a catch-all error."}),
    ("task_processed", {}),
    ("slow_tasks", {"seconds": 700.0}),
    *((kind, {"endpoint": where, **told}) for kind, told in histories.WEATHER for where in (SEND, SEND, ASK, POLL)),
)
BAD_LUCK_AT_GREENHOUSE: tuple[tuple[str, dict[str, Any]], ...] = (
    ("hang_up", {"method": "PATCH", "applied": True}),
    ("hang_up", {"method": "PATCH", "applied": False}),
    ("status", {"method": "PATCH", "status": 422}),
    ("status", {"method": "GET", "status": 503}),
    *((kind, {"method": "PATCH", **told}) for kind, told in histories.WEATHER),
)

which = st.sampled_from([(0,), (0,), (1,), (0, 1)])
clicks = st.tuples(st.just("click"), st.sampled_from(CLICKS), which)
edits = st.tuples(st.just("edit_and_update"), which)
luck = st.tuples(st.just("bad_luck"), st.sampled_from(BAD_LUCK))
removals = st.tuples(st.just("removed_by_linkedin"), st.sampled_from([0, 1]))
at = st.sampled_from(["linkedin", "linkedin", "greenhouse"])
events = st.one_of(
    clicks,
    edits,
    st.tuples(st.just("during_a_call"), at, st.lists(st.one_of(clicks, edits, luck, removals), min_size=1, max_size=3)),
    st.tuples(st.just("click_and_undo"), which),
    st.tuples(st.just("edit"), which),
    st.tuples(st.just("load"), which),
    st.tuples(st.just("work")),
    st.tuples(st.just("pass_by"), st.sampled_from([10, 130, 301, 1000, 30_000])),
    st.tuples(st.just("finish_tasks")),
    luck,
    st.tuples(st.just("bad_luck_at_greenhouse"), st.sampled_from(BAD_LUCK_AT_GREENHOUSE)),
    st.tuples(st.just("die_after_sending"), at),
    st.tuples(st.just("die_before_sending"), at),
    st.tuples(st.just("stop")),
    st.tuples(st.just("release")),
    removals,
)


class World:
    """Two jobs of one customer, both vendors, and what people asked for in which order."""

    def __init__(self) -> None:
        self.linkedin, self.greenhouse = Linkedin(), Greenhouse()
        self.linkedin.seed_application(
            client_id=LINKEDIN["client_id"],
            client_secret=LINKEDIN["client_secret"],
            organizations=[LINKEDIN["organization_urn"]],
        )
        self.greenhouse.seed_credential(client_id=GREENHOUSE["client_id"], client_secret=GREENHOUSE["client_secret"])
        mounted(self.linkedin), mounted(self.greenhouse)
        self.customer = make_customer("Acme")
        self.connections = {
            name: make_connection(self.customer, destination=name) for name in ("linkedin", "greenhouse")
        }
        self.user: User = make_user("support")
        self.jobs = [make_job(self.customer, f"TS-{n}", title="0", requisition_id=f"REQ-{n}") for n in (1, 2)]
        self.jobs_there = [self.greenhouse.seed_job(job.requisition_id, openings=2) for job in self.jobs]
        self.versions: Counter[int] = Counter()
        self.seen: dict[int, dict[int, int]] = {}  # run: job: the version of the job when it was asked for
        self.removed: dict[str, int] = {}  # by external id: the newest request when LinkedIn took it down

    def chosen(self, which: tuple[int, ...]) -> list[Job]:
        return [self.jobs[index] for index in which]

    def click(self, action: str, which: tuple[int, ...]) -> None:
        run = ask(action, self.chosen(which))
        self.seen[run.pk] = {job.pk: self.versions[job.pk] for job in self.chosen(which)}

    def click_and_undo(self, which: tuple[int, ...]) -> None:
        kind, now = kinds.get("job"), timezone.now()
        close = kind.action("close")
        run = runs.draft(kind, close, Job.objects.filter(pk__in=[job.pk for job in self.jobs]), by=None, now=now)
        runs.confirm(run, destinations=close.destinations, options={}, now=now)
        assert runs.undo(run, by=self.user, now=now)

    def edit(self, which: tuple[int, ...]) -> None:
        for job in self.chosen(which):
            self.versions[job.pk] += 1
            edit(job, title=str(self.versions[job.pk]))

    def load(self, which: tuple[int, ...]) -> None:
        """A file brings another version."""
        for job in self.chosen(which):
            self.versions[job.pk] += 1
        rows = [making.job(external_id=job.external_id, title=str(self.versions[job.pk])) for job in self.chosen(which)]
        making.loaded(rows, "job", self.customer)

    def edit_and_update(self, which: tuple[int, ...]) -> None:
        self.edit(which)
        self.click("update", which)

    def during_a_call(self, destination: str, happens: list[tuple[Any, ...]]) -> None:
        """What a worker has sent, or is about to hear, while people go on."""
        taken = self._take(destination)
        for name, *arguments in happens:
            getattr(self, name)(*arguments)
        if taken is not None and taken[1] is not None:
            settling.settle(*taken, now=timezone.now())

    def work(self) -> None:
        for _ in range(12):
            lanes = Lane.objects.select_related("connection__customer").order_by("pk")
            if not sum(engine.run(lane, until=timezone.now() + timedelta(seconds=2)).records for lane in lanes):
                return
        raise AssertionError("the engine never comes to rest")

    def pass_by(self, seconds: float) -> None:
        driving.clock.shift(timedelta(seconds=seconds))

    def finish_tasks(self) -> None:
        self.linkedin.finish_tasks()

    def bad_luck(self, mood: tuple[str, dict[str, Any]]) -> None:
        self.linkedin.next(mood[0], **mood[1])

    def bad_luck_at_greenhouse(self, mood: tuple[str, dict[str, Any]]) -> None:
        self.greenhouse.next(mood[0], **mood[1])

    def die_after_sending(self, destination: str) -> None:
        self._take(destination)

    def die_before_sending(self, destination: str) -> None:
        for lane in Lane.objects.select_related("connection__customer").filter(
            connection=self.connections[destination]
        ):
            resource = clients.open_client(lane.connection).resources[lane.route.resource]
            engine.lease(lane, resource, now=timezone.now())

    def _take(self, destination: str) -> Any:
        connection = self.connections[destination]
        if not Lane.objects.filter(connection=connection).exists():
            return None
        try:
            return take_and_send(connection)
        except AssertionError:  # nothing is due
            return None

    def stop(self) -> None:
        stopping.stop(customer=self.customer, reason="Wait", by=self.user)

    def release(self) -> None:
        Hold.objects.all().delete()

    def removed_by_linkedin(self, index: int) -> None:
        external_id = self.jobs[index].external_id
        if self.linkedin.posting(external_id):
            self.linkedin.remove(external_id)
            self.removed[external_id] = max(self.seen, default=0)

    # the end

    def become_quiet(self) -> None:
        self.linkedin.calm(), self.greenhouse.calm()
        self.release()
        for minutes in (3, 6, 6, 20, 60, 60, 300, 600, 600, 1500, 60, 10):
            self.work()
            self.pass_by(minutes * 60)
        self.work()


def agree(world: World) -> None:
    """Nothing is stuck, all counters add up, both sides say the same, and the newest wish that is done is what is
    there.
    """
    nothing_is_stuck()
    counters_add_up()
    for index, job in enumerate(world.jobs):
        vendors_agree(world, job, world.jobs_there[index])
        newest_wish_stands(world, job)
        what_was_removed_stays_out(world, job)


def nothing_is_stuck() -> None:
    unfinished = Delivery.objects.filter(state__in=UNFINISHED)
    assert not unfinished.exists(), list(unfinished.values("entity_key", "operation", "state", "step", "why", "due_at"))
    assert not Delivery.objects.exclude(lease="").exists()
    waiting = RunItem.objects.filter(state__in=["drafted", "asked"]).exclude(run__state="undone")
    # Only a wish that does not follow a failure waits: for Try again (docs/decisions/0001).
    behind_a_failure = waiting.filter(delivery__state=State.FAILED).exclude(delivery__then_operations=[])
    assert waiting.count() == behind_a_failure.count(), list(waiting.values())


def counters_add_up() -> None:
    for run in Run.objects.exclude(state="undone"):
        found = Counter(run.items.values_list("state", flat=True))
        counted = {"done": run.n_done, "failed": run.n_failed, "skipped": run.n_skipped, "superseded": run.n_superseded}
        assert counted == {state: found[state] for state in counted}, (run.action, counted, found)
        assert (run.state == "done") == (run.n_settled == run.total)


def vendors_agree(world: World, job: Job, there: int) -> None:
    delivery = Delivery.objects.filter(connection=world.connections["linkedin"], object_id=job.pk).first()
    posting = world.linkedin.posting(job.external_id)
    is_listed = bool(posting) and posting["status"] == "LISTED"
    if delivery is not None and delivery.state == State.SYNCED:
        assert (delivery.remote_state == RemoteState.LIVE) == is_listed, (delivery.__dict__, posting)
    closed = Delivery.objects.filter(connection=world.connections["greenhouse"], object_id=job.pk).first()
    if closed is not None and closed.state == State.SYNCED and closed.settled_operation:
        assert world.greenhouse.job(there)["status"] == "closed"
        assert fresh(job).greenhouse_status == "closed"


def newest_wish_stands(world: World, job: Job) -> None:
    """What was asked for last at LinkedIn and reported as done is so; unless LinkedIn itself took the posting down."""
    items = RunItem.objects.filter(object_id=job.pk, connection=world.connections["linkedin"])
    wished = items.exclude(state="skipped").filter(run__action__in=["post", "update", "close"])
    last = wished.exclude(run__state="undone").order_by("run_id").select_related("run").last()
    if last is None or last.state != "done":
        return
    posting = world.linkedin.posting(job.external_id)
    if last.run.action == "close":
        assert posting is None or posting["status"] != "LISTED", posting
    elif job.external_id not in world.removed:
        assert posting["status"] == "LISTED"
        assert int(posting["title"]) >= world.seen[last.run_id][job.pk], "an older version stands there"


def what_was_removed_stays_out(world: World, job: Job) -> None:
    """Until somebody asks to post it again."""
    if job.external_id not in world.removed:
        return
    posts = RunItem.objects.filter(object_id=job.pk, run__action__in=["post", "try_again"])
    before = posts.filter(run_id__lte=world.removed[job.external_id])
    if before.count() <= 1 and not posts.filter(run_id__gt=world.removed[job.external_id]).exists():
        assert world.linkedin.posting(job.external_id)["status"] != "LISTED"


def renewals_were_sent(world: World) -> None:
    for job in world.jobs:
        done = RunItem.objects.filter(object_id=job.pk, run__action="renew", state="done")
        told = RemoteTask.objects.filter(delivery__object_id=job.pk, operation="renew")
        assert not done.exists() or told.exists()


REFUSED = [("bad_luck", BAD_LUCK[9]), ("click", "post", (0,)), ("work",), ("pass_by", 301), ("work",)]
LOOK_IN_AN_OUTAGE = [("bad_luck", BAD_LUCK[5]), ("click", "check_now", (0,))]
LOST_ANSWER = [("bad_luck", BAD_LUCK[0]), ("click", "post", (0,)), ("work",), ("finish_tasks",)]
TRIED_AGAIN_IN_A_CALL = ("during_a_call", "linkedin", [("click", "try_again", (0,))])
UPDATED_IN_A_CALL = ("during_a_call", "linkedin", [("edit_and_update", (0,))])
UPDATED = ("edit_and_update", (0,))


@pytest.mark.parametrize(
    ("is_live", "history"),
    [
        (False, [*REFUSED, *LOOK_IN_AN_OUTAGE, TRIED_AGAIN_IN_A_CALL]),
        (False, [*LOST_ANSWER, UPDATED]),
        (True, [UPDATED, ("work",), UPDATED, ("removed_by_linkedin", 0)]),
        (True, [("removed_by_linkedin", 0), ("click", "check_now", (0,)), UPDATED_IN_A_CALL]),
    ],
)
def test_both_sides_agree_after_what_once_went_wrong(is_live: bool, history: list[tuple[Any, ...]]) -> None:
    it_comes_to_agree(is_live, history)


@pytest.mark.slow
@pytest.mark.parametrize("part", histories.PARTS)
def test_both_sides_agree_after_any_history(part: int) -> None:
    histories.tell(part, it_comes_to_agree, is_live=st.booleans(), history=histories.of(events))


def it_comes_to_agree(is_live: bool, history: list[tuple[Any, ...]]) -> None:
    with transaction.atomic():
        world = World()
        if is_live:
            world.click("post", (0,))
            world.work()
            settle(world.linkedin)
        for name, *arguments in history:
            getattr(world, name)(*arguments)
        world.become_quiet()
        agree(world)
        renewals_were_sent(world)
        transaction.set_rollback(True)
