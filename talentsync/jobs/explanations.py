"""What a refusal means and what to do, whichever vendor said it: the vendors' own tables behind one call, and ours."""

from __future__ import annotations

from connectors.base.explain import Explanation
from connectors.greenhouse import errors as greenhouse_errors
from connectors.linkedin import errors as linkedin_errors
from talentsync.jobs.sentences import STOPS


def at_linkedin(
    *, words: str = "", status: int | None = None, code: str = "", task: bool = False, operation: str = ""
) -> Explanation:
    """LinkedIn gives no codes to go by: its words and statuses speak, whatever was asked of it."""
    return STOPS.get(code) or linkedin_errors.explain(words=words, status=status, task=task)


def at_greenhouse(
    *, words: str = "", status: int | None = None, code: str = "", task: bool = False, operation: str = ""
) -> Explanation:
    """Greenhouse has no posting tasks."""
    return STOPS.get(code) or greenhouse_errors.explain(words=words, status=status, code=code)
