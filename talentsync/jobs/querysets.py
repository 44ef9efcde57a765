"""The questions that are asked of jobs."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from talentsync.core.columns import begins

if TYPE_CHECKING:
    from talentsync.jobs.models import Job  # noqa: F401  # the base class names it as text


SOON = timedelta(days=7)  # "expires in 7 days" (issue 2, item 3)
AT_LINKEDIN = ("live", "private_live")


SEARCHED = ("title_key", "external_key", "requisition_key")


class JobQuerySet(models.QuerySet["Job"]):
    def mine(self, email: str) -> JobQuerySet:
        """The jobs of this person; nobody's jobs are nobody's."""
        return self.filter(owner_email=email) if email else self.none()

    def live(self) -> JobQuerySet:
        return self.filter(posting_status__in=AT_LINKEDIN)

    def not_live(self) -> JobQuerySet:
        return self.exclude(posting_status__in=AT_LINKEDIN)

    def not_promoted(self) -> JobQuerySet:
        """As `Job.is_promoted` says."""
        return self.exclude(listing_type="PREMIUM").filter(budget_amount="", budget_currency="")

    def expiring(self, now: datetime, *, within: timedelta = SOON) -> JobQuerySet:
        """Live, and not for long."""
        return self.live().filter(posting_until__lte=now + within).order_by("posting_until", "pk")

    def beginning_with(self, text: str) -> JobQuerySet:
        """Whose title, ID in the ATS or requisition ID begins like this, whatever the case; served by indexes."""
        found = Q()
        for key in SEARCHED:
            found |= begins(key, text)
        return self.filter(found)
