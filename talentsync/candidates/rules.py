"""Which records about a person a click passes over, and why. The reasons are codes; their sentences stand in
`sentences`.

The same for all six kinds: `whom` says whose wish to be kept out counts, `complete` whether LinkedIn would take the
record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from talentsync.candidates.models import Candidate
from talentsync.candidates.status import wished
from talentsync.customers.models import Connection
from talentsync.sync import kinds
from talentsync.sync.kinds import BEING_SENT, INCOMPLETE, UNCHANGED
from talentsync.sync.models import Delivery
from talentsync.sync.removals import is_removed
from talentsync.sync.states import Failure, Operation, RemoteState, State

Options = Mapping[str, Any]
GONE = {RemoteState.ABSENT, RemoteState.DELETED}


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What is passed over of one kind."""

    whom: Callable[[Any], Candidate]
    problems: Callable[[Any, Connection], Iterable[Any]]

    def skip_send(self, record: Any, delivery: Delivery | None, connection: Connection, options: Options) -> str:
        if code := self._not_to_be_sent(record, delivery):
            return code
        if is_removed(delivery):
            return "removed"
        if options.get("by_itself") and _was_to_be_removed(delivery):
            return "removed"
        if is_unchanged(record, delivery) and not options.get("may_erase"):
            return UNCHANGED
        return self._incomplete(record, connection)

    def skip_history(self, record: Any, delivery: Delivery | None, connection: Connection, options: Options) -> str:
        """Whoever was removed, or was to be, stays out; what somebody has asked for goes as they asked for it."""
        code = self.skip_send(record, delivery, connection, {**options, "by_itself": True, "may_erase": False})
        if not code and wished(delivery):
            return BEING_SENT
        return code or (UNCHANGED if record.pk in options.get(kinds.AS_ACCEPTED, ()) else "")

    def skip_send_again(self, record: Any, delivery: Delivery | None, connection: Connection, options: Options) -> str:
        if not is_removed(delivery) and wished(delivery) != Operation.DELETE:
            return "not_removed"
        return "kept_out" if self.whom(record).do_not_send else self._incomplete(record, connection)

    def skip_delete(self, record: Any, delivery: Delivery | None, connection: Connection, options: Options) -> str:
        """What we never sent may be there all the same, from before our time: LinkedIn has the last word."""
        if wished(delivery) == Operation.DELETE:
            return "being_deleted"
        return "not_there" if delivery is not None and delivery.remote_state in GONE and not wished(delivery) else ""

    def skip_erase(self, record: Any, delivery: Delivery | None, connection: Connection, options: Options) -> str:
        """Nobody: LinkedIn is asked about each once more, and its answer stands on the receipt."""
        return ""

    def skip_try_again(self, record: Any, delivery: Delivery | None, connection: Connection, options: Options) -> str:
        if delivery is None or delivery.state != State.FAILED:
            return "nothing_failed"
        if delivery.operation != Operation.UPSERT:
            return ""
        if delivery.failure == Failure.UNCONFIRMED:
            return "agree_first"
        return "kept_out" if self.whom(record).do_not_send else self._incomplete(record, connection)

    def skip_fetch(self, record: Any, delivery: Delivery | None, connection: Connection, options: Options) -> str:
        return ""

    def skip_link(self, record: Any, delivery: Delivery | None, connection: Connection, options: Options) -> str:
        if self.whom(record).do_not_send:
            return "kept_out"
        if wished(delivery) == Operation.DELETE:
            return "being_deleted"
        if not _is_there_or_comes(delivery):
            return "not_sent"
        return "send_first" if _has_news(record, delivery) else ""

    def skip_unlink(self, record: Any, delivery: Delivery | None, connection: Connection, options: Options) -> str:
        if not record.manual_matched_member and not options.get("unlinks"):
            return "not_linked"
        if wished(delivery) == Operation.DELETE:
            return "being_deleted"
        if not _is_there_or_comes(delivery):
            return "not_sent"
        return "send_first" if _has_news(record, delivery) else ""

    def _not_to_be_sent(self, record: Any, delivery: Delivery | None) -> str:
        if self.whom(record).do_not_send:
            return "kept_out"
        if wished(delivery) == Operation.DELETE:
            return "being_deleted"
        return ""

    def _incomplete(self, record: Any, connection: Connection) -> str:
        return INCOMPLETE if any(self.problems(record, connection)) else ""


def is_unchanged(record: Any, delivery: Delivery | None) -> bool:
    """What LinkedIn was last sent is what would be sent now."""
    if delivery is None or delivery.sent_at is None or delivery.sent_operation != Operation.UPSERT:
        return False
    return bool(record.changed_at <= delivery.sent_at) and delivery.state == State.SYNCED


def _was_to_be_removed(delivery: Delivery | None) -> bool:
    """Somebody wished it gone, and LinkedIn refused: no save brings it back."""
    return delivery is not None and delivery.state == State.FAILED and delivery.operation == Operation.DELETE


def _has_news(record: Any, delivery: Delivery | None) -> bool:
    """What LinkedIn does not know yet, or did not take: a link would make it look settled."""
    if delivery is None:
        return False
    failed = delivery.state == State.FAILED and delivery.operation == Operation.UPSERT
    changed = delivery.sent_at is not None and bool(record.changed_at > delivery.sent_at)
    return failed or (changed and wished(delivery) != Operation.UPSERT)


def _is_there_or_comes(delivery: Delivery | None) -> bool:
    return delivery is not None and (
        delivery.remote_state == RemoteState.LIVE or wished(delivery) in {Operation.UPSERT, Operation.LINK}
    )
