"""The records that simulated LinkedIn keeps by key: candidates, applications, what hangs on them, and resumes
(linkedin.md 4, 5, 6).

A call is read as a whole first (`batches`). Then every entity stands for itself: it is in `results` or in `errors`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from connectors.base.simulation import Document, Refused, SimulatedAnswer, SimulatedRequest, World, json_answer
from connectors.linkedin.simulator.batches import Batch, read_batch
from connectors.linkedin.simulator.board import Board
from connectors.linkedin.simulator.crm import Crm
from connectors.linkedin.simulator.dialects import parameter
from connectors.linkedin.simulator.holdings import Holdings
from connectors.linkedin.simulator.matches import Matches
from connectors.linkedin.simulator.outcomes import DONE, Outcome, failed, invalid, no_such, unknown
from connectors.linkedin.simulator.patches import patch_faults, patched
from connectors.linkedin.simulator.people import MATCHES, candidate_faults
from connectors.linkedin.simulator.resources import APPLICATIONS, CANDIDATES, RESUMES, Address, Resource
from connectors.linkedin.simulator.tempers import Tempers
from connectors.linkedin.simulator.throttle import Throttle
from connectors.linkedin.simulator.wire import CODE_NOT_FOUND, refuse


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """One call, who makes it, and which fields a batch_get asks for (none means all)."""

    batch: Batch
    client_id: str
    fields: frozenset[str]


class Middleware:
    """One answer for all resources."""

    def __init__(
        self, world: World, board: Board, throttle: Throttle, holdings: Holdings, matches: Matches, crm: Crm
    ) -> None:
        self._world = world
        self._board = board
        self._throttle = throttle
        self._holdings = holdings
        self._matches = matches
        self._links: dict[str, Callable[[Spoken, Address], Outcome | None]] = {
            APPLICATIONS.endpoint: self._missing_link,
            RESUMES.endpoint: lambda spoken, address: crm.missing_link(
                address, spoken.batch.entities[address], spoken.client_id
            ),
        }
        self._works: dict[str, Callable[[Spoken, Address], Outcome | None]] = {
            "batch_update": self._replace,
            "batch_partial_update": self._patch,
            "batch_get": self._read,
            "batch_delete": self._delete,
        }

    def answer(self, resource: Resource, request: SimulatedRequest, application: Document) -> SimulatedAnswer:
        batch = read_batch(request, resource, application)
        client_id = application["client_id"]
        self._throttle.count_records(client_id, resource.endpoint, len(batch.addresses))
        self._check_parent(batch)
        spoken = Spoken(batch=batch, client_id=client_id, fields=_projection(request))
        raw = resource.endpoint in self._world.settings["raw_keys"]
        results: Document = {}
        errors: Document = {}
        for address, outcome in self._outcomes(spoken):
            (errors if outcome.is_error else results)[batch.written(address, raw_composites=raw)] = outcome.content
        statuses: Document = {"statuses": {}} if batch.method == "batch_get" else {}
        return json_answer(200, {"errors": errors, "results": results, **statuses})

    def _outcomes(self, spoken: Spoken) -> Iterator[tuple[Address, Outcome]]:
        """What became of each entity that the answer speaks of."""
        batch, work = spoken.batch, self._works[spoken.batch.method]
        tempers = Tempers(self._world, batch)
        tempers.validate_in_stock()
        for address in batch.addresses:
            outcome = tempers.rejection(address) or work(spoken, address)
            if outcome is not None and not tempers.is_forgotten(address):
                yield address, outcome

    # What a call does to one record.

    def _replace(self, spoken: Spoken, address: Address) -> Outcome:
        resource, content = spoken.batch.resource, spoken.batch.entities[address]
        if found := list(resource.faults(content)):
            return invalid(found)
        look = self._links.get(resource.endpoint)
        missing = look(spoken, address) if look else None
        if missing is None:
            self._holdings.replace(resource, address, content, client_id=spoken.client_id)
        return missing or DONE

    def _patch(self, spoken: Spoken, address: Address) -> Outcome:
        entity, candidate = spoken.batch.entities[address], self._holdings.get(CANDIDATES, address)
        if found := list(patch_faults(entity)):
            return invalid(found)
        if candidate is None:
            return unknown(CANDIDATES, address)
        fields = patched(candidate["fields"], entity)
        # Without the link an e-mail address is needed again (4.2).
        if found := list(candidate_faults(fields)):
            return invalid(found)
        self._holdings.replace(CANDIDATES, address, fields, client_id=spoken.client_id)
        return DONE

    def _read(self, spoken: Spoken, address: Address) -> Outcome | None:
        resource = spoken.batch.resource
        kept = self._holdings.get(resource, address)
        if kept is None:
            return unknown(resource, address) if self._world.settings["unknown_record"] == "error" else None
        fields = {**kept["fields"], **self._matched(resource, kept)}
        return Outcome(content={name: fields[name] for name in fields if name in (spoken.fields or fields)})

    def _matched(self, resource: Resource, kept: Document) -> Document:
        members = self._matches.of(kept) if resource is CANDIDATES else []
        return {MATCHES: members} if members else {}

    def _delete(self, spoken: Spoken, address: Address) -> Outcome:
        resource = spoken.batch.resource
        return DONE if self._holdings.delete(resource, address) else unknown(resource, address)

    # What has to be there before (4.1).

    def _check_parent(self, batch: Batch) -> None:
        above = batch.resource.parent
        if above is not None and batch.parent is not None and self._holdings.get(above, batch.parent) is None:
            raise _no_parent(above, batch.parent)

    def _missing_link(self, spoken: Spoken, address: Address) -> Outcome | None:
        """Job and candidate come before the application, unless set otherwise."""
        content = spoken.batch.entities[address]
        if self._world.settings["unknown_links"] == "accept":
            return None
        if self._board.find(spoken.client_id, content["atsJobPostingId"]) is None:
            return failed(404, f"Job posting {content['atsJobPostingId']} does not exist")
        if "atsCandidateId" not in content:
            return None
        candidate = Address(organization=address.organization, external_id=content["atsCandidateId"])
        return None if self._holdings.get(CANDIDATES, candidate) else unknown(CANDIDATES, candidate)


def _projection(request: SimulatedRequest) -> frozenset[str]:
    """`fields=a,b` in both protocols: the servers know no `List(` here (2.3)."""
    text = parameter(request, "fields")
    if text.startswith("List("):
        raise refuse(400, f"Unable to parse fields: {text}")
    return frozenset(name.strip() for name in text.split(",") if name.strip())


def _no_parent(resource: Resource, address: Address) -> Refused:
    return refuse(404, no_such(resource, address), code=CODE_NOT_FOUND)
