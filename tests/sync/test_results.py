"""A message that comes too late, while the database is away, ends no worker."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.db import OperationalError, connection
from django_celery_results.models import TaskResult

from talentsync.celery import app

pytestmark = pytest.mark.django_db(transaction=True)


def away(*_: Any) -> Any:
    raise OperationalError("the connection is closed")


def test_a_message_too_late_while_the_database_is_away() -> None:
    lost, kept = str(uuid4()), str(uuid4())
    with connection.execute_wrapper(away):
        app.backend.mark_as_revoked(lost, "expired")
    app.backend.mark_as_revoked(kept, "expired")
    assert list(TaskResult.objects.values_list("task_id", "status")) == [(kept, "REVOKED")]
