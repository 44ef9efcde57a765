"""What a refusal of a record about a person means and what to do: LinkedIn's tables, and ours."""

from __future__ import annotations

from connectors.base.explain import Explanation
from connectors.linkedin import errors as linkedin_errors
from talentsync.candidates.sentences import STOPS


def at_linkedin(*, words: str = "", status: int | None = None, code: str = "", task: bool = False) -> Explanation:
    """LinkedIn gives no codes to go by: its words and statuses speak."""
    return STOPS.get(code) or linkedin_errors.explain(words=words, status=status, task=task)
