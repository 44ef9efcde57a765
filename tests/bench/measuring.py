"""What is measured, part by part: on SQLite here, and on PostgreSQL in a process of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.core.management import call_command

from talentsync.stage import Stage
from tests.bench import (
    at_postgres,
    clicks,
    fairness,
    growing,
    importing,
    lists,
    quota,
    sending,
    sweeping,
    tables,
    uploading,
    working,
    world,
)
from tests.bench.lines import Asked, Line
from tests.customers.making import make_customer


def all_lines(stage: Stage, postgres: str, asked: Asked) -> Iterator[Line]:
    """Each as soon as it is measured."""
    stage.start("simulators")
    stage.wait_for("simulators answer", lambda: stage.is_listening(stage.simulator_port))
    yield from of_parts(asked.parts, million=asked.million, judged=False)
    yield from at_postgres.lines(postgres, stage.environment, asked)


def of_parts(parts: Sequence[str], *, million: bool, judged: bool) -> Iterator[Line]:
    """What either database is asked. `judged`: the engine beside a bare loop, too."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    world.without_limits()
    if "engine" in parts:
        yield from sending.lines(judged=judged)
        yield from quota.lines()
    if "workers" in parts:
        yield from working.lines()
    if "fairness" in parts:
        yield from fairness.lines()
    if "memory" in parts:
        yield from growing.lines(million=million)
    if "resumes" in parts:
        at_linkedin = world.practising("Resumes")
        yield from uploading.sixteen_files(at_linkedin.customer, at_linkedin, world.control)
    if "clicks" in parts:
        yield from clicks.lines()
    if "imports" in parts:
        yield from importing.rows_per_second(make_customer("Bench"))
    if "growth" in parts:
        yield from tables.lines()
        yield from sweeping.lines()
    if "lists" in parts:
        yield from lists.of_a_million()
