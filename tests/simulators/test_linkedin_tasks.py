"""Posting tasks: what each operation leads to, and how one asks (linkedin.md 3.2, 3.9, 3.10)."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from connectors.linkedin.simulator import Linkedin
from tests.simulators.speaking import LinkedinCaller, in_recruiter, job, premium

TASKS = "/v2/simpleJobPostingTasks"


def test_a_task_takes_its_time_and_then_names_the_posting(linkedin: Linkedin, caller: LinkedinCaller) -> None:
    urn = caller.elements(job("A"))[0]["id"]
    assert caller.task(urn) == {
        "id": urn,
        "externalJobPostingId": "A",
        "status": "IN_PROGRESS",
        "location": "Graz, Austria",
    }
    linkedin.advance(60)
    task = caller.task(urn)
    assert (task["status"], task["jobPosting"]) == ("SUCCEEDED", "urn:li:jobPosting:4000000001")


def test_nothing_is_live_before_its_task_has_ended(linkedin: Linkedin, caller: LinkedinCaller) -> None:
    caller.send(job("A"))
    assert linkedin.posting("A") is None
    linkedin.finish_tasks()
    assert linkedin.posting("A")["status"] == "LISTED"  # type: ignore[index]


def test_creating_what_is_open_already_fails(caller: LinkedinCaller) -> None:
    caller.post(job("A"))
    task = caller.task(caller.post(job("A"))[0])
    assert task["status"] == "FAILED"
    assert "same partnerIdentifier already exists" in task["errorMessage"]
    assert "duplicate creation request" in task["errorMessage"]


def test_of_two_creates_in_work_the_first_wins(linkedin: Linkedin, caller: LinkedinCaller) -> None:
    first, second = caller.elements(job("A"))[0]["id"], caller.elements(job("A"))[0]["id"]
    linkedin.finish_tasks()
    assert [caller.task(urn)["status"] for urn in (first, second)] == ["SUCCEEDED", "FAILED"]


def test_creating_on_a_closed_id_opens_a_new_posting(caller: LinkedinCaller) -> None:
    first = caller.task(caller.post(job("A"))[0])["jobPosting"]
    caller.post(job("A", "CLOSE"))
    second = caller.task(caller.post(job("A"))[0])
    assert second["status"] == "SUCCEEDED"
    assert second["jobPosting"] != first


@pytest.mark.parametrize("operation", ["UPDATE", "RENEW"])
@pytest.mark.parametrize("was_closed", [False, True])
def test_updating_or_renewing_what_is_not_there_fails(caller: LinkedinCaller, operation: str, was_closed: bool) -> None:
    if was_closed:
        caller.post(job("A"))
        caller.post(job("A", "CLOSE"))
    task = caller.task(caller.post(job("A", operation))[0])
    assert task["errorMessage"] == f"Operation type {operation} is not allowed for a non-existing job"


def test_an_update_replaces_the_content(linkedin: Linkedin, caller: LinkedinCaller) -> None:
    caller.post(job("A", companyJobCode="N-7"))
    caller.post(job("A", "UPDATE", title="Head of night"))
    posting = linkedin.posting("A")
    assert posting is not None
    assert (posting["title"], posting["status"]) == ("Head of night", "LISTED")
    assert "companyJobCode" not in posting["fields"]


def test_public_does_not_become_private_by_an_update(linkedin: Linkedin, caller: LinkedinCaller) -> None:
    caller.post(job("A"))
    task = caller.task(caller.post(in_recruiter("A", "UPDATE"))[0])
    assert task["status"] == "FAILED"
    assert linkedin.posting("A")["availability"] == "PUBLIC"  # type: ignore[index]


def test_an_rsc_job_sent_as_closed_is_closed(linkedin: Linkedin, caller: LinkedinCaller) -> None:
    caller.post(in_recruiter("A"))
    caller.post(in_recruiter("A", "UPDATE", state="CLOSED"))
    assert linkedin.posting("A")["status"] == "CLOSED"  # type: ignore[index]


def test_html_beyond_the_kept_tags_is_stripped_and_its_text_kept(linkedin: Linkedin, caller: LinkedinCaller) -> None:
    filling = "x" * 100
    caller.post(job("A", description=f"<div><b>Nights</b> <script>now</script><li>one</li></div>{filling}"))
    assert linkedin.posting("A")["fields"]["description"] == f"<b>Nights</b> now<li>one</li>{filling}"  # type: ignore[index]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"description": "x" * 99}, "at least 100 characters"),
        ({"description": "x" * 25_001}, "between 100 - 25,000"),
        ({"location": "Austria"}, "Invalid Field: /city; /postalCode; /state; /geoLocation"),
        ({"categories": ["acct", "sale", "eng", "it"]}, "too many associated job functions"),
    ],
)
@pytest.mark.parametrize("operation", ["CREATE", "CLOSE"])
def test_what_only_the_task_finds_out(
    linkedin: Linkedin, caller: LinkedinCaller, operation: str, fields: dict[str, object], words: str
) -> None:
    if operation == "CLOSE":
        caller.post(job("A"))
    task = caller.task(caller.post(job("A", operation, **fields))[0])
    assert task["status"] == "FAILED"
    assert words in task["errorMessage"]


@pytest.mark.parametrize(
    "place",
    [
        {"location": "San Francisco, California, United States"},
        {"location": "8010, AT"},
        {"location": "Austria", "workplaceTypes": ["Remote"]},
        {"location": "Austria", "workRemoteAllowed": True},
        {"location": ..., "countryCode": "at", "postalCode": "8010"},
    ],
)
def test_places_that_linkedin_understands(caller: LinkedinCaller, place: dict[str, object]) -> None:
    assert caller.task(caller.post(job("A", **place))[0])["status"] == "SUCCEEDED"


def test_a_task_can_be_made_to_fail_by_id_or_title(linkedin: Linkedin, caller: LinkedinCaller) -> None:
    linkedin.next("task_failed", match="A", message="determine to be spam")
    linkedin.next("task_failed", match="nurse", message="[JOB_FIELD_PROCESSOR_TITLE]")
    urns = caller.post(job("A"), job("B"), job("C"))
    assert [caller.task(urn).get("errorMessage") for urn in urns] == [
        "determine to be spam",
        "[JOB_FIELD_PROCESSOR_TITLE]",
        None,
    ]


def test_processed_is_an_end_but_not_live(linkedin: Linkedin, caller: LinkedinCaller) -> None:
    linkedin.next("task_processed", match="A")
    assert caller.task(caller.post(job("A"))[0])["status"] == "PROCESSED"
    assert linkedin.posting("A") is None


def test_a_customer_still_fed_by_xml_gets_processed(linkedin: Linkedin, caller: LinkedinCaller) -> None:
    linkedin.seed_application(fed_by_xml=True)
    assert caller.task(caller.post(job("A"))[0])["status"] == "PROCESSED"


def test_a_slow_task(linkedin: Linkedin, caller: LinkedinCaller) -> None:
    linkedin.next("slow_tasks", match="A", seconds=3600)
    slow, quick = (element["id"] for element in caller.elements(job("A"), job("B")))
    linkedin.advance(60)
    assert [caller.task(urn)["status"] for urn in (slow, quick)] == ["IN_PROGRESS", "SUCCEEDED"]
    linkedin.advance(3600)
    caller.log_in()
    assert caller.task(slow)["status"] == "SUCCEEDED"


@pytest.mark.parametrize("key", ["A", "urn:li:jobPosting:1", "urn:li:simpleJobPostingTask:1"])
def test_what_is_no_task_urn_spoils_the_whole_call(caller: LinkedinCaller, key: str) -> None:
    urn = caller.post(job("A"))[0]
    answer = caller.get(f"{TASKS}?{urlencode([('ids', urn), ('ids', key)])}")
    assert (answer.status, answer.json()) == (400, {"message": "Batch key parameter value is invalid", "status": 400})


def test_an_unknown_task_stands_among_the_errors(caller: LinkedinCaller) -> None:
    urn = "urn:li:simpleJobPostingTask:00000000-0000-4000-8000-000000000000"
    answer = caller.get(f"{TASKS}?ids={urn}").json()
    assert answer["results"] == {}
    assert answer["errors"][urn]["status"] == 404


def test_tasks_are_forgotten_after_a_day(linkedin: Linkedin, caller: LinkedinCaller) -> None:
    urn = caller.post(job("A"))[0]
    linkedin.advance(86_400)
    caller.log_in()
    assert urn in caller.get(f"{TASKS}?ids={urn}").json()["errors"]


def test_tasks_of_another_application_are_not_seen(linkedin: Linkedin, caller: LinkedinCaller) -> None:
    urn = caller.post(job("A"))[0]
    linkedin.seed_application(client_id="other")
    other = LinkedinCaller(linkedin)
    other.token = other.ask_token(client_id="other").json()["access_token"]
    assert urn in other.get(f"{TASKS}?ids={urn}").json()["errors"]


def test_a_task_can_be_left_out_of_the_answer(linkedin: Linkedin, caller: LinkedinCaller) -> None:
    urn = caller.post(job("A"))[0]
    linkedin.next("forget", match="A", endpoint="simpleJobPostingTasks")
    assert caller.get(f"{TASKS}?ids={urn}").json() == {"results": {}, "statuses": {}, "errors": {}}
    assert caller.task(urn)["status"] == "SUCCEEDED"


def test_a_second_close_in_work_fails_as_its_task(linkedin: Linkedin, caller: LinkedinCaller) -> None:
    caller.post(premium("A"))
    first, second = caller.elements(premium("A", "CLOSE"))[0]["id"], caller.elements(premium("A", "CLOSE"))[0]["id"]
    linkedin.finish_tasks()
    assert caller.task(first)["status"] == "SUCCEEDED"
    assert "already closed or does not exist" in caller.task(second)["errorMessage"]
