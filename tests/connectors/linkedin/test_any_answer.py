"""Whatever JSON LinkedIn answers, a call ends in outcomes or in an error of the tree, and never in a fault of ours."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.base.errors import ConnectorError
from connectors.base.resource import Entry
from connectors.linkedin.errors import explain
from connectors.linkedin.records import JobPosting
from connectors.linkedin.rules import problems
from tests.connectors.linkedin.builders import BASIC, TASK, FarEnd, client_of, entry, says

KEYS = ["TS-1", TASK, "atsCandidateId=TS-1&dataProvider=ATS&integrationContext=urn:li:organization:77"]
NAMES = [
    "elements", "results", "errors", "statuses", "status", "id", "location", "error", "message", "code",
    "serviceErrorCode", "listingStatus", "listingStatusDetail", "jobPostingInfo", "companyDetails", "expireAt",
    "jobPosting", "errorMessage", "errorDetails", "matchedMembers", "manualMatchedMember", *KEYS,
]  # fmt: skip
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.text(max_size=20),
    st.sampled_from(["202", "SUCCEEDED", "LISTED", TASK]),
    st.sampled_from([200, 202, 404, 422, 500]),
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=5),
    max_leaves=20,
)
OBJECTS = st.dictionaries(st.sampled_from(NAMES), JSON, max_size=5)


@settings(max_examples=150, deadline=None)
@given(content=OBJECTS, status=st.sampled_from([200, 202, 400, 403, 409, 429, 500]))
def test_no_answer_is_a_fault_of_ours(content: dict[str, Any], status: int) -> None:
    resource = client_of(FarEnd(says(content, status=status))).resources["job_postings"]
    asked = [Entry(key="TS-1", task_urn=TASK)]
    for call in (lambda: resource.send([entry("TS-1")]), lambda: resource.poll(asked), lambda: resource.check(asked)):
        try:
            answer = call()
        except ConnectorError:
            continue
        assert answer.outcomes.keys() <= {"TS-1"}
        json.dumps([outcome.facts for outcome in answer.outcomes.values()])


@settings(max_examples=150, deadline=None)
@given(
    content=OBJECTS,
    status=st.sampled_from([200, 404]),
    name=st.sampled_from(["candidates", "candidate_notes", "applications", "interview_feedback"]),
)
def test_no_answer_about_a_candidate_is_a_fault_of_ours_either(content: dict[str, Any], status: int, name: str) -> None:
    resource = client_of(FarEnd(says(content, status=status))).resources[name]
    asked = [Entry(key="TS-1", parent="P-1", verb="UPSERT", payload={"firstName": "A"})]
    for call in (resource.send, resource.check):
        try:
            answer = call(asked)
        except ConnectorError:
            continue
        assert answer.outcomes.keys() <= {"TS-1"}
        json.dumps([[outcome.facts, outcome.answer] for outcome in answer.outcomes.values()])


@settings(max_examples=150, deadline=None)
@given(
    words=st.text(max_size=60),
    status=st.none() | st.integers(min_value=100, max_value=599),
    element_status=st.none() | st.integers(min_value=100, max_value=599),
    task=st.booleans(),
)
def test_there_always_is_an_explanation(words: str, status: int | None, element_status: int | None, task: bool) -> None:
    row = explain(words=words, status=status, element_status=element_status, task=task)
    assert row.meaning
    assert row.remedy


@settings(max_examples=150, deadline=None)
@given(text=st.text(max_size=40), texts=st.lists(st.text(max_size=10), max_size=3))
def test_no_text_upsets_the_rules_or_the_wire(text: str, texts: list[str]) -> None:
    posting = JobPosting(
        external_job_posting_id=text,
        title=text,
        description=text,
        company_apply_url=text,
        company_page_url=text,
        location=text,
        poster_email=text,
        availability=text,
        categories=tuple(texts),
        alternate_locations=tuple(texts),
        listed_at=BASIC.listed_at,
    )
    assert isinstance(problems(posting, now_ms=1_784_548_800_000), list)
    posting.to_wire()
