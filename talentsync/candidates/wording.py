"""The values of a payload about a person as people read them: our labels, moments as dates."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from django.utils import formats, timezone
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_lazy

from connectors.linkedin import choices
from talentsync.candidates import records

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import Model

MOMENTS = {"atsCreatedAt", "atsLastModifiedAt", "tcrmCreatedAt"}
WORDS = {
    "candidate": gettext_lazy("candidate's ID"),
    "job": gettext_lazy("job's ID"),
    "tcrmCandidateId": gettext_lazy("candidate"),
    "number": gettext_lazy("number"),
    "extension": gettext_lazy("extension"),
    "line1": gettext_lazy("line 1"),
    "line2": gettext_lazy("line 2"),
    "city": gettext_lazy("city"),
    "geographicArea": gettext_lazy("area"),
    "geographicAreaType": gettext_lazy("kind of area"),
    "postalCode": gettext_lazy("postal code"),
    "country": gettext_lazy("country"),
    "firstName": gettext_lazy("first name"),
    "lastName": gettext_lazy("last name"),
    "attribute": gettext_lazy("what was rated"),
    "result": gettext_lazy("rating"),
    "do_not_send": gettext_lazy("keep out of LinkedIn"),
    "recruiter_contract_urn": gettext_lazy("Recruiter contract"),
    "hiring_context": gettext_lazy("Recruiter contract"),
    "blob_ttl": gettext_lazy("remove after"),
    "file_name": gettext_lazy("file name"),
    "resume_file": gettext_lazy("file reference"),
    "tcrm_candidate_id": gettext_lazy("candidate"),
}
"""Parts of a value that are no fields here, and fields of other records."""

AUTHORS = {"author": gettext_lazy("author"), "interviewer": gettext_lazy("interviewer")}


def of(model: type[Model]) -> Callable[[str, Any], tuple[str, str]]:
    """Label and text of a value in payloads of this kind of record."""
    return partial(worded, model)


def label_of(model: type[Model]) -> Callable[[str], str]:
    """Our label of a field that LinkedIn or a rule complains about, in whichever spelling."""
    return lambda field: label(model, field) if field else ""


def worded(model: type[Model], path: str, value: Any) -> tuple[str, str]:
    return label(model, path), text(path, value)


def label(model: type[Model], path: str) -> str:
    """`addresses[0].city` is "Postal addresses 1: city"."""
    name, *parts = re.findall(r"[^.\[\]]+", path)
    first = str(AUTHORS.get(name) or _field(model, name))
    numbers = [str(int(part) + 1) for part in parts if part.isdigit()]
    words = [str(WORDS.get(part, part)) for part in parts if not part.isdigit()]
    return capfirst(" ".join([first, *numbers])) + (f": {words[-1]}" if words else "")


def text(path: str, value: Any) -> str:
    if path in MOMENTS and isinstance(value, int):
        return formats.date_format(timezone.localtime(datetime.fromtimestamp(value / 1000, tz=UTC)), "j F Y, H:i")
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    return str(choices.INTERVIEW_TYPES.get(str(value)) or value) if path == "interviewType" else str(value)


def _field(model: type[Model], name: str) -> str:
    ours = records.our_name(name)
    known = {each.name: str(each.verbose_name) for each in model._meta.concrete_fields}
    return str(WORDS.get(ours) or known.get(ours, name))
