"""What a text must look like to be an e-mail address, an address on the web, a country; and rules that several
records share.

Inferred, not documented: lengths are counted as Java counts them (a character outside the basic plane is two); a
moment that is given is later than 1970 in every record.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from urllib.parse import urlsplit

from connectors.base.words import gettext_noop as _
from connectors.linkedin.records import Application, Candidate, InterviewFeedback, Note, Person, Resume, Stage
from connectors.linkedin.rules.problem import Problem


def counted(text: str) -> int:
    """The length of a text as LinkedIn counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def is_email(text: str) -> bool:
    """`X@X.X`, as LinkedIn writes it (linkedin.md 4.2)."""
    return bool(re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", text))


def is_country(text: str) -> bool:
    return bool(re.fullmatch(r"[A-Za-z]{2}", text))


def is_web_address(url: str) -> bool:
    """Scheme and host are there; the host may be one that only the company's own network knows."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(host) and not re.search(r"\s", url)


def is_public_address(url: str) -> bool:
    return is_web_address(url) and "." in (urlsplit(url).hostname or "").strip(".")


def is_currency(text: str) -> bool:
    return bool(re.fullmatch(r"[A-Z]{3}", text))


def amount(text: str) -> Decimal | None:
    """The number, None for anything but plain digits: LinkedIn reads a real number as text (linkedin.md 3.5)."""
    return Decimal(text) if re.fullmatch(r"\d+(\.\d+)?", text, re.ASCII) else None


def identity(record: Candidate | Application | Note | Stage | InterviewFeedback | Resume) -> Iterator[Problem]:
    if not record.external_id.strip():
        yield Problem(field="external_id", rule=_("Enter the ID that the record has in your ATS."))


def moments(record: Candidate | Application) -> Iterator[Problem]:
    """Both moments are required, and in their order."""
    created, modified = record.ats_created_at, record.ats_last_modified_at
    if created is None or created <= 0:
        yield Problem(field="ats_created_at", rule=_("Enter when the record was created in your ATS."))
    if modified is None or modified <= 0:
        yield Problem(field="ats_last_modified_at", rule=_("Enter when the record was last changed in your ATS."))
    elif created is not None and modified < created:
        yield Problem(
            field="ats_last_modified_at", rule=_("A record cannot be last changed before it was created in your ATS.")
        )


def moment(value: int | None) -> Iterator[Problem]:
    """A moment that may be left out."""
    if value is not None and value <= 0:
        yield Problem(field="ats_created_at", rule=_("The day of creation is too long ago to be right."))


def person(field: str, value: Person | None) -> Iterator[Problem]:
    if value is not None and not (value.first_name.strip() and value.last_name.strip()):
        yield Problem(field=field, rule=_("Enter first and last name, or neither."))
