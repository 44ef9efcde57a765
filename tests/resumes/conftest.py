"""A place for files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> Path:
    """Where files of resumes lie in this test."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media/resumes"
