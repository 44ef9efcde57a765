"""What is kept for those who watch: what was counted, what is wrong, and who was told of it."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Watch(models.Model):
    """The one row that says whose turn it is to look next, and holds what was counted last."""

    THE_ONE = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=THE_ONE)
    due_at = models.DateTimeField()
    census: models.JSONField[list[Any], list[Any]] = models.JSONField(default=list)  # see `census`
    census_at = models.DateTimeField(null=True)
    census_seconds = models.FloatField(default=0.0)  # how long it took
    tallies: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)  # see `tallies`
    tallied_upto = models.BigIntegerField(null=True)  # the last try that is in them

    def __str__(self) -> str:
        return "watch"


class Alert(models.Model):
    """One thing that is wrong, or was. The same thing is always the same row; each time it begins and ends, people are
    told. It holds no personal data and nothing secret, because it leaves the house.
    """

    class Condition(models.TextChoices):
        HELD = "held", _("Stopped")
        LATE = "late", _("Waits too long")
        SILENT = "silent", _("Part not running")
        LIMIT = "limit", _("Daily limit nearly used up")

    key = models.CharField(max_length=200, unique=True)
    condition = models.CharField(_("what"), max_length=6, choices=Condition)
    # Without a customer it concerns everybody.
    customer = models.ForeignKey("customers.Customer", models.CASCADE, null=True, verbose_name=_("customer"))
    facts: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)  # see `words`
    path = models.CharField(max_length=300, blank=True)  # the page of the admin to look at
    since = models.DateTimeField(_("since"))
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(_("over since"), null=True)

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        indexes = [models.Index(fields=["-since"], name="monitoring_alert_since")]

    def __str__(self) -> str:
        return str(self.get_condition_display())


class Notice(models.Model):
    """An alert began, or ended. Numbered in the order in which receivers are told."""

    alert = models.ForeignKey(Alert, models.CASCADE, related_name="notices")
    is_over = models.BooleanField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.alert_id} {'over' if self.is_over else 'began'}"


class Receiver(models.Model):
    """Somebody who is told, how far they were told, and when to try next."""

    name = models.CharField(max_length=254, primary_key=True)
    told_upto = models.BigIntegerField(default=0)  # the last notice
    due_at = models.DateTimeField()
    failures = models.PositiveSmallIntegerField(default=0)  # in a row

    def __str__(self) -> str:
        return self.name.partition(":")[0]
