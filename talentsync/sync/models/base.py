"""What every synced record has."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from talentsync.sync.states import State


class SyncedModel(models.Model):
    """A record of the ATS that destinations are told about.

    `sync_state` summarises its current deliveries and is written by the engine alone (`summary`). `changed_at` moves
    when a person or an import changes what would be sent; `synced_at` when a destination last confirmed something.
    """

    customer = models.ForeignKey(
        "customers.Customer", models.PROTECT, verbose_name=_("customer"), db_index=False
    )  # `listed` has an index that is also in the order of lists
    external_id = models.CharField(
        _("ID in your ATS"), max_length=200, help_text=_("Cannot change once a vendor knows it.")
    )
    sync_state = models.CharField(_("sync state"), max_length=9, choices=State, default=State.IDLE, editable=False)
    changed_at = models.DateTimeField(_("changed"), auto_now_add=True)
    synced_at = models.DateTimeField(_("last confirmed"), null=True, editable=False)

    class Meta:
        abstract = True


def listed(prefix: str, *, by_status: str) -> list[models.Index]:
    """What lists are narrowed by, each in their order; stands in the indexes of the model.

    Most people see some customers' rows alone, superusers all of them: by status there is an index for either.
    """
    return [
        models.Index(fields=["customer", "id"], name=f"{prefix}_customer"),
        models.Index(fields=["customer", by_status, "id"], name=f"{prefix}_per_status"),
        models.Index(fields=[by_status, "id"], name=f"{prefix}_status"),
        listed_few(f"{prefix}_trouble", ~Q(sync_trouble="")),
    ]


def listed_few(name: str, condition: Q) -> models.Index:
    """For a filter that leaves few rows: an index of these alone."""
    return models.Index(fields=["customer", "id"], name=name, condition=condition)


def unique_id(under: str = "customer") -> models.UniqueConstraint:
    """One record of an ID below its customer, or below its parent; stands in the constraints of the model."""
    words = _("This customer already has a record with this ID.")
    return models.UniqueConstraint(
        fields=[under, "external_id"],
        name="%(app_label)s_%(class)s_external_id",
        violation_error_message=words if under == "customer" else _("There is already a record with this ID here."),
    )
