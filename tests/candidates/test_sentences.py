"""No code is without its sentence."""

from __future__ import annotations

import inspect
import re

import pytest

from talentsync.candidates import rules, sentences
from talentsync.sync import kinds
from talentsync.sync.kinds import BEING_SENT, INCOMPLETE, UNCHANGED

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
