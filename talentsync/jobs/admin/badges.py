"""The status of a job as short words with a colour, the same on the list and on the job's page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.utils import formats, timezone
from django.utils.translation import gettext, ngettext

from talentsync.jobs.models import GreenhouseStatus, Job, PostingStatus
from talentsync.jobs.querysets import SOON

WORTH_A_WORD = timedelta(days=30)

AT_LINKEDIN: Mapping[str, str] = {
    PostingStatus.NOT_POSTED: "default",
    PostingStatus.POSTING: "info",
    PostingStatus.LIVE: "success",
    PostingStatus.PRIVATE_LIVE: "success",
    PostingStatus.CLOSING: "info",
    PostingStatus.CLOSED: "default",
    PostingStatus.EXPIRED: "warning",
    PostingStatus.REMOVED: "danger",
    PostingStatus.UNKNOWN: "warning",
}
AT_GREENHOUSE: Mapping[str, str] = {
    GreenhouseStatus.UNKNOWN: "default",
    GreenhouseStatus.OPEN: "success",
    GreenhouseStatus.CLOSING: "info",
    GreenhouseStatus.CLOSED: "default",
    GreenhouseStatus.DRAFT: "warning",
    GreenhouseStatus.NOT_FOUND: "warning",
    GreenhouseStatus.SEVERAL: "warning",
}


def linkedin_words(job: Job, now: datetime, *, short: bool = False) -> str:
    """ "Live until 3 Jan"; the year is said when it is not this one. Lists have little room."""
    status = str(PostingStatus(job.posting_status).label)
    if short and job.posting_status == PostingStatus.PRIVATE_LIVE:
        status = gettext("Recruiter only")
    if not job.is_live or job.posting_until is None:
        return status
    return gettext("%(status)s until %(day)s") % {"status": status, "day": day(job.posting_until, now)}


def expiry_words(job: Job, now: datetime) -> str:
    """ "in 5 days", for what is live; nothing for what stays longer than a month."""
    if not job.is_live or job.posting_until is None or job.posting_until > now + WORTH_A_WORD:
        return ""
    days = (timezone.localtime(job.posting_until).date() - timezone.localtime(now).date()).days
    if days < 0 or job.posting_until <= now:
        return gettext("has ended")
    if days == 0:
        return gettext("today")
    return ngettext("in %(days)s day", "in %(days)s days", days) % {"days": days}


def expires_soon(job: Job, now: datetime) -> bool:
    return job.is_live and job.posting_until is not None and job.posting_until <= now + SOON


def day(moment: datetime, now: datetime) -> str:
    local = timezone.localtime(moment)
    return formats.date_format(local, "j M" if local.year == timezone.localtime(now).year else "j M Y")
