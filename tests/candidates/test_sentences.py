"""No code is without its sentence."""

from __future__ import annotations

import inspect
import re

import pytest

from talentsync.candidates import rules, sentences
from talentsync.sync import kinds
from talentsync.sync.kinds import BEING_SENT, INCOMPLETE, UNCHANGED
from talentsync.sync.states import Operation

SIX = ("candidate", "candidate_note", "application", "application_note", "application_stage", "interview_feedback")


def test_every_reason_to_pass_over_a_record_has_a_sentence() -> None:
    codes = set(re.findall(r'return "(\w+)"|"(\w+)" if|else "(\w+)"', inspect.getsource(rules)))
    named = {code for found in codes for code in found if code}
    assert named | {INCOMPLETE, UNCHANGED, BEING_SENT} == set(sentences.REASONS)


@pytest.mark.parametrize("name", SIX)
def test_every_refusal_of_a_wish_is_explained(name: str) -> None:
    for route in kinds.get(name).routes:
        for code in route.refusals.values():
            assert route.explain(code=code).meaning.endswith(".")


def test_sentences_are_sentences() -> None:
    for words in sentences.REASONS.values():
        assert str(words).endswith(".")
    for row in sentences.STOPS.values():
        assert row.meaning.endswith(".")
        assert row.remedy.endswith(".")


@pytest.mark.parametrize("name", [*SIX, "resume"])
@pytest.mark.parametrize("status", [400, 405, 422])
def test_a_refused_delete_is_not_explained_as_a_wrong_value(name: str, status: int) -> None:
    (route,) = (each for each in kinds.get(name).routes if Operation.DELETE in each.operations)
    sent = route.explain(words="It is frozen.", status=status, operation="upsert")
    deleted = route.explain(words="It is frozen.", status=status, operation="delete")
    assert deleted.meaning == "LinkedIn refuses to delete it."
    assert deleted.remedy.startswith("Read LinkedIn's words, then use Try again; if it goes on, ask LinkedIn")
    assert sent.meaning != deleted.meaning
    assert sent.verdict == deleted.verdict


@pytest.mark.parametrize("status", [401, 403, 404, 409, 413, 429, 503, None])
def test_what_is_not_the_records_fault_means_the_same_for_a_delete(status: int | None) -> None:
    for name in SIX:
        (route,) = kinds.get(name).routes
        said = {route.explain(words="", status=status, operation=each).verdict for each in ("upsert", "delete")}
        assert len(said) == 1
