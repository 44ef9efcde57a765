"""Lists and rate limits of simulated Greenhouse v3 (greenhouse.md 2.4, 2.5, 2.6)."""

from __future__ import annotations

import pytest

from connectors.greenhouse.simulator import Greenhouse
from tests.simulators.speaking import GreenhouseCaller, next_path


def test_a_job_as_v3_shows_it(greenhouse: Greenhouse, admin: GreenhouseCaller) -> None:
    job_id = greenhouse.seed_job("R-1", name="Night nurse")
    row = admin.rows("/v3/jobs?requisition_id=R-1&status=open")[0]
    assert (row["id"], row["name"], row["status"], row["closed_at"]) == (job_id, "Night nurse", "open", None)
    assert row["created_at"].endswith("Z")
    assert "." in row["created_at"]
    assert {"department_id", "office_ids", "custom_fields", "confidential"} <= set(row)
    assert "openings" not in row


def test_an_opening_as_v3_shows_it(greenhouse: Greenhouse, admin: GreenhouseCaller) -> None:
    job_id = greenhouse.seed_job("R-1", openings=1, closed_openings=1)
    opened, closed = admin.rows(f"/v3/openings?job_ids={job_id}")
    assert (opened["open"], opened["closed_at"], opened["close_reason_id"]) == (True, None, None)
    assert (closed["open"], closed["close_reason_id"], closed["job_id"]) == (False, 512, job_id)
    assert opened["opening_id"] is None
    assert "status" not in opened


def test_requisition_ids_are_not_unique(greenhouse: Greenhouse, admin: GreenhouseCaller) -> None:
    ids = [greenhouse.seed_job("R-1"), greenhouse.seed_job("R-1"), greenhouse.seed_job("R-1", status="closed")]
    greenhouse.seed_job("R-2")
    assert [row["id"] for row in admin.rows("/v3/jobs?requisition_id=R-1")] == ids[::-1]
    assert [row["id"] for row in admin.rows("/v3/jobs?requisition_id=R-1&status=open")] == ids[1::-1]
    assert admin.rows("/v3/jobs?requisition_id=none") == []


def test_rows_come_by_falling_id(greenhouse: Greenhouse, admin: GreenhouseCaller) -> None:
    for number in range(3):
        greenhouse.seed_job(f"R-{number}")
    ids = [row["id"] for row in admin.rows("/v3/jobs")]
    assert ids == sorted(ids, reverse=True)


def test_no_row_is_read_alone_by_its_path(greenhouse: Greenhouse, admin: GreenhouseCaller) -> None:
    job_id = greenhouse.seed_job("R-1")
    assert admin.get(f"/v3/jobs/{job_id}").status == 404
    assert admin.get(f"/v3/jobs/{job_id}/openings").status == 404
    assert [row["id"] for row in admin.rows(f"/v3/jobs?ids={job_id}")] == [job_id]


def test_openings_of_many_jobs_and_only_the_open_ones(greenhouse: Greenhouse, admin: GreenhouseCaller) -> None:
    first = greenhouse.seed_job("R-1", openings=2, closed_openings=1)
    second = greenhouse.seed_job("R-2", openings=1)
    greenhouse.seed_job("R-3")
    rows = admin.rows(f"/v3/openings?job_ids={first},{second}&open=true")
    assert sorted(row["job_id"] for row in rows) == [first, first, second]
    assert len(admin.rows(f"/v3/openings?job_ids={first}&open=false")) == 1
    assert len(admin.rows(f"/v3/openings?job_ids={first}&close_reason_ids=512")) == 1
    assert len(admin.rows(f"/v3/openings?job_ids={first}&ids={rows[-1]['id']}")) == 1


def test_close_reasons(greenhouse: Greenhouse, admin: GreenhouseCaller) -> None:
    greenhouse.seed_close_reason(600, "Moved")
    names = {row["id"]: row["name"] for row in admin.rows("/v3/close_reasons")}
    assert names[600] == "Moved"
    assert any(name.startswith("Hire -") for name in names.values())


def test_users_are_shown_without_service_users(greenhouse: Greenhouse, admin: GreenhouseCaller) -> None:
    assert [row["id"] for row in admin.rows("/v3/users?ids=4410027")] == [4410027]
    shown, hidden = admin.rows("/v3/users?show_service_accounts=true"), admin.rows("/v3/users")
    assert len(shown) == len(hidden) + 1
    assert admin.rows("/v3/users?primary_email=user-4410027@example.com")[0]["site_admin"] is True


def test_chosen_fields(greenhouse: Greenhouse, admin: GreenhouseCaller) -> None:
    greenhouse.seed_job("R-1")
    assert set(admin.rows("/v3/jobs?fields=id,status")[0]) == {"id", "status"}


def test_pages_follow_a_cursor_that_keeps_the_filters(greenhouse: Greenhouse, admin: GreenhouseCaller) -> None:
    job_id = greenhouse.seed_job("R-1", openings=5)
    greenhouse.seed_job("R-2", openings=5)
    found, path, pages = [], f"/v3/openings?job_ids={job_id}&open=true&per_page=2", 0
    while path:
        answer = admin.get(path)
        found += [row["id"] for row in answer.json()]
        path, pages = next_path(answer), pages + 1
    assert found == [row["id"] for row in reversed(greenhouse.openings(job_id))]
    assert pages == 3


def test_there_is_only_a_next_page_and_none_after_the_last(greenhouse: Greenhouse, admin: GreenhouseCaller) -> None:
    greenhouse.seed_job("R-1", openings=2)
    first = admin.get("/v3/openings?per_page=1")
    assert first.header("link").count("rel=") == 1
    assert admin.get(next_path(first)).header("link") == ""
    assert admin.get("/v3/openings?per_page=2").header("link") == ""


def test_a_row_that_vanishes_between_pages_shifts_nothing(greenhouse: Greenhouse, admin: GreenhouseCaller) -> None:
    job_id = greenhouse.seed_job("R-1", openings=4)
    first = admin.get(f"/v3/openings?job_ids={job_id}&open=true&per_page=2")
    for row in first.json():
        assert admin.patch(row["id"], status="closed").status == 200
    assert len(admin.rows(next_path(first))) == 2


def test_a_cursor_stands_alone(greenhouse: Greenhouse, admin: GreenhouseCaller) -> None:
    greenhouse.seed_job("R-1", openings=2)
    path = next_path(admin.get("/v3/openings?per_page=1"))
    answer = admin.get(f"{path}&per_page=1")
    assert answer.status == 422
    assert answer.json() == {
        "message": "Unprocessable Content",
        "errors": ["When passing a cursor, do not include other query params."],
    }


def test_a_cursor_of_another_list(greenhouse: Greenhouse, admin: GreenhouseCaller) -> None:
    greenhouse.seed_job("R-1", openings=2)
    path = next_path(admin.get("/v3/openings?per_page=1"))
    assert admin.get(path.replace("openings", "jobs")).status == 422
    assert admin.get("/v3/jobs?cursor=made-up").status == 422


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("per_page=600", "per_page"),
        ("per_page=0", "per_page"),
        ("per_page=-1", "per_page"),
        ("per_page=many", "per_page"),
        ("ids=" + ",".join(map(str, range(51))), "ids"),
        ("ids=a", "ids"),
        ("status=opened", "status"),
        ("updated_after=2026-11-01T00:00:00Z", "updated_after"),
        ("job_id=1", "job_id"),
        ("confidential=maybe", "confidential"),
    ],
)
def test_parameters_that_are_refused(admin: GreenhouseCaller, query: str, field: str) -> None:
    answer = admin.get(f"/v3/jobs?{query}")
    assert answer.status == 422
    assert list(answer.json()["errors"][0]) == [field]


def test_per_page_is_refused_in_the_documents_words(admin: GreenhouseCaller) -> None:
    assert admin.get("/v3/jobs?per_page=600").json()["errors"] == [{"per_page": "`600` number is greater than: 500"}]


def test_a_parameter_stands_once(admin: GreenhouseCaller) -> None:
    assert admin.get("/v3/jobs?ids=1&ids=2").status == 422


def test_fifty_ids_are_allowed(admin: GreenhouseCaller) -> None:
    assert admin.get(f"/v3/openings?job_ids={','.join(map(str, range(50)))}").status == 200


def test_accounts_do_not_see_each_other(greenhouse: Greenhouse, admin: GreenhouseCaller) -> None:
    job_id = greenhouse.seed_job("R-1", account="elsewhere")
    opening_id = greenhouse.openings(job_id)[0]["id"]
    assert admin.rows("/v3/jobs?requisition_id=R-1") == []
    assert admin.rows(f"/v3/openings?job_ids={job_id}") == []
    assert admin.patch(opening_id, status="closed").status == 404


# Rate limits.


@pytest.mark.parametrize("path", ["/v3/jobs", "/v3/nothing", "/v3/jobs?per_page=0"])
def test_every_answer_tells_the_window(admin: GreenhouseCaller, path: str) -> None:
    answer = admin.get(path)
    assert answer.header("x-ratelimit-limit") == "75"
    assert int(answer.header("x-ratelimit-remaining")) == 74
    assert int(answer.header("x-ratelimit-reset")) % 30 == 0


def test_the_seventy_sixth_call_of_a_window_is_refused(greenhouse: Greenhouse, admin: GreenhouseCaller) -> None:
    greenhouse.clock.freeze()
    greenhouse.advance(30 - greenhouse.clock.now() % 30 + 10)
    statuses = [admin.get("/v3/jobs").status for _ in range(76)]
    assert statuses == [200] * 75 + [429]
    answer = admin.get("/v3/jobs")
    assert answer.header("retry-after") == "20"
    assert answer.header("x-ratelimit-remaining") == "0"
    greenhouse.advance(20)
    assert admin.get("/v3/jobs").status == 200


def test_the_limit_can_be_set(greenhouse: Greenhouse, admin: GreenhouseCaller) -> None:
    greenhouse.clock.freeze()
    greenhouse.configure(v3_limit=1, v3_window_seconds=3600)
    assert [admin.get("/v3/jobs").status for _ in range(2)] == [200, 429]
