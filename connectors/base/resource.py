"""The port between the engine and a vendor: a resource that can be sent to, polled and checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol, TypeGuard

from connectors.base.content import Content, Pace
from connectors.base.quota import Quota
from connectors.base.results import Answer


class Step(StrEnum):
    """What the next call about a record is for."""

    SEND = "send"
    POLL = "poll"  # ask about a remote task
    CHECK = "check"  # ask what the vendor holds


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One record's part of a call."""

    key: str  # entity key: unique within the call; the answer's outcomes are found by it
    parent: str = ""  # the parent's external ID, for records that hang on another; one parent a call
    external_id: str = ""  # the record's own ID where it is unique only below its parent; default: the key
    verb: str = ""  # SEND: the vendor's own verb ("CREATE", "CLOSE", "UPSERT"); CHECK: a narrower question, where known
    payload: Mapping[str, Any] = field(default_factory=dict)  # the record in the vendor's words, without the verb
    task_urn: str = ""  # POLL: the remote task to ask about
    content: Content | None = field(default=None, repr=False)  # SEND: the file that travels with the record

    @property
    def own_id(self) -> str:
        return self.external_id or self.key


class Resource(Protocol):
    """One vendor endpoint family.

    Each method makes one logical call for up to `limits[step]` entries and returns an `Answer`, or raises a
    `ConnectorError` that is about the whole call. None of them retries, sleeps or writes anything down. Repeating a
    call is harmless: every operation is by key. `endpoints` names the budget that each step draws on.
    """

    limits: Mapping[Step, int]
    endpoints: Mapping[Step, str]

    def send(self, entries: Sequence[Entry]) -> Answer: ...

    def poll(self, entries: Sequence[Entry]) -> Answer: ...

    def check(self, entries: Sequence[Entry]) -> Answer: ...


class FileResource(Resource, Protocol):
    """A resource whose SEND carries `Entry.content`. `pace` says for how long one may last, of files of up to
    `most_bytes`: a lease must outlast it.
    """

    pace: Pace
    most_bytes: int


def is_of_files(resource: Resource) -> TypeGuard[FileResource]:
    return hasattr(resource, "pace")


@dataclass(frozen=True, kw_only=True)
class TestResult:
    """What *Test connection* found. `facts` are JSON values (Greenhouse: close reasons)."""

    facts: Mapping[str, Any] = field(default_factory=dict)


class Client(Protocol):
    """A vendor as one connection sees it.

    `quotas` are by endpoint; what is not named there has no limit that could be counted.
    """

    @property
    def quotas(self) -> Mapping[str, Quota]: ...

    @property
    def resources(self) -> Mapping[str, Resource]: ...

    def test(self) -> TestResult:
        """Ask the vendor for something harmless. Raises a `ConnectorError` when the connection does not work."""
        ...
