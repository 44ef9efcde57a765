"""What a job pays: linkedin.md 3.5. Inferred, not documented: a range has both of the ends that the page shows."""

from __future__ import annotations

from collections.abc import Iterator

from connectors.base.words import gettext_noop as _
from connectors.linkedin import choices
from connectors.linkedin.records import Compensation, JobPosting
from connectors.linkedin.rules.problem import Problem
from connectors.linkedin.rules.shapes import amount, is_currency


def problems(posting: JobPosting, now_ms: int) -> Iterator[Problem]:
    for pay in posting.compensation:
        if pay.type not in choices.COMPENSATION_TYPES or pay.period not in choices.COMPENSATION_PERIODS:
            yield Problem(field="compensation", rule=_("Choose a kind of pay and a period from those offered."))
        if not is_currency(pay.currency):
            yield Problem(field="compensation", rule=_("A currency has three capital letters, for example EUR."))
        yield from _amounts(pay)


def _amounts(pay: Compensation) -> Iterator[Problem]:
    if bool(pay.exact) == bool(pay.start or pay.end):
        yield Problem(field="compensation", rule=_("Enter either an exact amount or a range."))
    if bool(pay.start) != bool(pay.end):
        yield Problem(field="compensation", rule=_("A range has two ends: enter both."))
    amounts = [amount(text) for text in (pay.exact, pay.start, pay.end) if text]
    if None in amounts:
        yield Problem(field="compensation", rule=_("An amount is a number such as 95000 or 19.50."))
    low, high = amount(pay.start), amount(pay.end)
    if low is not None and high is not None and low > high:
        yield Problem(field="compensation", rule=_("The range must not end below its start."))
