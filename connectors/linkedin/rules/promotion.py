"""A budget for promotion, pay for performance: linkedin.md 3.4 and the errors of 3.8 that speak of it.

Inferred, not documented: a job with a budget is public and carries no field of Recruiter System Connect, as premium
jobs do; it names the contract that pays ("fp4p contract"); a budget is more than nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from connectors.base.words import gettext_noop as _
from connectors.linkedin.records import JobPosting
from connectors.linkedin.rules.problem import Problem
from connectors.linkedin.rules.shapes import amount, is_currency


def problems(posting: JobPosting, now_ms: int) -> Iterator[Problem]:
    if posting.budget is None:
        return
    total = posting.budget.pay_for_performance_total_budget
    if not total.amount:
        yield Problem(field="budget", rule=_("Enter an amount and a currency, or neither."))
    elif not amount(total.amount):
        yield Problem(field="budget", rule=_("A budget is a number above zero, such as 500 or 499.50."))
    if not is_currency(total.currency_code):
        yield Problem(field="currency_code", rule=_("A currency has three capital letters, for example EUR."))
    if not posting.contract and not posting.is_premium:
        yield Problem(field="budget", rule=_("The connection has no job contract, which a budget needs."))
    for field in () if posting.is_premium else posting.recruiter_fields:
        yield Problem(
            field=field, rule=_("A job with a budget is public and has no Recruiter fields: leave this empty.")
        )
