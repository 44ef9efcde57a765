"""Closing a job at simulated Greenhouse, in both versions: what Greenhouse holds afterwards, and what we say of it."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.base.errors import Forbidden, Rejected, Throttled, Unanswered, Unmappable
from connectors.base.resource import Entry, Step
from connectors.base.results import News, Outcome
from tests.connectors.greenhouse.far_end import FarEnd, job_row, opening_row, said
from tests.connectors.greenhouse.practice import Practice, client_of, practice_of

CLOSED = job_row(status="closed", closed_at="2026-11-02T08:00:00Z")
V1_OPEN, V1_CLOSED = {"id": 1, "status": "open"}, {"id": 1, "status": "closed"}


def reason_of(opening: dict[str, Any]) -> Any:
    return opening["close_reason_id"]


def path_of(api: str, job_id: int, opening_id: int) -> str:
    return f"/v3/openings/{opening_id}" if api == "v3" else f"/v1/jobs/{job_id}/openings/{opening_id}"


def test_closing_all_openings_closes_the_job(practice: Practice) -> None:
    job_id = practice.greenhouse.seed_job("R-1", openings=3, name="Baker")
    outcome = practice.send(close_reason_id=512)
    job, openings = practice.greenhouse.job(job_id), practice.greenhouse.openings(job_id)
    assert job is not None
    assert outcome.news is News.ACCEPTED
    assert job["status"] == "closed"
    assert [reason_of(opening) for opening in openings] == [512, 512, 512]
    assert outcome.facts["opening_ids_closed_now"] == sorted(opening["id"] for opening in openings)
    assert outcome.facts == {
        "found": True,
        "job_id": job_id,
        "name": "Baker",
        "status": "closed",
        "open_openings": 0,
        "total_openings": 3,
        "closed_at": outcome.facts["closed_at"],
        "opening_ids_closed_now": outcome.facts["opening_ids_closed_now"],
    }
    assert outcome.facts["closed_at"].endswith("+00:00")


def test_closing_leaves_candidates_active_and_takes_the_posts_off_the_boards(practice: Practice) -> None:
    job_id = practice.greenhouse.seed_job("R-1", openings=1, live_posts=2, active_applications=4)
    practice.send()
    job = practice.greenhouse.job(job_id)
    assert job is not None
    assert [post["live"] for post in job["posts"]] == [False, False]
    assert job["active_applications"] == 4


def test_the_body_says_closed_and_the_reason_and_nothing_else(practice: Practice) -> None:
    """`opening_id` would rename the opening, as the vendor's own article does by mistake (greenhouse.md 3.5)."""
    practice.greenhouse.seed_job("R-1", openings=1)
    practice.send(close_reason_id=512)
    [call] = [call for call in practice.greenhouse.calls if call.method == "PATCH"]
    assert call.sent == {"status": "closed", "close_reason_id": 512}


def test_without_a_reason_none_is_sent(practice: Practice) -> None:
    practice.greenhouse.seed_job("R-1", openings=1)
    practice.send(close_reason_id=None)
    [call] = [call for call in practice.greenhouse.calls if call.method == "PATCH"]
    assert call.sent == {"status": "closed"}


@pytest.mark.parametrize("closed_twice", ["accept", "refuse"])
@pytest.mark.parametrize("api", ["v3", "v1"])
def test_closed_openings_are_skipped(api: str, closed_twice: str) -> None:
    practice = practice_of(api, closed_twice=closed_twice)
    job_id = practice.greenhouse.seed_job("R-1", openings=2, closed_openings=3)
    open_ids = sorted(opening["id"] for opening in practice.greenhouse.open_openings(job_id))
    outcome = practice.send()
    assert outcome.facts["opening_ids_closed_now"] == open_ids
    assert len(practice.patches()) == 2


def test_a_closed_job_is_done_without_writing_anything(practice: Practice) -> None:
    practice.greenhouse.seed_job("R-1", openings=0, closed_openings=2, status="closed")
    outcome = practice.send()
    assert outcome.news is News.ACCEPTED
    assert outcome.facts["total_openings"] == 2
    assert practice.patches() == []


def test_closing_twice_is_closing_once(practice: Practice) -> None:
    practice.greenhouse.seed_job("R-1")
    first, second = practice.send(), practice.send()
    assert (first.news, second.news) == (News.ACCEPTED, News.ACCEPTED)
    assert len(practice.patches()) == 3


@pytest.mark.parametrize("api", ["v3", "v1"])
def test_45_openings_take_three_steps(api: str) -> None:
    practice = practice_of(api, v1_limit=500, v3_limit=500)
    job_id = practice.greenhouse.seed_job("R-1", openings=45)
    steps = [practice.send() for _ in range(3)]
    assert [step.news for step in steps] == [News.PROGRESS, News.PROGRESS, News.ACCEPTED]
    assert [step.facts["open_openings"] for step in steps] == [25, 5, 0]
    assert [len(step.facts["opening_ids_closed_now"]) for step in steps] == [20, 20, 5]
    assert practice.greenhouse.open_openings(job_id) == []
    assert len(practice.patches()) == 45


def test_the_number_wins_over_the_requisition_id(practice: Practice) -> None:
    other = practice.greenhouse.seed_job("R-1")
    meant = practice.greenhouse.seed_job(None, openings=2)
    outcome = practice.send(greenhouse_job_id=meant)
    assert (outcome.news, outcome.facts["job_id"]) == (News.ACCEPTED, meant)
    assert len(practice.greenhouse.open_openings(other)) == 3


def test_closed_jobs_do_not_make_a_requisition_id_ambiguous(practice: Practice) -> None:
    practice.greenhouse.seed_job("R-1", openings=0, closed_openings=1, status="closed")
    meant = practice.greenhouse.seed_job("R-1", openings=1)
    practice.greenhouse.seed_job("R-1", openings=0, closed_openings=1, status="closed")
    assert practice.send().facts["job_id"] == meant


def test_an_open_job_is_meant_before_a_draft(practice: Practice) -> None:
    practice.greenhouse.seed_job("R-1", status="draft")
    meant = practice.greenhouse.seed_job("R-1", openings=1)
    assert practice.send().facts["job_id"] == meant


class TestClearFailures:
    """Each has a code, our own sentence, and writes nothing."""

    def told(self, practice: Practice, code: str, **payload: Any) -> Outcome:
        outcome = practice.send(**payload)
        assert (outcome.news, outcome.code) == (News.REJECTED, code)
        assert outcome.words.endswith(".")
        assert practice.patches() == []
        return outcome

    def test_no_such_requisition_id(self, practice: Practice) -> None:
        practice.greenhouse.seed_job("R-2")
        assert self.told(practice, "job_not_found").facts == {"found": False}

    def test_no_such_number(self, practice: Practice) -> None:
        practice.greenhouse.seed_job("R-1")
        assert self.told(practice, "job_not_found", greenhouse_job_id=999999).facts == {"found": False}

    def test_several_open_jobs_with_one_requisition_id(self, practice: Practice) -> None:
        ids = {practice.greenhouse.seed_job("R-1") for _ in range(2)}
        outcome = self.told(practice, "several_jobs")
        assert set(outcome.facts["job_ids"]) == ids
        assert outcome.field_name == "greenhouse_job_id"

    def test_a_draft(self, practice: Practice) -> None:
        practice.greenhouse.seed_job("R-1", status="draft")
        assert self.told(practice, "job_is_draft").facts["status"] == "draft"

    def test_a_draft_beside_closed_jobs(self, practice: Practice) -> None:
        practice.greenhouse.seed_job("R-1", openings=0, closed_openings=1, status="closed")
        practice.greenhouse.seed_job("R-1", status="draft")
        self.told(practice, "job_is_draft")

    def test_a_job_without_openings(self, practice: Practice) -> None:
        practice.greenhouse.seed_job("R-1", openings=0)
        assert self.told(practice, "no_openings").facts["total_openings"] == 0

    def test_an_open_job_whose_openings_are_all_closed(self, practice: Practice) -> None:
        practice.greenhouse.seed_job("R-1", openings=0, closed_openings=2)
        self.told(practice, "job_stays_open")

    def test_neither_number_nor_requisition_id(self, practice: Practice) -> None:
        self.told(practice, "no_reference", requisition_id="")
        assert practice.greenhouse.calls == []


class TestBadLuck:
    """A write that went wrong is followed by reading; what was done is never lost and never claimed."""

    @pytest.mark.parametrize("kind", ["hang_up", "stall", "html", "empty", "garbled", "endless"])
    def test_a_lost_answer_to_a_close_that_was_applied_is_success(self, practice: Practice, kind: str) -> None:
        job_id = practice.greenhouse.seed_job("R-1", openings=3)
        practice.greenhouse.next(kind, applied=True, endpoint="openings", method="PATCH")
        outcome = practice.send()
        assert outcome.news is News.ACCEPTED
        assert len(outcome.facts["opening_ids_closed_now"]) == 3
        assert practice.greenhouse.open_openings(job_id) == []
        assert len(practice.patches()) == 3

    @pytest.mark.parametrize("kind", ["hang_up", "stall", "html", "empty", "garbled"])
    def test_a_close_that_was_not_applied_is_an_error_and_the_next_step_does_it(
        self, practice: Practice, kind: str
    ) -> None:
        job_id = practice.greenhouse.seed_job("R-1", openings=3)
        practice.greenhouse.next(kind, applied=False, endpoint="openings", method="PATCH")
        with pytest.raises(Unanswered):
            practice.send()
        assert len(practice.greenhouse.open_openings(job_id)) == 3
        assert practice.send().news is News.ACCEPTED

    @pytest.mark.parametrize("status", [500, 502, 503, 504])
    def test_a_5xx_after_the_work_was_done_is_success(self, practice: Practice, status: int) -> None:
        practice.greenhouse.seed_job("R-1", openings=2)
        practice.greenhouse.next("status", status=status, applied=True, endpoint="openings", method="PATCH")
        assert practice.send().news is News.ACCEPTED

    @pytest.mark.parametrize("status", [404, 422, 409, 400])
    def test_a_refused_close_of_an_opening_that_is_closed_by_now_is_success(
        self, practice: Practice, status: int
    ) -> None:
        practice.greenhouse.seed_job("R-1", openings=2)
        practice.greenhouse.next(
            "status", status=status, message="No.", applied=True, endpoint="openings", method="PATCH"
        )
        outcome = practice.send()
        assert outcome.news is News.ACCEPTED
        assert len(outcome.facts["opening_ids_closed_now"]) == 1  # the other one was closed by somebody else

    @pytest.mark.parametrize("status", [404, 422])
    def test_a_refused_close_of_an_opening_that_is_still_open_stands(self, practice: Practice, status: int) -> None:
        job_id = practice.greenhouse.seed_job("R-1", openings=2)
        practice.greenhouse.next("status", status=status, message="No.", endpoint="openings", method="PATCH")
        with pytest.raises(Rejected) as caught:
            practice.send()
        assert (caught.value.status, caught.value.exchange and caught.value.exchange.method) == (status, "PATCH")
        assert len(practice.greenhouse.open_openings(job_id)) == 2

    def test_an_unknown_close_reason_is_refused_with_the_vendors_words(self, practice: Practice) -> None:
        practice.greenhouse.seed_job("R-1", openings=2)
        with pytest.raises(Rejected) as caught:
            practice.send(close_reason_id=999)
        assert caught.value.status == 422
        assert "close_reason" in caught.value.words
        assert len(practice.patches()) == 1

    @pytest.mark.parametrize("closed_twice", ["accept", "refuse"])
    @pytest.mark.parametrize("api", ["v3", "v1"])
    def test_a_seat_that_somebody_else_closes_meanwhile_does_not_matter(self, api: str, closed_twice: str) -> None:
        practice = practice_of(api, closed_twice=closed_twice)
        job_id = practice.greenhouse.seed_job("R-1", openings=3)
        seats = sorted(opening["id"] for opening in practice.greenhouse.openings(job_id))
        practice.line.then(
            f"PATCH {path_of(api, job_id, seats[0])}", lambda: practice.greenhouse.close_opening(seats[1])
        )
        assert practice.send().news is News.ACCEPTED
        assert practice.greenhouse.open_openings(job_id) == []

    def test_after_a_failure_only_what_is_still_open_is_closed(self, practice: Practice) -> None:
        job_id = practice.greenhouse.seed_job("R-1", openings=3)
        seats = sorted(opening["id"] for opening in practice.greenhouse.openings(job_id))
        practice.greenhouse.next("hang_up", applied=True, endpoint="openings", method="PATCH")
        practice.line.then("PATCH", lambda: practice.greenhouse.close_opening(seats[1]))
        assert practice.send().facts["opening_ids_closed_now"] == [seats[0], seats[2]]
        assert practice.patches() == [path_of(practice.api, job_id, seat) for seat in (seats[0], seats[2])]

    def test_when_others_did_the_work_and_looking_again_fails_nothing_is_claimed(self, practice: Practice) -> None:
        practice.greenhouse.seed_job("R-1", openings=1)
        practice.greenhouse.next("status", status=422, applied=True, endpoint="openings", method="PATCH")
        practice.line.then("PATCH", lambda: practice.greenhouse.next("garbled", endpoint="jobs"))
        with pytest.raises(Unanswered):
            practice.send()

    def test_an_opening_that_is_added_meanwhile_keeps_the_job_open(self, practice: Practice) -> None:
        job_id = practice.greenhouse.seed_job("R-1", openings=2)
        practice.line.then("PATCH", lambda: practice.greenhouse.add_opening(job_id))
        outcome = practice.send()
        assert (outcome.news, outcome.facts["open_openings"], outcome.facts["total_openings"]) == (News.PROGRESS, 1, 3)
        assert outcome.facts["status"] == "open"
        assert practice.send().news is News.ACCEPTED

    def test_what_was_closed_before_a_failure_is_found_again(self, practice: Practice) -> None:
        job_id = practice.greenhouse.seed_job("R-1", openings=5)
        third = sorted(opening["id"] for opening in practice.greenhouse.openings(job_id))[2]
        practice.greenhouse.next("missing_scope", endpoint="openings", method="PATCH", match=f"/openings/{third}")
        with pytest.raises(Forbidden):
            practice.send()
        assert len(practice.greenhouse.open_openings(job_id)) == 3
        outcome = practice.send()
        assert outcome.news is News.ACCEPTED
        assert len(outcome.facts["opening_ids_closed_now"]) == 3

    def test_a_throttle_in_the_middle_stops_the_step_and_loses_nothing(self, practice: Practice) -> None:
        practice.greenhouse.seed_job("R-1", openings=4)
        practice.greenhouse.next("status", status=429, retry_after=7, endpoint="openings", method="PATCH")
        with pytest.raises(Throttled) as caught:
            practice.send()
        assert caught.value.retry_after == 7
        assert practice.send().news is News.ACCEPTED

    @pytest.mark.parametrize("kind", ["hang_up", "html", "garbled"])
    def test_when_looking_again_fails_the_work_done_is_progress(self, practice: Practice, kind: str) -> None:
        practice.greenhouse.seed_job("R-1", openings=1)
        practice.line.then("PATCH", lambda: practice.greenhouse.next(kind, endpoint="jobs"))
        outcome = practice.send()
        assert (outcome.news, outcome.facts["open_openings"]) == (News.PROGRESS, 0)
        assert len(outcome.facts["opening_ids_closed_now"]) == 1
        assert practice.send().news is News.ACCEPTED

    def test_a_failed_reading_before_anything_was_written_is_an_error(self, practice: Practice) -> None:
        practice.greenhouse.seed_job("R-1", openings=2)
        practice.greenhouse.next("html", endpoint="openings")
        with pytest.raises(Unanswered):
            practice.send()
        assert practice.patches() == []

    def test_a_failed_reading_after_a_refusal_does_not_blame_the_record(self, practice: Practice) -> None:
        practice.greenhouse.seed_job("R-1", openings=1)
        practice.greenhouse.next("status", status=422, message="No.", endpoint="openings", method="PATCH")
        practice.line.then("PATCH", lambda: practice.greenhouse.next("garbled", endpoint="openings", method="GET"))
        with pytest.raises(Unanswered):
            practice.send()

    def test_two_workers_at_once_close_each_seat_once(self, practice: Practice) -> None:
        job_id = practice.greenhouse.seed_job("R-1", openings=4)
        outcomes: list[Outcome] = []
        practice.line.then("PATCH", lambda: outcomes.append(practice.send(close_reason_id=512)))
        outcomes.append(practice.send(close_reason_id=512))
        assert {outcome.news for outcome in outcomes} == {News.ACCEPTED}
        assert practice.greenhouse.open_openings(job_id) == []

    def test_two_processes_that_take_each_others_token_away_both_finish(self) -> None:
        """Issuing a token revokes the one before (greenhouse.md 2.2): one fresh token after the 401, and on."""
        practice = practice_of("v3")
        job_id = practice.greenhouse.seed_job("R-1", openings=3)
        other = client_of(practice.greenhouse, "v3").resources["jobs"]
        entry = Entry(key="J", verb="CLOSE", payload={"requisition_id": "R-1"})
        outcomes: list[Outcome] = []
        practice.line.then("PATCH", lambda: outcomes.append(other.send([entry]).outcomes["J"]))
        outcomes.append(practice.send())
        assert {outcome.news for outcome in outcomes} == {News.ACCEPTED}
        assert practice.greenhouse.open_openings(job_id) == []
        assert [call.status for call in practice.greenhouse.calls].count(401) >= 1

    def test_all_exchanges_of_the_step_are_told_even_a_failed_one(self, practice: Practice) -> None:
        practice.greenhouse.seed_job("R-1", openings=1)
        practice.greenhouse.next("hang_up", applied=True, endpoint="openings", method="PATCH")
        exchanges = practice.answer().exchanges
        assert [exchange.method for exchange in exchanges] == ["GET", "GET", "PATCH", "GET", "GET", "GET"]
        assert [exchange.status for exchange in exchanges] == [200, 200, None, 200, 200, 200]


class TestWhatCountsAsConfirmed:
    """The answer to one close, where it is neither a clear yes nor an error: reading decides."""

    def sent(self, far: FarEnd, *, api: str) -> Outcome:
        entry = Entry(key="J", verb="CLOSE", payload={"requisition_id": "R-1"})
        return far.client(api=api).resources["jobs"].send([entry]).outcomes["J"]

    @pytest.mark.parametrize("success", [True, "true"])
    def test_v1_says_success_as_a_string_or_a_boolean(self, success: object) -> None:
        far = FarEnd(said([job_row()]), said([V1_OPEN]), said({"success": success}), said([CLOSED]), said([V1_CLOSED]))
        assert self.sent(far, api="v1").news is News.ACCEPTED
        assert far.paths[2] == "PATCH /v1/jobs/71002/openings/1"

    @pytest.mark.parametrize("answer", [{"success": "false"}, {"success": False}, {}, {"success": 1.5}], ids=str)
    def test_v1_without_success_is_not_believed(self, answer: dict[str, Any]) -> None:
        far = FarEnd(said([job_row()]), said([V1_OPEN]), said(answer), said([V1_OPEN]))
        with pytest.raises(Unanswered):
            self.sent(far, api="v1")

    @pytest.mark.parametrize("answer", [opening_row(1), opening_row(2, is_open=False), {}, {"id": 1}, []], ids=str)
    def test_v3_must_show_this_opening_closed(self, answer: Any) -> None:
        far = FarEnd(said([job_row()]), said([opening_row(1)]), said(answer), said([opening_row(1)]))
        with pytest.raises(Unanswered):
            self.sent(far, api="v3")

    def test_an_opening_that_was_deleted_meanwhile_is_out_of_the_way(self) -> None:
        rows = [opening_row(1), opening_row(2, is_open=False)]
        missing = said({"message": "Resource not found"}, status=404)
        far = FarEnd(said([job_row()]), said(rows), missing, said(rows[1:]), said([CLOSED]), said(rows[1:]))
        outcome = self.sent(far, api="v3")
        assert (outcome.news, outcome.facts["opening_ids_closed_now"]) == (News.ACCEPTED, [])

    def test_a_job_that_vanishes_while_it_is_closed_is_not_claimed_to_be_closed(self) -> None:
        far = FarEnd(said([job_row()]), said([opening_row(1)]), said(opening_row(1, is_open=False)), said([]), said([]))
        outcome = self.sent(far, api="v3")
        assert (outcome.news, outcome.code) == (News.REJECTED, "job_not_found")
        assert outcome.facts == {"found": False, "opening_ids_closed_now": [1]}

    def test_a_job_that_stays_open_after_its_last_opening_closed_is_not_claimed_to_be_closed(self) -> None:
        closed = opening_row(1, is_open=False)
        far = FarEnd(said([job_row()]), said([opening_row(1)]), said(closed), said([job_row()]), said([closed]))
        outcome = self.sent(far, api="v3")
        assert (outcome.news, outcome.facts["open_openings"]) == (News.PROGRESS, 0)

    def test_a_job_that_two_pages_show_is_one_job(self) -> None:
        again = said([job_row()], headers={"Link": '<https://harvest.example.com/v3/jobs?cursor=b>; rel="next"'})
        far = FarEnd(again, said([job_row()]), said([]))
        assert self.sent(far, api="v3").code == "no_openings"

    def test_a_job_that_was_not_asked_for_is_not_closed(self) -> None:
        entry = Entry(key="J", verb="CLOSE", payload={"greenhouse_job_id": 71002})
        outcome = FarEnd(said([job_row(5)])).client().resources["jobs"].send([entry]).outcomes["J"]
        assert outcome.code == "job_not_found"

    def test_an_opening_of_another_job_is_not_closed(self) -> None:
        far = FarEnd(said([job_row()]), said([opening_row(9, job_id=5)]))
        assert self.sent(far, api="v3").code == "no_openings"

    def test_of_several_closed_jobs_the_one_closed_last_is_told(self) -> None:
        rows = [
            job_row(n, status="closed", closed_at=f"2026-11-0{day}T08:00:00Z") for n, day in ((7, 1), (8, 3), (9, 2))
        ]
        far = FarEnd(said(rows), said([opening_row(1, job_id=8, is_open=False)]))
        assert self.sent(far, api="v3").facts["job_id"] == 8


def test_other_verbs_cannot_be_said_to_greenhouse(practice: Practice) -> None:
    with pytest.raises(Unmappable):
        practice.client.resources["jobs"].send([Entry(key="J", verb="CREATE", payload={"requisition_id": "R-1"})])
    assert practice.greenhouse.calls == []


def test_jobs_travel_alone_and_v1_is_asked_about_fewer_at_once(practice: Practice) -> None:
    limits = practice.client.resources["jobs"].limits
    assert (limits[Step.SEND], limits[Step.POLL]) == (1, 1)
    assert limits[Step.CHECK] == (50 if practice.api == "v3" else 20)
