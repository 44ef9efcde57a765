"""Reads a file row by row, whatever its size: CSV or JSON Lines, told apart by the first sign in it.

A reader can begin anywhere that a row has ended, so that an interrupted import goes on where it was.
"""

from __future__ import annotations

import csv
import difflib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

from talentsync.imports.columns import Sheet
from talentsync.imports.mistakes import BadFile, Mistake, mistake

BOM = b"\xef\xbb\xbf"
MAX_LINE = 1_000_000  # bytes; far beyond any record (a description has 25,000 characters)
DELIMITERS = ",;\t"


@dataclass(slots=True)
class RawRow:
    """What stands in a row, by the names of columns, and where the next one begins."""

    line: int
    next_line: int
    end: int
    cells: dict[str, Any] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)


class Lines:
    """The physical lines from some place on. Counts what it has handed out, and refuses what is no text."""

    def __init__(self, file: BinaryIO, *, offset: int, line: int) -> None:
        file.seek(offset)
        self._file, self.offset, self.line = file, offset, line  # of the line that comes next
        self.has_nul = False

    def __iter__(self) -> Iterator[str]:
        while raw := self._file.readline(MAX_LINE + 1):
            line, self.line, self.offset = self.line, self.line + 1, self.offset + len(raw)
            if len(raw) > MAX_LINE:
                raise BadFile(mistake(line, "line_too_long", limit=f"{MAX_LINE:,}"))
            self.has_nul = self.has_nul or b"\0" in raw
            yield _decoded(raw, line)


def _decoded(raw: bytes, line: int) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        raise BadFile(mistake(line, "not_utf8")) from None


Rows = Callable[[BinaryIO, int, int], Iterator[RawRow]]


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Opened once to learn the form, and then read from wherever the rows begin."""

    path: Path
    start: int
    start_line: int
    columns: tuple[str, ...]  # of CSV; in JSON Lines each line names its own
    read: Rows

    def rows(self, *, position: int = 0, line: int = 0) -> Iterator[RawRow]:
        """From a place where an earlier row ended, or from the first row. Raises `BadFile` where it cannot go on."""
        with self.path.open("rb") as file:
            yield from self.read(file, position or self.start, line or self.start_line)


def open_file(path: Path, sheet: Sheet) -> Reader:
    """Raises `BadFile` with everything that is wrong about the form and the names of the columns."""
    with path.open("rb") as file:
        start = len(BOM) if file.read(len(BOM)) == BOM else 0
        lines = Lines(file, offset=start, line=1)
        for text in lines:
            if text.strip():
                break
            start = lines.offset
        else:
            raise BadFile(mistake(1, "empty_file"))
        if text.lstrip().startswith("["):
            raise BadFile(mistake(lines.line - 1, "json_array"))
        if text.lstrip().startswith("{"):
            return Reader(path=path, start=start, start_line=lines.line - 1, columns=(), read=json_rows(sheet))
        return _open_csv(path, sheet, start=start, line=lines.line - 1, first=text)


# CSV


def _open_csv(path: Path, sheet: Sheet, *, start: int, line: int, first: str) -> Reader:
    delimiter = sniffed(first)
    with path.open("rb") as file:
        lines = Lines(file, offset=start, line=line)
        names = [name.strip() for name in next(csv.reader(lines, delimiter=delimiter, strict=False))]
    if mistakes := judged(names, sheet, line):
        raise BadFile(*mistakes)
    rows = csv_rows(tuple(names), delimiter)
    return Reader(path=path, start=lines.offset, start_line=lines.line, columns=tuple(names), read=rows)


def sniffed(header: str) -> str:
    """What separates the names of the columns."""
    return max(DELIMITERS, key=header.count)


def judged(names: Sequence[str], sheet: Sheet, line: int) -> list[Mistake]:
    """What is wrong with these names of columns, those first that are missing."""
    missing = [
        mistake(line, "missing_column", column=column.name) for column in sheet.required if column.name not in names
    ]
    return missing + [
        each for number, name in enumerate(names, 1) for each in _judged_name(name, number, names, sheet, line)
    ]


def _judged_name(name: str, number: int, names: Sequence[str], sheet: Sheet, line: int) -> Iterator[Mistake]:
    """Names that we do not know are not repeated: in a file without a first line of names they are somebody's data."""
    if not name:
        yield mistake(line, "no_column_name", number=number)
    elif name not in sheet.columns:
        near = difflib.get_close_matches(name.lower(), sheet.columns, n=1)
        rule = "misspelled_column" if near else "unknown_column"
        yield mistake(line, rule, number=number, nearest=near[0] if near else "")
    else:
        fills = set(sheet.columns[name].fields)
        before = (other for other in names[: number - 1] if other in sheet.columns)
        if any(fills & set(sheet.columns[other].fields) for other in before):
            yield mistake(line, "doubled_column", column=name)


def csv_rows(names: tuple[str, ...], delimiter: str) -> Rows:
    def read(file: BinaryIO, offset: int, line: int) -> Iterator[RawRow]:
        lines = Lines(file, offset=offset, line=line)
        records = csv.reader(lines, delimiter=delimiter, strict=True)
        wanted = len(names)
        while True:
            began, lines.has_nul = lines.line, False
            try:
                found = next(records)
            except StopIteration:
                return
            except csv.Error as error:
                yield _unreadable(error, lines, began)
                continue
            if found:
                row = RawRow(began, lines.line, lines.offset, dict(zip(names, found, strict=False)))
                if len(found) != wanted or lines.has_nul:
                    row.mistakes.append(_misshapen(began, len(found), wanted))
                yield row

    return read


def _misshapen(line: int, found: int, wanted: int) -> Mistake:
    if found == wanted:
        return mistake(line, "nul")
    return mistake(line, "too_many_cells" if found > wanted else "too_few_cells", found=found, wanted=wanted)


def _unreadable(error: csv.Error, lines: Lines, began: int) -> RawRow:
    if "end of data" in str(error) or "field limit" in str(error):
        raise BadFile(mistake(began, "unclosed_quote")) from None
    return RawRow(began, lines.line, lines.offset, mistakes=[mistake(began, "broken_quotes")])


# JSON Lines


class _Doubled(ValueError):
    pass


def json_rows(sheet: Sheet) -> Rows:
    @lru_cache(maxsize=1000)  # lines mostly name the same columns
    def wrong(names: tuple[str, ...]) -> list[Mistake]:
        return judged(names, sheet, 0)

    def read(file: BinaryIO, offset: int, line: int) -> Iterator[RawRow]:
        lines = Lines(file, offset=offset, line=line)
        for text in lines:
            if text.strip():
                yield _json_row(text, lines, wrong)

    return read


def _json_row(text: str, lines: Lines, wrong: Callable[[tuple[str, ...]], list[Mistake]]) -> RawRow:
    row = RawRow(lines.line - 1, lines.line, lines.offset)
    try:
        found = json.loads(text, object_pairs_hook=_once, parse_constant=_refused)
    except _Doubled:
        row.mistakes.append(mistake(row.line, "doubled_column"))
    except (ValueError, RecursionError):
        row.mistakes.append(mistake(row.line, "not_an_object"))
    else:
        if isinstance(found, dict):
            row.cells = found
            names = wrong(tuple(found))
            row.mistakes.extend(mistake_at(each, row.line) for each in names)
        else:
            row.mistakes.append(mistake(row.line, "not_an_object"))
    return row


def mistake_at(found: Mistake, line: int) -> Mistake:
    return Mistake(line=line, column=found.column, rule=found.rule, sentence=found.sentence)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Doubled
    return found


def _refused(constant: str) -> Any:
    raise ValueError
