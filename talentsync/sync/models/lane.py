"""What keeps deliveries in order and within bounds: lanes, holds, budgets."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from talentsync.sync import kinds
from talentsync.sync.kinds import Route
from talentsync.sync.states import Operation


class Lane(models.Model):
    """One connection and kind, or one of its shards: sequential inside. Only the lane is leased, by one conditional
    update.
    """

    connection = models.ForeignKey("customers.Connection", models.CASCADE, related_name="lanes")
    kind = models.CharField(max_length=30)
    shard = models.PositiveSmallIntegerField(default=0)  # of `Kind.shards`
    lease_name = models.CharField(max_length=32, blank=True)
    lease_ends_at = models.DateTimeField(null=True)
    not_before = models.DateTimeField(null=True)
    outages = models.PositiveSmallIntegerField(default=0)  # calls in a row without an answer
    alike_fingerprint = models.CharField(max_length=16, blank=True)
    alike_count = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["connection", "kind", "shard"], name="sync_lane_name")]

    def __str__(self) -> str:
        return f"{self.connection_id}:{self.kind}" + (f":{self.shard}" if self.shard else "")

    @property
    def route(self) -> Route:
        """How this lane's kind goes to its destination; raises KeyError or StopIteration for a lane that is no longer
        declared.
        """
        return kinds.get(self.kind).route(self.connection.destination)


class Hold(models.Model):
    """Leasing skips what any hold covers; an empty column covers everything. *Stop all sending* is a hold too."""

    customer = models.ForeignKey(
        "customers.Customer", models.CASCADE, null=True, blank=True, verbose_name=_("customer")
    )
    connection = models.ForeignKey(
        "customers.Connection", models.CASCADE, null=True, blank=True, verbose_name=_("connection")
    )
    kind = models.CharField(_("record type"), max_length=30, blank=True)
    operation = models.CharField(_("action"), max_length=10, choices=Operation, blank=True)
    reason = models.TextField(_("reason"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, verbose_name=_("by"))
    probed = models.BooleanField(default=False)  # released by itself once the connection test succeeds
    since = models.DateTimeField(_("since"), auto_now_add=True)

    class Meta:
        verbose_name = _("stop")
        verbose_name_plural = _("stopped")
        permissions = [("stop_all", _("Can stop all sending"))]
        constraints = [
            # An empty foreign key equals no other in a plain constraint. What ends by itself stands beside what a
            # person stopped.
            models.UniqueConstraint(
                Coalesce("customer", 0), Coalesce("connection", 0), "kind", "operation", "probed", name="sync_hold_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.reason)


class Budget(models.Model):
    """What one credential has used on one endpoint (`limits.Use`), and until when the vendor allows nothing more.

    `calls` and `records` are those of `day` in UTC; `bars` are the records of the last minute by half seconds.
    """

    environment = models.CharField(max_length=10)
    destination = models.CharField(max_length=10)
    client_id = models.CharField(max_length=200)
    endpoint = models.CharField(max_length=50)
    blocked_until = models.DateTimeField(null=True)
    throttles = models.PositiveSmallIntegerField(default=0)  # in a row
    day = models.DateField(null=True)
    calls = models.PositiveIntegerField(default=0)
    records = models.PositiveIntegerField(default=0)
    bars: models.JSONField[list[Any], list[Any]] = models.JSONField(default=list)
    paced_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["environment", "destination", "client_id", "endpoint"], name="sync_budget_name"
            )
        ]
        verbose_name = _("daily limit")
        verbose_name_plural = _("daily limits")

    def __str__(self) -> str:
        return f"{self.destination} {self.endpoint}"

    @property
    def key(self) -> tuple[str, str, str, str]:
        return self.environment, self.destination, self.client_id, self.endpoint
