"""What people do with resumes here: upload a file, replace it, ask for what is to become of it at LinkedIn.

A file is checked, scanned and stored before anything is written. Then rows and request are written in one transaction,
so that nobody has to stay and watch. Whatever fails after the file was stored takes the file away again; what a crash
leaves is an orphan (`orphans`).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, BinaryIO

from django.core.files.base import File
from django.db import IntegrityError, InterfaceError, OperationalError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from talentsync.candidates import services as people
from talentsync.candidates.models import Candidate
from talentsync.candidates.status import wished
from talentsync.core import audit
from talentsync.customers import keeping
from talentsync.customers.models import Connection, Customer, OnExpiry
from talentsync.resumes import replaced, scanning, storage, taking
from talentsync.resumes.models import FileReference, ReplacedFile, Resume, ResumeFile, new_id
from talentsync.resumes.refusals import Refused
from talentsync.resumes.taking import Taken
from talentsync.sync import changing, kinds, nudges, records_of_calls, runs, summary, wishes
from talentsync.sync import services as sync
from talentsync.sync.kinds import Kind
from talentsync.sync.models import Delivery, Run, RunItem
from talentsync.sync.states import Operation

if TYPE_CHECKING:
    from django.contrib.auth.models import User

UNTOLD = {"on_expiry"}  # fields that LinkedIn is never told

logger = logging.getLogger(__name__)


class Unsound(ValueError):
    """A choice that cannot be; its words are the sentence that says why."""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """For how long LinkedIn keeps a file (None: for ever), and what becomes of its resume then."""

    keep_for: int | None = None
    keep_unit: str = ""
    on_expiry: str = OnExpiry.DELETE.value

    @classmethod
    def of(cls, customer: Customer) -> Choice:
        """What the customer has chosen for its files."""
        return cls(
            keep_for=customer.resumes_kept_for,
            keep_unit=customer.resumes_kept_unit,
            on_expiry=customer.resumes_on_expiry,
        )

    @classmethod
    def of_resume(cls, resume: Resume) -> Choice:
        """What was chosen for the file that it has."""
        return cls(keep_for=resume.file.keep_for, keep_unit=resume.file.keep_unit, on_expiry=resume.on_expiry)

    @property
    def problem(self) -> str:
        """Why this cannot be chosen, in a sentence."""
        if (self.keep_for is None) != (not self.keep_unit):
            return gettext("Enter a number and a unit, or neither: then LinkedIn keeps the file.")
        is_again = self.on_expiry == OnExpiry.AGAIN
        return (
            str(keeping.TOO_SHORT) if is_again and keeping.is_too_short_for_again(self.keep_for, self.keep_unit) else ""
        )


@dataclass(frozen=True, kw_only=True)
class Uploaded:
    """A resume that was just made or changed. `run` is the request that sends it, None where nobody can be asked;
    `same` are other resumes of the candidate with the same content. `was_there`: no file was taken, because this very
    resume was uploaded before; it is sent where that is still to be done.
    """

    resume: Resume
    run: Run | None
    same: Sequence[Resume]
    was_there: bool = False


def upload(
    candidate: Candidate,
    file: BinaryIO,
    name: str,
    *,
    by: User | None,
    choice: Choice | None = None,
    external_id: str = "",
    ats_created_at: datetime | None = None,
    send: bool = True,
    beside: Callable[[], object] | None = None,
) -> Uploaded:
    """A new resume, and the request that uploads and attaches it. Under an `external_id` that is there already with
    this content it does what `replace` does, and takes over the day: mostly nothing, as a form may come twice. Raises
    `Refused` for a file that is not taken, for an ID that is, and where the candidate is gone by now, `Unsound` for a
    choice that has a `problem`. Not inside a transaction. `beside` comes first in the one that writes the rows: what it
    raises leaves neither rows nor file, and where nothing is done, it is undone.
    """
    chosen = _sound(choice or Choice.of(candidate.customer))
    own_id = external_id or new_id()

    def write(taken: Taken, lost: Collection[int]) -> Resume:
        if not summary.lock(kinds.get("candidate"), [candidate.pk]):
            raise Refused("gone")
        if (there := _known(candidate, own_id, taken)) is not None:
            return _put(there, taken, choice, lost, by=by, dated=ats_created_at)
        resume = Resume(
            candidate=candidate,
            external_id=own_id,
            file=keep(candidate, taken, chosen),
            on_expiry=chosen.on_expiry,
            ats_created_at=ats_created_at or timezone.now(),
        )
        people.add_record("resume", resume, by=by)
        return resume

    make = partial(_taken, file, name, write, of=candidate.pk, action="send" if send else "", by=by, beside=beside)
    try:
        return make()
    except IntegrityError:  # somebody has just made it: a second look sees that
        return make()


def replace(
    resume: Resume,
    file: BinaryIO,
    name: str,
    *,
    by: User | None,
    choice: Choice | None = None,
    send: bool = True,
    beside: Callable[[], object] | None = None,
) -> Uploaded:
    """Another file in place of a resume's; its ID stays, and so does what was chosen, where there is no `choice`. One
    with the same content, to be kept as long, is none, unless ours was lost: then it is put back. Raises as `upload`.
    """
    if choice is not None:
        _sound(choice)

    def write(taken: Taken, lost: Collection[int]) -> Resume:
        return _put(resume, taken, choice, lost, by=by)

    action = "send" if send else ""
    return _taken(file, name, write, of=resume.candidate_id, action=action, by=by, beside=beside)


def change(resume: Resume, *, fields: Collection[str], by: User | None) -> None:
    """Save the named fields, which are set already. What becomes of the file when its time is over is asked for anew
    where that was chosen anew. Raises `Unsound` for what cannot be of the file that it has by now.
    """
    with transaction.atomic():
        if "on_expiry" in fields:
            _refuse_unsound(resume)
        people.change_record("resume", resume, fields=fields, by=by, untold=UNTOLD)
        if "on_expiry" in fields:
            FileReference.objects.filter(file__resume=resume).update(asked_at=None)
            ReplacedFile.objects.filter(resume=resume).update(asked_at=None)


def ask(resumes: QuerySet[Resume], action: str, *, by: User | None) -> Run | None:
    """Ask for an action on resumes, confirmed; None where no connection to LinkedIn is in use."""
    run = _confirmed(resumes, action, by=by)
    if run is not None:
        runs.start_small(run)
    return run


def opened(resume: Resume) -> File[Any]:
    """Its file, for reading; OSError where the storage does not have it. Use it in a `with`."""
    return storage.opened(resume.file.stored_as)


def is_lost(file: ResumeFile) -> bool:
    """Whether the storage does not have it any more. Raises `Refused` where it does not say. Not inside a transaction:
    it waits for the storage.
    """
    try:
        return not storage.store().exists(file.stored_as)
    except OSError as error:
        logger.error("The storage did not say whether it has a file: %s", type(error).__name__)
        raise Refused("not_stored") from None


def take_out(resume: Resume, *, by: User | None) -> File[Any]:
    """Its file for somebody to keep, which is written down. OSError as `opened`."""
    file = opened(resume)
    audit.record(by, "download", kind="resume", label=str(resume.pk), customer=resume.customer)
    return file


def same_content(candidate: Candidate, sha256: str) -> list[Resume]:
    """Resumes of the candidate that have this content already."""
    found = Resume.objects.filter(candidate=candidate, file__sha256=sha256).select_related("file")
    return list(found.order_by("pk"))


def keep(candidate: Candidate, taken: Taken, choice: Choice) -> ResumeFile:
    """The row of a file that was just stored. In the transaction that lets a resume name it."""
    return ResumeFile.objects.create(
        customer_id=candidate.customer_id,
        candidate=candidate,
        external_id=new_id(),
        name=taken.name,
        content_type=taken.checked.mime,
        size=taken.checked.size,
        sha256=taken.checked.sha256,
        stored_as=taken.stored_as,
        was_scanned=scanning.is_on(),
        keep_for=choice.keep_for,
        keep_unit=choice.keep_unit,
    )


@contextmanager
def or_none(taken: Taken) -> Iterator[None]:
    """What fails in this block leaves nothing of the file; where the database does not say whether it has committed, or
    somebody stops the process, which may be right after that, a file that nobody names is better than a row without its
    file.
    """
    try:
        yield
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        storage.forget(taken.stored_as)
        raise


# --- what nobody needs any more ---------------------------------------------------------------------------------------


def tidy(file_ids: Sequence[int]) -> int:
    """Remove files that no resume names any more, with what was told of them; returns how many. One that is just being
    uploaded stays for the next sweep. In a transaction.
    """
    kind = kinds.get("resume_file")
    summary.hold_still(kind, file_ids)
    rows = Delivery.objects.of_records(kind.name, file_ids).select_for_update(of=("self",)).order_by("pk")
    travelling = {row.object_id for row in rows if row.lease}
    files = list(ResumeFile.objects.filter(pk__in=file_ids, resume=None).exclude(pk__in=travelling))
    forget_files(files)
    keys = [file.pk for file in files]
    Delivery.objects.of_records(kind.name, keys).delete()
    ResumeFile.objects.filter(pk__in=keys).delete()
    return len(files)


def sweep() -> int:
    """Tidy what could not be tidied when its resume let go of it."""
    left = list(ResumeFile.objects.filter(resume=None).order_by("pk").values_list("pk", flat=True)[:100])
    if not left:
        return 0
    with transaction.atomic():
        return tidy(left)


def forget_files(files: Sequence[ResumeFile]) -> None:
    """Their bytes go once the transaction that removes their rows is committed."""
    for file in files:
        _forget(file.stored_as)


def _forget(name: str) -> None:
    transaction.on_commit(partial(storage.forget, name), robust=True)


class _Known(Exception):
    def __init__(self, resume: Resume) -> None:
        super().__init__()
        self.resume = resume


def _known(candidate: Candidate, external_id: str, taken: Taken) -> Resume | None:
    """What is there under an ID, with this content."""
    there = Resume.objects.select_related("file").filter(candidate=candidate, external_id=external_id).first()
    if there is not None and there.file.sha256 != taken.checked.sha256:
        raise Refused("id_taken")
    return there


# --- in place of what is there ----------------------------------------------------------------------------------------


def _put(
    resume: Resume,
    taken: Taken,
    choice: Choice | None,
    lost: Collection[int],
    *,
    by: User | None,
    dated: datetime | None = None,
) -> Resume:
    """A file that was just stored, in place of a resume's. `lost` are files of ours that the storage has no longer,
    `dated` is when the ATS has made the resume, where somebody says so.
    """
    kind = kinds.get("resume")
    changing.hold_parents_still(kind, [resume])
    locked: Resume | None = next(iter(summary.lock(kind, [resume.pk])), None)
    if locked is None:
        raise Refused("gone")
    kept = Choice.of_resume(locked)
    chosen = choice or kept
    if locked.file.sha256 != taken.checked.sha256 or chosen != kept:
        _exchange(locked, taken, _sound(chosen), by=by)
    elif locked.file_id in lost:
        _put_back(locked, taken, by=by)
    elif dated in {None, locked.ats_created_at}:
        raise _Known(locked)
    else:
        _forget(taken.stored_as)
    if dated not in {None, locked.ats_created_at}:
        locked.ats_created_at = dated
        people.change_record("resume", locked, fields=["ats_created_at"], by=by)
    _bring_along(locked)
    summary.refresh(kind, [locked])
    return locked


def _exchange(locked: Resume, taken: Taken, chosen: Choice, *, by: User | None) -> None:
    before = locked.file_id
    replaced.keep(FileReference.objects.filter(file=before))
    locked.file, locked.on_expiry = keep(locked.candidate, taken, chosen), chosen.on_expiry
    people.change_record("resume", locked, fields=["file", "on_expiry"], by=by)
    tidy([before])


def _put_back(locked: Resume, taken: Taken, *, by: User | None) -> None:
    """What LinkedIn has of the file is as good as before."""
    file = locked.file
    forget_files([file])  # the name that it had: a disk that was away may come back
    file.stored_as, file.checked_at, file.was_scanned = taken.stored_as, timezone.now(), scanning.is_on()
    file.save(update_fields=["stored_as", "checked_at", "was_scanned"])
    audit.record(by, "change", kind="resume", label=str(locked.pk), customer=locked.customer)


def _bring_along(locked: Resume) -> None:
    """Ask for its file wherever the resume is asked for already: it waits for that, and perhaps nobody asks again. One
    that travels with the file before is sent once more: the same wish, for the file that it has now.
    """
    kind, its_file = kinds.get("resume"), kinds.get("resume_file")
    rows = Delivery.objects.of_records(kind.name, [locked.pk]).select_related("connection__customer")
    for row in rows.order_by("connection"):
        if wished(row) == Operation.UPSERT:
            _ask_by_itself(its_file, locked.file, row.connection, {})
            if wishes.in_flight(row) and not row.then_operations:
                _ask_by_itself(kind, locked, row.connection, row.params)
    summary.refresh(its_file, [locked.file])


def _ask_by_itself(kind: Kind, record: Resume | ResumeFile, connection: Connection, options: Mapping[str, Any]) -> None:
    """Without a request of its own."""
    now = timezone.now()
    _, overtaken = sync.ask(kind, kind.action("send"), [record], connection, options=options, now=now)
    records_of_calls.count(overtaken, now)
    nudges.nudge_lanes(sync.lanes_of(kind, connection))


def _lost(candidate_id: int, sha256: str) -> set[int]:
    """The candidate's files with this content that the storage does not have any more."""
    files = ResumeFile.objects.filter(candidate=candidate_id, sha256=sha256).exclude(resume=None)
    return {file.pk for file in files if is_lost(file)}


def _refuse_unsound(resume: Resume) -> None:
    kind = kinds.get("resume")
    changing.hold_parents_still(kind, [resume])
    for locked in summary.lock(kind, [resume.pk]):
        locked.on_expiry = resume.on_expiry
        _sound(Choice.of_resume(locked))


# --- asking -----------------------------------------------------------------------------------------------------------


def _taken(
    file: BinaryIO,
    name: str,
    write: Callable[[Taken, Collection[int]], Resume],
    *,
    of: int,
    action: str,
    by: User | None,
    beside: Callable[[], object] | None,
) -> Uploaded:
    taken = taking.take(file, name)
    try:
        with or_none(taken):
            lost = _lost(of, taken.checked.sha256)
            with transaction.atomic():
                if beside is not None:
                    beside()
                resume = write(taken, lost)
                run = _confirmed(Resume.objects.filter(pk=resume.pk), action, by=by) if action else None
    except _Known as known:
        there = known.resume
        run = ask(Resume.objects.filter(pk=there.pk), action, by=by) if _is_owed(there, action) else None
        return Uploaded(resume=there, run=run, same=(), was_there=True)
    if run is not None:
        runs.start_small(run)
    same = [each for each in same_content(resume.candidate, taken.checked.sha256) if each.pk != resume.pk]
    return Uploaded(resume=resume, run=run, same=same)


def _confirmed(resumes: QuerySet[Resume], action: str, *, by: User | None) -> Run | None:
    """A request that is stored and not started yet."""
    kind = kinds.get("resume")
    declared, now = kind.action(action), timezone.now()
    in_use = Connection.objects.filter(is_current=True, destination__in=declared.destinations)
    if not resumes.filter(customer__in=in_use.values("customer")).exists():
        return None
    run = runs.draft(kind, declared, resumes, by=by, now=now)
    runs.confirm(run, destinations=declared.destinations, options={}, now=now, by=by, at_once=True, start=False)
    return run


def _is_owed(resume: Resume, action: str) -> bool:
    """Whether an action on what is here already is still to be asked for. A form that comes twice asks once, and where
    what was asked for got stuck it asks again.
    """
    if not action:
        return False
    kind, declared = kinds.get("resume"), kinds.get("resume").action(action)
    at_work = {Run.State.WAITING, Run.State.RUNNING, Run.State.PAUSED}
    asked = RunItem.objects.filter(kind=kind.name, object_id=resume.pk, connection__is_current=True)
    asked = asked.filter(state__in=[RunItem.State.DRAFTED, RunItem.State.ASKED])
    if asked.filter(run__action=action, run__state__in=at_work).exists():
        return bool(resume.sync_trouble)
    rows = {row.connection_id: row for row in Delivery.objects.current().of_records(kind.name, [resume.pk])}
    in_use = Connection.objects.filter(customer=resume.customer_id, is_current=True)
    there = in_use.filter(destination__in=declared.destinations)
    return any(declared.skip(resume, rows.get(each.pk), each, {}) != kinds.UNCHANGED for each in there)


def _sound(choice: Choice) -> Choice:
    if choice.problem:
        raise Unsound(choice.problem)
    return choice
