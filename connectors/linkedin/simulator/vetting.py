"""Rules about a simulated posting that need more than the schema: moments, addresses, places, and failures of tasks.

linkedin.md 3.3 (constraints), 3.6 (HTML), 3.8 (refusals), 3.10 (reasons of failed tasks).
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from connectors.base.simulation import DAY_SECONDS, Document
from connectors.linkedin.simulator.fields import WORKPLACES
from connectors.linkedin.simulator.wire import refuse

# 10.1, row 7: a moment below this is in seconds and not in milliseconds.
FIRST_MILLISECONDS = 10**12
KEPT_TAGS = ("b", "strong", "u", "i", "br", "p", "ul", "li")
TAG = re.compile(r"</?\s*([a-zA-Z][a-zA-Z0-9]*)[^>]*>")
MOST_DAYS = {"BASIC": 180, "PREMIUM": 90}  # 10.1, row 15


def moment_fault(element: Document, now_ms: int) -> tuple[str, str]:
    """The newer error code and words about `listedAt` and `expireAt`, or two empty texts."""
    listed_at, expire_at = element.get("listedAt"), element.get("expireAt")
    if isinstance(listed_at, int) and not FIRST_MILLISECONDS <= listed_at <= now_ms:
        words = f"/listedAt :: {listed_at} is not a past moment in epoch milliseconds"
        return "ERROR_INVALID_LISTED_AT_FIELD", words
    # A posting that was renewed outlives the expireAt it was posted with: only a post or an update must look ahead.
    if element.get("jobPostingOperationType") not in ("CREATE", "UPDATE"):
        return "", ""
    most = MOST_DAYS[element.get("listingType", "BASIC")] * DAY_SECONDS * 1000
    if isinstance(expire_at, int) and not now_ms < expire_at <= now_ms + most:
        return "ERROR_INVALID_EXPIRE_AT_FIELD", f"/expireAt :: {expire_at} is out of the allowed range"
    return "", ""


def check_whole_call(element: Document, task_urn: str) -> None:
    """Faults of one posting for which LinkedIn declines the whole call (3.8)."""
    if not any(element.get(name) for name in ("integrationContext", "companyPageUrl", "companyName")):
        raise refuse(400, "Either context or company or companyPageUrl or companyName must be provided")
    if not _is_public_url(element["companyApplyUrl"]):
        external_id = element["externalJobPostingId"]
        words = f"Invalid company apply url for job with externalPartnerId {external_id}, taskUrn {task_urn}"
        raise refuse(400, words)
    if 1 + len(element.get("alternateLocations", [])) > 7:
        raise refuse(422, "The job contains more than seven locations")


def workplace_fault(element: Document) -> tuple[int, str]:
    """Status and words about `workplaceTypes`, or zero."""
    named = element.get("workplaceTypes", [])
    if len(named) > 1:
        return 400, "workplaceTypes field cannot have more than one value"
    wrong = [value for value in named if value.lower() not in WORKPLACES]
    return (422, f'ERROR :: /workplaceTypes/0 :: "{wrong[0]}" is not an enum symbol\n') if wrong else (0, "")


def task_fault(element: Document) -> str:
    """Why the posting task fails, as far as the payload alone decides it (3.10)."""
    length = len(element["description"])
    if length < 100:
        return "Invalid Field: /description. The description must have at least 100 characters."
    if length > 25_000:
        return "Invalid Field: /description. The length must be between 100 - 25,000 characters."
    if not _is_place(element):
        return "Invalid Field: /city; /postalCode; /state; /geoLocation"
    if len(element.get("categories", [])) > 3:
        return "The job has too many associated job functions"
    return ""


def plain(html: str) -> str:
    """The text with only the tags that LinkedIn keeps (3.6)."""
    return TAG.sub(lambda tag: tag.group(0) if tag.group(1).lower() in KEPT_TAGS else "", html)


def _is_place(element: Document) -> bool:
    """A country alone will do only for remote work."""
    if element.get("countryCode") and element.get("postalCode"):
        return True
    parts = [part.strip() for part in element["location"].split(",")]
    workplaces = [value.lower() for value in element.get("workplaceTypes", [])]
    remote = bool(element.get("workRemoteAllowed")) or workplaces == ["remote"]
    return all(parts) and (len(parts) in (2, 3) or (len(parts) == 1 and remote))


def _is_public_url(url: str) -> bool:
    try:
        address = urlsplit(url)
        host = address.hostname or ""
    except ValueError:
        return False
    return address.scheme in ("http", "https") and "." in host.strip(".") and not re.search(r"\s", url)
