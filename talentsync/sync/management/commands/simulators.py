"""`manage.py simulators`: LinkedIn and Greenhouse of practice, on this machine only."""

from __future__ import annotations

import sqlite3
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from connectors.simulators import TASK_SECONDS, serve


class Command(BaseCommand):
    """Serves until interrupted; needs no database."""

    help = (
        "Serve the practice vendors (LinkedIn and Greenhouse) on a loopback address until interrupted. "
        "Exit codes: 0 done, 1 they cannot be served, 2 usage."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        address = urlsplit(settings.SIMULATOR_URL)
        parser.add_argument("--host", default=address.hostname, help="a loopback address (from SIMULATOR_URL)")
        parser.add_argument("--port", type=int, default=address.port, help="the port (from SIMULATOR_URL)")
        store = Path(settings.VAR_DIR) / "simulator.sqlite3"
        parser.add_argument("--store", type=Path, default=store, help="the file that keeps what the vendors hold")
        seconds = "how long LinkedIn works on a posting task"
        parser.add_argument("--task-seconds", type=_seconds, default=TASK_SECONDS, help=seconds)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            serve(
                options["host"],
                options["port"],
                store_path=options["store"],
                task_seconds=options["task_seconds"],
                on_ready=self._announce,
            )
        except (ValueError, OverflowError) as error:  # not loopback; no such port
            raise CommandError(f"The simulators cannot be served: {error}", returncode=2) from error
        except (OSError, sqlite3.Error) as error:
            raise CommandError(f"The simulators cannot be served: {error}") from error

    def _announce(self, url: str) -> None:
        self.stdout.write(f"Practice vendors at {url}")
        self.stdout.flush()


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 <= seconds < 1_000_000:
        raise ArgumentTypeError("between 0 and a million seconds")
    return seconds
