"""Records about people, from the click to what LinkedIn holds: each of the six kinds, and how they hang together."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.linkedin.simulator import Linkedin
from talentsync.candidates import linking
from talentsync.candidates.models import Candidate, LinkedInStatus, Match
from talentsync.customers.models import Connection, Customer
from talentsync.sync.models import Delivery, Run, RunItem
from talentsync.sync.states import Failure, RemoteState, State
from tests.candidates.making import (
    ENDPOINTS,
    ask,
    change,
    delivery,
    fresh,
    held,
    make_application,
    make_candidate,
    make_everything,
    make_note,
)
from tests.sync.driving import ask as ask_jobs
from tests.sync.driving import fresh as fresh_job
from tests.sync.driving import make_job, settle, work

pytestmark = pytest.mark.django_db

KINDS = tuple(ENDPOINTS)
PARENT = {
    "candidate_note": "candidate",
    "application": "candidate",
    "application_note": "application",
    "application_stage": "application",
    "interview_feedback": "application",
}


def sent(customer: Customer, linkedin: Linkedin) -> dict[str, Any]:
    """One record of each kind that LinkedIn holds by our hand."""
    everything = make_everything(customer, linkedin)
    ask("send_all", everything["candidate"])
    work()
    return everything


# sending


def test_everything_that_hangs_on_a_candidate_is_sent_with_one_click(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    everything = make_everything(acme, linkedin)
    run = ask("send_all", everything["candidate"])
    work()
    for kind, record in everything.items():
        assert held(linkedin, kind, record), kind
        assert fresh(record).linkedin_status == LinkedInStatus.SENT
    run.refresh_from_db()
    assert (run.state, run.n_done, run.total) == (Run.State.DONE, 6, 6)


def test_linkedin_holds_what_was_filled_in(acme: Customer, at_linkedin: Connection, linkedin: Linkedin) -> None:
    everything = sent(acme, linkedin)
    candidate = held(linkedin, "candidate", everything["candidate"])
    assert candidate["firstName"] == "Ada"
    assert candidate["addresses"] == candidate["phoneNumbers"] == []  # required, and empty
    application = held(linkedin, "application", everything["application"])
    assert application["atsCandidateId"] == "C-1"
    assert application["atsJobPostingId"] == "J-1"
    assert application["candidateEmail"] == "c-1@example.com"  # the candidate's
    assert held(linkedin, "application_stage", everything["application_stage"])["stage"] == "Interview"
    feedback = held(linkedin, "interview_feedback", everything["interview_feedback"])
    assert feedback["evaluations"] == [{"attribute": "Craft", "result": "4/5"}]


@pytest.mark.parametrize("kind", PARENT)
def test_a_record_waits_until_its_parent_is_there(
    kind: str, acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    everything = make_everything(acme, linkedin)
    ask("send", everything[kind])
    work()
    assert held(linkedin, kind, everything[kind]) is None
    waits = delivery(kind, everything[kind])
    assert (waits.state, waits.due_at) == (State.PENDING, None)
    ask("send", everything["candidate"])
    if PARENT[kind] == "application":
        ask("send", everything["application"])
    work()
    assert held(linkedin, kind, everything[kind])


def test_a_job_that_is_being_posted_is_waited_for(acme: Customer, at_linkedin: Connection, linkedin: Linkedin) -> None:
    job, candidate = make_job(acme), make_candidate(acme)
    application = make_application(candidate, job)
    ask_jobs("post", [job])
    ask("send_all", candidate)
    work()
    assert held(linkedin, "candidate", candidate)
    assert held(linkedin, "application", application) is None
    settle(linkedin)
    assert fresh_job(job).is_live
    assert held(linkedin, "application", application)


def test_a_refused_parent_lets_nothing_through(acme: Customer, at_linkedin: Connection, linkedin: Linkedin) -> None:
    everything = make_everything(acme, linkedin)
    linkedin.always("reject", match="C-1", status=422, message="ERROR :: /firstName :: is not acceptable")
    ask("send_all", everything["candidate"])
    work()
    assert fresh(everything["candidate"]).sync_trouble == Failure.REJECTED
    assert linkedin.count("atsCandidates/notes") == linkedin.count("atsApplications") == 0
    assert delivery("candidate_note", everything["candidate_note"]).state == State.PENDING


def test_one_bad_record_holds_up_no_other(acme: Customer, at_linkedin: Connection, linkedin: Linkedin) -> None:
    people = [make_candidate(acme, f"C-{number}") for number in range(100)]
    linkedin.always("reject", match="C-7", status=422, message="ERROR :: /firstName :: is not acceptable")
    ask("send", people)
    work()
    assert linkedin.count("atsCandidates") == 99
    assert Candidate.objects.filter(linkedin_status=LinkedInStatus.SENT).count() == 99
    assert fresh(people[7]).sync_trouble == Failure.REJECTED


def test_a_whole_batch_refused_for_one_record_finds_the_one(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    """linkedin.md 4.1: the framework's stock validator rejects the entire batch with 422."""
    people = [make_candidate(acme, f"C-{number}") for number in range(8)]
    linkedin.always("stock_validator", match="C-3", message="/firstName :: is not acceptable")
    ask("send", people)
    work()
    assert linkedin.count("atsCandidates") == 7
    assert fresh(people[3]).sync_trouble == Failure.REJECTED


def test_notes_of_many_candidates_go_one_parent_a_call(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    people = [make_candidate(acme, f"C-{number}") for number in range(3)]
    notes = [make_note(person, f"N-{number}") for person in people for number in range(4)]
    ask("send_all", people)
    work()
    assert all(held(linkedin, "candidate_note", note) for note in notes)
    tries = {item.attempt for item in delivery("candidate_note", notes[0]).attempt_items.all()}
    assert {attempt.n_records for attempt in tries} == {4}


def test_an_edit_is_sent_as_a_whole(acme: Customer, at_linkedin: Connection, linkedin: Linkedin) -> None:
    everything = sent(acme, linkedin)
    change(everything["candidate"], current_job_title="Gardener")
    ask("send", everything["candidate"])
    work()
    candidate = held(linkedin, "candidate", everything["candidate"])
    assert candidate["currentJobTitle"] == "Gardener"
    assert candidate["firstName"] == "Ada"  # a full replace drops nothing


def test_what_has_not_changed_is_passed_over(acme: Customer, at_linkedin: Connection, linkedin: Linkedin) -> None:
    everything = sent(acme, linkedin)
    run = ask("send_all", everything["candidate"])
    assert set(run.items.values_list("reason", flat=True)) == {"nothing_changed"}
    assert run.state == Run.State.DONE


def test_whoever_is_kept_out_is_not_sent_nor_anything_that_hangs_on_them(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    everything = make_everything(acme, linkedin)
    change(everything["candidate"], do_not_send=True)
    run = ask("send_all", everything["candidate"])
    work()
    assert set(run.items.values_list("reason", flat=True)) == {"kept_out"}
    assert linkedin.count("atsCandidates") == 0


def test_whoever_is_kept_out_after_the_click_is_not_sent_either(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    everything = make_everything(acme, linkedin)
    ask("send_all", everything["candidate"])
    change(everything["candidate"], do_not_send=True)
    work()
    assert linkedin.count("atsCandidates") == 0
    assert fresh(everything["candidate"]).sync_trouble == Failure.UNMAPPABLE


# what LinkedIn holds is not erased silently


def test_what_linkedin_holds_from_before_is_read_first_and_not_erased(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    candidate = make_candidate(acme)
    linkedin.seed_record("atsCandidates", "C-1", fields={"firstName": "Ada", "currentJobTitle": "Painter"})
    ask("send", candidate)
    work()
    assert fresh(candidate).sync_trouble == Failure.UNCONFIRMED
    assert delivery("candidate", candidate).words == "currentJobTitle"
    assert held(linkedin, "candidate", candidate)["currentJobTitle"] == "Painter"


def test_what_somebody_agreed_to_erase_is_erased(acme: Customer, at_linkedin: Connection, linkedin: Linkedin) -> None:
    candidate = make_candidate(acme, current_job_title="Painter")
    ask("send", candidate)
    work()
    change(candidate, current_job_title="")
    ask("send", candidate)
    work()
    assert fresh(candidate).sync_trouble == Failure.UNCONFIRMED
    again = ask("try_again", candidate)
    assert again.items.get().reason == "agree_first"
    ask("send", candidate, may_erase=True)
    work()
    assert fresh(candidate).sync_trouble == ""
    assert "currentJobTitle" not in held(linkedin, "candidate", candidate)


# deleting


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_deleted_by_its_own_call(
    kind: str, acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    """linkedin.md 5: six deletes, each by key with an answer for each record."""
    everything = sent(acme, linkedin)
    run = ask("delete", everything[kind])
    work()
    assert held(linkedin, kind, everything[kind]) is None
    assert fresh(everything[kind]).linkedin_status == LinkedInStatus.REMOVED
    run.refresh_from_db()
    assert run.state == Run.State.DONE
    assert run.n_failed == 0


def test_deleting_a_candidate_takes_everything_along(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    """RSC-502 and RSC-504: notes vanish with the candidate, the rest with the application, which goes first."""
    everything = sent(acme, linkedin)
    run = ask("delete", everything["candidate"])
    work()
    assert [linkedin.count(endpoint) for endpoint in ENDPOINTS.values()] == [0] * 6
    for kind, record in everything.items():
        assert delivery(kind, record).remote_state == RemoteState.DELETED, kind
        assert fresh(record).linkedin_status == LinkedInStatus.REMOVED
    run.refresh_from_db()
    assert (run.state, run.n_done) == (Run.State.DONE, 6)
    sent_calls = Delivery.objects.filter(attempt_items__attempt__method="DELETE").values_list("kind", flat=True)
    assert set(sent_calls) == {"candidate", "application"}


def test_a_candidate_is_not_deleted_before_its_applications(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    everything = sent(acme, linkedin)
    linkedin.always("reject", endpoint="atsApplications", match="A-1", status=400, message="cannot be deleted")
    ask("delete", everything["candidate"])
    work()
    assert held(linkedin, "application", everything["application"])
    assert held(linkedin, "candidate", everything["candidate"])
    assert fresh(everything["candidate"]).linkedin_status == LinkedInStatus.REMOVING
    linkedin.world.moods.clear()
    ask("try_again", everything["application"])
    work()
    assert held(linkedin, "candidate", everything["candidate"]) is None


def test_what_was_removed_stays_out_until_it_is_sent_again(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    everything = sent(acme, linkedin)
    ask("delete", everything["candidate"])
    work()
    change(everything["candidate"], current_job_title="Gardener")
    run = ask("send_all", everything["candidate"])
    work()
    assert set(run.items.values_list("reason", flat=True)) == {"removed"}
    assert linkedin.count("atsCandidates") == 0
    ask("send_again", everything["candidate"])
    work()
    assert held(linkedin, "candidate", everything["candidate"])["currentJobTitle"] == "Gardener"
    assert held(linkedin, "candidate_note", everything["candidate_note"]) is None


def test_what_waits_to_be_sent_is_overtaken_by_a_delete(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    everything = make_everything(acme, linkedin)
    first = ask("send_all", everything["candidate"])
    ask("delete", everything["candidate"])
    work()
    assert [linkedin.count(endpoint) for endpoint in ENDPOINTS.values()] == [0] * 6
    assert set(first.items.values_list("state", flat=True)) == {RunItem.State.SUPERSEDED}


def test_a_note_of_a_removed_candidate_brings_nothing_back(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    everything = sent(acme, linkedin)
    ask("delete", everything["candidate"])
    work()
    late = make_note(everything["candidate"], "N-2")
    ask("send", late)
    work()
    assert delivery("candidate_note", late).state == State.PENDING
    assert linkedin.count("atsCandidates/notes") == 0


def test_what_linkedin_never_had_counts_as_deleted(acme: Customer, at_linkedin: Connection, linkedin: Linkedin) -> None:
    """linkedin.md 5: 404 for a key of a delete is success."""
    candidate = make_candidate(acme)
    ask("delete", candidate)
    work()
    assert delivery("candidate", candidate).state == State.SYNCED
    assert fresh(candidate).linkedin_status == LinkedInStatus.REMOVED


# matches and links


def test_matches_are_fetched_and_kept(acme: Customer, at_linkedin: Connection, linkedin: Linkedin) -> None:
    """RSC-204: the person's URN is fetched and stored."""
    everything = sent(acme, linkedin)
    linkedin.match("C-1", members=["urn:li:person:Ab12"])
    ask("fetch", everything["candidate"])
    work()
    match = Match.objects.get()
    assert match.matched_members == ["urn:li:person:Ab12"]
    assert delivery("candidate", everything["candidate"]).state == State.SYNCED


def test_a_linked_person_is_told_and_stands_in_every_later_update(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    candidate = make_candidate(acme)
    ask("send", candidate)
    work()
    linking.link(Candidate.objects.filter(pk=candidate.pk), "urn:li:person:Cd34")
    ask("link", candidate)
    work()
    assert held(linkedin, "candidate", candidate)["manualMatchedMember"] == "urn:li:person:Cd34"
    change(candidate, current_job_title="Gardener")
    ask("send", candidate)
    work()
    assert held(linkedin, "candidate", candidate)["manualMatchedMember"] == "urn:li:person:Cd34"
    ask("unlink", candidate)
    work()
    assert not held(linkedin, "candidate", candidate).get("manualMatchedMember")
    assert fresh(candidate).sync_trouble == ""


def test_a_candidate_that_is_not_sent_cannot_be_linked(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    run = ask("link", make_candidate(acme))
    assert run.items.get().reason == "not_sent"


# ids that need care


@pytest.mark.parametrize(
    "external_id", ["a b", "a&b=c", "a+b%20c", "a/b:c", "a,(b)'c\"", "a~.[0]", "Ω😀", "‮rtl", "x" * 200]
)
def test_ids_of_any_shape_arrive_below_and_above(
    external_id: str, acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    candidate = make_candidate(
        acme,
        external_id,
        last_name="Sample",
        email_addresses=["any@example.com"],
        external_profile_url="https://ats.example.com/c",
    )
    note = make_note(candidate, external_id)
    linkedin.seed_posting("TS-1")
    application = make_application(candidate, make_job(acme), external_id)
    ask("send_all", candidate)
    work()
    for kind, record in (("candidate", candidate), ("candidate_note", note), ("application", application)):
        assert held(linkedin, kind, record), kind
    ask("delete", candidate)
    work()
    assert linkedin.count("atsCandidates") == linkedin.count("atsApplications") == 0
