"""What `celery -A` starts in these tests: TalentSync's application, with the kill switch that the test asked for."""

from __future__ import annotations

import django

from talentsync.celery import app

django.setup()

from tests.crash import killing  # noqa: E402  (it names the engine, which needs the models)

killing.arm()

__all__ = ["app"]
