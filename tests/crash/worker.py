"""What `celery -A` starts in these tests: TalentSync's application, with the kill switch and in the
circumstances that the test asked for.
"""

from __future__ import annotations

import django

from talentsync.celery import app

django.setup()

from tests.crash import circumstances, killing  # noqa: E402  (they name the engine, which needs the models)

killing.arm()
circumstances.arrange()

__all__ = ["app"]
