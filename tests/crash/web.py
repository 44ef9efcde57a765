"""What gunicorn serves in these tests: TalentSync's pages, with the kill switch that the test asked for."""

from __future__ import annotations

from talentsync.wsgi import application
from tests.crash import killing  # it names the services, which need the models: they are there by now

killing.arm()

__all__ = ["application"]
