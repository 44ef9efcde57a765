"""One record at one connection: what is wished, what was sent, what was said."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from connectors.base.resource import Step
from talentsync.core.fields import EncryptedJSONField, EncryptedTextField
from talentsync.sync.querysets import DeliveryQuerySet
from talentsync.sync.states import Failure, Operation, Priority, RemoteState, State, Why

LONG_AGO = datetime.min.replace(tzinfo=UTC)


class Delivery(models.Model):
    """What one connection must be told about one record.

    `operation` and `revision` are the wish at the head; `then_operations` lists wishes that wait for it, as
    [operation, revision, params]. `lease` is set while a batch holds the row. A row is due when `due_at` has come.
    """

    connection = models.ForeignKey("customers.Connection", models.CASCADE, related_name="deliveries")
    kind = models.CharField(_("record type"), max_length=30)
    object_id = models.BigIntegerField()
    entity_key = models.CharField(_("ID at the vendor"), max_length=200)  # unique below `batch_key`

    operation = models.CharField(_("action"), max_length=10, choices=Operation, blank=True)
    params = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=0)
    then_operations: models.JSONField[list[Any], list[Any]] = models.JSONField(default=list)

    step = models.CharField(max_length=5, choices=[(step.value, step.value) for step in Step], default=Step.SEND.value)
    why = models.CharField(max_length=12, choices=Why, default=Why.NONE, blank=True)
    state = models.CharField(_("status"), max_length=9, choices=State, default=State.IDLE)
    failure = models.CharField(_("attention"), max_length=15, choices=Failure, blank=True)
    remote_state = models.CharField(
        _("state at the vendor"), max_length=7, choices=RemoteState, default=RemoteState.UNKNOWN
    )

    due_at = models.DateTimeField(_("next step at"), null=True)
    priority = models.SmallIntegerField(choices=Priority, default=Priority.CLICK)
    batch_key = models.CharField(max_length=200, blank=True)  # the parent that the vendor files the record below

    # Where the record is erased here before the vendor has accepted its delete: parent's and own ID, as the delete
    # needs them. The two keys in clear are hashes then.
    true_key: models.Field[list[str] | None, list[str] | None] = EncryptedJSONField(null=True)

    lease = models.CharField(max_length=32, blank=True)
    sent_operation = models.CharField(max_length=10, choices=Operation, blank=True)
    sent_revision = models.PositiveIntegerField(default=0)
    sent_at = models.DateTimeField(_("last sent"), null=True)
    submitted_at = models.DateTimeField(null=True)
    settled_operation = models.CharField(max_length=10, choices=Operation, blank=True)
    settled_revision = models.PositiveIntegerField(default=0)
    settled_at = models.DateTimeField(_("last confirmed"), null=True)

    attempts = models.PositiveSmallIntegerField(_("tries used up"), default=0)
    polls = models.PositiveSmallIntegerField(default=0)
    company = models.PositiveSmallIntegerField(null=True)  # how many may travel in its batch; None is as many as fit
    company_failures = models.PositiveSmallIntegerField(default=0)
    failed_at = models.DateTimeField(null=True)
    unsure_at = models.DateTimeField(null=True)  # when what must not be repeated blindly was sent last, unanswered
    first_unsure_at = models.DateTimeField(null=True)  # … and first: what arrived may be as old as that

    error_code = models.CharField(max_length=100, blank=True)
    error_field = models.CharField(_("field at fault"), max_length=100, blank=True)
    fingerprint = models.CharField(max_length=16, blank=True)
    words = EncryptedTextField(_("the vendor's words"), blank=True, default="")

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("status at a vendor")
        verbose_name_plural = _("statuses at the vendors")
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "kind", "batch_key", "entity_key"], name="sync_delivery_entity"
            ),
            models.CheckConstraint(condition=Q(state__in=State.values), name="sync_delivery_state"),
        ]
        indexes = [
            models.Index(
                fields=["connection", "kind", "priority", "due_at"],
                name="sync_delivery_claim",
                condition=Q(due_at__isnull=False),
            ),
            models.Index(fields=["connection", "kind", "remote_state"], name="sync_delivery_there"),
            models.Index(fields=["kind", "object_id"], name="sync_delivery_object"),
            models.Index(fields=["entity_key"], name="sync_delivery_key"),
            models.Index(fields=["connection", "settled_at"], name="sync_delivery_failed", condition=Q(state="failed")),
            models.Index(fields=["connection", "kind", "lease"], name="sync_delivery_lease", condition=~Q(lease="")),
            models.Index(
                fields=["kind", "id"], name="sync_delivery_waits", condition=Q(state="pending", due_at__isnull=True)
            ),
            models.Index(
                fields=["connection", "kind", "object_id"],
                name="sync_delivery_asleep",
                condition=Q(state="pending", due_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.entity_key}"

    @property
    def names(self) -> tuple[str, str]:
        """Parent's and own ID as the vendor knows them."""
        parent, own = self.true_key or (self.batch_key, self.entity_key)
        return parent, own

    def note_unsure(self, at: datetime) -> None:
        """What was sent at that moment may have arrived."""
        self.unsure_at, self.first_unsure_at = at, self.first_unsure_at or at

    def note_sure(self) -> None:
        self.unsure_at = self.first_unsure_at = None


class Snapshot(models.Model):
    """The payload last accepted, beside it the one that still waits for its remote task or was never answered, and what
    the vendor said that it holds.
    """

    delivery = models.OneToOneField(Delivery, models.CASCADE, primary_key=True)
    accepted = EncryptedJSONField(null=True)
    accepted_at = models.DateTimeField(null=True)
    waiting = EncryptedJSONField(null=True)
    held = EncryptedJSONField(null=True)
    held_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"snapshot of {self.delivery_id}"

    @property
    def known(self) -> Any:
        """What the vendor holds, as far as we know: its own word where that is newer than what it took last."""
        says_itself = self.held_at is not None and (self.accepted_at is None or self.held_at > self.accepted_at)
        return self.held if says_itself else self.accepted

    @property
    def known_since(self) -> datetime:
        return max(moment for moment in (LONG_AGO, self.accepted_at, self.held_at) if moment is not None)


class RemoteTask(models.Model):
    """One posting task at LinkedIn (`simpleJobPostingTask`)."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="remote_tasks")
    operation = models.CharField(max_length=10, choices=Operation)
    revision = models.PositiveIntegerField()
    urn = models.CharField(max_length=200)
    location = models.CharField(max_length=300, blank=True)
    status = models.CharField(max_length=20, default="IN_PROGRESS")
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["delivery", "-id"], name="sync_remotetask_latest")]

    def __str__(self) -> str:
        return str(self.urn)
