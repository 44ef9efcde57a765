"""One click: what was asked, of which records, and how far it is."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from talentsync.sync.kinds import HISTORY


class Run(models.Model):
    """What one person asked for in one click. A draft changes nothing until it is confirmed."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Not confirmed")
        WAITING = "waiting", _("Starts in a moment")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        UNDONE = "undone", _("Undone")
        PAUSED = "paused", _("Paused")
        CANCELLED = "cancelled", _("Cancelled")

    kind = models.CharField(_("record type"), max_length=30)
    action = models.CharField(_("action"), max_length=20)
    destinations: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    options = models.JSONField(default=dict)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.DRAFT)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, verbose_name=_("asked by"))
    created_at = models.DateTimeField(_("asked"))
    starts_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)
    total = models.PositiveIntegerField(default=0)
    n_skipped = models.PositiveIntegerField(_("skipped"), default=0)
    n_done = models.PositiveIntegerField(_("done"), default=0)
    n_failed = models.PositiveIntegerField(_("need attention"), default=0)
    n_superseded = models.PositiveIntegerField(_("overtaken"), default=0)

    class Meta:
        verbose_name = _("request")
        verbose_name_plural = _("requests")
        indexes = [
            models.Index(fields=["by", "-created_at"], name="sync_run_mine"),
            models.Index(fields=["starts_at"], name="sync_run_waiting", condition=Q(state__in=["waiting", "running"])),
        ]

    def __str__(self) -> str:
        return f"{self.action.replace('_', ' ')} ({self.pk})"

    @property
    def n_settled(self) -> int:
        return self.n_skipped + self.n_done + self.n_failed + self.n_superseded

    @property
    def is_over(self) -> bool:
        return self.state in {self.State.DONE, self.State.UNDONE, self.State.CANCELLED}

    @property
    def is_history(self) -> bool:
        """Whether it sends everything of a customer, in parts, and can be paused."""
        return self.action == HISTORY


SETTLED = F("n_skipped") + F("n_done") + F("n_failed") + F("n_superseded")


class RunItem(models.Model):
    """One record at one connection within a run; `revision` is the wish that will settle it. Without a connection: one
    that is to be erased, of a customer who has none in use.
    """

    class State(models.TextChoices):
        DRAFTED = "drafted", _("Not started")
        ASKED = "asked", _("Waiting")
        SKIPPED = "skipped", _("Skipped")
        DONE = "done", _("Done")
        FAILED = "failed", _("Needs attention")
        SUPERSEDED = "superseded", _("Overtaken by a later request")

    run = models.ForeignKey(Run, models.CASCADE, related_name="items")
    kind = models.CharField(_("record type"), max_length=30)  # of the run, or of what hangs on its records
    object_id = models.BigIntegerField()
    connection = models.ForeignKey("customers.Connection", models.CASCADE, null=True)
    delivery = models.ForeignKey("sync.Delivery", models.SET_NULL, null=True, related_name="run_items")
    revision = models.PositiveIntegerField(null=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFTED)
    reason = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "kind", "object_id", "connection"], name="sync_runitem_once")
        ]
        indexes = [
            models.Index(fields=["delivery", "revision"], name="sync_runitem_asked", condition=Q(state="asked")),
            models.Index(fields=["run", "state", "kind", "reason"], name="sync_runitem_state"),  # counted by pages
        ]

    def __str__(self) -> str:
        return f"{self.run_id}:{self.object_id}"


class RunPart(models.Model):
    """How far the sending of everything is with one kind: records up to `last_id` were asked for, those up to `upto`
    take part. Items come into being when their turn comes; `total` is how many records there were, and in the end how
    many items.
    """

    run = models.ForeignKey(Run, models.CASCADE, related_name="parts")
    kind = models.CharField(max_length=30)
    place = models.PositiveSmallIntegerField()
    connection = models.ForeignKey("customers.Connection", models.CASCADE)
    total = models.PositiveIntegerField(default=0)
    upto = models.BigIntegerField(default=0)
    last_id = models.BigIntegerField(default=0)
    asked_at = models.DateTimeField(null=True)  # when the last of them was asked for

    class Meta:
        ordering = ("run", "place")
        constraints = [models.UniqueConstraint(fields=["run", "kind"], name="sync_runpart_once")]
        indexes = [
            models.Index(fields=["connection", "kind"], name="sync_runpart_open", condition=Q(asked_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}:{self.kind}"
