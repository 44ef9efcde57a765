"""The table of meanings: complete for greenhouse.md 1.6, 2.2, 2.6 and our own codes, and written for recruiters."""

from __future__ import annotations

import pytest

from connectors.base.explain import Verdict, Who
from connectors.greenhouse import harvest_v1, harvest_v3
from connectors.greenhouse.errors import OWN_FAILURES, TABLE, explain

RIGHTS = [
    value
    for module in (harvest_v1, harvest_v3)
    for name, value in vars(module).items()
    if isinstance(value, str) and value.startswith(("harvest:", "GET:", "PATCH:"))
]


@pytest.mark.parametrize(
    ("status", "words", "verdict", "sign"),
    [
        (400, "", Verdict.REJECT, "could not read"),
        (401, "Invalid Basic Auth credentials", Verdict.CREDENTIALS, "credentials"),
        (401, "Unauthorized; Token could not be decoded.", Verdict.CREDENTIALS, "newer"),
        (401, "Unauthorized; Token has already been refreshed or revoked.", Verdict.CREDENTIALS, "newer"),
        (403, "", Verdict.HOLD_OPERATION, "not allow"),
        (404, "Resource not found", Verdict.REJECT, "acting user"),
        (404, "Not found", Verdict.REJECT, "opening"),
        (404, "", Verdict.REJECT, "find"),
        (409, "", Verdict.CHECK_STATUS, "same moment"),
        (410, "", Verdict.REJECT, "refuses"),
        (422, "Validation error; close_reason_id: is unknown", Verdict.REJECT, "close reason"),
        (422, "status: must be closed", Verdict.REJECT, "status"),
        (422, "per_page: `600` number is greater than: 500", Verdict.REJECT, "list"),
        (422, "When passing a cursor, do not include other query params.", Verdict.REJECT, "list"),
        (422, "something new", Verdict.REJECT, "change"),
        (429, "Rate limit exceeded", Verdict.THROTTLE, "too often"),
        (500, "Server timeout in API", Verdict.RETRY, "problem"),
        (503, "", Verdict.RETRY, "problem"),
        (None, "", Verdict.RETRY, "reached"),
        (302, "", Verdict.RETRY, "reached"),
    ],
)
def test_every_documented_answer_has_a_meaning(status: int | None, words: str, verdict: Verdict, sign: str) -> None:
    row = explain(status=status, words=words)
    assert row.verdict is verdict
    assert sign in row.meaning


@pytest.mark.parametrize("right", RIGHTS)
def test_every_right_that_a_call_needs_is_named_in_its_remedy(right: str) -> None:
    row = explain(status=403, code=right)
    if right != harvest_v1.LIST_CLOSE_REASONS:  # never raised: v1 does without close reasons
        assert right in row.remedy
    assert (row.verdict, row.who) == (Verdict.HOLD_OPERATION, Who.ADMINISTRATOR)


@pytest.mark.parametrize("code", OWN_FAILURES)
def test_every_failure_we_tell_ourselves_is_explained_by_its_code_alone(code: str) -> None:
    assert explain(code=code) is OWN_FAILURES[code]
    assert explain(code=code).verdict is Verdict.REJECT


def test_a_code_wins_over_the_status() -> None:
    assert explain(status=401, code="v1_refused", words="Invalid Basic Auth credentials").remedy.endswith("v3.")


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.meaning[:40])
def test_every_row_is_whole_sentences_that_a_recruiter_can_read(row: object) -> None:
    for sentence in (row.meaning, row.remedy):  # type: ignore[attr-defined]
        assert sentence[0].isupper()
        assert sentence.endswith(".")
        assert not {"HTTP", "JSON", "PATCH /", "payload", "null"} & set(sentence.split())
