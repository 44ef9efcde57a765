"""LinkedIn's names for things: `urn:li:<kind>:<id>`."""

from __future__ import annotations

import re

_ORGANIZATION = re.compile(r"urn:li:organization:\w+")  # digits as a rule; one sample shows letters (seed 001)
_CONTRACT = re.compile(r"urn:li:contract:\d+")
_INDUSTRY = re.compile(r"urn:li:industry:\d+")
_PERSON = re.compile(r"urn:li:person:[\w-]+")
_AMBRY_BLOB = re.compile(r"urn:li:ambryBlob:/[!-~]+")
_POSTING = re.compile(r"urn:li:jobPosting:(\d+)")
_POSTING_URL = re.compile(r"/jobs/view/(?:[^/?#]*-)?(\d+)")


def is_organization(urn: str) -> bool:
    return bool(_ORGANIZATION.fullmatch(urn))


def is_contract(urn: str) -> bool:
    return bool(_CONTRACT.fullmatch(urn))


def is_industry(urn: str) -> bool:
    return bool(_INDUSTRY.fullmatch(urn))


def is_person(urn: str) -> bool:
    return bool(_PERSON.fullmatch(urn))


def is_ambry_blob(urn: str) -> bool:
    return bool(_AMBRY_BLOB.fullmatch(urn))


def ambry_blob(location: str) -> str:
    """The URN of an uploaded file; the location's leading slash belongs to it (linkedin.md 6.3)."""
    return f"urn:li:ambryBlob:{location}"


def posting_url(posting_urn: str) -> str:
    """The public page of a posting, empty when the URN is of another kind."""
    found = _POSTING.fullmatch(posting_urn)
    return f"https://www.linkedin.com/jobs/view/{found.group(1)}" if found else ""


def posting_urn(url: str) -> str:
    """The posting that a public page shows, empty when the page's address has no number."""
    found = _POSTING_URL.search(url)
    return f"urn:li:jobPosting:{found.group(1)}" if found else ""
