"""Whatever people do with resumes, whatever LinkedIn answers and whatever its clock says: once it is quiet, both sides
agree, record by record, and so do rows and files here.

A history is a list of small events over two candidates and their resumes: one that LinkedIn keeps, one that is deleted
when its file is removed there, one that is uploaded again before. Files are uploaded, replaced, lost on the way; people
send, delete, start over and erase, also during a call; the CRM may not know a candidate; a worker dies after sending.
After it LinkedIn is calm again and the engine goes on until nothing is due. What must be true then stands in `agree`.
"""

from __future__ import annotations

import hashlib
import io
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.conf import settings
from django.db import connection as database
from django.db import transaction
from django.utils import timezone
from hypothesis import strategies as st

from connectors.linkedin.simulator import Linkedin
from talentsync.customers import clients
from talentsync.resumes import expiry, services, storage
from talentsync.resumes.models import FileReference, Resume, ResumeFile
from talentsync.resumes.services import Choice, Uploaded
from talentsync.sync import engine, settling
from talentsync.sync.driving import once
from talentsync.sync.models import Delivery, Erasure, Hold, Lane, RunItem
from talentsync.sync.states import Operation, RemoteState, State
from tests import histories
from tests.candidates.making import ask, make_candidate
from tests.candidates.test_histories import counters_add_up, waits_for_a_reason
from tests.customers.conftest import mounted, taking_files
from tests.customers.making import LINKEDIN, make_connection, make_customer
from tests.resumes.sending.making import ENDPOINT, content, stored
from tests.sync import driving

pytestmark = pytest.mark.django_db

SIGNED, BYTES, PEOPLE = "hireMediaUrl", "ambry", "atsCandidates"
CHOICES = {
    "kept": Choice(),
    "ending": Choice(keep_for=2, keep_unit="HOUR"),
    "renewed": Choice(keep_for=2, keep_unit="HOUR", on_expiry="again"),
}
OWNER = {"kept": "first", "ending": "first", "renewed": "second", "late": "second"}
KIND = {"first": "candidate", "second": "candidate"} | dict.fromkeys(OWNER, "resume")

MOODS = st.sampled_from(
    [
        ("hang_up", {"applied": True}),
        ("hang_up", {"applied": True}),
        ("hang_up", {"applied": False}),
        ("status", {"status": 503}),
        ("status", {"status": 429}),
        ("status", {"status": 413}),
        ("missing_permission", {}),
        ("reject", {"status": 422, "message": "ERROR :: /tcrmCreatedAt :: is not acceptable"}),
        ("forget", {}),
        ("stale_address", {}),
        ("file_gone", {}),
        *histories.WEATHER,
    ]
)
resume = st.sampled_from(sorted(OWNER))
person = st.sampled_from(["first", "second"])
deeds = st.one_of(
    st.tuples(
        st.just("click"), st.sampled_from(["send", "send", "delete", "send_again", "try_again", "start_over"]), resume
    ),
    st.tuples(st.just("click"), st.sampled_from(["send", "send_all", "delete", "try_again"]), person),
    st.tuples(st.just("replace"), resume, st.booleans()),
    st.tuples(st.just("click"), st.just("erase"), resume | person),
)
events = st.one_of(
    deeds,
    st.tuples(st.just("add")),
    st.tuples(
        st.just("during_a_call"), st.sampled_from(["resume_file", "resume"]), st.lists(deeds, min_size=1, max_size=3)
    ),
    st.tuples(st.just("in_the_crm"), person, st.booleans()),
    st.tuples(st.just("work")),
    st.tuples(st.just("beat")),
    st.tuples(st.just("pass_by"), st.sampled_from([6, 70, 300, 5500, 30_000])),
    st.tuples(st.just("bad_luck"), MOODS, st.sampled_from([SIGNED, BYTES, BYTES, ENDPOINT, ENDPOINT, PEOPLE])),
    st.tuples(st.just("die_after_sending"), st.sampled_from(["resume_file", "resume"])),
)


class World:
    """Two candidates of one customer, their resumes, LinkedIn, and which version of each was asked for."""

    def __init__(self) -> None:
        shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)
        self.linkedin = Linkedin()
        self.linkedin.seed_application(
            client_id=LINKEDIN["client_id"],
            client_secret=LINKEDIN["client_secret"],
            organizations=[LINKEDIN["organization_urn"]],
            contracts=[LINKEDIN["recruiter_contract_urn"]],
        )
        mounted(taking_files(self.linkedin))
        customer = make_customer("Acme")
        make_connection(customer)
        self.versions: Counter[str] = Counter()
        self.asked: dict[int, dict[str, int]] = {}  # the versions there were at each request
        self.was_unlucky = False
        self.contents: dict[str, tuple[str, int]] = {}  # whose it is and which version, by digest
        self.records: dict[str, Any] = {name: make_candidate(customer, f"C-{name}") for name in ("first", "second")}
        for name in CHOICES:
            self._upload(name)

    def click(self, action: str, what: str) -> None:
        if self.has(what):
            run = ask(action, self.records[what])
            self.asked[run.pk] = dict(self.versions)

    def add(self) -> None:
        """A resume that was not there when the others were asked for."""
        if "late" not in self.records and self.has(OWNER["late"]):
            self._upload("late", send=True)

    def replace(self, name: str, send: bool) -> None:
        if self.has(name):
            current = Resume.objects.get(pk=self.records[name].pk)
            uploaded = services.replace(current, self._next_file(name), f"{name}.pdf", by=None, send=send)
            self._was_asked(uploaded)

    def in_the_crm(self, what: str, known: bool) -> None:
        self.was_unlucky |= not known
        self.linkedin.tell_tcrm_candidate(self.records[what].external_id, known=known)

    def during_a_call(self, kind: str, happens: list[tuple[Any, ...]]) -> None:
        taken = self._take(kind)
        for event, *arguments in happens:
            getattr(self, event)(*arguments)
        if taken is not None and taken[1] is not None:
            settling.settle(*taken, now=timezone.now())

    def die_after_sending(self, kind: str) -> None:
        self._take(kind)

    def work(self) -> None:
        for _ in range(40):
            if not once():
                return
        raise AssertionError("the engine never comes to rest")

    def beat(self) -> None:
        expiry.carry_on(timezone.now())
        services.sweep()

    def pass_by(self, seconds: float) -> None:
        driving.clock.shift(timedelta(seconds=seconds))

    def bad_luck(self, mood: tuple[str, dict[str, Any]], endpoint: str) -> None:
        self.was_unlucky = True
        self.linkedin.next(mood[0], endpoint=endpoint, **mood[1])

    def become_quiet(self) -> None:
        self.linkedin.calm()
        Hold.objects.all().delete()
        for minutes in (5, 35, 130, 320, 700, 700, 1500, 10):
            self.work()
            self.pass_by(minutes * 60)
            self.beat()
        self.work()

    # looking

    def has(self, what: str) -> bool:
        record = self.records.get(what)
        return record is not None and type(record)._default_manager.filter(pk=record.pk).exists()

    def held(self, name: str) -> Any:
        record = self.records[name]
        parent = self.records[OWNER[name]].external_id
        found = self.linkedin.record(ENDPOINT, record.external_id, parent=parent)
        return None if found is None else found["fields"]

    def version_of(self, urn: str) -> tuple[str, int]:
        """Whose file it is, and which of them."""
        digests = {f"urn:li:ambryBlob:{file['location']}": file["sha256"] for file in self.linkedin.files}
        return self.contents[digests[urn]]

    def is_kept(self, urn: str) -> bool:
        return {f"urn:li:ambryBlob:{file['location']}": file["status"] for file in self.linkedin.files}[urn] == "KEPT"

    def resumes(self) -> Iterator[str]:
        return (name for name in self.records if KIND[name] == "resume" and self.has(name))

    def _upload(self, name: str, *, send: bool = False) -> None:
        uploaded = services.upload(
            self.records[OWNER[name]],
            self._next_file(name),
            f"{name}.pdf",
            by=None,
            choice=CHOICES.get(name),
            external_id=f"R-{name}",
            send=send,
        )
        self.records[name] = uploaded.resume
        self._was_asked(uploaded)

    def _next_file(self, name: str) -> io.BytesIO:
        self.versions[name] += 1
        made = content(f"{name} {self.versions[name]}")
        self.contents[hashlib.sha256(made).hexdigest()] = (name, self.versions[name])
        return io.BytesIO(made)

    def _was_asked(self, uploaded: Uploaded) -> None:
        if uploaded.run is not None:
            self.asked[uploaded.run.pk] = dict(self.versions)

    def _take(self, kind: str) -> Any:
        """What a worker has sent, or is about to hear."""
        lanes = Lane.objects.select_related("connection__customer").filter(kind=kind).order_by("pk")
        for lane in lanes:
            resource = clients.open_client(lane.connection).resources[lane.route.resource]
            if (batch := engine.lease(lane, resource, now=timezone.now())) is not None:
                return batch, engine.send(batch, resource)
        return None


def agree(world: World) -> None:
    counters_add_up()
    for row in Delivery.objects.all():
        assert not row.lease
        waits_for_a_reason(row)
    for name in world.resumes():
        linkedin_agrees(world, name)
        newest_wish_stands(world, name)
        what_ends_has_ended(world, name)
    assert world.was_unlucky or not Delivery.objects.failed().exists(), list(Delivery.objects.failed().values())
    nobody_is_left_of_the_erased(world)
    every_resume_is_ours_and_once(world)
    rows_and_files_agree()


def linkedin_agrees(world: World, name: str) -> None:
    """What we believe is there is there, and what we believe is gone is gone. A file is where we believe it is."""
    row = Delivery.objects.filter(kind="resume", object_id=world.records[name].pk).first()
    there = world.held(name)
    if row is None or row.remote_state in {RemoteState.DELETED, RemoteState.ABSENT}:
        assert there is None, (name, row and row.__dict__)
    elif row.remote_state == RemoteState.LIVE:
        assert there is not None, (name, row.__dict__)
    file = Resume.objects.select_related("file").get(pk=world.records[name].pk).file
    reference = FileReference.objects.filter(file=file).first()
    if reference is not None:
        assert world.version_of(reference.urn) == world.contents[file.sha256]


def newest_wish_stands(world: World, name: str) -> None:
    """What was asked for last and reported as done is so."""
    row, last = standing(world, name)
    if row is None or last is None or last.state != RunItem.State.DONE or row.state != State.SYNCED:
        return
    there = world.held(name)
    if last.run.action == "delete":
        assert there is None, name
    elif row.settled_operation != Operation.DELETE:  # with its candidate, or at its file's end
        assert there is not None, name
        whose, version = world.version_of(there["resumeFile"])
        assert whose == name
        assert version >= world.asked[last.run_id][name], "an older file is attached"


def standing(world: World, name: str) -> tuple[Delivery | None, RunItem | None]:
    """What LinkedIn must be told of a resume, and what was asked for last."""
    key = world.records[name].pk
    items = RunItem.objects.filter(kind="resume", object_id=key, run__in=world.asked).select_related("run")
    wished = items.exclude(state="skipped").exclude(run__action="try_again").order_by("run_id")
    return Delivery.objects.filter(kind="resume", object_id=key).first(), wished.last()


def what_ends_has_ended(world: World, name: str) -> None:
    """A resume that is there names the file that was uploaded last, and LinkedIn has that. One whose file LinkedIn has
    removed is deleted there, or names another one.
    """
    row, _ = standing(world, name)
    if row is None or row.state != State.SYNCED or row.remote_state != RemoteState.LIVE:
        return
    reference = FileReference.objects.filter(file__resume=world.records[name].pk).first()
    if reference is None:  # it was replaced here, and nobody has asked to send that
        return
    assert world.held(name)["resumeFile"] == reference.urn, name
    assert reference.expires_at is None or reference.expires_at > timezone.now(), name
    assert world.is_kept(reference.urn), name


def nobody_is_left_of_the_erased(world: World) -> None:
    """Who is gone here is gone there, with everything that was told of them."""
    for name, record in world.records.items():
        asked = Erasure.objects.filter(kind=KIND[name], object_id=record.pk)
        if world.has(name) or asked.exclude(state=Erasure.State.DONE).exists():
            continue
        assert not Delivery.objects.of_records(KIND[name], [record.pk]).exists(), name
        if KIND[name] == "resume":
            assert world.held(name) is None, name


def every_resume_is_ours_and_once(world: World) -> None:
    """A lost answer costs a second file, never a second resume."""
    held = [name for name in world.records if KIND[name] == "resume" and world.held(name) is not None]
    assert world.linkedin.count(ENDPOINT) == len(held)
    assert all(world.version_of(world.held(name)["resumeFile"])[0] == name for name in held)


def rows_and_files_agree() -> None:
    assert not ResumeFile.objects.filter(resume=None).exists()
    of_files = Delivery.objects.filter(kind="resume_file").exclude(object_id__in=ResumeFile.objects.values("pk"))
    assert not of_files.exists(), list(of_files.values())
    named = set(ResumeFile.objects.values_list("stored_as", flat=True))
    assert not named & forgotten(), "a row has lost its file"
    assert set(stored()) == named | forgotten()


def forgotten() -> set[str]:
    """The files that go when this transaction ends."""
    waiting = (told for _, told, _ in database.run_on_commit)
    return {told.args[0] for told in waiting if isinstance(told, partial) and told.func is storage.forget}


@pytest.mark.slow
@pytest.mark.parametrize("part", histories.PARTS[::2])  # one takes as long as two about people
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
