"""The world of the crash tests with vendors that remember what they were sent."""

from __future__ import annotations

import pytest

from tests.canary.vendors import ListeningGreenhouse, ListeningLinkedin
from tests.crash.conftest import migrated, place, world  # noqa: F401  (fixtures)
from tests.monitoring.conftest import mailbox, webhook  # noqa: F401  (fixtures)


@pytest.fixture
def linkedin() -> ListeningLinkedin:
    return ListeningLinkedin(task_seconds=0.0)


@pytest.fixture
def greenhouse() -> ListeningGreenhouse:
    return ListeningGreenhouse(v3_limit=1_000_000, v1_limit=1_000_000)
