"""The port between the engine and a vendor: a resource that can be sent to, polled and checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from connectors.base.results import Answer


class Step(StrEnum):
    """What the next call about a record is for."""

    SEND = "send"
    POLL = "poll"  # ask about a remote task
    CHECK = "check"  # ask what the vendor holds


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One record's part of a call."""

    key: str  # entity key: unique within the call
    verb: str = ""  # SEND: the vendor's own verb ("CREATE", "UPDATE", "RENEW", "CLOSE")
    payload: Mapping[str, Any] = field(default_factory=dict)  # the record in the vendor's words, without the verb
    task_urn: str = ""  # POLL: the remote task to ask about


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


@dataclass(frozen=True, kw_only=True)
class TestResult:
    """What *Test connection* found. `facts` are JSON values (Greenhouse: close reasons)."""

    facts: Mapping[str, Any] = field(default_factory=dict)


class Client(Protocol):
    """A vendor as one connection sees it."""

    @property
    def resources(self) -> Mapping[str, Resource]: ...

    def test(self) -> TestResult:
        """Ask the vendor for something harmless. Raises a `ConnectorError` when the connection does not work."""
        ...
