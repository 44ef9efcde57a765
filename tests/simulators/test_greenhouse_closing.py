"""Closing openings through v3, and what becomes of the job (greenhouse.md 3)."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.base.simulation import SimulatedRequest
from connectors.greenhouse.simulator import Greenhouse
from tests.simulators.speaking import GreenhouseCaller


def test_a_closed_opening_comes_back_whole(greenhouse: Greenhouse, admin: GreenhouseCaller) -> None:
    job_id = greenhouse.seed_job("R-1", openings=2)
    opening_id = greenhouse.openings(job_id)[0]["id"]
    answer = admin.patch(opening_id, status="closed", close_reason_id=512)
    row = answer.json()
    assert (answer.status, row["id"], row["open"], row["close_reason_id"]) == (200, opening_id, False, 512)
    assert row["closed_at"] is not None


def test_a_close_reason_is_optional(greenhouse: Greenhouse, admin: GreenhouseCaller) -> None:
    opening_id = greenhouse.openings(greenhouse.seed_job("R-1"))[0]["id"]
    assert admin.patch(opening_id, status="closed").json()["close_reason_id"] is None


def test_the_last_opening_closes_the_job(greenhouse: Greenhouse, admin: GreenhouseCaller) -> None:
    job_id = greenhouse.seed_job("R-1", openings=2, live_posts=2, active_applications=5)
    first, last = greenhouse.open_openings(job_id)
    admin.patch(first["id"], status="closed")
    job = greenhouse.job(job_id)
    assert job is not None
    assert (job["status"], job["closed_at"]) == ("open", None)
    assert all(post["live"] for post in job["posts"])
    admin.patch(last["id"], status="closed")
    assert admin.rows(f"/v3/jobs?ids={job_id}")[0]["status"] == "closed"
    assert admin.rows(f"/v3/jobs?ids={job_id}")[0]["closed_at"] is not None


def test_posts_vanish_and_applications_stay_active(greenhouse: Greenhouse, admin: GreenhouseCaller) -> None:
    job_id = greenhouse.seed_job("R-1", openings=1, live_posts=2, active_applications=5)
    admin.patch(greenhouse.openings(job_id)[0]["id"], status="closed")
    job = greenhouse.job(job_id)
    assert job is not None
    assert [post["live"] for post in job["posts"]] == [False, False]
    assert job["active_applications"] == 5


def test_an_opening_added_meanwhile_keeps_the_job_open(greenhouse: Greenhouse, admin: GreenhouseCaller) -> None:
    job_id = greenhouse.seed_job("R-1", openings=1)
    greenhouse.add_opening(job_id)
    admin.patch(greenhouse.openings(job_id)[0]["id"], status="closed")
    assert greenhouse.job(job_id)["status"] == "open"  # type: ignore[index]


def test_a_hire_elsewhere_may_close_the_job(greenhouse: Greenhouse) -> None:
    job_id = greenhouse.seed_job("R-1", openings=1)
    greenhouse.close_opening(greenhouse.openings(job_id)[0]["id"])
    assert greenhouse.job(job_id)["status"] == "closed"  # type: ignore[index]


def test_closing_again_changes_no_moment(greenhouse: Greenhouse, admin: GreenhouseCaller) -> None:
    opening_id = greenhouse.openings(greenhouse.seed_job("R-1"))[0]["id"]
    first = admin.patch(opening_id, status="closed", close_reason_id=512).json()["closed_at"]
    greenhouse.advance(60)
    again = admin.patch(opening_id, status="closed", close_reason_id=512)
    assert (again.status, again.json()["closed_at"]) == (200, first)


def test_closing_again_may_be_refused(greenhouse: Greenhouse, admin: GreenhouseCaller) -> None:
    greenhouse.configure(closed_twice="refuse")
    opening_id = greenhouse.openings(greenhouse.seed_job("R-1"))[0]["id"]
    assert [admin.patch(opening_id, status="closed").status for _ in range(2)] == [200, 422]


def test_reopening_opens_the_job_again(greenhouse: Greenhouse, admin: GreenhouseCaller) -> None:
    job_id = greenhouse.seed_job("R-1", openings=1)
    opening_id = greenhouse.openings(job_id)[0]["id"]
    admin.patch(opening_id, status="closed")
    assert admin.patch(opening_id, status="open").json()["open"] is True
    assert greenhouse.job(job_id)["status"] == "open"  # type: ignore[index]


def test_an_opening_id_in_the_body_renames_the_opening(greenhouse: Greenhouse, admin: GreenhouseCaller) -> None:
    opening_id = greenhouse.openings(greenhouse.seed_job("R-1"))[0]["id"]
    assert admin.patch(opening_id, status="closed", opening_id=str(opening_id)).json()["opening_id"] == str(opening_id)


@pytest.mark.parametrize(
    ("content", "field"),
    [
        ({"open": False}, "open"),
        ({"status": "close"}, "status"),
        ({"status": True}, "status"),
        ({"close_reason_id": 512}, "close_reason_id"),
        ({"status": "open", "close_reason_id": 512}, "close_reason_id"),
        ({"status": "closed", "close_reason_id": 999}, "close_reason_id"),
        ({"status": "closed", "close_reason_id": "512"}, "close_reason_id"),
        ({"status": "closed", "reason": "done"}, "reason"),
        ({"status": "closed", "job_id": 1}, "job_id"),
        ({"status": "closed", "opening_id": 7}, "opening_id"),
        ({"status": "closed", "custom_fields": {}}, "custom_fields"),
    ],
)
def test_bodies_that_are_refused(
    greenhouse: Greenhouse, admin: GreenhouseCaller, content: dict[str, Any], field: str
) -> None:
    job_id = greenhouse.seed_job("R-1")
    answer = admin.patch(greenhouse.openings(job_id)[0]["id"], **content)
    assert answer.status == 422
    assert answer.json()["message"] == "Unprocessable Content"
    assert list(answer.json()["errors"][0]) == [field]
    assert len(greenhouse.open_openings(job_id)) == 3


def test_the_right_job_id_may_be_sent_along(greenhouse: Greenhouse, admin: GreenhouseCaller) -> None:
    job_id = greenhouse.seed_job("R-1")
    assert admin.patch(greenhouse.openings(job_id)[0]["id"], status="closed", job_id=job_id).status == 200


@pytest.mark.parametrize(
    ("body", "kind"), [(b"{", "application/json"), (b"[]", "application/json"), (b'{"status": "closed"}', "text/plain")]
)
def test_a_body_that_is_no_json_object(greenhouse: Greenhouse, admin: GreenhouseCaller, body: bytes, kind: str) -> None:
    opening_id = greenhouse.openings(greenhouse.seed_job("R-1"))[0]["id"]
    headers = {"authorization": f"Bearer {admin.token}", "content-type": kind}
    request = SimulatedRequest(method="PATCH", path=f"/v3/openings/{opening_id}", headers=headers, body=body)
    assert greenhouse.handle(request).status == 400


def test_an_unknown_opening(admin: GreenhouseCaller) -> None:
    answer = admin.patch(1, status="closed")
    assert (answer.status, answer.json()) == (404, {"message": "Resource not found"})


def test_an_acting_user_who_may_not_edit_jobs(greenhouse: Greenhouse) -> None:
    greenhouse.seed_user(5, may_edit_jobs=False)
    caller = GreenhouseCaller(greenhouse)
    caller.log_in(sub="5")
    opening_id = greenhouse.openings(greenhouse.seed_job("R-1"))[0]["id"]
    assert caller.patch(opening_id, status="closed").status == 403


def test_a_job_has_no_status_to_patch(greenhouse: Greenhouse, admin: GreenhouseCaller) -> None:
    job_id = greenhouse.seed_job("R-1")
    assert admin.call("PATCH", f"/v3/jobs/{job_id}", content={"status": "closed"}).status == 404


def test_a_job_without_openings_stays_open(greenhouse: Greenhouse, admin: GreenhouseCaller) -> None:
    job_id = greenhouse.seed_job("R-1", openings=0)
    assert admin.rows(f"/v3/openings?job_ids={job_id}") == []
    assert admin.rows("/v3/jobs?requisition_id=R-1")[0]["status"] == "open"


def test_what_is_not_there_cannot_be_changed(greenhouse: Greenhouse) -> None:
    with pytest.raises(ValueError, match="no job 1"):
        greenhouse.add_opening(1)
    with pytest.raises(ValueError, match="no opening 1"):
        greenhouse.close_opening(1)


def test_a_known_job_is_not_seeded_twice(greenhouse: Greenhouse) -> None:
    first = greenhouse.seed_job("R-1", unless_known=True)
    assert greenhouse.seed_job("R-1", unless_known=True) == first
    assert greenhouse.seed_job("R-1") != first
