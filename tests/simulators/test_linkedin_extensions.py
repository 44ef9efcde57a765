"""Budgets, applying at LinkedIn and upgrades at simulated LinkedIn (linkedin.md 3.2, 3.4, 3.8, 9.2)."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.base.simulation.page import page
from connectors.linkedin.simulator import Linkedin
from tests.simulators.speaking import CONTRACT, LinkedinCaller, in_recruiter, job, premium

WEBHOOK = "https://ats.example.com/take"


def with_budget(external_id: str, operation: str = "CREATE", amount: Any = "500", **fields: Any) -> dict[str, Any]:
    budget = {"payForPerformanceTotalBudget": {"amount": amount, "currencyCode": "EUR"}}
    return job(external_id, operation, **{"contract": CONTRACT, "budget": budget, **fields})


def applied_for(external_id: str, operation: str = "CREATE", **parts: Any) -> dict[str, Any]:
    return job(external_id, operation, onsiteApplyConfiguration={"jobApplicationWebhookUrl": WEBHOOK, **parts})


def asks(*identifiers: str) -> dict[str, Any]:
    questions = [{"partnerQuestionIdentifier": each} for each in identifiers]
    return {"additionalQuestions": {"customQuestionSets": [{"questions": questions}]}}


def message(caller: LinkedinCaller, element: dict[str, Any]) -> str:
    answered = caller.elements(element)[0]
    assert answered["status"] == 422
    return str(answered["error"]["message"])


@pytest.mark.parametrize(
    ("element", "words"),
    [
        (with_budget("A", budget={}), "/budget/payForPerformanceTotalBudget :: field is required"),
        (
            with_budget("A", amount=500),
            "/budget/payForPerformanceTotalBudget/amount :: 500 cannot be coerced to String",
        ),
        (with_budget("A", amount="0"), '/amount :: "0" is not a valid amount'),
        (with_budget("A", budget="500 EUR"), "/budget :: value is not an object"),
        (with_budget("A", contract=...), "/contract :: field is required"),
        (in_recruiter("A", contract=CONTRACT, budget=with_budget("A")["budget"]), "/availability :: unrecognized"),
        (job("A", onsiteApplyConfiguration={}), "/onsiteApplyConfiguration/jobApplicationWebhookUrl :: field is"),
        (applied_for("A", jobApplicationWebhookUrl="ats.example.com"), "is not a valid URL"),
        (applied_for("A", jobApplicationWebhookUrl="https://x.ngrok.io"), "the webhook could not be validated"),
        (applied_for("A", questions=[]), "/onsiteApplyConfiguration/questions :: [] cannot be coerced to Record"),
        (applied_for("A", questions={"hobbies": {}}), "/questions/hobbies :: unrecognized field"),
        (applied_for("A", secret="x"), "/onsiteApplyConfiguration/secret :: unrecognized field"),
        (job("A", trackingPixelUrl="pixel"), '/trackingPixelUrl :: "pixel" is not a valid URL'),
        (job("A", posterEmail="poster"), '/posterEmail :: "poster" is not a valid e-mail address'),
        (in_recruiter("A", requisitionOwnerEmail="o"), '/requisitionOwnerEmail :: "o" is not a valid e-mail address'),
    ],
)
def test_what_is_wrong_is_named(caller: LinkedinCaller, element: dict[str, Any], words: str) -> None:
    assert words in message(caller, element)


def test_a_posting_with_a_budget_is_promoted_and_shown_so(linkedin: Linkedin, caller: LinkedinCaller) -> None:
    caller.post(with_budget("A"))
    assert caller.status("A")["promotionStatus"] == "PROMOTED"
    posting = linkedin.posting("A")
    assert posting is not None
    assert posting["fields"]["budget"]["payForPerformanceTotalBudget"]["amount"] == "500"
    assert "basic, budget 500 EUR" in page([linkedin]).body.decode()
    caller.post(with_budget("A", "CLOSE"))
    assert caller.status("A")["promotionStatus"] == "NOT_PROMOTED"


def test_a_customer_who_has_not_opted_in_pays_for_no_performance(linkedin: Linkedin, caller: LinkedinCaller) -> None:
    linkedin.configure(pay_for_performance=False)
    answer = caller.send(job("A"), with_budget("B"))
    assert (answer.status, answer.json()["message"]) == (
        403,
        "Caller is not authorized to access the fp4p contract",
    )
    assert caller.send(job("A")).status == 200


def test_a_contracts_budget_is_used_up(linkedin: Linkedin, caller: LinkedinCaller) -> None:
    linkedin.configure(lifetime_budget=1_000)
    caller.post(with_budget("A", amount="600"))
    answer = caller.send(with_budget("B", amount="500"))
    expected = f"Insufficient lifetime budget for contract: {CONTRACT}"
    assert (answer.status, answer.json()["message"]) == (402, expected)
    assert caller.send(with_budget("A", "UPDATE", amount="900")).status == 200
    assert caller.send(with_budget("A", "CLOSE", amount="900")).status == 200


def test_people_apply_at_linkedin_while_it_is_live(linkedin: Linkedin, caller: LinkedinCaller) -> None:
    caller.post(applied_for("A", questions=asks("q1", "q2")))
    assert caller.status("A")["linkedInApplyStatus"] == "ENABLED"
    assert "basic, apply at LinkedIn" in page([linkedin]).body.decode()
    assert WEBHOOK not in page([linkedin]).body.decode()
    caller.post(applied_for("A", "CLOSE"))
    assert caller.status("A")["linkedInApplyStatus"] == "NOT_ENABLED"


def test_a_question_that_stands_twice_leaves_the_post_without_applications(caller: LinkedinCaller) -> None:
    caller.post(applied_for("A", questions=asks("q1", "q1")))
    status = caller.status("A")
    assert (status["listingStatus"], status["linkedInApplyStatus"]) == ("LISTED", "NOT_ENABLED")
    assert status["linkedInApplyStatusDetail"]["errorType"] == "PARTNER_ERROR"


def test_apply_connect_needs_an_agreement_of_its_own(linkedin: Linkedin, caller: LinkedinCaller) -> None:
    linkedin.configure(apply_connect=False)
    answer = caller.send(job("A"), applied_for("B"))
    assert answer.status == 403
    assert answer.json()["message"].endswith("[/elements/onsiteApplyConfiguration]")
    assert caller.send(job("A")).status == 200


@pytest.mark.parametrize("several", ["before", "after"])
def test_only_a_job_with_one_location_is_upgraded(linkedin: Linkedin, caller: LinkedinCaller, several: str) -> None:
    """linkedin.md 3.2."""
    places = {"alternateLocations": ["Linz, Austria"]}
    caller.post(job("A", **(places if several == "before" else {})))
    urn = caller.post(premium("A", "UPDATE", **(places if several == "after" else {})))[0]
    assert caller.task(urn)["status"] == "FAILED"
    assert "single location" in caller.task(urn)["errorMessage"]
    caller.post(job("B"))
    urn = caller.post(premium("B", "UPDATE"))[0]
    assert caller.task(urn)["status"] == "SUCCEEDED"
