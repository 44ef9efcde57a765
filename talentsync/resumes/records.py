"""Resumes and their files in LinkedIn's words, and what LinkedIn would not accept of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from connectors.base.content import Content
from connectors.base.errors import Unmappable
from connectors.linkedin import records as wire
from connectors.linkedin.rules import Problem
from talentsync.candidates import records
from talentsync.customers.models import Connection
from talentsync.resumes import storage
from talentsync.resumes.models import FileReference, ReplacedFile, Resume, ResumeFile
from talentsync.sync.models import Delivery, Snapshot
from talentsync.sync.states import Operation

NO_CONTRACT = gettext_lazy("The connection to LinkedIn has no Recruiter contract. Ask an administrator to enter it.")
REMOVED = gettext_lazy("LinkedIn has removed the file by now. Use Start over from upload.")


def resume_file(
    record: ResumeFile, connection: Connection, operation: Operation | None, params: Mapping[str, Any]
) -> dict[str, Any]:
    """What LinkedIn is told of a file before it is uploaded. Raises `Unmappable` with the first rule that is broken."""
    said = wire.ResumeFile(
        file_name=record.name, content_type=record.content_type, size=record.size, blob_ttl=record.kept
    )
    if operation is not None and not connection.recruiter_contract_urn:
        raise Unmappable(str(NO_CONTRACT), field="recruiter_contract_urn")
    return records.built(record, said, operation, kept_out=record.candidate.do_not_send)


def content(record: ResumeFile) -> Content:
    return Content(size=record.size, open=partial(storage.opened, record.stored_as))


def resume(
    record: Resume, connection: Connection, operation: Operation | None, params: Mapping[str, Any]
) -> dict[str, Any]:
    """What LinkedIn is sent. Raises `Unmappable` with the first rule that is broken."""
    reference = reference_of(record.file, connection)
    if operation is not None and reference is not None and has_expired(reference, timezone.now()):
        raise Unmappable(str(REMOVED), field="file")
    urn = reference.urn if reference is not None else ""
    return records.built(record, resume_of(record, urn), operation, kept_out=record.candidate.do_not_send)


def resume_of(record: Resume, urn: str) -> wire.Resume:
    return wire.Resume(
        external_id=record.external_id,
        resume_file=urn,
        tcrm_created_at=records.milliseconds(record.ats_created_at),
    )


def reference_of(file: ResumeFile, connection: Connection) -> FileReference | None:
    """Where LinkedIn keeps the file; reads what was fetched with it (`Kind.fetched`)."""
    return next((each for each in file.references.all() if each.connection_id == connection.pk), None)


def attached(rows: Iterable[Delivery]) -> Mapping[int, str]:
    """The file that LinkedIn took last with each of these resumes, by delivery. When it answered does not say which one
    that was: another may have been uploaded by then.
    """
    found = Snapshot.objects.filter(delivery__among=[row.pk for row in rows])
    accepted: dict[int, Any] = {each.pk: each.accepted for each in found}
    return {pk: said.get("resumeFile", "") for pk, said in accepted.items() if said}


def perhaps_attached(rows: Iterable[Delivery]) -> Mapping[int, frozenset[str]]:
    """Every file that LinkedIn may name with each of these resumes, by delivery: the one that it took last, and one
    that was sent since and never answered.
    """
    found = Snapshot.objects.filter(delivery__among=[row.pk for row in rows])
    told: dict[int, tuple[Any, Any]] = {each.pk: (each.accepted, each.waiting) for each in found}
    return {
        pk: frozenset(said["resumeFile"] for said in both if said and "resumeFile" in said) for pk, both in told.items()
    }


def has_expired(reference: FileReference | ReplacedFile, now: datetime) -> bool:
    return reference.expires_at is not None and reference.expires_at <= now


def problems(record: Resume, connection: Connection | None = None) -> Iterator[Problem]:
    """What LinkedIn would not accept, under our names of the fields. That the file is not uploaded yet is none: it is
    brought along.
    """
    if connection is not None and not connection.recruiter_contract_urn:
        yield Problem(field="recruiter_contract_urn", rule=gettext(str(NO_CONTRACT)))
    for problem in records.named(record, resume_of(record, "")):
        if problem.field != "resume_file":
            yield problem
