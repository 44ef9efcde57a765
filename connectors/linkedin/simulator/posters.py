"""What controls and page show of the postings and tasks at simulated LinkedIn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from connectors.base.simulation import Document, Table
from connectors.linkedin.simulator.extensions import takes_applications, total_budget

SHOWN = ("client_id", "external_id", "title", "status", "listing_type", "availability", "expire_at", "number")


def shown(posting: Document) -> Document:
    fields = posting["fields"]
    extensions = {"budget": total_budget(fields), "takes_applications": takes_applications(fields)}
    return {**{name: posting[name] for name in SHOWN}, **extensions}


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
    words = ["premium" if posting["listing_type"] == "PREMIUM" else "basic"]
    if budget := posting["budget"]:
        words.append(f"budget {budget['amount']} {budget['currencyCode']}")
    if posting["takes_applications"]:
        words.append("apply at LinkedIn")
    if posting["availability"] != "PUBLIC":
        words.append("in Recruiter only")
    return ", ".join(words)


def _day(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, tz=UTC).date().isoformat()
