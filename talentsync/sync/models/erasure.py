"""One record that somebody wished to be gone, from here and from a vendor: the line of the receipt that stays.

It says of which sort the record was, and when what became of it; who it was about it cannot say.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Erasure(models.Model):
    """One record at one connection. `accepted_at` is the vendor's word, `absent_at` what it said when it was asked
    again, `erased_at` the moment when nothing was left here; each comes when it comes. Of a record that no call deletes
    (`Kind.kept`) `absent_at` is the moment at which the vendor removes it by itself, which may be to come; what has no
    record here any more has an `object_id` below zero.

    `root_id` is the record that the request was made for: what hangs on it goes together with it. `key_hash` tells
    the same ID from another one (`erasures.hashed`), and cannot be turned back into it.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("Asked for")
        REFUSED = "refused", _("Refused")
        ACCEPTED = "accepted", _("Accepted")
        ABSENT = "absent", _("No longer there")
        DONE = "done", _("Erased")

    customer = models.ForeignKey("customers.Customer", models.PROTECT, verbose_name=_("customer"))
    connection = models.ForeignKey("customers.Connection", models.PROTECT, null=True)  # None: there was nobody to ask
    run = models.ForeignKey("sync.Run", models.PROTECT, related_name="erasures")
    kind = models.CharField(_("record type"), max_length=30)
    key_hash = models.CharField(max_length=64)
    object_id = models.BigIntegerField()
    root_id = models.BigIntegerField()
    delivery = models.ForeignKey("sync.Delivery", models.SET_NULL, null=True, related_name="erasures")
    revision = models.PositiveIntegerField()
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.ASKED)
    with_parent = models.BooleanField(default=False)  # the vendor removed it together with what it hung on
    answer = models.PositiveSmallIntegerField(_("the vendor's answer"), null=True)
    asked_at = models.DateTimeField(_("asked"))
    accepted_at = models.DateTimeField(_("accepted"), null=True)
    looked_at = models.DateTimeField(null=True)  # when it was still there at last
    absent_at = models.DateTimeField(_("asked again: no longer there"), null=True)
    local_at = models.DateTimeField()  # then it goes here, whatever the vendor has said by then
    erased_at = models.DateTimeField(_("removed here"), null=True)

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        constraints = [
            models.UniqueConstraint(fields=["run", "connection", "kind", "object_id"], name="sync_erasure_once")
        ]
        indexes = [
            models.Index(fields=["customer", "kind", "key_hash"], name="sync_erasure_key"),
            models.Index(fields=["kind", "object_id"], name="sync_erasure_object"),
            models.Index(fields=["run", "root_id"], name="sync_erasure_root"),
            models.Index(fields=["run"], name="sync_erasure_open", condition=~Q(state="done")),
            models.Index(fields=["local_at"], name="sync_erasure_local", condition=Q(erased_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
