"""What all records about a person have: candidates, and what hangs on them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from talentsync.core.columns import by_beginnings, lower_cased
from talentsync.sync.models import SyncedModel, listed
from talentsync.sync.states import Failure


class LinkedInStatus(models.TextChoices):
    """What has become of a record at LinkedIn, in the recruiter's words."""

    NOT_SENT = "not_sent", _("Not sent")
    WAITING = "waiting", _("Waiting")
    SENT = "sent", _("Sent")
    REMOVING = "removing", _("Being removed")
    REMOVED = "removed", _("Removed from LinkedIn")
    UNKNOWN = "unknown", _("Not known")  # an outcome that nobody could find out


class PersonRecord(SyncedModel):
    """A record about a person. Status and trouble are written by the engine's summary alone.

    `UNDER` names the record that it hangs on, if it does: its customer is that one's, its ID is unique below it.
    """

    UNDER: ClassVar[str] = ""

    linkedin_status = models.CharField(
        _("LinkedIn status"),
        max_length=8,
        choices=LinkedInStatus,
        default=LinkedInStatus.NOT_SENT,
        editable=False,
    )
    sync_trouble = models.CharField(_("trouble"), max_length=15, choices=Failure, blank=True, editable=False)

    external_key = lower_cased("external_id", max_length=200)  # what a search by beginnings looks at

    class Meta:
        abstract = True


def of_person(prefix: str) -> list[models.Index]:
    """What lists of records about people are narrowed and searched by; stands in the indexes of the model."""
    return [*listed(prefix, by_status="linkedin_status"), *by_beginnings(prefix, "external_key")]
