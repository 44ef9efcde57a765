"""Answers that no database can store as they are: what was said is kept as far as it can be, nothing stays stuck, and
nobody else waits.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from connectors.base.resource import Client, Entry, Resource, Step
from connectors.base.results import Answer, Outcome
from connectors.base.simulation import SimulatedAnswer
from connectors.base.transport import Arrived, FunctionAdapter
from connectors.greenhouse.simulator import Greenhouse
from connectors.linkedin.simulator import Linkedin
from talentsync.candidates.models import Match
from talentsync.customers import clients
from talentsync.customers.models import Connection, Customer
from talentsync.jobs.models import Posting
from talentsync.sync import engine
from talentsync.sync.models import Attempt, AttemptItem, Budget, Delivery, Lane, RemoteTask, Run
from talentsync.sync.states import Failure, RemoteState, State
from tests.candidates.making import ask as ask_people
from tests.candidates.making import make_candidate
from tests.sync import driving
from tests.sync.driving import ask, delivery, edit, fresh, lane, make_job, make_jobs, pass_by, posted, settle, work

pytestmark = pytest.mark.django_db

HALF, NUL = "cut \ud83d", "with \x00 in it"
READABLE = {HALF: "cut \N{REPLACEMENT CHARACTER}", NUL: "with \N{REPLACEMENT CHARACTER} in it"}
"""Half of a character, as a text that was cut inside an emoji has it, and what no text of PostgreSQL may hold."""

STATUS, TASKS, JOBS = "jobPostingStatus", "simpleJobPostingTasks", "simpleJobPostings"
Change = Callable[[SimulatedAnswer], SimulatedAnswer]


def spoil(simulator: Linkedin | Greenhouse, door: str, endpoint: str, change: Change) -> None:
    """From now on the answers of one endpoint are changed on their way."""

    def answer(arrived: Arrived) -> SimulatedAnswer:
        said = simulator.answer(arrived, door=door)
        return change(said) if f"/{endpoint}" in f"{arrived.path.partition('?')[0]}?" else said

    url = settings.SIMULATOR_URL + simulator.doors[door].prefix
    clients.mount(url, FunctionAdapter(url, answer))


def of_one(external_id: str, **values: Any) -> Change:
    """What a keyed answer says of one record; a name `a__b` lies inside of `a`."""
    return rewritten(
        lambda content: [
            put(entry, values)
            for key, entry in content.get("results", {}).items()
            if external_id in {key, entry.get("externalJobPostingId")} or f"={external_id}&" in key
        ]
    )


def of_first(**values: Any) -> Change:
    """What the answer to a post says of its first record."""
    return rewritten(lambda content: put(content["elements"][0], values))


def of_rows(**values: Any) -> Change:
    """What Greenhouse says of each row of a list."""
    return rewritten(lambda content: [put(row, values) for row in content if isinstance(content, list)])


def rewritten(change: Callable[[Any], object]) -> Change:
    """JSON as vendors write it who escape all but ASCII, and so half of a character, too."""

    def rewrite(said: SimulatedAnswer) -> SimulatedAnswer:
        content = said.json()
        change(content)
        return replace(said, body=json.dumps(content).encode())

    return rewrite


def put(entry: dict[str, Any], values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        *above, last = name.split("__")
        place = entry
        for step in above:
            place = place.setdefault(step, {})
        place[last] = value


def checked(job: Any) -> Posting:
    return Posting.objects.get(job=job)


# what the vendor says of a live job


ODD = [
    {"linkedInApplyStatusDetail__statusMessage": HALF},
    {"linkedInApplyStatusDetail__statusMessage": NUL},
    {"jobPostingInfo__location": HALF},
    {"jobPostingInfo__location": NUL},
    {"jobPostingInfo__companyDetails__name": HALF},
    {"note": HALF},
    {"note": NUL},
    {HALF: 1},
    {"jobPostingInfo__expireAt": int("9" * 18)},
    {"jobPostingInfo__expireAt": "9" * 18},
    {"jobPostingInfo__expireAt": -int("9" * 18)},
    {"jobPostingInfo__expireAt": int("9" * 4000)},
    {"jobPostingInfo__listedAt": int("9" * 15)},
    {"jobPostingInfo__visibilityTag": "V" * 31},
    {"jobPostingUrl": f"https://www.linkedin.com/jobs/view/{'9' * 600}"},
    {"jobPostingUrl": f"https://www.linkedin.com/jobs/view/{'9' * 200}"},
    {"jobPostingUrl": f"https://www.linkedin.com/jobs/view/{HALF}"},
    {"linkedInApplyStatus": "A" * 31},
    {"linkedInApplyStatus": NUL},
    {"promotionStatus": "P" * 31},
    {"listingStatus": "L" * 31},
    {"status": 70_000},
    {"status": -5},
    {"status": int("9" * 30)},
]


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: ascii(odd)[:50])
def test_an_odd_answer_about_one_job_keeps_no_other_waiting(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin, odd: Mapping[str, Any]
) -> None:
    first, other = posted(acme, linkedin, 2)
    spoil(linkedin, "api", STATUS, of_one(first.external_id, **odd))
    looked = ask("check_now", [first])
    work()
    closed = ask("close", [other])
    work()
    settle(linkedin)
    assert linkedin.posting(other.external_id)["status"] == "CLOSED"
    assert [Run.objects.get(pk=run.pk).state for run in (looked, closed)] == [Run.State.DONE, Run.State.DONE]
    assert delivery(first, at_linkedin).remote_state == RemoteState.LIVE
    assert not Delivery.objects.exclude(lease="").exists()
    assert not Attempt.objects.filter(error__gt="").exists()


@pytest.mark.parametrize("text", [HALF, NUL])
def test_a_text_is_kept_with_a_mark_where_it_cannot_be(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin, text: str
) -> None:
    (job,) = posted(acme, linkedin)
    spoil(linkedin, "api", STATUS, of_one("TS-1", jobPostingInfo__location=text))
    ask("check_now", [job])
    work()
    assert checked(job).details["location"] == READABLE[text]
    item = AttemptItem.objects.filter(attempt__step="check").latest("pk")
    assert item.answer["jobPostingInfo"]["location"] == READABLE[text]


def test_what_was_cut_would_name_something_else_and_is_left_out(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    (job,) = posted(acme, linkedin)
    pass_by(minutes=2)
    before = checked(job)
    long = f"https://www.linkedin.com/jobs/view/{'9' * 600}"
    spoil(linkedin, "api", STATUS, of_one("TS-1", jobPostingUrl=long, linkedInApplyStatus="A" * 50))
    ask("check_now", [job])
    pass_by(minutes=1)
    after = checked(job)
    assert (after.url, after.urn, after.expire_at) == (before.url, before.urn, before.expire_at)
    assert after.apply_status == "A" * 30
    assert after.checked_at > before.checked_at


@pytest.mark.parametrize("end", [datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC), datetime(1, 1, 1, tzinfo=UTC)])
def test_an_end_that_no_zone_can_show_is_none(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin, end: datetime
) -> None:
    (job,) = posted(acme, linkedin)
    pass_by(minutes=2)
    before = checked(job).expire_at
    spoil(linkedin, "api", STATUS, of_one("TS-1", jobPostingInfo__expireAt=int(end.timestamp() * 1000)))
    ask("check_now", [job])
    work()
    assert before is not None
    assert checked(job).expire_at == before


# what the vendor says of tasks


def test_words_of_a_task_that_were_cut_inside_an_emoji_are_shown(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    jobs = make_jobs(acme, 3)
    linkedin.always("task_failed", match="TS-2", message="Title Gardener is not allowed")
    run = ask("post", jobs)
    work()
    spoil(linkedin, "api", TASKS, of_one("TS-2", errorMessage=f"Title Gardener {HALF}"))
    settle(linkedin)
    states = {job.external_id: delivery(job, at_linkedin).state for job in jobs}
    assert states == {"TS-1": State.SYNCED, "TS-2": State.FAILED, "TS-3": State.SYNCED}
    assert delivery(jobs[1], at_linkedin).words == f"Title Gardener {READABLE[HALF]}"
    run.refresh_from_db()
    assert (run.state, run.n_done, run.n_failed) == (Run.State.DONE, 2, 1)


@pytest.mark.parametrize(
    "odd",
    [
        {"jobPosting": f"urn:li:jobPosting:{'9' * 150}"},
        {"jobPosting": f"urn:li:jobPosting:{HALF}"},
        {"location": NUL},
        {"status": "SUCCEEDED", "errorMessage": NUL},
        {"status": "SUCCEEDED", "code": "9" * 300},
    ],
    ids=lambda odd: ascii(odd)[:50],
)
def test_an_odd_answer_about_a_task_ends_it_all_the_same(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin, odd: Mapping[str, Any]
) -> None:
    jobs = make_jobs(acme, 2)
    ask("post", jobs)
    work()
    spoil(linkedin, "api", TASKS, of_one("TS-1", **odd))
    settle(linkedin)
    assert {delivery(job, at_linkedin).state for job in jobs} == {State.SYNCED}
    assert {fresh(job).sync_state for job in jobs} == {State.SYNCED}


LONG_TASK = f"urn:li:simpleJobPostingTask:{'9' * 300}"


@pytest.mark.parametrize(
    ("odd", "knows_task"),
    [
        ({"location": "/" + "x" * 400}, True),
        ({"location": NUL}, True),
        ({"note": HALF}, True),
        ({"id": LONG_TASK}, False),
        ({"id": "", "location": "/simpleJobPostingTasks/urn%3Ali%3AsimpleJobPostingTask%3A1%00"}, False),
        ({"status": 202, "id": NUL}, False),
    ],
    ids=lambda odd: ascii(odd)[:50],
)
def test_an_odd_answer_to_a_post_posts_once(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin, odd: Mapping[str, Any], knows_task: bool
) -> None:
    first, other = make_jobs(acme, 2)
    spoil(linkedin, "api", JOBS, of_first(**{"location": "", **odd}))
    ask("post", [first, other])
    work()
    assert RemoteTask.objects.filter(delivery__object_id=first.pk).exists() == knows_task
    linkedin.finish_tasks()
    pass_by(minutes=6)
    pass_by(minutes=6)
    assert {delivery(job, at_linkedin).state for job in (first, other)} == {State.SYNCED}
    assert len(linkedin.tasks_of(first.external_id)) == 1


# headers


@pytest.mark.parametrize("request_id", ["with \x00 in it", "r" * 300, "\xff\xfe"])
def test_an_odd_request_id_is_kept_as_far_as_it_can_be(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin, request_id: str
) -> None:
    (job,) = posted(acme, linkedin)
    spoil(linkedin, "api", STATUS, lambda said: replace(said, headers={**said.headers, "x-li-uuid": request_id}))
    ask("check_now", [job])
    work()
    kept = Attempt.objects.latest("pk").request_id
    assert kept == request_id.replace("\x00", "\N{REPLACEMENT CHARACTER}")[:100]


@pytest.mark.parametrize("wait", ["999999999", "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_an_odd_time_to_wait_ends_some_day(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin, wait: str
) -> None:
    (job,) = posted(acme, linkedin)
    headers = {"retry-after": wait, "date": "Sat, 01 Jan 2000 00:00:00 GMT"}
    spoil(linkedin, "api", JOBS, lambda said: replace(said, status=429, headers={**said.headers, **headers}))
    ask("close", [job])
    work()
    assert timezone.now() < Budget.objects.get(endpoint=JOBS).blocked_until <= timezone.now() + timedelta(days=2)


# people


@pytest.mark.parametrize(
    ("odd", "linked"),
    [
        ({"manualMatchedMember": f"urn:li:person:{'a' * 100}"}, ""),
        ({"manualMatchedMember": f"urn:li:person:{HALF}"}, ""),
        ({"matchedMembers": [HALF, NUL]}, ""),
        ({"firstName": HALF}, ""),
    ],
    ids=lambda odd: ascii(odd)[:50],
)
def test_an_odd_answer_about_a_candidate_is_kept_as_far_as_it_can_be(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin, odd: Mapping[str, Any], linked: str
) -> None:
    person = make_candidate(acme)
    ask_people("send", person)
    work()
    spoil(linkedin, "api", "atsCandidates", of_one(person.external_id, **odd))
    ask_people("fetch", person)
    work()
    assert Match.objects.get().manual_matched_member == linked
    assert not Delivery.objects.exclude(lease="").exists()


# Greenhouse


@pytest.mark.parametrize(
    "odd",
    [{"name": "n" * 600}, {"name": HALF}, {"name": NUL}, {"name": "n", HALF: NUL}],
    ids=lambda odd: ascii(odd)[:50],
)
def test_an_odd_answer_of_greenhouse_closes_the_job(
    acme: Customer, at_greenhouse: Connection, greenhouse: Greenhouse, odd: Mapping[str, Any]
) -> None:
    greenhouse.seed_job("REQ-1", openings=2)
    job = make_job(acme, requisition_id="REQ-1")
    spoil(greenhouse, "api", "jobs", of_rows(**odd))
    run = ask("close", [job], at=["greenhouse"])
    work()
    assert delivery(job, at_greenhouse).state == State.SYNCED
    assert Run.objects.get(pk=run.pk).n_done == 1


@pytest.mark.parametrize(
    "odd",
    [{"id": int("9" * 30)}, {"closed_at": "0001-01-01T00:00:00+14:00"}, {"closed_at": "9999-12-31T23:59:59-14:00"}],
    ids=lambda odd: ascii(odd)[:50],
)
def test_a_job_of_greenhouse_that_cannot_be_read_is_asked_for_again(
    acme: Customer, at_greenhouse: Connection, greenhouse: Greenhouse, odd: Mapping[str, Any]
) -> None:
    greenhouse.seed_job("REQ-1", openings=2)
    job = make_job(acme, requisition_id="REQ-1")
    spoil(greenhouse, "api", "jobs", of_rows(**odd))
    ask("close", [job], at=["greenhouse"])
    work()
    assert delivery(job, at_greenhouse).state == State.PENDING
    assert Attempt.objects.latest("pk").error == "Unanswered"
    assert not Delivery.objects.exclude(lease="").exists()


# the last line: an answer that nothing above has caught


class Careless:
    """A vendor's client that brings half of a character up to the database."""

    def __init__(self, connection: Connection, *, about: str, step: Step) -> None:
        self._client, self._about, self._step = clients.open_client(connection), about, step

    @property
    def resources(self) -> Mapping[str, Resource]:
        return {"job_postings": self}  # type: ignore[dict-item]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client.resources["job_postings"], name)

    def send(self, entries: Sequence[Entry]) -> Answer:
        return self._spoiled(Step.SEND, self._client.resources["job_postings"].send(entries))

    def check(self, entries: Sequence[Entry]) -> Answer:
        return self._spoiled(Step.CHECK, self._client.resources["job_postings"].check(entries))

    def _spoiled(self, step: Step, answer: Answer) -> Answer:
        found = answer.outcomes.get(self._about)
        if found is None or step != self._step:
            return answer
        spoiled: Outcome = replace(found, words=f"Hedwig Canary {HALF}")
        return replace(answer, outcomes={**answer.outcomes, self._about: spoiled})


def work_carelessly(connection: Connection, about: str, step: Step = Step.SEND, **span: float) -> None:
    """Time goes on, and the engine works with a client that spoils what is said of one record."""

    def careless(connection: Connection) -> Client:
        return Careless(connection, about=about, step=step)  # type: ignore[return-value]

    driving.clock.shift(timedelta(**span))
    engine.run(lane(connection), until=timezone.now() + timedelta(seconds=30), open_client=careless)


def test_an_answer_that_cannot_be_kept_is_found_and_says_so_and_the_others_go_through(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin, caplog: pytest.LogCaptureFixture
) -> None:
    jobs = posted(acme, linkedin, 4)
    for job in jobs:
        edit(job, title="New title")
    run = ask("update", jobs)
    for hours in (0, *[11] * 14):
        work_carelessly(at_linkedin, "TS-3", hours=hours, minutes=2)
        linkedin.finish_tasks()
    rows = {job.external_id: delivery(job, at_linkedin) for job in jobs}
    failed = rows.pop("TS-3")
    assert (failed.state, failed.failure) == (State.FAILED, Failure.INTERNAL)
    assert {row.state for row in rows.values()} == {State.SYNCED}
    run.refresh_from_db()
    assert (run.state, run.n_done, run.n_failed) == (Run.State.DONE, 3, 1)
    tries = AttemptItem.objects.filter(delivery=failed, attempt__error="UnicodeEncodeError")
    assert {item.attempt.n_calls for item in tries} == {1}
    assert tries.latest("pk").request["externalJobPostingId"] == "TS-3"
    assert not Lane.objects.exclude(lease_name="").exists()
    assert "UnicodeEncodeError" in caplog.text


def test_of_an_answer_that_cannot_be_kept_nothing_stands_in_the_log(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin, caplog: pytest.LogCaptureFixture
) -> None:
    (job,) = posted(acme, linkedin)
    caplog.clear()
    ask("check_now", [job])
    work_carelessly(at_linkedin, "TS-1", Step.CHECK)
    (told,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert "settling.py" in told.getMessage()
    assert told.exc_info is None
    assert not [text for text in ("Canary", "ud83d", "\ud83d") if text in caplog.text]


@pytest.mark.parametrize("action", ["post", "renew"])
def test_what_must_not_be_repeated_is_looked_for_after_an_answer_that_cannot_be_kept(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin, action: str
) -> None:
    if action == "post":
        job = make_job(acme)
    else:
        (job,) = posted(acme, linkedin)
        pass_by(minutes=2)
    n_before = len(linkedin.tasks_of("TS-1"))
    run = ask(action, [job])
    work_carelessly(at_linkedin, "TS-1")
    linkedin.finish_tasks()
    for _ in range(4):
        pass_by(minutes=6)
    assert len(linkedin.tasks_of("TS-1")) == n_before + 1
    assert delivery(job, at_linkedin).state == State.SYNCED
    assert Run.objects.get(pk=run.pk).n_done == 1
