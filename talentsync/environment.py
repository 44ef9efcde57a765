"""Where settings come from: the process environment, then `.env` beside `manage.py`. It holds no setting itself.

Under pytest neither counts: tests read `TEST_*` alone, so that no test ever meets a production database, broker or key.
"""

from __future__ import annotations

import builtins
import os
import re
import secrets
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import environ
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

PROJECT = Path(__file__).resolve().parent.parent
ENV_FILE = PROJECT / ".env"
LINE = re.compile(r"\s*(#.*)?|(export )?[A-Za-z_][A-Za-z_0-9]*=.*")


def under_test() -> bool:
    return "pytest" in sys.modules


class Names(environ.Env):  # type: ignore[misc]
    """Names with their values. A number that is none is named: what a library says of it names only the value."""

    def int(self, var: str, default: Any = environ.Env.NOTSET) -> builtins.int:
        try:
            return builtins.int(str(self.ENVIRON.get(var, "")).strip() or default)
        except (TypeError, ValueError):
            raise ImproperlyConfigured(f"{var} must be a whole number.") from None


def read() -> environ.Env:
    """The environment that settings are read from."""
    env = Names()
    if under_test():
        os.environ.pop("CELERY_BROKER_URL", None)  # Celery itself prefers this name over any setting
        env.ENVIRON = test_environment(os.environ)
    elif ENV_FILE.is_file():
        refuse_odd_lines(ENV_FILE)
        env.read_env(ENV_FILE)
    return env


def var_dir() -> Path:
    """The folder of everything that is written while the system runs."""
    return Path(os.environ.get("VAR_DIR") or PROJECT / "var").absolute()


def trusted_proxies(env: environ.Env) -> list[str]:
    """Addresses or networks of the proxies whose headers are believed: on this machine, unless others are named."""
    named: list[str] = env.list("TRUSTED_PROXIES", default=[])
    return named or ["127.0.0.1", "::1"]


def refuse_odd_lines(path: Path) -> None:
    """django-environ writes a line that it cannot read to the log, and that line may be a key."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not LINE.fullmatch(line):
            raise ImproperlyConfigured(f"Line {number} of {path.name} is not of the form NAME=value.")


def test_environment(outer: Mapping[str, str]) -> dict[str, str]:
    """What settings see in a test run: throw-away keys, and a database that only `TEST_POSTGRES_URL` can change."""
    # A file and not memory: connections of a shared in-memory database wait for each other by other rules.
    database = Path(tempfile.gettempdir(), f"talentsync-{os.getpid()}.sqlite3")
    return {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "FIELD_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
        "ERASURE_HASH_KEY": secrets.token_hex(32),
        "DATABASE_URL": outer.get("TEST_POSTGRES_URL") or f"sqlite:///{database}",
        "CELERY_BROKER_URL": "memory://",
    }
