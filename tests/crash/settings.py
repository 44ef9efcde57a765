"""Settings of the processes that these tests start: TalentSync's own, with clocks short enough to wait for.

`TEST_WALL_DEADLINE_SECONDS` and `TEST_LEASE_SECONDS` come from the test. Pytest itself does not use this module.
"""

from __future__ import annotations

from talentsync.settings import *  # noqa: F403
from talentsync.settings import env

CONNECT_TIMEOUT_SECONDS = 1.0
WALL_DEADLINE_SECONDS = env.float("TEST_WALL_DEADLINE_SECONDS")
CELERY_TASK_DEFAULT_QUEUE = env.str("TEST_QUEUE")
LEASE_SECONDS = env.float("TEST_LEASE_SECONDS")
WATCH_SECONDS = env.float("TEST_WATCH_SECONDS", default=30.0)
