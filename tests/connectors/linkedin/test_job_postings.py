"""What the resource sends, and what it makes of answers good and bad, record by record (linkedin.md 3)."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

import pytest

from connectors.base.errors import Rejected, Unanswered
from connectors.base.resource import Entry, Resource, Step
from connectors.base.results import Answer, News, Outcome
from tests.connectors.linkedin.builders import (
    CONTRACT,
    ORGANIZATION,
    TASK,
    FarEnd,
    Said,
    client_of,
    entry,
    payload,
    says,
)

ACCEPTED = {"status": 202, "id": TASK, "location": "/simpleJobPostings/" + TASK.replace(":", "%3A")}
REFUSED = {
    "status": 422,
    "error": {
        "status": 422,
        "message": "ERROR :: /title :: field is required but not found and has no default value\n",
    },
}


def postings(far: FarEnd, **options: Any) -> Resource:
    return client_of(far, **options).resources["job_postings"]


def sent_by(*entries: Entry, **options: Any) -> list[dict[str, Any]]:
    far = FarEnd(says({"elements": [ACCEPTED] * len(entries)}))
    postings(far, **options).send(entries)
    elements: list[dict[str, Any]] = far.sent["elements"]
    return elements


def submitted(element: object) -> Outcome | None:
    answer = postings(FarEnd(says({"elements": [element]}))).send([entry("TS-1")])
    return answer.outcomes.get("TS-1")


# SEND: what is written


def test_verbs_travel_mixed_in_one_batch_create() -> None:
    verbs = ["CREATE", "UPDATE", "RENEW", "CLOSE"]
    elements = sent_by(*[entry(f"TS-{verb}", verb=verb) for verb in verbs])
    assert [element["jobPostingOperationType"] for element in elements] == verbs


def test_a_close_sends_the_whole_job_again() -> None:
    """ "re-post the job using the same externalJobPostingId value" (the page "Close Jobs")."""
    (element,) = sent_by(entry("TS-1", verb="CLOSE"))
    assert element == {**payload("TS-1"), "jobPostingOperationType": "CLOSE"}


def test_a_public_job_says_no_state() -> None:
    assert "state" not in sent_by(entry())[0]


@pytest.mark.parametrize(
    ("verb", "state"),
    [("CREATE", "LISTED"), ("UPDATE", "LISTED"), ("RENEW", "LISTED"), ("CLOSE", "CLOSED"), ("RECORD", "CLOSED")],
)
def test_the_state_of_a_recruiter_job_follows_the_verb(verb: str, state: str) -> None:
    """linkedin.md 10.1, row 30. A stored state of an earlier operation must not contradict this one."""
    for stored in ("LISTED", "CLOSED"):
        job = entry(verb=verb, availability="PRIVATE_TO_ATS_INTEGRATION", state=stored)
        assert sent_by(job)[0]["state"] == state


def test_what_is_over_is_recorded_by_a_create() -> None:
    (element,) = sent_by(entry(verb="RECORD", availability="PUBLIC"))
    assert (element["jobPostingOperationType"], element["state"]) == ("CREATE", "CLOSED")


def test_the_connection_fills_in_its_organization() -> None:
    bare = Entry(key="TS-1", verb="CREATE", payload={"externalJobPostingId": "TS-1"})
    assert sent_by(bare)[0]["integrationContext"] == ORGANIZATION
    named = Entry(key="TS-1", verb="CREATE", payload={"externalJobPostingId": "TS-1", "companyName": "Example"})
    assert "integrationContext" not in sent_by(named)[0]


def test_the_connection_fills_in_its_contract_where_one_is_needed() -> None:
    premium, internal = {"listingType": "PREMIUM"}, {"availability": "INTERNAL"}
    for fields in (premium, internal):
        assert sent_by(entry(**fields), job_contract_urn=CONTRACT)[0]["contract"] == CONTRACT
        assert "contract" not in sent_by(entry(**fields))[0]
    assert "contract" not in sent_by(entry(listingType="BASIC"), job_contract_urn=CONTRACT)[0]
    own = entry(listingType="PREMIUM", contract="urn:li:contract:9")
    assert sent_by(own, job_contract_urn=CONTRACT)[0]["contract"] == "urn:li:contract:9"


def test_the_callers_payload_is_left_as_it_was() -> None:
    given = payload("TS-1", availability="PUBLIC")
    before = dict(given)
    sent_by(Entry(key="TS-1", verb="CLOSE", payload=given))
    assert given == before


@pytest.mark.parametrize("step", list(Step))
def test_a_call_takes_up_to_its_limit_of_different_jobs(step: Step) -> None:
    resource = postings(FarEnd(says({})))
    limit = resource.limits[step]
    method = {Step.SEND: resource.send, Step.POLL: resource.poll, Step.CHECK: resource.check}[step]
    too_many = [Entry(key=str(number), verb="CLOSE", task_urn=TASK) for number in range(limit + 1)]
    for entries in (too_many, [], too_many[:1] * 2):
        with pytest.raises(ValueError, match="different jobs per call"):
            method(entries)


def test_limits_and_budgets_are_those_of_the_pages() -> None:
    resource = postings(FarEnd(says({})))
    assert resource.limits == {Step.SEND: 100, Step.POLL: 50, Step.CHECK: 100}
    assert resource.endpoints == {
        Step.SEND: "simpleJobPostings",
        Step.POLL: "simpleJobPostingTasks",
        Step.CHECK: "jobPostingStatus",
    }


# SEND: what is read


def test_each_job_gets_the_answer_at_its_own_index() -> None:
    far = FarEnd(says({"elements": [ACCEPTED, REFUSED, {**ACCEPTED, "id": TASK + "2"}]}))
    answer = postings(far).send([entry("A"), entry("B"), entry("C")])
    a, b, c = (answer.outcomes[key] for key in "ABC")
    assert (a.news, a.task_urn, a.task_location) == (News.SUBMITTED, TASK, ACCEPTED["location"])
    assert (b.news, b.status, b.field_name) == (News.REJECTED, 422, "title")
    assert b.words.startswith("ERROR :: /title")
    assert c.task_urn == TASK + "2"
    assert (b.request["externalJobPostingId"], b.answer) == ("B", REFUSED)
    assert [exchange.path for exchange in answer.exchanges] == ["/v2/simpleJobPostings"]


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_any_status_in_the_two_hundreds_is_accepted(status: int) -> None:
    """linkedin.md 10.1, row 33."""
    outcome = submitted({"status": status, "id": TASK})
    assert outcome is not None
    assert (outcome.news, outcome.status) == (News.SUBMITTED, status)


def test_a_task_named_only_by_its_location_is_found() -> None:
    outcome = submitted({"status": 202, "location": ACCEPTED["location"]})
    assert outcome is not None
    assert outcome.task_urn == TASK


@pytest.mark.parametrize(
    "element",
    [
        {"status": 202},
        {"status": 202, "id": None},
        {"id": TASK},
        {"status": 102, "id": TASK},
        {"status": 303, "id": TASK},
        {"status": 429, "error": {"status": 429, "message": "slow"}},
        {"status": 401, "error": {"status": 401, "message": "expired"}},
        {"status": 500, "error": {"status": 500, "message": "Internal Server Error"}},
        {"status": 503},
        {"error": {}},
        {},
        None,
    ],
)
def test_an_element_that_settles_nothing_leaves_the_job_unanswered(element: object) -> None:
    """No final word about the record: it is asked again, and nobody is told that it is done or refused."""
    assert submitted(element) is None


@pytest.mark.parametrize("status", [400, 402, 403, 404, 409, 422])
def test_a_status_inside_a_200_is_a_verdict_on_the_job(status: int) -> None:
    outcome = submitted({"status": status, "error": {"status": status, "message": "No", "code": "ERROR_X"}})
    assert outcome is not None
    assert (outcome.news, outcome.status, outcome.words, outcome.code) == (News.REJECTED, status, "No", "ERROR_X")


def test_the_newer_error_object_is_understood() -> None:
    """linkedin.md 3.7: the shape of LinkedIn's own kit."""
    error = {
        "code": "ERROR_INVALID_LISTED_AT_FIELD",
        "serviceErrorCode": 0,
        "requestId": 1,
        "errorDetailType": "com.linkedin.restli.common.ErrorDetails",
        "message": "ERROR :: /listedAt :: soon cannot be coerced to Long\n",
        "status": 422,
        "errorDetails": {"externalJobPostingId": "TS-1"},
    }
    outcome = submitted({"status": 422, "error": error})
    assert outcome is not None
    assert (outcome.code, outcome.field_name) == ("ERROR_INVALID_LISTED_AT_FIELD", "listedAt")


def test_an_answer_for_another_number_of_jobs_settles_none() -> None:
    with pytest.raises(Unanswered):
        postings(FarEnd(says({"elements": [ACCEPTED]}))).send([entry("A"), entry("B")])


def test_a_refused_batch_is_about_the_call_and_names_no_job() -> None:
    said = says({"message": "Cannot close job which is already closed or does not exist"}, status=409)
    with pytest.raises(Rejected) as caught:
        postings(FarEnd(said)).send([entry("A", verb="CLOSE"), entry("B", verb="CLOSE")])
    assert caught.value.status == 409


# POLL


def polled(task: object, *, errors: dict[str, Any] | None = None) -> Outcome | None:
    content = {"results": {TASK: task} if task is not None else {}, "statuses": {}, "errors": errors or {}}
    answer = postings(FarEnd(says(content))).poll([Entry(key="TS-1", task_urn=TASK)])
    return answer.outcomes.get("TS-1")


@pytest.mark.parametrize(
    ("status", "news"),
    [
        ("SUCCEEDED", News.ACCEPTED),
        ("FAILED", News.TASK_FAILED),
        ("PROCESSED", News.TASK_PROCESSED),
        ("IN_PROGRESS", News.WORKING),
        ("QUEUED_SOMEWHERE", News.WORKING),
        ("", News.WORKING),
    ],
)
def test_a_tasks_status_becomes_news(status: str, news: News) -> None:
    """linkedin.md 3.9: any other text is unknown, and an unknown status settles nothing."""
    outcome = polled({"id": TASK, "status": status})
    assert outcome is not None
    assert (outcome.news, outcome.code) == (news, status)


def test_a_finished_task_tells_where_the_posting_is() -> None:
    outcome = polled(
        {"id": TASK, "status": "SUCCEEDED", "jobPosting": "urn:li:jobPosting:4000000001", "location": "Graz, Austria"}
    )
    assert outcome is not None
    assert outcome.facts == {
        "job_urn": "urn:li:jobPosting:4000000001",
        "url": "https://www.linkedin.com/jobs/view/4000000001",
        "location": "Graz, Austria",
    }


def test_a_failed_task_keeps_linkedins_words_and_names_the_field() -> None:
    words = "Invalid Field: /description, must contain at least 100 characters"
    outcome = polled({"id": TASK, "status": "FAILED", "errorMessage": words, "externalJobPostingId": 4711})
    assert outcome is not None
    assert (outcome.news, outcome.words, outcome.field_name) == (News.TASK_FAILED, words, "description")


def test_a_processed_task_is_not_live_and_may_say_why() -> None:
    outcome = polled({"id": TASK, "status": "PROCESSED", "errorMessage": "invalid location"})
    assert outcome is not None
    assert (outcome.news, outcome.words, outcome.facts) == (News.TASK_PROCESSED, "invalid location", {})


@pytest.mark.parametrize("status", [400, 404, 410])
def test_a_task_linkedin_no_longer_knows_is_unknown(status: int) -> None:
    outcome = polled(None, errors={TASK: {"status": status, "message": "No such task"}})
    assert outcome is not None
    assert (outcome.news, outcome.status, outcome.words) == (News.TASK_UNKNOWN, status, "No such task")


@pytest.mark.parametrize("status", [401, 403, 429, 500, 503])
def test_an_error_that_is_not_about_the_task_settles_nothing(status: int) -> None:
    assert polled(None, errors={TASK: {"status": status}}) is None


def test_a_task_that_is_left_out_of_the_answer_is_left_out() -> None:
    assert polled(None) is None


def test_a_task_in_results_and_in_errors_settles_nothing() -> None:
    assert polled({"id": TASK, "status": "SUCCEEDED"}, errors={TASK: {"status": 404}}) is None


def test_several_tasks_of_one_call_answer_for_their_own_jobs() -> None:
    other = TASK[:-1] + "7"
    content = {"results": {other: {"status": "SUCCEEDED"}, TASK: {"status": "FAILED"}}, "errors": {}}
    far = FarEnd(says(content))
    answer = postings(far).poll([Entry(key="A", task_urn=TASK), Entry(key="B", task_urn=other)])
    assert {key: outcome.news for key, outcome in answer.outcomes.items()} == {
        "A": News.TASK_FAILED,
        "B": News.ACCEPTED,
    }


def ids_in(query: str) -> list[str]:
    return [value for name, value in parse_qsl(query, strict_parsing=True) if name == "ids"]


@pytest.mark.parametrize(("length", "tunneled"), [(36, False), (60, True)])
def test_fifty_tasks_are_tunneled_only_when_their_urns_are_long(length: int, tunneled: bool) -> None:
    entries = [Entry(key=str(n), task_urn=f"urn:li:simpleJobPostingTask:{n:0{length}d}") for n in range(50)]
    far = FarEnd(says({"results": {}}))
    answer = postings(far).poll(entries)
    query = far.last.body.decode() if tunneled else far.last.path.partition("?")[2]
    assert ids_in(query) == [one.task_urn for one in entries]
    assert far.last.method == ("POST" if tunneled else "GET")
    assert far.last.headers.get("x-http-method-override") == ("GET" if tunneled else None)
    assert [(exchange.method, exchange.tunneled) for exchange in answer.exchanges] == [("GET", tunneled)]


# CHECK


def checked(status: object, *, errors: dict[str, Any] | None = None) -> Outcome | None:
    content = {"results": {"TS-1": status} if status is not None else {}, "errors": errors or {}, "statuses": {}}
    return postings(FarEnd(says(content))).check([Entry(key="TS-1")]).outcomes.get("TS-1")


@pytest.mark.parametrize(
    ("listing", "news"),
    [
        ("LISTED", News.LIVE),
        ("NOT_LISTED", News.GONE),
        ("IN_PROGRESS", News.WORKING),
        ("SOMETHING_NEW", News.WORKING),
    ],
)
def test_a_listing_status_becomes_news(listing: str, news: News) -> None:
    outcome = checked({"externalJobPostingId": "TS-1", "listingStatus": listing})
    assert outcome is not None
    assert (outcome.news, outcome.facts["listing_status"]) == (news, listing)


@pytest.mark.parametrize(
    "company",
    [
        {"name": "Example", "pageUrl": "https://www.linkedin.com/company/example/"},
        {"companyName": "Example", "companyPage": "https://www.linkedin.com/company/example/"},
    ],
)
def test_what_partners_must_show_is_read_in_both_spellings(company: dict[str, str]) -> None:
    """linkedin.md 3.11; ids and numbers may come as numbers or as text (10.1, row 23)."""
    outcome = checked(
        {
            "externalJobPostingId": 4711,
            "listingStatus": "NOT_LISTED",
            "linkedInApplyStatus": "NOT_ENABLED",
            "promotionStatus": "NOT_PROMOTED",
            "listingStatusDetail": {
                "errorCode": 12,
                "errorType": "CUSTOMER_ERROR",
                "statusMessage": "The job was reported",
            },
            "jobPostingUrl": "https://www.linkedin.com/jobs/view/4000000001",
            "jobPostingInfo": {
                "listedAt": 1_700_000_000_000,
                "expireAt": "1715552000000",
                "location": "Graz, Austria",
                "companyDetails": company,
                "visibilityTag": "PRIVATE",
            },
        }
    )
    assert outcome is not None
    assert outcome.words == "The job was reported"
    assert outcome.facts == {
        "listing_status": "NOT_LISTED",
        "apply_status": "NOT_ENABLED",
        "promotion_status": "NOT_PROMOTED",
        "listing_detail": {"error_code": "12", "error_type": "CUSTOMER_ERROR", "message": "The job was reported"},
        "apply_detail": None,
        "promotion_detail": None,
        "listed_at": 1_700_000_000_000,
        "expire_at": 1_715_552_000_000,
        "url": "https://www.linkedin.com/jobs/view/4000000001",
        "job_urn": "urn:li:jobPosting:4000000001",
        "visibility": "PRIVATE",
        "location": "Graz, Austria",
        "company_name": "Example",
        "company_url": "https://www.linkedin.com/company/example/",
    }


@pytest.mark.parametrize(
    "oddities",
    [
        {},
        {"jobPostingInfo": None},
        {"jobPostingInfo": {"expireAt": "soon", "listedAt": True, "companyDetails": "Example", "location": ["Graz"]}},
        {"jobPostingInfo": {"expireAt": 1.5}, "listingStatusDetail": "why", "jobPostingUrl": None},
    ],
)
def test_facts_have_the_same_names_whatever_linkedin_leaves_out(oddities: dict[str, Any]) -> None:
    outcome = checked({"listingStatus": "LISTED", **oddities})
    assert outcome is not None
    assert outcome.facts.keys() == checked_keys()
    assert (outcome.facts["expire_at"], outcome.facts["url"]) == (None, "")


def checked_keys() -> set[str]:
    full = checked({"listingStatus": "LISTED", "jobPostingInfo": {"expireAt": 1, "companyDetails": {"name": "x"}}})
    assert full is not None
    return set(full.facts)


def test_a_job_linkedin_does_not_know_is_gone() -> None:
    outcome = checked(None, errors={"TS-1": {"status": 404, "message": "Unknown job"}})
    assert outcome is not None
    assert (outcome.news, outcome.status, outcome.words) == (News.GONE, 404, "Unknown job")


@pytest.mark.parametrize("status", [400, 403, 429, 500])
def test_an_error_that_does_not_say_unknown_is_not_taken_for_gone(status: int) -> None:
    assert checked(None, errors={"TS-1": {"status": status}}) is None


@pytest.mark.parametrize("status", [None, {"listingStatus": None}, {"listingStatus": ["LISTED"]}, {}])
def test_a_job_without_a_status_in_the_answer_is_left_out(status: object) -> None:
    """Absence is never taken for "closed"."""
    assert checked(status) is None


def test_a_hundred_long_ids_are_asked_about_in_one_tunneled_call() -> None:
    keys = [f"{number:03d} ä/{'x' * 69}" for number in range(100)]
    far = FarEnd(says({"results": {key: {"listingStatus": "LISTED"} for key in keys}}))
    answer: Answer = postings(far).check([Entry(key=key) for key in keys])
    assert answer.outcomes.keys() == set(keys)
    assert ids_in(far.last.body.decode()) == keys
    assert far.last.headers["x-http-method-override"] == "GET"


@pytest.mark.parametrize("said", [says({}), says({"elements": []}), Said(body=b"")])
def test_an_empty_answer_settles_nothing(said: Said) -> None:
    with pytest.raises(Unanswered):
        postings(FarEnd(said)).check([Entry(key="TS-1")])
