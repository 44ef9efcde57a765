"""What a vendor's refusal means to a person: tables of `Explanation`, and the search in them.

The tables themselves stand with their vendor (`connectors/<vendor>/errors.py`). Rows are tried in order: the special
row stands before the general one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """What the engine does about it; who acts is said by `Explanation.who`."""

    REJECT = "reject"  # the record needs a person
    RETRY = "retry"  # the same call may work later
    CHECK_STATUS = "check_status"  # ask what the vendor holds before anything else
    ALREADY_EXISTS = "already_exists"  # what we wanted to create is there
    NOT_FOUND_THERE = "not_found_there"  # what we wanted to change is not there
    HOLD_OPERATION = "hold_operation"  # nobody's record: this operation is not allowed to this connection
    CONTRACT = "contract"  # the customer's contract or its slots
    CREDENTIALS = "credentials"  # the connection's credentials
    THROTTLE = "throttle"  # too many calls


class Who(StrEnum):
    """Who can put it right."""

    RECRUITER = "recruiter"
    SUPPORT = "support"
    ADMINISTRATOR = "administrator"  # of the customer's account at the vendor
    NOBODY = "nobody"  # it passes by itself


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """One row: what the vendor says, what it means, what to do. Sentences are marked with `gettext_noop`."""

    pattern: str  # regular expression searched in code and words, whatever the case; "" fits anything
    where: frozenset[
        str
    ]  # the places it is said in: a status ("409"), a kind of answer ("task"), our own codes ("code")
    meaning: str
    remedy: str
    verdict: Verdict
    field: str = ""  # the field at fault, in the vendor's spelling, where the row is about one
    who: Who = Who.RECRUITER


def find(table: Iterable[Explanation], *, where: str, words: str) -> Explanation | None:
    """The first row said in `where` whose pattern stands in `words`."""
    for row in table:
        if where in row.where and re.search(row.pattern, words, re.IGNORECASE | re.DOTALL):
            return row
    return None
