"""/simpleJobPostings, /simpleJobPostingTasks and /jobPostingStatus: post, ask about the posting task, ask what is
live.

https://learn.microsoft.com/linkedin/talent/job-postings/api/create-jobs
https://learn.microsoft.com/linkedin/talent/job-postings/api/check-job-taskstatus
https://learn.microsoft.com/linkedin/talent/job-postings/api/check-job-posting-status

The entity key is the externalJobPostingId on every step. A record that LinkedIn says nothing final about (an element
with a 429 or 5xx of its own, a success without a task, contradicting maps) is left out of the answer: it is asked
again.

Inferred, not documented: a task that LinkedIn no longer knows is a 404 in `errors`; an id it never knew or no longer
lists is a 404 in the `errors` of jobPostingStatus; a job with RSC fields says `state` CLOSED on CLOSE and LISTED
otherwise; RECORD, our word, is a CREATE that says CLOSED: it
makes known a job that was over before anybody posted it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from connectors.base.errors import after
from connectors.base.resource import Entry, Step
from connectors.base.results import Answer, News, Outcome
from connectors.linkedin import urns
from connectors.linkedin.endpoints import V2
from connectors.linkedin.errors import field_at_fault
from connectors.linkedin.restli import Part, Wire, batch_create, batch_get, created_parts, keyed_parts

_TASK_NEWS = {
    "SUCCEEDED": News.ACCEPTED,
    "FAILED": News.TASK_FAILED,
    "PROCESSED": News.TASK_PROCESSED,
}  # any other text is new to us: still working
_LISTING_NEWS = {"LISTED": News.LIVE, "NOT_LISTED": News.GONE}
_OPERATIONS = {"RECORD": "CREATE"}
_OVER = {"CLOSE", "RECORD"}
_TASK_GONE = {400, 404, 410}
_TASK_PREFIX = "urn:li:simpleJobPostingTask:"
_TASK_URN = re.compile(r"[!-~]{1,200}")  # what is longer or holds other signs names no task


class JobPostings:
    """Job postings; every call is harmless to repeat, because LinkedIn keys them by externalJobPostingId."""

    limits: Mapping[Step, int] = {Step.SEND: 100, Step.POLL: 50, Step.CHECK: 100}  # linkedin.md 3.1, 3.9, 3.11
    endpoints: Mapping[Step, str] = {
        Step.SEND: "simpleJobPostings",
        Step.POLL: "simpleJobPostingTasks",
        Step.CHECK: "jobPostingStatus",
    }

    def __init__(self, *, wire: Wire, organization_urn: str, contract_urn: str = "") -> None:
        self._wire = wire
        self._organization, self._contract = organization_urn, contract_urn

    def send(self, entries: Sequence[Entry]) -> Answer:
        """CREATE, UPDATE, RENEW, CLOSE and RECORD, mixed as they come."""
        self._refuse_misuse(entries, Step.SEND)
        elements = [self._element(entry) for entry in entries]
        reply = self._wire.call(batch_create(V2["simpleJobPostings"], elements))
        with after(*reply.exchanges):
            parts = created_parts(reply.content, expected=len(elements))
        outcomes = {
            entry.key: outcome
            for entry, element, part in zip(entries, elements, parts, strict=True)
            if (outcome := _submission(part, element)) is not None
        }
        return Answer(outcomes=outcomes, exchanges=reply.exchanges)

    def poll(self, entries: Sequence[Entry]) -> Answer:
        """What became of the tasks."""
        self._refuse_misuse(entries, Step.POLL)
        urns_asked = list(dict.fromkeys(entry.task_urn for entry in entries))
        reply = self._wire.call(batch_get(V2["simpleJobPostingTasks"], urns_asked))
        with after(*reply.exchanges):
            parts = keyed_parts(reply.content, keys=urns_asked)
        outcomes = {
            entry.key: outcome
            for entry in entries
            if (part := parts.get(entry.task_urn)) and (outcome := _task(part)) is not None
        }
        return Answer(outcomes=outcomes, exchanges=reply.exchanges)

    def check(self, entries: Sequence[Entry]) -> Answer:
        """What LinkedIn shows of the jobs now."""
        self._refuse_misuse(entries, Step.CHECK)
        keys = [entry.key for entry in entries]
        reply = self._wire.call(batch_get(V2["jobPostingStatus"], keys))
        with after(*reply.exchanges):
            parts = keyed_parts(reply.content, keys=keys)
        outcomes = {key: outcome for key, part in parts.items() if (outcome := _listing(part)) is not None}
        return Answer(outcomes=outcomes, exchanges=reply.exchanges)

    def _element(self, entry: Entry) -> dict[str, Any]:
        """The record as it travels: with its verb, and with what only the connection knows."""
        element: dict[str, Any] = {**entry.payload, "jobPostingOperationType": _OPERATIONS.get(entry.verb, entry.verb)}
        if not {"integrationContext", "companyPageUrl", "companyName"} & element.keys():
            element["integrationContext"] = self._organization
        is_paid_for = element.get("listingType") == "PREMIUM" or "budget" in element
        if (is_paid_for or element.get("availability") == "INTERNAL") and self._contract:
            element.setdefault("contract", self._contract)
        if "availability" in element:
            element["state"] = "CLOSED" if entry.verb in _OVER else "LISTED"
        return element

    def _refuse_misuse(self, entries: Sequence[Entry], step: Step) -> None:
        """LinkedIn forbids the same job twice in a call ("no duplicate updates")."""
        keys = [entry.key for entry in entries]
        if not keys or len(keys) > self.limits[step] or len(set(keys)) != len(keys):
            raise ValueError(f"{step}: between 1 and {self.limits[step]} different jobs per call")


def _submission(part: Part, element: Mapping[str, Any]) -> Outcome | None:
    if part.refusal is not None:
        return _rejection(part, element)
    content = part.content if isinstance(part.content, dict) else {}
    task_urn = _task_urn(content)
    if not task_urn or not 200 <= (part.status or 0) < 300:
        return None
    return Outcome(
        news=News.SUBMITTED,
        status=part.status,
        task_urn=task_urn,
        task_location=_text(content.get("location")),
        request=element,
        answer=part.content,
    )


def _rejection(part: Part, element: Mapping[str, Any]) -> Outcome | None:
    refusal = part.refusal
    if refusal is None or refusal.is_passing:
        return None
    return Outcome(
        news=News.REJECTED,
        status=refusal.status,
        code=refusal.code,
        words=refusal.words,
        field_name=field_at_fault(refusal.words, status=refusal.status),
        request=element,
        answer=part.content,
    )


def _task(part: Part) -> Outcome | None:
    if part.refusal is not None:
        if part.refusal.status not in _TASK_GONE:
            return None
        return _said(News.TASK_UNKNOWN, part)
    task: Mapping[str, Any] = part.content
    words = _text(task.get("errorMessage"))
    posting = _text(task.get("jobPosting"))
    facts = {
        "job_urn": posting,
        "url": urns.posting_url(posting),
        "location": _text(task.get("location")),
    }
    return Outcome(
        news=_TASK_NEWS.get(_text(task.get("status")), News.WORKING),
        code=_text(task.get("status")),
        words=words,
        field_name=field_at_fault(words, task=True) if words else "",
        facts={name: value for name, value in facts.items() if value},
        answer=task,
    )


def _listing(part: Part) -> Outcome | None:
    if part.refusal is not None:
        return _said(News.GONE, part) if part.refusal.status == 404 else None
    status = _text(part.content.get("listingStatus"))
    if not status:
        return None
    return Outcome(
        news=_LISTING_NEWS.get(status, News.WORKING),
        code=status,
        words=_text(_mapping(part.content.get("listingStatusDetail")).get("statusMessage")),
        facts=_facts(part.content),
        answer=part.content,
    )


def _facts(said: Mapping[str, Any]) -> dict[str, Any]:
    """What partners are required to show, and what helps to understand it; every name is always there."""
    info = _mapping(said.get("jobPostingInfo"))
    company = _mapping(info.get("companyDetails"))
    url = _text(said.get("jobPostingUrl"))
    return {
        "listing_status": _text(said.get("listingStatus")),
        "apply_status": _text(said.get("linkedInApplyStatus")),
        "promotion_status": _text(said.get("promotionStatus")),
        "listing_detail": _detail(said.get("listingStatusDetail")),
        "apply_detail": _detail(said.get("linkedInApplyStatusDetail")),
        "promotion_detail": _detail(said.get("promotionStatusDetail")),
        "listed_at": _milliseconds(info.get("listedAt")),
        "expire_at": _milliseconds(info.get("expireAt")),
        "url": url,
        "job_urn": urns.posting_urn(url),
        "visibility": _text(info.get("visibilityTag")),
        "location": _text(info.get("location")) or _text(said.get("rawLocation")),
        # LinkedIn's kit names these companyName and companyPage, its own sample name and pageUrl (linkedin.md 3.11)
        "company_name": _text(company.get("name")) or _text(company.get("companyName")),
        "company_url": _text(company.get("pageUrl")) or _text(company.get("companyPage")),
    }


def _detail(said: Any) -> dict[str, Any] | None:
    """Why a status is as it is: whose error, and LinkedIn's words."""
    if not isinstance(said, dict):
        return None
    return {
        "error_code": _text(said.get("errorCode")),
        "error_type": _text(said.get("errorType")),
        "message": _text(said.get("statusMessage")),
    }


def _said(news: News, part: Part) -> Outcome:
    refusal = part.refusal
    return Outcome(
        news=news,
        status=refusal.status if refusal else None,
        code=refusal.code if refusal else "",
        words=refusal.words if refusal else "",
        answer=part.content,
    )


def _task_urn(content: Mapping[str, Any]) -> str:
    """The task's URN; `location` holds it too, percent-encoded."""
    named = _text(content.get("id")) or _urn_in(unquote(_text(content.get("location"))))
    return named if _TASK_URN.fullmatch(named) else ""


def _urn_in(location: str) -> str:
    start = location.find(_TASK_PREFIX)
    return location[start:].partition("/")[0] if start >= 0 else ""


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    """Text as it is, numbers as text (the vendor's samples mix them), anything else as nothing."""
    return str(value).strip() if isinstance(value, (str, int)) and not isinstance(value, bool) else ""


def _milliseconds(value: Any) -> int | None:
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        return None
    try:
        return int(value)
    except ValueError:
        return None
