"""A second copy of the project in a temporary folder, and commands run there as an operator would."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from talentsync.environment import PROJECT

COPIED = ("connectors", "talentsync", "templates", "requirements", "manage.py", "Procfile", ".env.example")
NOT_PASSED_ON = ("DJANGO_SETTINGS_MODULE", "DJANGO_ALLOW_ASYNC_UNSAFE", "CELERY_BROKER_URL", "DATABASE_URL", "VAR_DIR")

Python = Callable[..., subprocess.CompletedProcess]


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """The project without .env and without var, as after a clone."""
    root = tmp_path / "project"
    root.mkdir()
    for name in COPIED:
        source = PROJECT / name
        if source.is_dir():
            shutil.copytree(source, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        elif source.exists():
            shutil.copy(source, root / name)
    return root


@pytest.fixture
def python(elsewhere: Path) -> Python:
    """Runs Python in that copy, with these names in its environment."""

    def run(*arguments: str, **names: str) -> subprocess.CompletedProcess:
        kept = {name: value for name, value in os.environ.items() if name not in NOT_PASSED_ON}
        environ = {**kept, "DJANGO_SETTINGS_MODULE": "talentsync.settings", "PYTHONWARNINGS": "ignore", **names}
        command = [sys.executable, *arguments]
        return subprocess.run(
            command, cwd=elsewhere, env=environ, capture_output=True, text=True, timeout=300, check=False
        )

    return run
