"""The measurements that PostgreSQL takes, too, in a process and a database of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from urllib.parse import urlsplit, urlunsplit

from talentsync.environment import PROJECT
from tests.bench.lines import Line

NAME = "talentsync_bench"


def lines(server: str, environment: Mapping[str, str]) -> Iterator[Line]:
    """What is measured at this server, or that it is not."""
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
                [sys.executable, "-m", "tests.bench.at_postgres"],
                cwd=PROJECT,
                env={**environment, "DATABASE_URL": address},
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


def _measured() -> list[Line]:
    import django

    django.setup()
    from django.core.management import call_command

    from tests.bench import importing, lists
    from tests.customers.making import make_customer

    call_command("migrate", verbosity=0)
    return [*importing.rows_per_second(make_customer("Bench")), *lists.of_a_million()]


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "talentsync.settings"
    sys.stdout.write(json.dumps([asdict(line) for line in _measured()]) + "\n")
