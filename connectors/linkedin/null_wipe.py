"""The null-wipe guard's pure core: what a full replace would erase of what LinkedIn holds (linkedin.md 10.2).

A value is erased when nothing takes its place. A text or number that another replaces is changed, not erased; an
e-mail address, a phone or an evaluation is one value of a set, and is erased when it is not sent any more, whatever is
sent instead. Addresses have nothing to tell them apart: they take each other's place in their order.

Paths are in LinkedIn's spelling, `addresses[0].line2`; a number counts in what LinkedIn holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

READ_ONLY = frozenset({"matchedMembers"})  # LinkedIn's own findings: no update touches them (linkedin.md 4.2)
NAMED_BY = {"phoneNumbers": "number", "evaluations": "attribute"}  # which member tells the items of a list apart


def erased(held: Mapping[str, Any], sent: Mapping[str, Any]) -> list[str]:
    """The paths of all values that LinkedIn holds and that this update would erase, in the order they are held."""
    return list(_members({name: value for name, value in held.items() if name not in READ_ONLY}, sent, ""))


def value_at(held: Mapping[str, Any], path: str) -> Any:
    """What LinkedIn holds at a path that `erased` gave."""
    value: Any = held
    for name, index in re.findall(r"([^.\[\]]+)|\[(\d+)\]", path):
        value = value[name] if name else value[int(index)]
    return value


def _members(held: Mapping[str, Any], sent: Mapping[str, Any], before: str) -> Iterator[str]:
    for name, value in held.items():
        yield from _value(value, sent.get(name), name, before + name)


def _value(held: Any, sent: Any, name: str, path: str) -> Iterator[str]:
    if _is_nothing(held):
        return
    if isinstance(held, list) and isinstance(sent, list):
        yield from _items(held, sent, name, path)
    elif isinstance(held, dict) and isinstance(sent, dict):
        yield from _members(held, sent, f"{path}.")
    elif _is_nothing(sent):
        yield from _leaves(held, path)


def _items(held: Sequence[Any], sent: Sequence[Any], name: str, path: str) -> Iterator[str]:
    for index, (value, other) in enumerate(_paired(held, sent, name)):
        yield from _value(value, other, name, f"{path}[{index}]")


def _leaves(held: Any, path: str) -> Iterator[str]:
    """Of a list its items, because each is a value that a person must agree to lose; anything else is one."""
    if isinstance(held, list):
        yield from (f"{path}[{index}]" for index, value in enumerate(held) if not _is_nothing(value))
    else:
        yield path


def _paired(held: Sequence[Any], sent: Sequence[Any], name: str) -> list[tuple[Any, Any]]:
    """Each item that is held with the one that stands for it in what is sent, None where there is none.

    Equal items come first, so that a new one in front does not make the others look changed.
    """
    free = list(sent)
    pairs = [(item, _taken(item, free)) for item in held]
    if name in NAMED_BY or not any(isinstance(item, dict) for item in held):
        return [(item, _namesake(item, sent, name) if other is None else other) for item, other in pairs]
    return [(item, free.pop(0) if other is None and free else other) for item, other in pairs]


def _taken(held: Any, free: list[Any]) -> Any:
    found = next((index for index, other in enumerate(free) if _agree(held, other)), None)
    return None if found is None else free.pop(found)


def _agree(held: Any, sent: Any) -> bool:
    """Whether all that is held is said again."""
    if not isinstance(held, dict) or not isinstance(sent, dict):
        return bool(held == sent)
    return all(sent.get(name) == value for name, value in held.items() if not _is_nothing(value))


def _namesake(held: Any, sent: Sequence[Any], name: str) -> Any:
    return next((other for other in sent if _name_of(other, name) == _name_of(held, name)), None)


def _name_of(item: Any, name: str) -> str:
    """What tells an item apart: two spellings of one e-mail address or phone number are the same."""
    text = str(item.get(NAMED_BY.get(name, ""), "") if isinstance(item, dict) else item)
    if name == "phoneNumbers":
        return re.sub(r"[^\w+]", "", text)
    return " ".join(text.casefold().split())


def _is_nothing(value: Any) -> bool:
    if isinstance(value, dict):
        return all(_is_nothing(each) for each in value.values())
    if isinstance(value, list):
        return all(_is_nothing(each) for each in value)
    return value is None or value == ""
