"""One call and what it meant for each record that travelled in it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from connectors.base.resource import Step
from talentsync.core.fields import EncryptedJSONField, EncryptedTextField
from talentsync.sync.states import Operation

STEPS = [
    (Step.SEND.value, _("Sent")),
    (Step.POLL.value, _("Asked whether it is finished")),
    (Step.CHECK.value, _("Asked what is there")),
]


class Attempt(models.Model):
    """One try: one call to a vendor, or one that could not even be made."""

    connection = models.ForeignKey("customers.Connection", models.CASCADE, verbose_name=_("connection"))
    kind = models.CharField(_("record type"), max_length=30)
    step = models.CharField(_("what was done"), max_length=5, choices=STEPS)
    operation = models.CharField(_("action"), max_length=10, choices=Operation, blank=True)
    at = models.DateTimeField(_("when"))
    method = models.CharField(_("method"), max_length=10, blank=True)
    path = models.CharField(_("path"), max_length=500, blank=True)
    tunneled = models.BooleanField(_("tunneled"), default=False)
    status = models.PositiveSmallIntegerField(_("HTTP status"), null=True)
    milliseconds = models.PositiveIntegerField(_("milliseconds"), default=0)
    request_id = models.CharField(_("vendor's request ID"), max_length=100, blank=True)
    n_calls = models.PositiveSmallIntegerField(_("calls"), default=1)
    n_records = models.PositiveSmallIntegerField(_("records"), default=0)
    error = models.CharField(_("what went wrong"), max_length=40, blank=True)
    words = EncryptedTextField(_("the vendor's words"), blank=True, default="")

    class Meta:
        verbose_name = _("try")
        verbose_name_plural = _("tries")
        indexes = [
            models.Index(fields=["connection", "-at"], name="sync_attempt_recent"),
            models.Index(fields=["at"], name="sync_attempt_age"),
            models.Index(fields=["request_id"], name="sync_attempt_request", condition=~Q(request_id="")),
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.status or ''}".strip()

    @property
    def asked_for(self) -> str:
        """The operation that was called for; a look at what is there calls for none."""
        return "" if self.step == Step.CHECK else self.operation


class AttemptItem(models.Model):
    """One record's part: what was said about it, and for failures and a sample of successes the request and the
    answer.
    """

    attempt = models.ForeignKey(Attempt, models.CASCADE, related_name="items")
    delivery = models.ForeignKey("sync.Delivery", models.CASCADE, related_name="attempt_items")
    news = models.CharField(max_length=15)
    status = models.PositiveSmallIntegerField(null=True)
    code = models.CharField(max_length=100, blank=True)
    field_name = models.CharField(_("field at fault"), max_length=100, blank=True)
    words = EncryptedTextField(_("the vendor's words"), blank=True, default="")
    request = EncryptedJSONField(null=True)
    answer = EncryptedJSONField(null=True)

    class Meta:
        indexes = [models.Index(fields=["delivery", "-id"], name="sync_attemptitem_latest")]

    def __str__(self) -> str:
        return f"{self.attempt_id}:{self.delivery_id}"
