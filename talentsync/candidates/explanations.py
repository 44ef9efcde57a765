"""What a refusal of a record about a person means and what to do: LinkedIn's tables, and ours."""

from __future__ import annotations

from dataclasses import replace

from connectors.base.explain import Explanation, Verdict, Who
from connectors.base.words import gettext_noop
from connectors.linkedin import errors as linkedin_errors
from talentsync.candidates.sentences import STOPS
from talentsync.sync.states import Operation

UNKNOWN_TO_LINKEDIN = Explanation(
    pattern="",
    where=frozenset({"404"}),
    meaning=gettext_noop("LinkedIn does not know the job that this application is for, or the candidate."),
    remedy=gettext_noop(
        "Post the job from here, or find out whether LinkedIn has it from elsewhere under the same ID; then use Try "
        "again."
    ),
    verdict=Verdict.NOT_FOUND_THERE,
)
"""Of an application; *guess:* LinkedIn does not say how it answers then (linkedin.md 4.1)."""


DELETE_REFUSED = gettext_noop("LinkedIn refuses to delete it.")
DELETE_AGAIN = gettext_noop(
    "Read LinkedIn's words, then use Try again; if it goes on, ask LinkedIn with the request ID."
)


def of_application(
    *, words: str = "", status: int | None = None, code: str = "", task: bool = False, operation: str = ""
) -> Explanation:
    """An application refers to two other records, and is not found for want of either."""
    if status == 404 and not words.startswith("Resource "):  # "Resource … does not exist": a wrong address
        return UNKNOWN_TO_LINKEDIN
    return at_linkedin(words=words, status=status, code=code, task=task, operation=operation)


def at_linkedin(
    *, words: str = "", status: int | None = None, code: str = "", task: bool = False, operation: str = ""
) -> Explanation:
    """LinkedIn gives no codes to go by: its words and statuses speak."""
    said = STOPS.get(code) or linkedin_errors.explain(words=words, status=status, task=task)
    return refused_delete(said) if operation == Operation.DELETE else said


def refused_delete(said: Explanation) -> Explanation:
    """A delete sends no values: what is not documented in words of its own cannot be put right in a field."""
    if said not in linkedin_errors.LAST_RESORTS or said.verdict != Verdict.REJECT:
        return said
    return replace(said, meaning=DELETE_REFUSED, remedy=DELETE_AGAIN, who=Who.SUPPORT)
