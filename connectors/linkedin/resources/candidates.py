"""/atsCandidates: candidates, LinkedIn's matches for them, and the person a user has confirmed.

https://learn.microsoft.com/linkedin/talent/middleware-platform/sync-candidates

Inferred, not documented: a link is taken away by a partial update that deletes `manualMatchedMember`, in the grammar
of Rest.li patches.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from connectors.base.resource import Entry
from connectors.linkedin.keys import Key
from connectors.linkedin.resources.middleware import DELETE, UPSERT, MiddlewareRecords
from connectors.linkedin.restli import Call, Patch, batch_partial_update

LINK = "LINK"
UNLINK = "UNLINK"
MATCHES = "MATCHES"
MEMBER = "manualMatchedMember"
MATCH_FIELDS = ("matchedMembers", MEMBER)


class Candidates(MiddlewareRecords):
    """Candidates. LINK takes `manualMatchedMember` from the payload and sends nothing else of it, UNLINK needs none.

    A check whose entries all have the verb MATCHES asks for the matches alone: then `Outcome.answer` is not the whole
    record.
    """

    name = "atsCandidates"
    verbs = frozenset({UPSERT, DELETE, LINK, UNLINK})

    def _written(self, verb: str, keyed: Mapping[Key, Entry], parent: Key | None) -> Call:
        if verb not in {LINK, UNLINK}:
            return super()._written(verb, keyed, parent)
        patches = {key: _patch(verb, entry) for key, entry in keyed.items()}
        return batch_partial_update(self._endpoint, patches, parent=parent)

    def _request(self, verb: str, entry: Entry) -> Any:
        return _patch(verb, entry).content if verb in {LINK, UNLINK} else super()._request(verb, entry)

    def _fields(self, entries: Sequence[Entry]) -> Sequence[str]:
        return MATCH_FIELDS if all(entry.verb == MATCHES for entry in entries) else ()

    def _facts(self, held: Mapping[str, Any]) -> Mapping[str, Any]:
        matched, linked = held.get("matchedMembers"), held.get(MEMBER)
        return {
            "matched_members": [urn for urn in matched if isinstance(urn, str)] if isinstance(matched, list) else [],
            "manual_matched_member": linked if isinstance(linked, str) else "",
        }


def _patch(verb: str, entry: Entry) -> Patch:
    if verb == UNLINK:
        return Patch(delete=(MEMBER,))
    return Patch(set={MEMBER: entry.payload[MEMBER]})
