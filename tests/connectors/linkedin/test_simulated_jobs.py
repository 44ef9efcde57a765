"""The client against simulated LinkedIn, which was written from the same pages by other eyes."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest

from connectors.base.errors import Forbidden, Rejected, Unanswered, Unauthorized
from connectors.base.resource import Entry
from connectors.base.results import Answer, News
from connectors.linkedin.client import LinkedInClient
from connectors.linkedin.records import Budget, Compensation, Money, OnsiteApplyConfiguration
from connectors.linkedin.rules import problems
from connectors.linkedin.simulator import Linkedin
from tests.connectors.linkedin.builders import BASIC, CONTRACT, entry

BUDGET = Budget(pay_for_performance_total_budget=Money(amount="499.50", currency_code="EUR"))
APPLY = OnsiteApplyConfiguration(
    job_application_webhook_url="https://ats.example.com/take",
    questions={"resumeQuestions": {}, "additionalQuestions": {"customQuestionSets": []}},
)


def send(client: LinkedInClient, *entries: Entry) -> Answer:
    return client.resources["job_postings"].send(entries)


def poll(client: LinkedInClient, submitted: Answer) -> Answer:
    asked = [Entry(key=key, task_urn=outcome.task_urn) for key, outcome in submitted.outcomes.items()]
    return client.resources["job_postings"].poll(asked)


def check(client: LinkedInClient, *keys: str) -> Answer:
    return client.resources["job_postings"].check([Entry(key=key) for key in keys])


def news(answer: Answer) -> dict[str, News]:
    return {key: outcome.news for key, outcome in answer.outcomes.items()}


def test_a_job_is_posted_and_closed(client: LinkedInClient, linkedin: Linkedin) -> None:
    posted = send(client, entry("TS-1"))
    assert news(posted) == {"TS-1": News.SUBMITTED}
    assert news(poll(client, posted)) == {"TS-1": News.WORKING}
    linkedin.finish_tasks()
    live = poll(client, posted).outcomes["TS-1"]
    assert live.news is News.ACCEPTED
    assert live.facts["url"].startswith("https://www.linkedin.com/jobs/view/")
    seen = check(client, "TS-1").outcomes["TS-1"]
    assert (seen.news, seen.facts["listing_status"], seen.facts["job_urn"]) == (
        News.LIVE,
        "LISTED",
        live.facts["job_urn"],
    )

    closed = send(client, entry("TS-1", verb="CLOSE"))
    linkedin.finish_tasks()
    assert news(poll(client, closed)) == {"TS-1": News.ACCEPTED}
    assert news(check(client, "TS-1")) == {"TS-1": News.GONE}
    posting = linkedin.posting("TS-1")
    assert posting is not None
    assert posting["status"] == "CLOSED"


def test_one_refused_job_in_a_batch_leaves_the_others_alone(client: LinkedInClient, linkedin: Linkedin) -> None:
    answer = send(client, entry("TS-1"), entry("TS-2", title=""), entry("TS-3"))
    refused = {key for key, outcome in answer.outcomes.items() if outcome.news is News.REJECTED}
    assert refused <= {"TS-2"}
    linkedin.finish_tasks()
    assert news(check(client, "TS-1", "TS-3")) == {"TS-1": News.LIVE, "TS-3": News.LIVE}


def test_fifty_tasks_and_a_hundred_long_ids_are_asked_about_in_one_call(
    client: LinkedInClient, linkedin: Linkedin
) -> None:
    keys = [f"{number:03d}-{'x' * 71}" for number in range(100)]
    posted = send(client, *[entry(key) for key in keys])
    linkedin.finish_tasks()
    assert set(news(check(client, *keys)).values()) == {News.LIVE}
    assert linkedin.calls_to("jobPostingStatus")[-1].override == "GET"
    half = Answer(outcomes=dict(list(posted.outcomes.items())[:50]))
    assert set(news(poll(client, half)).values()) == {News.ACCEPTED}


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"title": "x" * 200, "description": "x" * 25_000, "skills_description": "x" * 4000},
        {"external_job_posting_id": "REQ.12/ä " + "x" * 66},
        {"location": "Austria", "workplace_types": ("Remote",)},
        {"categories": ("acct", "sale", "eng"), "industries": ("urn:li:industry:55",)},
        {"alternate_locations": ("Wien, Austria",) * 6},
        {
            "employment_status": "OTHER",
            "experience_level": "NOT_APPLICABLE",
            "tracking_pixel_url": "https://p.example.com",
        },
        {"compensation": (Compensation(type="TIPS", period="HOURLY", currency="EUR", start="1", end="2.50"),)},
        {"compensation": (Compensation(type="BASE_SALARY", period="YEARLY", currency="EUR", exact="95000"),)},
        {"availability": "PRIVATE_TO_ATS_INTEGRATION", "requisition_owner_email": "o@example.com"},
        {
            "availability": "PUBLIC",
            "location": "",
            "country_code": "AT",
            "postal_code": "8010",
            "access_restricted": True,
        },
        {"listing_type": "PREMIUM", "contract": CONTRACT, "show_poster_info": True},
        {"contract": CONTRACT, "budget": BUDGET},
        {"listing_type": "PREMIUM", "contract": CONTRACT, "budget": BUDGET},
        {"onsite_apply_configuration": OnsiteApplyConfiguration(job_application_webhook_url="https://a.example.com/x")},
        {"onsite_apply_configuration": APPLY, "availability": "PUBLIC"},
        {"partner_job_campaign_id": "C-1"},
        {"company_job_code": "R-1", "company_description": "We build.", "work_remote_allowed": True},
        {"expire_at": int(time.time() * 1000) + 86_400_000 * 2},
        {"integration_context": "", "company_name": "Example"},
        {"integration_context": "", "company_page_url": "https://www.linkedin.com/company/example/"},
    ],
)
def test_what_our_rules_accept_simulated_linkedin_posts(
    client: LinkedInClient, linkedin: Linkedin, fields: dict[str, Any]
) -> None:
    """Two readings of the same pages must agree at least about what may be posted."""
    good = replace(BASIC, **{"description": "x" * 100, **fields})
    assert problems(good, now_ms=int(time.time() * 1000)) == []
    posted = send(client, Entry(key=good.external_job_posting_id, verb="CREATE", payload=good.to_wire()))
    assert set(news(posted).values()) == {News.SUBMITTED}
    linkedin.finish_tasks()
    assert set(news(poll(client, posted)).values()) == {News.ACCEPTED}


def test_closing_a_closed_job_alone_is_refused_as_a_whole(client: LinkedInClient, linkedin: Linkedin) -> None:
    linkedin.seed_posting("TS-1")
    send(client, entry("TS-1", verb="CLOSE"))
    linkedin.finish_tasks()
    with pytest.raises(Rejected) as caught:
        send(client, entry("TS-1", verb="CLOSE"))
    assert caught.value.status == 409


def test_a_revoked_token_is_replaced_once(client: LinkedInClient, linkedin: Linkedin) -> None:
    client.test()
    linkedin.revoke_tokens()
    answer = send(client, entry("TS-1"))
    assert news(answer) == {"TS-1": News.SUBMITTED}
    assert [exchange.status for exchange in answer.exchanges] == [401, 200]


def test_the_connection_test_tells_credentials_and_product_apart(client: LinkedInClient, linkedin: Linkedin) -> None:
    linkedin.next("missing_permission", endpoint="jobPostingStatus")
    with pytest.raises(Forbidden):
        client.test()
    linkedin.seed_application(client_id="sim-client", client_secret="changed")
    linkedin.revoke_tokens("sim-client")
    with pytest.raises(Unauthorized):
        client.test()


@pytest.mark.parametrize("unknown", ["not_listed", "missing", "error"])
def test_the_connection_test_passes_however_an_unknown_job_is_answered(
    client: LinkedInClient, linkedin: Linkedin, unknown: str
) -> None:
    linkedin.configure(unknown_status=unknown)
    client.test()


def test_an_answer_lost_after_the_job_was_posted_may_have_been_applied(
    client: LinkedInClient, linkedin: Linkedin
) -> None:
    linkedin.next("hang_up", applied=True, endpoint="simpleJobPostings")
    with pytest.raises(Unanswered) as caught:
        send(client, entry("TS-1", listedAt=int(time.time() * 1000) - 1000))
    assert caught.value.may_have_been_applied
    linkedin.finish_tasks()
    assert news(check(client, "TS-1")) == {"TS-1": News.LIVE}
