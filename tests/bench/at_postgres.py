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
from tests.bench.lines import Asked, Line

NAME = "talentsync_bench"


def lines(server: str, environment: Mapping[str, str], asked: Asked) -> Iterator[Line]:
    """What is measured at this server, or that it is not."""
    if not server:
        yield Line(what="the same on PostgreSQL", measured="not run: TEST_POSTGRES_URL names no server")
        return
    import psycopg

    address, everyones = (urlunsplit(urlsplit(server)._replace(path=f"/{name}")) for name in (NAME, "postgres"))
    with psycopg.connect(everyones, autocommit=True) as connection:  # the one that is named may not be there yet
        connection.execute(f"DROP DATABASE IF EXISTS {NAME}")
        connection.execute(f"CREATE DATABASE {NAME}")
        try:
            done = subprocess.run(
                [sys.executable, "-m", "tests.bench.at_postgres", json.dumps([list(asked.parts), asked.million])],
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
    from tests.bench import measuring

    yield from measuring.of_parts(parts, million=million, judged=True)


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "talentsync.settings"
    wanted, million = json.loads(sys.argv[1])
    sys.stdout.write(json.dumps([asdict(line) for line in _measured(wanted, million=million)]) + "\n")
