"""Tables that belong to no domain: who did what, which parts of the service are alive, and whether the keys fit."""

from __future__ import annotations

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from talentsync.core.fields import EncryptedTextField


class AppendOnly(Exception):
    """An audit event is written once, and neither changed nor deleted."""


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    def update(self, **_: Any) -> NoReturn:
        raise AppendOnly

    def delete(self) -> NoReturn:
        raise AppendOnly

    def forget(self) -> int:
        """Delete for their age alone (`AUDIT_RETENTION_DAYS`); how many."""
        gone, _ = super().delete()
        return gone


class AuditEvent(models.Model):
    """Who did what to which records. Holds no personal data: records are named by kind, number and our own labels."""

    at = models.DateTimeField(_("when"), auto_now_add=True, db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("who")
    )
    # Kept when the customer goes: the event then belongs to administrators alone.
    customer = models.ForeignKey(
        "customers.Customer", on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("customer")
    )
    verb = models.CharField(_("what"), max_length=50)
    kind = models.CharField(_("record type"), max_length=50, blank=True)
    label = models.CharField(_("record"), max_length=200, blank=True)
    count = models.PositiveIntegerField(_("records"), default=1)
    run_id = models.BigIntegerField(_("request"), null=True, db_index=True)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("audit event")
        verbose_name_plural = _("who did what")

    def __str__(self) -> str:
        return f"{self.verb} {self.kind} {self.label}".strip()

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnly
        super().save(*args, **kwargs)

    def delete(self, *_: Any, **__: Any) -> NoReturn:
        raise AppendOnly


class Heartbeat(models.Model):
    """When a part of the service was last seen alive."""

    name = models.CharField(max_length=20, primary_key=True)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class KeyProbe(models.Model):
    """A word that FIELD_ENCRYPTION_KEYS must open. The first migration writes it, and a rotation rewrites it last: as
    long as it needs an older key, other values may need it, too.
    """

    word = EncryptedTextField()

    def __str__(self) -> str:
        return "key probe"
