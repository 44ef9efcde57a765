"""The closed sets that a delivery moves through, as they stand in the database and on the screen.

In flight is a lease, not a state. What leads from one state to the next is decided in `policy` and applied in
`services` and `engine`.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """How far one delivery is."""

    IDLE = "idle", _("Not sent")
    PENDING = "pending", _("Waiting")
    SUBMITTED = "submitted", _("Being worked on")  # the vendor took it for later
    SYNCED = "synced", _("Sent")
    FAILED = "failed", _("Needs attention")


SUMMARY_ORDER = (State.FAILED, State.PENDING, State.SUBMITTED, State.SYNCED, State.IDLE)
"""A record shows the first of these that any of its current deliveries is in (DESIGN 4)."""

UNFINISHED = (State.PENDING, State.SUBMITTED)


class Failure(models.TextChoices):
    """Why a delivery stopped for a person."""

    REJECTED = "rejected", _("Refused")
    UNMAPPABLE = "unmappable", _("Cannot be sent as it is")
    UNCONFIRMED = "unconfirmed", _("Would erase something")  # and nobody agreed
    NOT_LIVE = "not_live", _("Taken, but not live")
    UNKNOWN_OUTCOME = "unknown_outcome", _("Outcome unknown")
    EXHAUSTED = "exhausted", _("Tried too often")
    INTERNAL = "internal", _("Fault in TalentSync")


class RemoteState(models.TextChoices):
    """What the vendor holds, as far as we know."""

    UNKNOWN = "unknown", _("Unknown")
    ABSENT = "absent", _("Not there")
    LIVE = "live", _("Live")
    CLOSED = "closed", _("Closed")
    DELETED = "deleted", _("Deleted")  # at our wish


class Operation(models.TextChoices):
    """What a person wishes the vendor to be told."""

    UPSERT = "upsert", _("Send or update")
    RENEW = "renew", _("Renew")
    CLOSE = "close", _("Close")
    DELETE = "delete", _("Delete")
    LINK = "link", _("Link to a person")
    UNLINK = "unlink", _("Unlink")
    RECORD = "record", _("Record as closed")  # make known what was over before anybody posted it


class Why(models.TextChoices):
    """Why the vendor is asked what it holds; the answer means something else each time (`policy`)."""

    NONE = "", "–"
    ASKED = "asked", _("a person asked")
    ROUTINE = "routine", _("regular look")
    FIRST = "first", _("to know before sending")
    UNSURE = "unsure", _("our call may have arrived")
    CONFLICT = "conflict", _("the vendor says it is closed already")
    PROCESSED = "processed", _("taken, but perhaps not live")
    OVERDUE = "overdue", _("the vendor has not finished for a day")
    FAILED_CLOSE = "failed_close", _("the close failed")


class Priority(models.IntegerChoices):
    """Smaller goes first."""

    CLICK = 0, _("asked by a person")
    BACKFILL = 5, _("part of a large request")
    ROUTINE = 9, _("regular look")
