"""Where results of tasks are kept: in the database, as django-celery-results does it."""

from __future__ import annotations

import logging
from typing import Any

from django.db import InterfaceError, OperationalError, connection
from django_celery_results.backends import DatabaseBackend

logger = logging.getLogger(__name__)


class Backend(DatabaseBackend):  # type: ignore[misc]
    """A worker writes down in its main thread that a message came too late. Where the database is away, or has been
    since that thread used it last, it would end of that; so this one line is missing instead.
    """

    def mark_as_revoked(self, *arguments: Any, **named: Any) -> Any:
        try:
            return super().mark_as_revoked(*arguments, **named)
        except (OperationalError, InterfaceError) as error:
            logger.warning("a message came too late, and the database did not take that down: %s", type(error).__name__)
            connection.close()  # the next one gets a new connection
            return None
