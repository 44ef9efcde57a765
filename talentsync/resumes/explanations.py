"""What a refusal of a resume or of its file means and what to do: LinkedIn's tables, and ours."""

from __future__ import annotations

from connectors.base.explain import Explanation
from connectors.linkedin import errors
from talentsync.candidates.sentences import STOPS


def of_file(*, words: str = "", status: int | None = None, code: str = "", task: bool = False) -> Explanation:
    return STOPS.get(code) or errors.explain_file(words=words, status=status, code=code)


def of_resume(*, words: str = "", status: int | None = None, code: str = "", task: bool = False) -> Explanation:
    """Among them that LinkedIn's CRM Connect does not know the candidate: nobody makes one there from here."""
    return STOPS.get(code) or errors.explain_resume(words=words, status=status)
