"""Simulated people work while processes, servers and vendors fail; then both sides must agree and nothing be stuck.

Where servers are named (TEST_POSTGRES_URL with TEST_AMQP_URL or TEST_REDIS_URL) it takes place there, in a database and
a queue of its own; with --own-servers on PostgreSQL and Redis from wheels, or in place of that Redis, where it is
installed and the seed says so, on a RabbitMQ of our own; else on SQLite with the embedded broker. The same seed replays
the same events at the same offsets.
"""

from __future__ import annotations

import argparse
import logging
import os
import secrets
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet

from connectors.base.simulation.serving import served
from connectors.greenhouse.simulator import Greenhouse
from connectors.linkedin.simulator import Linkedin
from tests.chaos import plan, quotas
from tests.crash import places
from tests.crash.processes import own_environment
from tests.crash.proxy import line_to
from tests.servers import rabbitmq
from tests.servers.processes import Served

UNDO_SECONDS = "2"


def main() -> int:
    asked = _asked()
    events = plan.drawn(asked.seed, asked.minutes)
    if asked.print_plan:
        sys.stdout.writelines(f"{event}\n" for event in events)
        return 0
    with ExitStack() as stack:
        place = asked.broker or (
            plan.broker(asked.seed, _own_brokers()) if asked.own_servers else places.everywhere()[0]
        )
        ours = _own_servers(stack, place) if asked.own_servers else {}
        database = "PostgreSQL" if places.is_on_postgres() else "SQLite"
        named = f"{database} and {place}{', our own' if ours else ''}"
        sys.stdout.write(f"Seed {asked.seed}, {asked.minutes:g} minutes, {len(events)} events, {named}\n")
        sys.stdout.flush()
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="chaos-")))
        world, servers = stack.enter_context(_world(folder, place, ours))
        return _carry_out(events, world, servers, keep=asked.logs)


def _own_brokers() -> list[str]:
    return ["redis", "rabbitmq"] if rabbitmq.is_installed() else ["redis"]


def _own_servers(stack: ExitStack, place: str) -> dict[str, Served]:
    """PostgreSQL of a wheel and a broker: these can be killed. They are named in place of any others."""
    from tests.servers import wheels

    brokers = {"redis": wheels.of_redis, "rabbitmq": rabbitmq.of_rabbitmq}
    found = {"database": stack.enter_context(wheels.of_postgres()), "broker": stack.enter_context(brokers[place]())}
    os.environ["TEST_POSTGRES_URL"], os.environ[places.BROKERS[place]] = (served.url for served in found.values())
    return found


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/chaos", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="which events; 1, where none is given")
    parser.add_argument("--minutes", type=float, default=3.0, help="for how long; quiet comes after that")
    parser.add_argument(
        "--broker",
        choices=[*places.BROKERS, places.EMBEDDED],
        help="one of those that the environment names, or of our own",
    )
    parser.add_argument(
        "--own-servers",
        action="store_true",
        help="PostgreSQL from a wheel with Redis or RabbitMQ, which are killed and not only cut off",
    )
    parser.add_argument("--print-plan", action="store_true", help="only say what would happen, and when")
    parser.add_argument("--logs", metavar="FOLDER", help="keep what the processes wrote")
    said = parser.parse_args()
    if said.minutes <= 0:
        parser.error("a run takes some time")
    at_hand = _own_brokers() if said.own_servers else places.everywhere()
    if said.broker not in (None, *at_hand):
        parser.error(f"of brokers there is {' and '.join(at_hand)}")
    return said


@contextmanager
def _world(folder: Path, place: str, ours: Mapping[str, Served]) -> Iterator[tuple[Any, dict[str, Any]]]:
    """A database, a queue, both vendors, and the servers that are `ours`, or the lines by which processes reach them;
    this process, which is where people click, reaches the database by another line.
    """
    linkedin, greenhouse = Linkedin(task_seconds=1.0, calls_per_day={}, records_per_day={}), Greenhouse()
    quotas.lower_at(linkedin)
    with ExitStack() as stack:
        database = stack.enter_context(places.template(folder))
        broker, queue = stack.enter_context(places.broker(place, folder))
        lines: dict[str, Any] = {}
        if places.is_on_postgres() and not ours:
            lines["database"] = stack.enter_context(line_to(database))
        if place != places.EMBEDDED and not ours:
            lines["broker"] = stack.enter_context(line_to(broker))
            broker = lines["broker"].url
        url = stack.enter_context(served([linkedin, greenhouse]))
        _set_up(folder, DATABASE_URL=database, CELERY_BROKER_URL=broker, TEST_QUEUE=queue, SIMULATOR_URL=url)
        from tests.chaos.mishaps import BrokerFolder
        from tests.crash.mortal import Mortal
        from tests.crash.world import World

        theirs = lines["database"].url if "database" in lines else database
        named = {"DATABASE_URL": theirs, "CELERY_BROKER_URL": broker, "TEST_QUEUE": queue}
        world = World(folder, named, linkedin=linkedin, greenhouse=greenhouse, url=url, stack=stack)
        world.environ["UNDO_SECONDS"] = UNDO_SECONDS
        killed = {name: Mortal(served) for name, served in ours.items()}
        yield world, {"broker": BrokerFolder(world), **lines, **killed}


def _set_up(folder: Path, **named: str) -> None:
    """This process is one of them, with settings of its own."""
    ours = own_environment(
        folder,
        DJANGO_SETTINGS_MODULE="tests.crash.settings",
        SECRET_KEY=secrets.token_urlsafe(50),
        FIELD_ENCRYPTION_KEYS=Fernet.generate_key().decode(),
        ERASURE_HASH_KEY=secrets.token_hex(32),
        UNDO_SECONDS=UNDO_SECONDS,
        TEST_WALL_DEADLINE_SECONDS="3",
        TEST_LEASE_SECONDS="4",
        **named,
    )
    os.environ.clear()
    os.environ.update(ours)
    import django
    from django.core.management import call_command

    from talentsync.celery import app

    app.set_current()
    django.setup()
    for name in ("talentsync", "django"):  # a line for each nudge that a broker did not take would hide the report
        logging.getLogger(name).setLevel(logging.CRITICAL)
    call_command("migrate", verbosity=0)
    quotas.lower()


def _carry_out(events: list[plan.Event], world: Any, servers: dict[str, Any], *, keep: str | None) -> int:
    from tests.chaos import cast
    from tests.chaos.judging import Told
    from tests.chaos.mishaps import Mishaps
    from tests.chaos.people import People
    from tests.chaos.running import Chaos

    people = People(cast.seated(world.linkedin, world.greenhouse))
    mishaps = Mishaps(world, servers)

    def told() -> Told:
        return Told(
            linkedin=world.linkedin,
            greenhouse=world.greenhouse,
            asked=people.asked,
            contents=people.contents,
            database_was_cut="database" in servers,
            a_token_was_lost=mishaps.may_have_lost_a_token,
        )

    chaos = Chaos(people, mishaps, told)
    chaos.carry_out(events)
    chaos.become_quiet()
    chaos.judge()
    sys.stdout.writelines(f"{line}\n" for line in chaos.report.lines())
    if keep:
        _keep_logs(world.folder, Path(keep))
    return 0 if chaos.report.is_good else 1


def _keep_logs(folder: Path, kept: Path) -> None:
    kept.mkdir(parents=True, exist_ok=True)
    for log in folder.glob("*.log"):
        (kept / log.name).write_bytes(log.read_bytes())


if __name__ == "__main__":
    sys.exit(main())
