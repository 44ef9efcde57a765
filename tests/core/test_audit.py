"""An audit event is written once and stays."""

from __future__ import annotations

import pytest

from talentsync.core import audit
from talentsync.core.models import AppendOnly, AuditEvent

pytestmark = pytest.mark.django_db


def test_an_event_keeps_who_what_and_how_many(django_user_model):
    recruiter = django_user_model.objects.create_user("rosa")

    audit.record(recruiter, "close", kind="job", label="10,000 jobs", count=10_000, run_id=7)

    event = AuditEvent.objects.get()
    assert (event.actor, event.verb, event.kind, event.count, event.run_id) == (recruiter, "close", "job", 10_000, 7)


def test_what_the_service_does_by_itself_has_no_actor():
    assert audit.record(None, "prune").actor is None


def test_an_event_can_be_neither_changed_nor_deleted():
    event = audit.record(None, "hold")
    event.verb = "release"

    for attempt in (
        event.save,
        event.delete,
        AuditEvent.objects.all().delete,
        lambda: AuditEvent.objects.update(verb="release"),
    ):
        with pytest.raises(AppendOnly):
            attempt()

    assert AuditEvent.objects.get().verb == "hold"
