"""What controls and page show of the postings and tasks at simulated LinkedIn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from connectors.base.simulation import Document, Table

SHOWN = ("client_id", "external_id", "title", "status", "listing_type", "availability", "expire_at", "number")


def shown(posting: Document) -> Document:
    return {name: posting[name] for name in SHOWN}


def postings_table(postings: Sequence[Document]) -> Table:
    rows = [
        (one["external_id"], one["title"], one["status"], _kind(one), _day(one["expire_at"]), one["client_id"])
        for one in postings
    ]
    return Table(
        title="Postings",
        columns=("External id", "Title", "Status", "Kind", "Expires", "Application"),
        rows=rows,
        empty="Nothing has been posted yet.",
    )


def tasks_table(tasks: Sequence[Document]) -> Table:
    rows = [
        (one["externalJobPostingId"], one["operation"], one["status"], one.get("errorMessage", "")) for one in tasks
    ]
    return Table(
        title="Posting tasks",
        columns=("External id", "Operation", "Status", "Words"),
        rows=rows,
        empty="No operation has been sent yet.",
    )


def _kind(posting: Document) -> str:
    words = "premium" if posting["listing_type"] == "PREMIUM" else "basic"
    return words if posting["availability"] == "PUBLIC" else f"{words}, in Recruiter only"


def _day(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, tz=UTC).date().isoformat()
