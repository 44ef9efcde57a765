"""Which other record an unfinished one waits for, in a sentence: the parent that is not there, or the children that
must go first. For `why`; reads only, in a number of queries that grows with kinds and connections alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from talentsync.customers.models import Connection, Destination
from talentsync.sync import kinds
from talentsync.sync.kinds import Kind
from talentsync.sync.models import Delivery
from talentsync.sync.states import UNFINISHED, Operation, RemoteState, State
from talentsync.sync.waiting import Above

ON_ITS_WAY = _("It waits until %(vendor)s knows the %(noun)s %(name)s. That one is on its way.")
NOT_ASKED = _("It waits for the %(noun)s %(name)s. Nobody has asked to send that one yet.")
IN_TROUBLE = _("It waits for the %(noun)s %(name)s. That one needs attention first.")
REMOVED = _("It waits for the %(noun)s %(name)s. That one was removed from %(vendor)s: use Send again there.")
GOES_ALONG = _("It goes together with what it hangs on, which is being deleted.")
CHILDREN_FIRST = _("It is deleted once what hangs on it is gone.")


def sentences(deliveries: Iterable[Delivery]) -> dict[int, str]:
    """By delivery, for those that wait for another record."""
    found: dict[int, str] = {}
    for (name, connection), rows in _grouped(deliveries).items():
        kind = kinds.get(name)
        above = Above(kind, connection, [row.object_id for row in rows], locked=False)
        parents = _records(above)
        for row in rows:
            found[row.pk] = _sentence(row, kind, above, parents)
    return {pk: words for pk, words in found.items() if words}


def _grouped(deliveries: Iterable[Delivery]) -> Mapping[tuple[str, Connection], list[Delivery]]:
    grouped: dict[tuple[str, Connection], list[Delivery]] = defaultdict(list)
    for row in deliveries:
        if row.state == State.PENDING and row.due_at is None:
            grouped[row.kind, row.connection].append(row)
    return grouped


def _records(above: Above) -> Mapping[tuple[str, int], Model]:
    found: dict[tuple[str, int], Model] = {}
    for name, parents in above.parents.items():
        by_key = kinds.get(name).rows().in_bulk(set(parents.values()))
        found |= {(name, pk): record for pk, record in by_key.items()}
    return found


def _sentence(row: Delivery, kind: Kind, above: Above, records: Mapping[tuple[str, int], Model]) -> str:
    if row.operation == Operation.DELETE:
        return str(GOES_ALONG if above.is_being_deleted(row.object_id) else CHILDREN_FIRST)
    name, pk, parent = next(iter(above.missing(row.object_id)), ("", 0, None))
    if not name:
        return ""
    noun = kinds.get(name).model._meta.verbose_name
    facts = {"noun": noun, "name": records.get((name, pk), pk), "vendor": _vendor(row)}
    return str(_words(parent)) % facts


def _words(parent: Delivery | None) -> Any:
    if parent is None or parent.state == State.IDLE:
        return NOT_ASKED
    if parent.state == State.FAILED:
        return IN_TROUBLE
    is_going = parent.operation == Operation.DELETE and parent.state in UNFINISHED
    if is_going or (parent.remote_state == RemoteState.DELETED and parent.state not in UNFINISHED):
        return REMOVED
    return ON_ITS_WAY


def _vendor(row: Delivery) -> str:
    return str(Destination(row.connection.destination).label)
