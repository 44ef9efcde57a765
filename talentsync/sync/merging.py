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
    (Operation.RECORD, Operation.RECORD): Merge.ABSORB,
    (Operation.RECORD, Operation.UPSERT): Merge.REPLACE,  # a person knows better than the history
    (Operation.RECORD, Operation.RENEW): Merge.THEN,
    (Operation.RECORD, Operation.CLOSE): Merge.REPLACE,
    (Operation.UPSERT, Operation.RECORD): Merge.REPLACE,  # it failed: what still waits is passed over by a history
    (Operation.RENEW, Operation.RECORD): Merge.REPLACE,
    (Operation.CLOSE, Operation.RECORD): Merge.REPLACE,
    (Operation.UPSERT, Operation.DELETE): Merge.REPLACE,
    (Operation.UPSERT, Operation.LINK): Merge.THEN,
    (Operation.UPSERT, Operation.UNLINK): Merge.THEN,
    (Operation.DELETE, Operation.UPSERT): Merge.THEN,  # deleted first, then sent again
    (Operation.DELETE, Operation.DELETE): Merge.ABSORB,
    (Operation.DELETE, Operation.LINK): Merge.REFUSE,
    (Operation.DELETE, Operation.UNLINK): Merge.REFUSE,
    (Operation.LINK, Operation.UPSERT): Merge.THEN,
    (Operation.LINK, Operation.DELETE): Merge.REPLACE,
    (Operation.LINK, Operation.LINK): Merge.ABSORB,  # the person linked last is the one that is sent
    (Operation.LINK, Operation.UNLINK): Merge.REPLACE,
    (Operation.UNLINK, Operation.UPSERT): Merge.THEN,
    (Operation.UNLINK, Operation.DELETE): Merge.REPLACE,
    (Operation.UNLINK, Operation.LINK): Merge.REPLACE,
    (Operation.UNLINK, Operation.UNLINK): Merge.ABSORB,
}
"""Jobs are renewed, closed and recorded, people's records are deleted, linked and unlinked: no kind knows both."""

REFUSED = {pair for pair, merge in MERGES.items() if merge == Merge.REFUSE}


def merge(waiting: Operation, requested: Operation) -> Merge:
    """How `requested` joins `waiting`, the last wish that has not been sent. Raises KeyError for a pair of no kind."""
    return MERGES[waiting, requested]


def merge_in_flight(sent: Operation, requested: Operation, *, changed_since_sent: bool) -> Merge:
    """How `requested` joins `sent`, which is on its way: it can no longer be replaced, only repeated or followed."""
    if sent == requested:
        again = sent == Operation.LINK or (sent == Operation.UPSERT and changed_since_sent)  # it may be somebody else
        return Merge.THEN if again else Merge.ABSORB
    return Merge.REFUSE if (sent, requested) in REFUSED else Merge.THEN


FOLLOWS_A_FAILURE: Mapping[Operation, bool] = {
    Operation.UPSERT: True,  # newer data may be right
    Operation.CLOSE: True,  # a close never waits for anything
    Operation.RECORD: True,  # nobody has it yet, whatever became of the post
    Operation.RENEW: False,  # renewing what could not be updated would hide that
    Operation.DELETE: True,  # nor does a delete
    Operation.LINK: True,  # who it is has nothing to do with what was wrong
    Operation.UNLINK: True,
}
