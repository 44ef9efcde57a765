"""How a new wish joins those that wait: a table for each pair (DESIGN 4). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from talentsync.sync.states import Operation


class Merge(StrEnum):
    """What becomes of a new wish beside the last one that has not been sent."""

    ABSORB = "absorb"  # the waiting one will do both: it is built when it is sent
    REPLACE = "replace"  # the waiting ones are no longer wanted
    THEN = "then"  # one after the other
    REFUSE = "refuse"  # it makes no sense any more


MERGES: Mapping[tuple[Operation, Operation], Merge] = {
    (Operation.UPSERT, Operation.UPSERT): Merge.ABSORB,
    (Operation.UPSERT, Operation.RENEW): Merge.THEN,
    (Operation.UPSERT, Operation.CLOSE): Merge.REPLACE,
    (Operation.RENEW, Operation.UPSERT): Merge.THEN,  # a renewal is never lost to an update
    (Operation.RENEW, Operation.RENEW): Merge.ABSORB,
    (Operation.RENEW, Operation.CLOSE): Merge.REPLACE,
    (Operation.CLOSE, Operation.UPSERT): Merge.THEN,  # closed first, then posted anew
    (Operation.CLOSE, Operation.RENEW): Merge.REFUSE,
    (Operation.CLOSE, Operation.CLOSE): Merge.ABSORB,
}


def merge(waiting: Operation, requested: Operation) -> Merge:
    """How `requested` joins `waiting`, the last wish that has not been sent."""
    return MERGES[waiting, requested]


def merge_in_flight(sent: Operation, requested: Operation, *, changed_since_sent: bool) -> Merge:
    """How `requested` joins `sent`, which is on its way: it can no longer be replaced, only repeated or followed."""
    if sent == requested:
        return Merge.THEN if sent == Operation.UPSERT and changed_since_sent else Merge.ABSORB
    return Merge.REFUSE if (sent, requested) == (Operation.CLOSE, Operation.RENEW) else Merge.THEN


FOLLOWS_A_FAILURE: Mapping[Operation, bool] = {
    Operation.UPSERT: True,  # newer data may be right
    Operation.CLOSE: True,  # a close never waits for anything
    Operation.RENEW: False,  # renewing what could not be updated would hide that
}
