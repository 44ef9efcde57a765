"""What LinkedIn accepts in a note, on a candidate or on an application (linkedin.md 4.3, 4.5)."""

from __future__ import annotations

from collections.abc import Iterator

from connectors.linkedin.records import Note
from connectors.linkedin.rules import shapes
from connectors.linkedin.rules.problem import Problem


def problems(note: Note) -> Iterator[Problem]:
    yield from shapes.identity(note)
    yield from shapes.moment(note.ats_created_at)
    yield from shapes.person("author", note.author)
