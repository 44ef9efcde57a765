"""Simulated Harvest v1, the legacy way (greenhouse.md 1, 3.2; seed 004)."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from connectors.base.simulation import SimulatedRequest
from connectors.greenhouse.simulator import Greenhouse
from tests.simulators.speaking import GreenhouseCaller, next_path


@pytest.fixture
def legacy(greenhouse: Greenhouse) -> GreenhouseCaller:
    return GreenhouseCaller(greenhouse)


def _basic(text: str) -> dict[str, str]:
    return {"authorization": f"Basic {base64.b64encode(text.encode()).decode()}"}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"authorization": "Bearer sim-key"}, 401),
        (_basic("wrong:"), 401),
        (_basic("sim-key:password"), 401),
        (_basic("sim-key"), 400),
        ({"authorization": "Basic sim-key:"}, 400),
    ],
    ids=["none", "bearer", "wrong", "password", "no colon", "no base64"],
)
def test_the_key_is_the_user_name_and_the_password_is_blank(
    greenhouse: Greenhouse, headers: dict[str, str], status: int
) -> None:
    answer = greenhouse.handle(SimulatedRequest(method="GET", path="/v1/jobs", headers=headers))
    assert answer.status == status
    if status == 401:
        assert answer.json() == {"message": "Invalid Basic Auth credentials"}


def test_the_key_is_checked_before_the_address(greenhouse: Greenhouse, legacy: GreenhouseCaller) -> None:
    assert greenhouse.handle(SimulatedRequest(method="GET", path="/v1/nothing")).status == 401
    assert legacy.v1("GET", "/v1/nothing").json() == {"message": "Resource not found"}


@pytest.mark.parametrize(
    ("method", "path", "permission"),
    [
        ("GET", "/v1/jobs", "jobs:list"),
        ("GET", "/v1/jobs/71001", "jobs:list"),
        ("GET", "/v1/jobs/71001/openings", "openings:list"),
        ("GET", "/v1/close_reasons", "close_reasons:list"),
    ],
)
def test_permissions_are_per_endpoint(
    greenhouse: Greenhouse, legacy: GreenhouseCaller, method: str, path: str, permission: str
) -> None:
    greenhouse.seed_job("R-1")
    greenhouse.seed_key(permissions=[permission])
    assert legacy.v1(method, path).status == 200
    greenhouse.seed_key(permissions=[])
    assert legacy.v1(method, path).status == 403


def test_a_get_with_a_body_is_refused(legacy: GreenhouseCaller) -> None:
    assert legacy.v1("GET", "/v1/jobs", content={}).status == 403


def test_jobs_by_requisition_id(greenhouse: Greenhouse, legacy: GreenhouseCaller) -> None:
    job_id = greenhouse.seed_job("R-1", openings=1)
    greenhouse.seed_job("R-2")
    row = legacy.v1("GET", "/v1/jobs?requisition_id=R-1").json()[0]
    assert (row["id"], row["status"], len(row["openings"])) == (job_id, "open", 1)
    assert legacy.v1("GET", f"/v1/jobs/{job_id}").json() == row
    assert legacy.v1("GET", "/v1/jobs/1").status == 404


def test_jobs_by_status(greenhouse: Greenhouse, legacy: GreenhouseCaller) -> None:
    for status in ("open", "draft", "closed"):
        greenhouse.seed_job("R-1", status=status, openings=0)
    for status in ("open", "draft", "closed"):
        rows = legacy.v1("GET", f"/v1/jobs?requisition_id=R-1&status={status}").json()
        assert [row["status"] for row in rows] == [status]


def test_one_opening_by_its_pair(greenhouse: Greenhouse, legacy: GreenhouseCaller) -> None:
    job_id, other_id = greenhouse.seed_job("R-1"), greenhouse.seed_job("R-2")
    opening_id = greenhouse.openings(job_id)[0]["id"]
    assert legacy.v1("GET", f"/v1/jobs/{job_id}/openings/{opening_id}").json()["status"] == "open"
    assert legacy.v1("GET", f"/v1/jobs/{other_id}/openings/{opening_id}").status == 404
    assert legacy.v1("GET", "/v1/jobs/1/openings").status == 404


def test_a_body_that_is_no_object(greenhouse: Greenhouse, legacy: GreenhouseCaller) -> None:
    job_id = greenhouse.seed_job("R-1")
    path = f"/v1/jobs/{job_id}/openings/{greenhouse.openings(job_id)[0]['id']}"
    assert legacy.v1("PATCH", path, content=[], **{"on-behalf-of": "4410027"}).status == 400


def test_moments_come_with_and_without_milliseconds(greenhouse: Greenhouse, legacy: GreenhouseCaller) -> None:
    greenhouse.seed_job("R-1", openings=1)
    row = legacy.v1("GET", "/v1/jobs").json()[0]
    assert "." not in row["opened_at"]
    assert "." in row["openings"][0]["opened_at"]


def test_an_unknown_openings_filter_filters_nothing(greenhouse: Greenhouse, legacy: GreenhouseCaller) -> None:
    job_id = greenhouse.seed_job("R-1", openings=2, closed_openings=1)
    counts = {
        value: len(legacy.v1("GET", f"/v1/jobs/{job_id}/openings?status={value}").json())
        for value in ("opened", "closed", "open")
    }
    assert counts == {"opened": 2, "closed": 1, "open": 3}


def test_an_opening_as_v1_shows_it(greenhouse: Greenhouse, legacy: GreenhouseCaller) -> None:
    job_id = greenhouse.seed_job("R-1", openings=1, closed_openings=1)
    closed, opened = legacy.v1("GET", f"/v1/jobs/{job_id}/openings").json()
    assert (closed["status"], closed["close_reason"]) == ("closed", {"id": 512, "name": "On Hold"})
    assert opened["status"] == "open"
    assert "close_reason" not in opened
    assert "open" not in opened


def test_closing_answers_with_a_text(greenhouse: Greenhouse, legacy: GreenhouseCaller) -> None:
    job_id = greenhouse.seed_job("R-1", openings=1)
    opening_id = greenhouse.openings(job_id)[0]["id"]
    answer = legacy.v1_patch(job_id, opening_id, status="closed", close_reason_id=512)
    assert (answer.status, answer.json()) == (200, {"success": "true"})
    assert legacy.v1("GET", f"/v1/jobs/{job_id}").json()["status"] == "closed"


@pytest.mark.parametrize("user", ["", "1", "somebody@example.com"])
def test_a_write_names_an_existing_user_by_number(greenhouse: Greenhouse, legacy: GreenhouseCaller, user: str) -> None:
    job_id = greenhouse.seed_job("R-1")
    answer = legacy.v1_patch(job_id, greenhouse.openings(job_id)[0]["id"], user=user, status="closed")
    assert (answer.status, answer.json()) == (404, {"message": "Resource not found"})


def test_the_named_user_needs_rights(greenhouse: Greenhouse, legacy: GreenhouseCaller) -> None:
    greenhouse.seed_user(5, may_edit_jobs=False)
    job_id = greenhouse.seed_job("R-1")
    assert legacy.v1_patch(job_id, greenhouse.openings(job_id)[0]["id"], user="5", status="closed").status == 403


def test_a_wrong_pair_of_job_and_opening(greenhouse: Greenhouse, legacy: GreenhouseCaller) -> None:
    first, second = greenhouse.seed_job("R-1"), greenhouse.seed_job("R-2")
    assert legacy.v1_patch(first, greenhouse.openings(second)[0]["id"], status="closed").status == 404


@pytest.mark.parametrize(
    ("content", "field"),
    [
        ({"status": "shut"}, "status"),
        ({"close_reason_id": 512}, "close_reason_id"),
        ({"status": "closed", "close_reason_id": 1}, "close_reason_id"),
        ({"status": "closed", "job_id": 1}, "job_id"),
    ],
)
def test_validation_errors_name_the_field(
    greenhouse: Greenhouse, legacy: GreenhouseCaller, content: dict[str, Any], field: str
) -> None:
    job_id = greenhouse.seed_job("R-1")
    answer = legacy.v1_patch(job_id, greenhouse.openings(job_id)[0]["id"], **content)
    assert (answer.status, answer.json()["message"]) == (422, "Validation error")
    assert answer.json()["errors"][0]["field"] == field


def test_an_opening_id_renames_in_v1_too(greenhouse: Greenhouse, legacy: GreenhouseCaller) -> None:
    job_id = greenhouse.seed_job("R-1")
    legacy.v1_patch(job_id, greenhouse.openings(job_id)[0]["id"], opening_id="4542441002")
    assert greenhouse.openings(job_id)[0]["opening_id"] == "4542441002"


def test_pages_of_jobs_by_number(greenhouse: Greenhouse, legacy: GreenhouseCaller) -> None:
    for number in range(5):
        greenhouse.seed_job(f"R-{number}", openings=0)
    second = legacy.v1("GET", "/v1/jobs?per_page=2&page=2")
    assert [next_path(second, name) for name in ("next", "prev", "last")] == [
        "/v1/jobs?per_page=2&page=3",
        "/v1/jobs?per_page=2&page=1",
        "/v1/jobs?per_page=2&page=3",
    ]
    assert next_path(legacy.v1("GET", "/v1/jobs?per_page=2&page=3")) == ""
    assert legacy.v1("GET", "/v1/jobs").header("link") == ""


def test_skip_count_leaves_out_the_last_page(greenhouse: Greenhouse, legacy: GreenhouseCaller) -> None:
    for number in range(3):
        greenhouse.seed_job(f"R-{number}", openings=0)
    answer = legacy.v1("GET", "/v1/jobs?per_page=1&skip_count=true")
    assert next_path(answer, "last") == ""
    assert next_path(answer) == "/v1/jobs?per_page=1&skip_count=true&page=2"


def test_pages_of_openings_by_the_last_id(greenhouse: Greenhouse, legacy: GreenhouseCaller) -> None:
    job_id = greenhouse.seed_job("R-1", openings=3)
    found, path = [], f"/v1/jobs/{job_id}/openings?per_page=1&page=3"
    while path:
        answer = legacy.v1("GET", path)
        found += [row["id"] for row in answer.json()]
        path = next_path(answer)
        assert not path or ("since_id=" in path and "page=3" not in path)
        assert "prev" not in answer.header("link")
    assert found == [row["id"] for row in greenhouse.openings(job_id)]


@pytest.mark.parametrize("query", ["per_page=501", "per_page=0", "page=0", "per_page=x"])
def test_pages_out_of_range(legacy: GreenhouseCaller, query: str) -> None:
    assert legacy.v1("GET", f"/v1/jobs?{query}").status == 422


def test_the_window_is_ten_seconds_and_reset_comes_with_a_429_only(
    greenhouse: Greenhouse, legacy: GreenhouseCaller
) -> None:
    greenhouse.clock.freeze()
    greenhouse.advance(10 - greenhouse.clock.now() % 10 + 4)
    answers = [legacy.v1("GET", "/v1/jobs") for _ in range(51)]
    assert [answer.status for answer in answers] == [200] * 50 + [429]
    assert answers[0].header("x-ratelimit-limit") == "50"
    assert answers[0].header("x-ratelimit-remaining") == "49"
    assert answers[0].header("x-ratelimit-reset") == ""
    assert answers[50].json() == {"message": "Rate limit exceeded"}
    assert (answers[50].header("retry-after"), answers[50].header("x-ratelimit-remaining")) == ("6", "0")
    assert answers[50].header("x-ratelimit-reset") != ""
    greenhouse.advance(6)
    assert legacy.v1("GET", "/v1/jobs").status == 200


def test_the_acting_user_can_be_looked_up(legacy: GreenhouseCaller) -> None:
    assert legacy.v1("GET", "/v1/users/4410027").json()["site_admin"] is True
    assert legacy.v1("GET", "/v1/users/1").status == 404
