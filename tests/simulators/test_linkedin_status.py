"""`jobPostingStatus` and the life of a posting by the vendor's clock (linkedin.md 3.2, 3.3, 3.11)."""

from __future__ import annotations

import pytest

from connectors.base.simulation import DAY_SECONDS
from connectors.linkedin.simulator import Linkedin
from tests.simulators.speaking import LinkedinCaller, in_recruiter, job, premium


def test_a_live_posting_with_everything_that_is_told(linkedin: Linkedin, caller: LinkedinCaller) -> None:
    urn = caller.post(job("A", alternateLocations=["Linz, Austria"]))[0]
    number = caller.task(urn)["jobPosting"].rpartition(":")[2]
    status = caller.status("A")
    assert status["listingStatus"] == "LISTED"
    assert status["linkedInApplyStatus"] == "NOT_ENABLED"
    assert status["promotionStatus"] == "NOT_PROMOTED"
    assert status["jobPostingUrl"] == f"https://www.linkedin.com/jobs/view/{number}"
    assert status["jobPostingInfo"]["visibilityTag"] == "PUBLIC"
    assert status["jobPostingInfo"]["alternateLocations"] == ["Linz, Austria"]
    assert status["rawLocation"] == "Graz, Austria"
    assert set(status["jobPostingInfo"]) >= {"expireAt", "listedAt", "location", "companyDetails"}


def test_a_premium_posting_is_promoted_while_it_is_live(linkedin: Linkedin, caller: LinkedinCaller) -> None:
    caller.post(premium("A"))
    assert caller.status("A")["promotionStatus"] == "PROMOTED"
    caller.post(premium("A", "CLOSE"))
    assert caller.status("A")["promotionStatus"] == "NOT_PROMOTED"


def test_a_private_posting_has_no_public_address(caller: LinkedinCaller) -> None:
    caller.post(in_recruiter("A"))
    status = caller.status("A")
    assert (status["listingStatus"], status["jobPostingInfo"]["visibilityTag"]) == ("LISTED", "PRIVATE")
    assert "jobPostingUrl" not in status


def test_a_posting_on_its_way_is_in_progress(linkedin: Linkedin, caller: LinkedinCaller) -> None:
    caller.send(job("A"))
    assert caller.status("A")["listingStatus"] == "IN_PROGRESS"


def test_a_closed_posting_is_not_listed_and_says_why(caller: LinkedinCaller) -> None:
    caller.post(job("A"))
    caller.post(job("A", "CLOSE"))
    status = caller.status("A")
    assert (status["listingStatus"], status["listingStatusDetail"]["errorType"]) == ("NOT_LISTED", "CUSTOMER_ERROR")
    assert isinstance(status["listingStatusDetail"]["errorCode"], int)


def test_a_posting_that_linkedin_took_down(linkedin: Linkedin, caller: LinkedinCaller) -> None:
    caller.post(job("A"))
    linkedin.remove("A", reason="The job was manually taken down")
    detail = caller.status("A")["listingStatusDetail"]
    assert (detail["errorType"], detail["statusMessage"]) == ("LINKEDIN_ERROR", "The job was manually taken down")
    assert caller.send(job("A", "CLOSE")).status == 409


@pytest.mark.parametrize(
    ("setting", "in_results", "in_errors"),
    [("not_listed", True, False), ("missing", False, False), ("error", False, True)],
)
def test_an_id_that_was_never_posted(
    linkedin: Linkedin, caller: LinkedinCaller, setting: str, in_results: bool, in_errors: bool
) -> None:
    linkedin.configure(unknown_status=setting)
    answer = caller.get("/v2/jobPostingStatus?ids=never").json()
    assert ("never" in answer["results"], "never" in answer["errors"]) == (in_results, in_errors)


def test_a_record_can_be_left_out_of_the_answer(linkedin: Linkedin, caller: LinkedinCaller) -> None:
    linkedin.next("forget", match="B", endpoint="jobPostingStatus")
    answer = caller.get("/v2/jobPostingStatus?ids=A&ids=B&ids=C").json()
    assert list(answer["results"]) == ["A", "C"]


def test_at_most_a_hundred_ids(caller: LinkedinCaller) -> None:
    query = "&".join(f"ids={number}" for number in range(101))
    answer = caller.get(f"/v2/jobPostingStatus?{query}")
    assert answer.status == 400
    assert "The request batch size: 101 is larger than the allowed max batch size: 100" in answer.json()["message"]


@pytest.mark.parametrize(("build", "days"), [(job, 180), (premium, 30)])
def test_postings_expire_by_themselves(linkedin: Linkedin, caller: LinkedinCaller, build: object, days: int) -> None:
    assert callable(build)
    caller.post(build("A"))
    linkedin.advance(days * DAY_SECONDS - 60)
    caller.log_in()
    assert caller.status("A")["listingStatus"] == "LISTED"
    linkedin.advance(60)
    assert caller.status("A")["listingStatus"] == "NOT_LISTED"
    assert linkedin.posting("A")["status"] == "EXPIRED"  # type: ignore[index]


def test_expire_at_wins_over_the_usual_end(linkedin: Linkedin, caller: LinkedinCaller) -> None:
    end = linkedin.clock.milliseconds() + 5 * DAY_SECONDS * 1000
    caller.post(job("A", expireAt=end))
    assert caller.status("A")["jobPostingInfo"]["expireAt"] == end


def test_a_renewal_adds_thirty_days(caller: LinkedinCaller) -> None:
    caller.post(job("A"))
    before = caller.status("A")["jobPostingInfo"]["expireAt"]
    caller.post(job("A", "RENEW"))
    assert caller.status("A")["jobPostingInfo"]["expireAt"] == before + 30 * DAY_SECONDS * 1000


def test_an_upgrade_starts_thirty_days_anew(linkedin: Linkedin, caller: LinkedinCaller) -> None:
    caller.post(job("A"))
    caller.post(premium("A", "UPDATE"))
    left = caller.status("A")["jobPostingInfo"]["expireAt"] - linkedin.clock.milliseconds()
    assert 29 * DAY_SECONDS * 1000 < left <= 30 * DAY_SECONDS * 1000


def test_what_is_not_there_cannot_be_removed(linkedin: Linkedin) -> None:
    with pytest.raises(ValueError, match="no posting A"):
        linkedin.remove("A")


def test_a_posting_from_elsewhere_is_live_and_can_be_closed(linkedin: Linkedin, caller: LinkedinCaller) -> None:
    linkedin.seed_posting("X-1")
    assert caller.status("X-1")["listingStatus"] == "LISTED"
    caller.post(job("X-1", "CLOSE"))
    assert caller.status("X-1")["listingStatus"] == "NOT_LISTED"


def test_postings_of_another_application_are_not_seen(linkedin: Linkedin, caller: LinkedinCaller) -> None:
    linkedin.seed_application(client_id="other")
    linkedin.seed_posting("X-1", client_id="other")
    assert caller.status("X-1")["listingStatus"] == "NOT_LISTED"
