"""Candidates and their notes in LinkedIn's words, and what LinkedIn would not accept of them.

No rule stands in the way of a delete, and none is applied to a look (DESIGN 5).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_lazy

from connectors.base.errors import Unmappable
from connectors.linkedin import records as wire
from connectors.linkedin import rules
from connectors.linkedin.rules import Problem, Record
from talentsync.candidates.models import Candidate, CandidateNote, Note
from talentsync.customers.models import Connection
from talentsync.sync.states import Operation

if TYPE_CHECKING:
    from django.db.models import Model

KEPT_OUT = gettext_lazy("The candidate is marked to be kept out of LinkedIn. Nothing was sent.")
MEMBER = "manualMatchedMember"
FIELDS: Mapping[str, str] = {
    "ats_candidate_id": "candidate",
    "ats_job_posting_id": "job",
    "author": "author_first_name",
    "interviewer": "interviewer_first_name",
    "tcrm_created_at": "ats_created_at",
}
"""Where LinkedIn's field and ours have different names."""


def candidate(
    record: Candidate, connection: Connection, operation: Operation | None, params: Mapping[str, Any]
) -> dict[str, Any]:
    """What LinkedIn is sent; of a link, the person alone. Raises `Unmappable` with the first rule that is broken."""
    match operation:
        case Operation.LINK if not record.manual_matched_member:
            raise Unmappable(gettext("No person is linked."), field="manual_matched_member")
        case Operation.LINK:
            return {MEMBER: record.manual_matched_member}
        case Operation.UNLINK:
            return {MEMBER: None}
        case _:
            return built(record, candidate_of(record), operation, kept_out=record.do_not_send)


def candidate_note(
    record: CandidateNote, connection: Connection, operation: Operation | None, params: Mapping[str, Any]
) -> dict[str, Any]:
    """What LinkedIn is sent. Raises `Unmappable` with the first rule that is broken."""
    return built(record, note_of(record), operation, kept_out=record.candidate.do_not_send)


def problems(record: Candidate | CandidateNote, connection: Connection | None = None) -> Iterator[Problem]:
    """What LinkedIn would not accept, under our names of the fields."""
    return named(record, candidate_of(record) if isinstance(record, Candidate) else note_of(record))


def candidate_of(record: Candidate) -> wire.Candidate:
    """The candidate in LinkedIn's words, whatever is wrong with it."""
    return wire.Candidate(
        external_id=record.external_id,
        first_name=record.first_name,
        last_name=record.last_name,
        middle_initial=record.middle_initial,
        prefix=record.prefix,
        suffix=record.suffix,
        email_addresses=tuple(record.email_addresses),
        phone_numbers=tuple(wire.Phone(**_parts(phone, PHONE)) for phone in record.phone_numbers),
        addresses=tuple(wire.Address(**_parts(address, ADDRESS)) for address in record.addresses),
        current_company_name=record.current_company_name,
        current_job_title=record.current_job_title,
        external_profile_url=record.external_profile_url,
        linked_in_profile_url=record.linked_in_profile_url,
        do_not_contact=record.do_not_contact,
        manual_matched_member=record.manual_matched_member,
        ats_created_at=milliseconds(record.ats_created_at),
        ats_last_modified_at=milliseconds(record.ats_last_modified_at),
    )


PHONE = ("number", "extension")
ADDRESS = ("line1", "line2", "city", "geographic_area", "geographic_area_type", "postal_code", "country")
"""The parts of each entry of `phone_numbers` and `addresses`, as they are stored here."""


def note_of(record: Note) -> wire.Note:
    """A note in LinkedIn's words, of a candidate or of an application."""
    return wire.Note(
        external_id=record.external_id,
        note=record.note,
        ats_created_at=milliseconds(record.ats_created_at),
        author=person(record.author_first_name, record.author_last_name),
    )


def person(first_name: str, last_name: str) -> wire.Person | None:
    """Nobody is named where neither name is known."""
    return wire.Person(first_name=first_name, last_name=last_name) if first_name or last_name else None


def built(record: Model, said: Record, operation: Operation | None, *, kept_out: bool) -> dict[str, Any]:
    """The payload. A look needs none; what is kept out of LinkedIn is not sent at any door (DESIGN 7)."""
    if operation is None:
        return {}
    if kept_out:
        raise Unmappable(str(KEPT_OUT), field="do_not_send")
    for problem in named(record, said):
        raise Unmappable(sentence(problem, record), field=problem.field)
    return said.to_wire()


def named(record: Model, said: Record) -> Iterator[Problem]:
    """The problems of a record under our names of its fields."""
    for problem in rules.problems(said, now_ms=milliseconds(timezone.now())):
        yield Problem(field=our_name(problem.field), rule=gettext(problem.rule))


def our_name(field: str) -> str:
    """Our name of a field that LinkedIn or a rule complains about, in either spelling: `author.lastName` is the
    author's.
    """
    spelled = _words_of(field.partition(".")[0].partition("[")[0])
    return FIELDS.get(spelled, spelled)


def sentence(problem: Problem, record: Model) -> str:
    """Field and rule, for a reader who is not on the form."""
    return f"{label_of(problem.field, record)}: {problem.rule}"


def label_of(field: str, record: Model) -> str:
    """What a field is called on screen; its name where it is none."""
    known = {each.name: each for model in (Connection, record) for each in model._meta.concrete_fields}
    return capfirst(str(known[field].verbose_name)) if field in known else field


def milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def _parts(entry: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, str]:
    """An entry of a list as it is stored: our spelling, or LinkedIn's as an import brings it."""
    spelled = {_words_of(name): value for name, value in entry.items()}
    return {name: str(spelled.get(name) or "") for name in names}


@lru_cache(maxsize=256)  # an import spells the same few names for every row
def _words_of(name: str) -> str:
    """`geographicAreaType` is `geographic_area_type`."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
