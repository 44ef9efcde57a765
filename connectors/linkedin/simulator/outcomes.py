"""What became of one entity of a batch call, in the shapes of linkedin.md 4.1 and 8.1."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from connectors.base.simulation import Document
from connectors.linkedin.simulator.resources import Address, Resource


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """The entity's part of the answer: in `results`, or as an error in `errors`."""

    content: Document
    is_error: bool = False


DONE = Outcome(content={"status": 204})


def failed(status: int, message: str) -> Outcome:
    return Outcome(content={"status": status, "message": message}, is_error=True)


def invalid(faults: Sequence[str]) -> Outcome:
    """In the words of the validator: a line for each fault."""
    return failed(422, worded(faults))


def unknown(resource: Resource, address: Address) -> Outcome:
    return failed(404, no_such(resource, address))


def worded(faults: Sequence[str]) -> str:
    return "".join(f"ERROR :: {fault}\n" for fault in faults)


def no_such(resource: Resource, address: Address) -> str:
    return f"Resource {resource.endpoint} {address.external_id} does not exist"
