"""The measurements that PostgreSQL takes, too, in a process and a database of their own."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from talentsync.environment import PROJECT
from tests.bench.lines import AT_POSTGRES, Asked, Line

NAME = "talentsync_bench"


def lines(server: str, environment: Mapping[str, str], asked: Asked) -> Iterator[Line]:
    """What is measured at this server, or that it is not."""
    parts = [part for part in asked.parts if part in AT_POSTGRES]
    if not parts:
        return
    if not server:
        yield Line(what="the same on PostgreSQL", measured="not run: TEST_POSTGRES_URL names no server")
        return
    import psycopg

    address = urlunsplit(urlsplit(server)._replace(path=f"/{NAME}"))
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {NAME}")
        connection.execute(f"CREATE DATABASE {NAME}")
        try:
            done = subprocess.run(
                [sys.executable, "-m", "tests.bench.at_postgres", json.dumps([parts, asked.million])],
                cwd=PROJECT,
                env={**environment, "DATABASE_URL": address, "VAR_DIR": _own_folder(environment)},
                capture_output=True,
                text=True,
                check=False,
            )
        finally:
            connection.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
    if done.returncode:
        yield Line(what="PostgreSQL", measured=done.stderr.strip()[-500:], good=False)
        return
    for row in json.loads(done.stdout.splitlines()[-1]):
        yield Line(**{**row, "what": f"PostgreSQL, {row['what']}"})


def _own_folder(environment: Mapping[str, str]) -> str:
    """Messages of the other database's workers are not for these."""
    folder = Path(environment["VAR_DIR"], "postgres")
    folder.mkdir()
    return str(folder)


def _measured(parts: Sequence[str], *, million: bool) -> Iterator[Line]:
    import django

    django.setup()
    logging.getLogger("talentsync").setLevel(logging.WARNING)
    from django.core.management import call_command

    from tests.bench import fairness, growing, importing, lists, sending, working
    from tests.customers.making import make_customer

    call_command("migrate", verbosity=0)
    if "engine" in parts:
        yield from sending.lines(judged=True)
    if "workers" in parts:
        yield from working.lines()
    if "fairness" in parts:
        yield from fairness.lines()
    if "memory" in parts:
        yield from growing.lines(million=million)
    if "imports" in parts:
        yield from importing.rows_per_second(make_customer("Bench"))
    if "lists" in parts:
        yield from lists.of_a_million()


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "talentsync.settings"
    wanted, million = json.loads(sys.argv[1])
    sys.stdout.write(json.dumps([asdict(line) for line in _measured(wanted, million=million)]) + "\n")
