"""Rules about nested values: each yields `/path :: words` for what is wrong, as Rest.li's validator lists it (8.1)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from connectors.linkedin.simulator.checks import REQUIRED, UNRECOGNIZED, Check, shown

Rule = Callable[[str, Any], Iterator[str]]


@dataclass(frozen=True, kw_only=True)
class Member:
    """One field of a record: its rule, whether it must come, and whether it is only ever read."""

    rule: Rule
    required: bool = False
    read_only: bool = False


def leaf(check: Check, *, required: bool = False) -> Member:
    """A field with a single value."""
    return Member(rule=_leaf(check), required=required)


def array_of(rule: Rule, *, required: bool = False) -> Member:
    """A field with a list; an empty one is as good as any."""
    return Member(rule=_array(rule), required=required)


def record(members: Mapping[str, Member]) -> Rule:
    """An object with these members and no other."""

    def rule(path: str, value: Any) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{path} :: {shown(value)} cannot be coerced to Record"
            return
        yield from faults(members, value, path=path)

    return rule


def faults(members: Mapping[str, Member], content: Mapping[str, Any], *, path: str = "") -> Iterator[str]:
    """Everything that is wrong with the fields of an object."""
    for name, member in members.items():
        if name not in content:
            if member.required:
                yield f"{path}/{name} :: {REQUIRED}"
        elif member.read_only:
            yield f"{path}/{name} :: ReadOnly field present in an update request"
        else:
            yield from member.rule(f"{path}/{name}", content[name])
    for name in content:
        if name not in members:
            yield f"{path}/{name} :: {UNRECOGNIZED}"


def each(check: Check) -> Rule:
    """The rule of a single value inside an array."""
    return _leaf(check)


def _leaf(check: Check) -> Rule:
    def rule(path: str, value: Any) -> Iterator[str]:
        if words := check(value):
            yield f"{path} :: {words}"

    return rule


def _array(inner: Rule) -> Rule:
    def rule(path: str, value: Any) -> Iterator[str]:
        if not isinstance(value, list):
            yield f"{path} :: {shown(value)} cannot be coerced to Array"
            return
        for place, item in enumerate(value):
            yield from inner(f"{path}/{place}", item)

    return rule
