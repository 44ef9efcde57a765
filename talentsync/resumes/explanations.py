"""What a refusal of a resume or of its file means and what to do: LinkedIn's tables, and ours."""

from __future__ import annotations

from connectors.base.explain import Explanation
from connectors.linkedin import errors
from talentsync.candidates.explanations import refused_delete
from talentsync.candidates.sentences import STOPS
from talentsync.sync.states import Operation


def of_file(
    *, words: str = "", status: int | None = None, code: str = "", task: bool = False, operation: str = ""
) -> Explanation:
    return STOPS.get(code) or errors.explain_file(words=words, status=status, code=code)


def of_resume(
    *, words: str = "", status: int | None = None, code: str = "", task: bool = False, operation: str = ""
) -> Explanation:
    """Among them that LinkedIn's CRM Connect does not know the candidate: nobody makes one there from here."""
    said = STOPS.get(code) or errors.explain_resume(words=words, status=status)
    return refused_delete(said) if operation == Operation.DELETE else said
