"""What LinkedIn's words and statuses mean to a person: the search in the tables of `refusals`, `task_failures` and
`resume_failures`.

Inferred, not documented: words keep their meaning wherever they stand (LinkedIn documents some as the status of a
call and answers them for one job), so a sentence that is unknown in its place is looked up in all places before its
status speaks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from connectors.base.explain import Explanation, find
from connectors.linkedin import refusals, resume_failures, task_failures

DOCUMENTED = refusals.DOCUMENTED + task_failures.DOCUMENTED
LAST_RESORTS = (*refusals.BY_STATUS, task_failures.ANY, task_failures.WORDLESS)

_PLACEHOLDER = re.compile(r"\{:[^{}#]*(?:#([^{}]*))?\}")
_NAMED_FIELD = re.compile(r"(?:ERROR :: |Invalid Field: )/(\w+)")


def explain(
    *, words: str, status: int | None = None, element_status: int | None = None, task: bool = False
) -> Explanation:
    """The row for what LinkedIn said; there always is one.

    `status` is the call's, `element_status` the record's own inside a call that succeeded; `task` tells that the
    words are the errorMessage of a posting task.
    """
    text = display(words)
    place = "task" if task else str(element_status or status or "unanswered")
    found = find(DOCUMENTED, where=place, words=text) or _anywhere(text)
    if found is None:
        found = find(LAST_RESORTS, where=place, words=text) or find(LAST_RESORTS, where=_class_of(place), words=text)
    assert found is not None, "every class of answer has a last resort"
    return found


def explain_file(*, words: str, status: int | None = None, code: str = "") -> Explanation:
    """The row for what was said about the upload of a resume's file; `code` is our own where there is one."""
    by_code = find(resume_failures.FILES, where="code", words=code) if code else None
    return by_code or _said_of(resume_failures.FILES, words, status)


def explain_resume(*, words: str, status: int | None = None) -> Explanation:
    """The row for what was said about a resume, or about a call that was about it alone."""
    return _said_of(resume_failures.RESUMES, words, status)


def field_at_fault(words: str, *, status: int | None = None, task: bool = False) -> str:
    """The field LinkedIn complains about, in its spelling; empty where it names none."""
    named = _NAMED_FIELD.search(words)
    return explain(words=words, status=status, task=task).field or (named.group(1) if named else "")


def display(words: str) -> str:
    """The words without LinkedIn's link placeholders: `{:linkInfo,anchor,text#Customer Support}` reads *Customer
    Support*.
    """
    return re.sub(r"\s+", " ", _PLACEHOLDER.sub(lambda found: found.group(1) or "", words)).strip()


def _said_of(table: Iterable[Explanation], words: str, status: int | None) -> Explanation:
    """A table's own row first: what is documented for jobs and people may mean another thing here."""
    found = find(table, where=str(status), words=display(words))
    return found or explain(words=words, status=status)


def _anywhere(text: str) -> Explanation | None:
    return next((row for row in DOCUMENTED if text and re.search(row.pattern, text, re.IGNORECASE | re.DOTALL)), None)


def _class_of(place: str) -> str:
    return f"{place[0]}xx" if place[0] in "45" else "unanswered"
