"""Lists: paging that breaks is never taken for the end, rows are read strictly (greenhouse.md 1.4, 2.5, 7)."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.base.errors import Rejected, Unanswered
from connectors.base.resource import Entry
from connectors.base.results import News, Outcome
from connectors.base.tokens import FixedToken
from connectors.greenhouse.client import GreenhouseClient
from tests.connectors.greenhouse.far_end import URL, FarEnd, Said, bare, job_row, opening_row, said


def check(far: FarEnd, *, api: str = "v3", **payload: Any) -> Outcome:
    wanted = payload or {"requisition_id": "R-1"}
    return far.client(api=api).resources["jobs"].check([Entry(key="J", payload=wanted)]).outcomes["J"]


def page(rows: list[Any], link: str) -> Said:
    return said(rows, headers={"Link": link})


def next_page(cursor: str) -> str:
    return f'<{URL}/v3/openings?cursor={cursor}>; rel="next"'


def test_the_next_link_is_followed_verbatim_and_with_nothing_beside_the_cursor() -> None:
    far = FarEnd(
        said([job_row()]),
        page([opening_row(3)], next_page("b%2Bc%3D")),
        page([opening_row(2)], next_page("d")),
        said([opening_row(1)]),
    )
    assert check(far).facts["open_openings"] == 3
    assert far.paths[2:] == ["GET /v3/openings?cursor=b%2Bc%3D", "GET /v3/openings?cursor=d"]


def test_v1_follows_next_and_knows_last_when_it_sees_prev_only() -> None:
    rows = [{"id": n, "status": "open"} for n in (1, 2)]
    first = f'<{URL}/v1/jobs/71002/openings?since_id=1>; rel="next", <{URL}/v1/x>; rel="last"'
    far = FarEnd(
        said([job_row()]),
        page(rows[:1], first),
        page(rows[1:], f'<{URL}/v1/jobs/71002/openings>; rel="prev"'),
    )
    assert check(far, api="v1").facts["total_openings"] == 2


def test_a_base_url_may_carry_a_path_and_links_stay_below_it() -> None:
    base = "http://127.0.0.1:8900/greenhouse"
    link = f'<{base}/v3/openings?cursor=b>; rel="next"'
    far = FarEnd(said([job_row()]), page([opening_row(2)], link), said([opening_row(1)]))
    client = GreenhouseClient(transport=far.transport(base), tokens=FixedToken("t"), api="v3", acting_user_id="4410027")
    client.resources["jobs"].check([Entry(key="J", payload={"requisition_id": "R-1"})])
    assert far.paths[-1] == "GET /v3/openings?cursor=b"


@pytest.mark.parametrize(
    ("second", "error"),
    [
        (bare(500), Unanswered),
        (bare(200, b"<html>"), Unanswered),
        (bare(200), Unanswered),
        (said({"message": "Resource not found"}, status=404), Rejected),
        (said({"errors": ["When passing a cursor, do not include other query params."]}, status=422), Rejected),
    ],
)
def test_a_page_that_fails_fails_the_list(second: Said, error: type[Exception]) -> None:
    far = FarEnd(said([job_row()]), page([opening_row(1)], next_page("b")), second)
    with pytest.raises(error):
        check(far)


@pytest.mark.parametrize(
    "link",
    [
        '<https://elsewhere.example.com/v3/openings?cursor=b>; rel="next"',
        '<http://harvest.example.com/v3/openings?cursor=b>; rel="next"',
        '<//elsewhere.example.com/v3/openings?cursor=b>; rel="next"',
        "what is this",
    ],
    ids=["another host", "another scheme", "another host without a scheme", "not a link"],
)
def test_a_link_that_leads_elsewhere_is_not_followed(link: str) -> None:
    far = FarEnd(said([job_row()]), page([opening_row(1)], link))
    with pytest.raises(Unanswered) as caught:
        check(far)
    assert len(far.requests) == 2
    assert caught.value.exchange is not None


def test_a_list_that_turns_in_circles_is_no_answer() -> None:
    pages = [page([opening_row(1)], next_page(cursor)) for cursor in ("b", "c", "b")]
    with pytest.raises(Unanswered):
        check(FarEnd(said([job_row()]), *pages))


def test_a_row_that_two_pages_show_counts_once() -> None:
    far = FarEnd(said([job_row()]), page([opening_row(2), opening_row(1)], next_page("b")), said([opening_row(1)]))
    assert check(far).facts["total_openings"] == 2


@pytest.mark.parametrize("name", ["id", "name", "requisition_id", "status", "closed_at"])
def test_a_field_missing_in_all_jobs_is_an_error(name: str) -> None:
    rows = [{key: value for key, value in job_row(n).items() if key != name} for n in (1, 2)]
    with pytest.raises(Unanswered, match=name):
        check(FarEnd(said(rows)))


def test_a_nullable_field_missing_in_one_job_is_not() -> None:
    sparse = job_row(2, requisition_id="R-2")
    del sparse["closed_at"]
    assert check(FarEnd(said([job_row(), sparse]), said([opening_row(1)]))).news is News.LIVE


@pytest.mark.parametrize("name", ["id", "job_id", "open"])
def test_a_field_missing_in_all_openings_is_an_error(name: str) -> None:
    """v3 shows a boolean `open` where v1 showed `status`; reading the old key would silently see nothing."""
    row = opening_row(1)
    del row[name]
    with pytest.raises(Unanswered, match=name):
        check(FarEnd(said([job_row()]), said([row])))


@pytest.mark.parametrize(
    "changes",
    [{"id": "71002"}, {"id": True}, {"status": "paused"}, {"status": None}, {"closed_at": "yesterday"}, {"name": 7}],
    ids=str,
)
def test_a_job_with_a_value_of_the_wrong_kind_is_an_error(changes: dict[str, Any]) -> None:
    with pytest.raises(Unanswered):
        check(FarEnd(said([job_row(**changes)])))


@pytest.mark.parametrize("row", [opening_row(1, open="true"), opening_row(1, open=None), "opening"], ids=str)
def test_an_opening_that_is_neither_open_nor_closed_is_an_error(row: Any) -> None:
    with pytest.raises(Unanswered):
        check(FarEnd(said([job_row()]), said([row])))


@pytest.mark.parametrize("status", ["draft", "opened", None])
def test_a_v1_opening_is_open_or_closed(status: str | None) -> None:
    with pytest.raises(Unanswered):
        check(FarEnd(said([job_row()]), said([{"id": 1, "status": status}])), api="v1")


@pytest.mark.parametrize(
    ("said_at", "read_as"),
    [
        ("2026-11-02T08:00:40Z", "2026-11-02T08:00:40+00:00"),
        ("2026-11-02T08:00:40.985Z", "2026-11-02T08:00:40.985000+00:00"),
        ("2026-11-02T09:00:40+01:00", "2026-11-02T08:00:40+00:00"),
    ],
)
def test_moments_are_read_with_and_without_milliseconds(said_at: str, read_as: str) -> None:
    far = FarEnd(said([job_row(status="closed", closed_at=said_at)]), said([opening_row(1, is_open=False)]))
    assert check(far).facts["closed_at"] == read_as


@pytest.mark.parametrize("api", ["v3", "v1"])
def test_a_filter_that_the_vendor_ignores_closes_no_stranger(api: str) -> None:
    """An unknown filter value returns everything (greenhouse.md 3.2), so the requisition id is compared here too."""
    assert (
        check(FarEnd(said([job_row(requisition_id="R-11"), job_row(2, requisition_id=None)])), api=api).news
        is News.GONE
    )


def test_ids_that_were_not_asked_for_are_not_believed() -> None:
    assert check(FarEnd(said([job_row(5)])), greenhouse_job_id=71002).facts == {"found": False}


def test_in_v1_only_a_404_says_that_a_job_is_not_there() -> None:
    assert (
        check(FarEnd(said({"message": "Resource not found"}, status=404)), api="v1", greenhouse_job_id=7).news
        is News.GONE
    )
    with pytest.raises(Rejected):
        check(FarEnd(said({"message": "No."}, status=422)), api="v1", greenhouse_job_id=7)


def test_openings_of_other_jobs_are_not_counted() -> None:
    far = FarEnd(said([job_row()]), said([opening_row(1), opening_row(2, job_id=5)]))
    assert check(far).facts["total_openings"] == 1


@pytest.mark.parametrize("api", ["v3", "v1"])
def test_a_requisition_id_may_hold_any_character(api: str) -> None:
    far = FarEnd(said([]))
    check(far, api=api, requisition_id="R&D 7/ü=1")
    assert "?requisition_id=R%26D%207%2F%C3%BC%3D1&per_page=500" in far.paths[0]


def test_v1_spares_the_vendor_the_row_count() -> None:
    """Without `skip_count` large accounts answer 500 (greenhouse.md 1.4, 7)."""
    far = FarEnd(said([]))
    check(far, api="v1")
    assert far.paths == ["GET /v1/jobs?requisition_id=R-1&per_page=500&skip_count=true"]
