"""What LinkedIn says of files and resumes, stored and summed up. Called inside the engine's settle transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from talentsync.candidates import looks
from talentsync.candidates.looks import Facts
from talentsync.customers.models import Connection
from talentsync.resumes import replaced
from talentsync.resumes.models import AGAIN_BEFORE, FileReference, ReplacedFile, Resume, ResumeFile
from talentsync.sync.kinds import Kept
from talentsync.sync.models import Delivery
from talentsync.sync.states import State

NEVER = 200 * timedelta(days=365)  # longer than anybody waits, and than a column of the database holds


def absorb_files(connection: Connection, facts: Mapping[int, Facts], now: datetime) -> None:
    """Keep where LinkedIn keeps these files. Its time counts from when we began to send: later is never certain."""
    urns = {pk: str(said["blob_urn"]) for pk, said in facts.items() if said.get("blob_urn")}
    files = ResumeFile.objects.in_bulk(list(urns))
    sent = Delivery.objects.filter(connection=connection).of_records("resume_file", list(urns))
    began = dict(sent.values_list("object_id", "sent_at"))
    before = FileReference.objects.filter(connection=connection, file__in=urns)
    replaced.keep(before.exclude(urn__in=list(urns.values())))
    FileReference.objects.bulk_create(
        [_reference(file, connection, urns[pk], began.get(pk) or now) for pk, file in files.items()],
        update_conflicts=True,
        unique_fields=["file", "connection"],
        update_fields=["urn", "uploaded_at", "expires_at", "renew_at", "asked_at"],
    )


def _reference(file: ResumeFile, connection: Connection, urn: str, began: datetime) -> FileReference:
    reference = FileReference(file=file, connection=connection, urn=urn, uploaded_at=began)
    span = lasts(file)
    if span is not None:
        reference.expires_at = began + span
        reference.renew_at = reference.expires_at - min(AGAIN_BEFORE, span / 4)
    return reference


def lasts(file: ResumeFile) -> timedelta | None:
    """How long LinkedIn keeps it at least; None for ever."""
    try:
        span = file.kept.shortest if file.kept else None
    except OverflowError:
        return None
    return None if span is None or span > NEVER else span


def kept(files: Sequence[ResumeFile]) -> Iterable[Kept]:
    """Where LinkedIn has these files, and until when: it deletes none because somebody asks. So, too, what it still has
    of those that were there before them.
    """
    for reference in FileReference.objects.filter(file__in=files).order_by("pk"):
        yield Kept(object_id=reference.file_id, connection_id=reference.connection_id, until=reference.expires_at)
    for row in ReplacedFile.objects.filter(resume__file__in=files).select_related("resume").order_by("pk"):
        where = {"object_id": row.resume.file_id, "connection_id": row.connection_id}
        yield Kept(**where, until=row.expires_at, earlier=row.pk)


def summarise_files(records: Sequence[ResumeFile], deliveries: Mapping[int, Sequence[Delivery]]) -> Sequence[str]:
    """Nobody reads a list of files: their resumes speak of them."""
    return []


def summarise(records: Sequence[Resume], deliveries: Mapping[int, Sequence[Delivery]]) -> Sequence[str]:
    """A resume whose file failed is in trouble, too: it waits for that."""
    columns = looks.summarise(records, deliveries)
    failed = Delivery.objects.current().failed().of_records("resume_file", [record.file_id for record in records])
    troubles = dict(failed.values_list("object_id", "failure"))
    for record in records:
        waits = any(each.state == State.PENDING for each in deliveries.get(record.pk, ()))
        if waits and not record.sync_trouble:
            record.sync_trouble = troubles.get(record.file_id, "")
    return columns
