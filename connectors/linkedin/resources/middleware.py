"""What the endpoints of the Middleware Platform and of CRM Connect have in common: write, delete and read records by
key.

https://learn.microsoft.com/linkedin/talent/middleware-platform
https://learn.microsoft.com/linkedin/talent/recruiter-system-connect/data-deletion

A payload is the whole record: an update replaces what LinkedIn holds, and a field left out becomes null. Records that
hang on another are sent one parent a call. LinkedIn works at once; there are no remote tasks.

Inferred, not documented: notes, stages and feedback can be read by key like candidates and applications; a key that
LinkedIn does not know is a 404 in `errors`, and on a delete that is success.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from connectors.base.errors import after
from connectors.base.resource import Entry, Step
from connectors.base.results import Answer, News, Outcome
from connectors.linkedin.endpoints import V2, Endpoint
from connectors.linkedin.errors import field_at_fault
from connectors.linkedin.keys import CompositeKey, Key
from connectors.linkedin.restli import Call, Part, Wire, batch_delete, batch_get, batch_update, keyed_parts

MAX_RECORDS = 100  # linkedin.md 4.1

UPSERT = "UPSERT"
DELETE = "DELETE"


class MiddlewareRecords:
    """Records of one endpoint; every call is harmless to repeat. An entry's `own_id` is its ID below `parent`."""

    name: ClassVar[str]  # the row of the dialect's table, and the budget that calls draw on
    verbs: ClassVar[frozenset[str]] = frozenset({UPSERT, DELETE})
    limits: Mapping[Step, int] = dict.fromkeys(Step, MAX_RECORDS)

    def __init__(self, *, wire: Wire, organization_urn: str, dialect: Mapping[str, Endpoint] = V2) -> None:
        self._wire, self._organization = wire, organization_urn
        self._endpoint = dialect[self.name]
        self.endpoints: Mapping[Step, str] = dict.fromkeys(Step, self.name)

    def send(self, entries: Sequence[Entry]) -> Answer:
        """One verb for all entries. A delete of what LinkedIn does not know has succeeded."""
        keyed = self._keyed(entries, Step.SEND)
        verb = self._verb(entries)
        call = self._written(verb, keyed, self._parent(entries))
        reply = self._wire.call(call)
        with after(*reply.exchanges):
            parts = keyed_parts(reply.content, keys=keyed)
        outcomes = {
            keyed[key].key: outcome
            for key, part in parts.items()
            if (outcome := _settled(part, verb, self._request(verb, keyed[key]))) is not None
        }
        return Answer(outcomes=outcomes, exchanges=reply.exchanges)

    def poll(self, entries: Sequence[Entry]) -> Answer:
        """There are no remote tasks here: asking about one is asking about the record."""
        return self.check(entries)

    def check(self, entries: Sequence[Entry]) -> Answer:
        """`LIVE` with the record as LinkedIn holds it in `Outcome.answer`, `GONE` where LinkedIn says that it has
        none, `REJECTED` where it does not tell.
        """
        keyed = self._keyed(entries, Step.CHECK)
        fields = self._fields(entries)
        reply = self._wire.call(batch_get(self._endpoint, keyed, parent=self._parent(entries), fields=fields))
        with after(*reply.exchanges):
            parts = keyed_parts(reply.content, keys=keyed)
        outcomes = {keyed[key].key: self._seen(key, part) for key, part in parts.items()}
        return Answer(outcomes=outcomes, exchanges=reply.exchanges)

    def _written(self, verb: str, keyed: Mapping[Key, Entry], parent: Key | None) -> Call:
        if verb == DELETE:
            return batch_delete(self._endpoint, keyed, parent=parent)
        records = {key: entry.payload for key, entry in keyed.items()}
        return batch_update(self._endpoint, records, parent=parent)

    def _request(self, verb: str, entry: Entry) -> Any:
        """The record's own part of the call."""
        return None if verb == DELETE else entry.payload

    def _fields(self, entries: Sequence[Entry]) -> Sequence[str]:
        """The fields to ask for; none asks for whole records."""
        return ()

    def _facts(self, held: Mapping[str, Any]) -> Mapping[str, Any]:
        return {}

    def _seen(self, key: Key, part: Part) -> Outcome:
        refusal = part.refusal
        if refusal is None:
            held = _without_key(part.content, key)
            return Outcome(news=News.LIVE, status=part.status, facts=self._facts(held), answer=held)
        news = News.GONE if refusal.status == 404 else News.REJECTED
        return Outcome(news=news, status=refusal.status, code=refusal.code, words=refusal.words, answer=part.content)

    def _keyed(self, entries: Sequence[Entry], step: Step) -> dict[Key, Entry]:
        """The entries by LinkedIn's key. Raises `ValueError` when they do not fit in one call."""
        keyed = {
            self._endpoint.key_of(entry.own_id, organization=self._organization, parent=entry.parent): entry
            for entry in entries
        }
        names = {entry.key for entry in entries}
        if not 0 < len(entries) <= self.limits[step] or not len(keyed) == len(names) == len(entries):
            raise ValueError(f"{self.name}: between 1 and {self.limits[step]} different records per call")
        return keyed

    def _parent(self, entries: Sequence[Entry]) -> Key | None:
        """The key that stands in the path. Raises `ValueError` for records of several parents, or of none."""
        if not self._endpoint.hangs_on_parent:
            return None
        parents = {entry.parent for entry in entries}
        if "" in parents or (self._endpoint.parent and len(parents) > 1):
            raise ValueError(f"{self.name}: one parent per call")
        return self._endpoint.parent_key(parents.pop(), organization=self._organization)

    def _verb(self, entries: Sequence[Entry]) -> str:
        verbs = {entry.verb for entry in entries}
        if len(verbs) != 1 or not verbs <= self.verbs:
            raise ValueError(f"{self.name}: one verb per call, of {', '.join(sorted(self.verbs))}")
        return verbs.pop()


def _settled(part: Part, verb: str, request: Any) -> Outcome | None:
    """What an answer means for its record, None where it settles nothing."""
    refusal = part.refusal
    if refusal is None:
        if not 200 <= (part.status or 0) < 300:
            return None
        return Outcome(news=News.ACCEPTED, status=part.status, request=request, answer=part.content)
    if refusal.is_passing:
        return None
    is_done = verb == DELETE and refusal.status == 404
    return Outcome(
        news=News.ACCEPTED if is_done else News.REJECTED,
        status=refusal.status,
        code=refusal.code,
        words=refusal.words,
        field_name="" if is_done else field_at_fault(refusal.words, status=refusal.status),
        request=request,
        answer=part.content,
    )


def _without_key(content: Mapping[str, Any], key: Key) -> dict[str, Any]:
    """The record alone: a server may repeat its key in it."""
    names = {name for name, _ in key.parts} if isinstance(key, CompositeKey) else set()
    return {name: value for name, value in content.items() if name not in names}
