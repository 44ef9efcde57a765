"""The page "Updated API Request Maximum Length" as test cases: what is tunneled, how, and what is refused."""

from __future__ import annotations

import pytest

from connectors.base.errors import TooLong
from connectors.base.transport import Request
from connectors.linkedin.tunnel import FORM, fitted

BASE = "https://api.linkedin.com"
AUTHORIZATION = {"Authorization": "Bearer redacted"}
BUDGET = (
    "q=criteriaV2&account=urn%3Ali%3AsponsoredAccount%3A123&bidType=CPM&optimizationTargetType=MAX_CLICK"
    "&objectiveType=WEBSITE_VISIT&campaignType=SPONSORED_INMAILS&matchType=EXACT&targetingCriteria=(include:(and:List("
    "(or:(urn%3Ali%3AadTargetingFacet%3AstaffCountRanges:List(urn%3Ali%3AstaffCountRange%3A%28501%2C1000%29))))))"
    "&dailyBudget=(amount:300,currencyCode:USD)"
)
CANDIDATE = (
    "ids[{0}].atsCandidateId={1}&ids[{0}].dataProvider=ATS&ids[{0}].integrationContext=urn:li:organization:2414183"
)
MATCHES = "&".join([CANDIDATE.format(0, "CAND123"), CANDIDATE.format(1, "CAND456")])

# The page's pairs of requests without a body, and those of "Data Deletion": (method, path, query), made long later.
PAIRS = [
    ("GET", "/v2/organizationalEntityAcls", "q=roleAssignee&projection=(elements*(organizationalTarget~))"),
    ("GET", "/v2/ugcPosts", "q=authors&authors=List(urn%3Ali%3Aperson%3A123ABC)&sortBy=LAST_MODIFIED&projection=(...)"),
    ("GET", "/v2/socialActions/urn%3Ali%3Ashare%3A1/comments", "projection=(...)"),
    ("GET", "/v2/ugcPosts", "q=authors&authors=List(urn%3Ali%3Aorganization%3A2414183)&sortBy=LAST_MODIFIED"),
    ("GET", "/v2/adBudgetPricing", BUDGET),
    ("GET", "/v2/atsCandidates", f"{MATCHES}&fields=matchedMembers,manualMatchedMember"),
    ("GET", "/v2/simpleJobPostingTasks", "ids=urn:li:simpleJobPostingTask:1&ids=urn:li:simpleJobPostingTask:2"),
    ("DELETE", "/v2/atsCandidates", MATCHES),
    (
        "DELETE",
        "/v2/atsCandidates/atsCandidateId=CAND123&dataProvider=ATS&integrationContext=urn:li:organization:2414183/notes",
        "ids=CAND_NOTE123&ids=CAND_NOTE456",
    ),
    (
        "DELETE",
        "/v2/atsApplications",
        "ids[0].atsJobApplicationId=APPL123&ids[0].dataProvider=ATS&ids[0].integrationContext=urn:li:organization:1000",
    ),
]


def request(method: str, path: str, *, headers: dict[str, str] | None = None, body: bytes | None = None) -> Request:
    return Request(method=method, path=path, headers=headers or dict(AUTHORIZATION), body=body)


def query_of(size: int) -> str:
    return "ids=" + "x" * (size - 4)


@pytest.mark.parametrize(("method", "path", "query"), PAIRS)
def test_a_documented_pair_is_tunneled_as_the_page_shows(method: str, path: str, query: str) -> None:
    long_query = query
    while len(long_query) < 4000:
        long_query += "&" + query
    sent = fitted(request(method, f"{path}?{long_query}"), base_url=BASE)
    assert (sent.method, sent.path, sent.body) == ("POST", path, long_query.encode())
    assert dict(sent.headers) == {**AUTHORIZATION, "X-HTTP-Method-Override": method, "Content-Type": FORM}
    assert (sent.tunneled, sent.shown_method) == (True, method)


@pytest.mark.parametrize(("method", "path", "query"), PAIRS)
def test_a_short_call_travels_as_it_is(method: str, path: str, query: str) -> None:
    call = request(method, f"{path}?{query}")
    assert fitted(call, base_url=BASE) is call


def test_a_delete_never_travels_as_a_get() -> None:
    """LinkedIn's own client tunnels every call without a body as a GET: a delete would delete nothing."""
    sent = fitted(request("DELETE", f"/v2/atsCandidates?{query_of(5000)}"), base_url=BASE)
    assert sent.headers["X-HTTP-Method-Override"] == "DELETE"


def test_protocol_version_and_method_headers_stay() -> None:
    headers = {**AUTHORIZATION, "X-RestLi-Protocol-Version": "1.0.0", "X-RestLi-Method": "batch_delete"}
    sent = fitted(request("DELETE", f"/v2/x?{query_of(5000)}", headers=headers), base_url=BASE)
    assert headers.items() <= sent.headers.items()


@pytest.mark.parametrize(
    ("size", "tunneled"), [(3999, False), (4000, True), (4096, True), (4097, True), (100_000, True)]
)
def test_tunneling_begins_at_4000_bytes_of_query(size: int, tunneled: bool) -> None:
    assert fitted(request("GET", f"/v2/x?{query_of(size)}"), base_url=BASE).tunneled is tunneled


def test_the_query_is_measured_in_bytes_and_not_in_characters() -> None:
    assert fitted(request("GET", "/v2/x?ids=" + "ü" * 2000), base_url=BASE).tunneled


def test_a_long_path_makes_a_query_travel_in_the_body() -> None:
    path = "/v2/" + "/".join(["x" * 3000, "y" * 2000])
    assert fitted(request("GET", f"{path}?{query_of(3500)}"), base_url=BASE).tunneled


def test_long_headers_make_a_query_travel_in_the_body() -> None:
    headers = {**AUTHORIZATION, "X-Long": "x" * 25_000}
    assert fitted(request("GET", f"/v2/x?{query_of(3500)}", headers=headers), base_url=BASE).tunneled


@pytest.mark.parametrize(("size", "fits"), [(4096, True), (4097, False)])
def test_a_path_segment_over_4_kb_is_refused_because_tunneling_does_not_shorten_it(size: int, fits: bool) -> None:
    call = request("GET", f"/v2/{'x' * size}?{query_of(4500)}")
    if fits:
        assert fitted(call, base_url=BASE).tunneled
    else:
        with pytest.raises(TooLong):
            fitted(call, base_url=BASE)


@pytest.mark.parametrize(("size", "fits"), [(8192, True), (8193, False)])
def test_an_address_over_8_kb_without_a_query_to_move_is_refused(size: int, fits: bool) -> None:
    rest = size - len(BASE) - len("/v2///")
    call = request("GET", f"/v2/{'x' * 4000}/{'y' * 4000}/{'z' * (rest - 8000)}")
    assert len(BASE + call.path) == size
    if fits:
        assert fitted(call, base_url=BASE) is call
    else:
        with pytest.raises(TooLong):
            fitted(call, base_url=BASE)


def test_a_head_over_28_kb_is_refused() -> None:
    with pytest.raises(TooLong):
        fitted(request("GET", "/v2/x", headers={"Authorization": "x" * 28_672}), base_url=BASE)


@pytest.mark.parametrize(("size", "fits"), [(4096, True), (4097, False)])
def test_a_long_query_beside_a_body_is_refused_before_it_is_sent(size: int, fits: bool) -> None:
    """Such a call needs the multipart tunnel; without it LinkedIn would answer 414."""
    call = request("PUT", f"/v2/atsCandidates?{query_of(size)}", body=b"{}")
    if fits:
        assert fitted(call, base_url=BASE) is call
    else:
        with pytest.raises(TooLong):
            fitted(call, base_url=BASE)


def test_the_prefix_of_the_base_address_counts() -> None:
    with pytest.raises(TooLong):
        fitted(request("GET", "/v2/x"), base_url=f"{BASE}/{'p' * 4097}")


def test_a_large_body_is_no_reason_to_refuse() -> None:
    call = request("POST", "/v2/simpleJobPostings", body=b"x" * 1_000_000)
    assert fitted(call, base_url=BASE) is call
