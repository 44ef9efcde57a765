"""The single values of a payload, by the path at which each stands: `addresses[0].city`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every single value with its path."""
    match value:
        case dict():
            for name, each in value.items():
                yield from leaves(each, f"{path}.{name}" if path else name)
        case list() | tuple():
            for index, each in enumerate(value):
                yield from leaves(each, f"{path}[{index}]")
        case None | "":
            return
        case _:
            yield path, value


def below(held: Any, path: str) -> str:
    """What stands at a path and below it, in one line."""
    return ", ".join(str(value) for other, value in leaves(held) if _is_below(other, path))


def _is_below(other: str, path: str) -> bool:
    """`addresses[1]` is not `addresses[10]`."""
    return other == path or (other.startswith(path) and other[len(path)] in ".[")
