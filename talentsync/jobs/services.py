"""What people do with jobs here, beside asking the vendors: change them, and choose who will see a post."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any, cast

from django.db import transaction
from django.utils import timezone

from talentsync.core import audit
from talentsync.jobs.models import Job
from talentsync.sync import changing, kinds
from talentsync.sync.models import Delivery, Run, Snapshot
from talentsync.sync.states import UNFINISHED, RemoteState

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from talentsync.customers.models import Connection

NOT_SENT = {"status", "owner_email", "requisition_id", "greenhouse_job_id", "close_reason_id"}
"""Fields that LinkedIn is never told: changing them makes no post outdated."""


def add_job(job: Job, *, by: User | None) -> None:
    with transaction.atomic():
        job.save(force_insert=True)
        audit.record(by, "add", kind="job", label=job.external_id, customer=job.customer)


def change_job(job: Job, *, fields: Collection[str], by: User | None) -> None:
    """Save the named fields of a job whose values are already set; what workers write meanwhile stays."""
    if not fields:
        return
    named, told = list(fields), set(fields) - NOT_SENT
    with transaction.atomic():
        change = changing.begin(kinds.get("job"), {job.pk: told})
        if told:
            job.changed_at = timezone.now()
            named.append("changed_at")
        job.save(update_fields=named)
        if "external_id" in told:
            Delivery.objects.of_records("job", [job.pk]).update(entity_key=job.external_id)
        change.follow(now=timezone.now())
        audit.record(by, "change", kind="job", label=job.external_id, customer=job.customer)


def accepted_there(job: Job, connection: Connection | None) -> Mapping[str, Any] | None:
    """What was last accepted of a job at a connection; None where that is not known."""
    if connection is None or job.pk is None:
        return None
    snapshots = Snapshot.objects.filter(delivery__connection=connection)
    found = snapshots.filter(delivery__in=Delivery.objects.of_records("job", [job.pk])).first()
    return cast("Any", found.accepted) if found is not None else None


def is_known_there(job: Job) -> bool:
    """Whether a vendor knows the job, or is about to, by its external id, which can then no longer change."""
    asked = Delivery.objects.of_records("job", [job.pk])
    there = asked.filter(remote_state__in=[RemoteState.LIVE, RemoteState.CLOSED])
    perhaps = asked.filter(state__in=UNFINISHED) | asked.filter(unsure_at__isnull=False)
    return there.exists() or perhaps.exists() or asked.exclude(settled_operation="").exists()


def choose_availability(run: Run, availability: str) -> None:
    """Who will see the posts of this run for which nobody has chosen yet; the jobs keep it, for later updates.

    Promoted jobs are public, and what is live stays as it is.
    """
    jobs = Job.objects.filter(pk__in=run.items.values("object_id"), availability="")
    chosen = jobs.not_live().not_promoted()
    with transaction.atomic():
        list(chosen.select_for_update(of=("self",)).order_by("pk").only("pk"))  # in the order that every writer keeps
        chosen.update(availability=availability, changed_at=timezone.now())
