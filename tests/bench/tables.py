"""What a million candidates that were sent take on the disk, by table: measured of fewer, as a click sends them, and
multiplied. A database keeps the place of rows that were written anew; packed, it is as small as it can be.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.db import OperationalError
from django.db import connection as database
from django.utils import timezone

from talentsync.candidates.models import Candidate
from talentsync.sync import engine
from talentsync.sync.models import Delivery
from tests.bench import crowd, world
from tests.bench.lines import Line

RECORDS, MILLION = 20_000, 1_000_000
MEGABYTE = 1_000_000
TOO_SMALL = 5.0  # megabytes of a million records, to be told by themselves
OF_POSTGRES = """
SELECT relname, pg_table_size(oid), pg_indexes_size(oid)
FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
"""
OF_SQLITE = """
SELECT m.tbl_name, SUM(CASE m.type WHEN 'table' THEN s.pgsize ELSE 0 END),
       SUM(CASE m.type WHEN 'index' THEN s.pgsize ELSE 0 END)
FROM (SELECT name, SUM(pgsize) AS pgsize FROM dbstat GROUP BY name) AS s
JOIN sqlite_master AS m ON m.name = s.name
GROUP BY m.tbl_name
"""


@dataclass(frozen=True, kw_only=True)
class _Size:
    """Megabytes."""

    rows: float
    indexes: float

    @property
    def together(self) -> float:
        return self.rows + self.indexes

    def since(self, before: _Size) -> _Size:
        return _Size(rows=self.rows - before.rows, indexes=self.indexes - before.indexes)

    def __str__(self) -> str:
        return f"{self.together:,.0f} MB (rows {self.rows:,.0f}, indexes {self.indexes:,.0f})"


NOTHING = _Size(rows=0.0, indexes=0.0)


def lines() -> Iterator[Line]:
    try:
        _pack()
        before = _sizes()
    except OperationalError as why:  # SQLite tells sizes only where it was built to
        yield Line(what="sizes of tables", measured=f"not run: {why}")
        return
    _send()
    grown = _since(before)
    what = f"a million candidates sent, from {RECORDS:,}"
    large = {name: size for name, size in grown.items() if size.together >= TOO_SMALL}
    for name, size in sorted(large.items(), key=lambda each: -each[1].together):
        yield Line(what=f"{what}: {name}", measured=str(size))
    yield Line(what=f"{what}: all tables", measured=str(_all(grown)))
    _pack()
    yield Line(what=f"{what}: all tables, packed", measured=str(_all(_since(before))))


def _all(sizes: Mapping[str, _Size]) -> _Size:
    rows, indexes = (sum(getattr(size, part) for size in sizes.values()) for part in ("rows", "indexes"))
    return _Size(rows=rows, indexes=indexes)


def _send() -> None:
    """As a person asks for it, with the first look that LinkedIn is asked for, until everything was accepted."""
    connection = world.practising("Tables")
    prefix = f"TABLES-{database.vendor[0]}"  # LinkedIn has none of them yet, whatever was measured before
    crowd.of_candidates(connection.customer, RECORDS, prefix)
    Candidate.objects.filter(customer=connection.customer, do_not_send=True).update(do_not_send=False)
    lane = world.ask_for("candidate", "send", connection, prefix)
    crowd.analyze()
    while engine.run(lane, until=timezone.now() + timedelta(minutes=1)).records:
        pass
    asked = Delivery.objects.filter(connection=connection)
    assert asked.filter(state="synced").count() == RECORDS, asked.exclude(state="synced").values()[:3]


def _since(before: Mapping[str, _Size]) -> Mapping[str, _Size]:
    return {name: size.since(before.get(name, NOTHING)) for name, size in _sizes().items()}


def _pack() -> None:
    with database.cursor() as cursor:
        cursor.execute("VACUUM FULL" if database.vendor == "postgresql" else "VACUUM")


def _sizes() -> Mapping[str, _Size]:
    """Of each table, as if of a million."""
    factor = MILLION / RECORDS / MEGABYTE
    with database.cursor() as cursor:
        cursor.execute(OF_POSTGRES if database.vendor == "postgresql" else OF_SQLITE)
        return {name: _Size(rows=rows * factor, indexes=indexes * factor) for name, rows, indexes in cursor.fetchall()}
