"""How far a resume is on its way to LinkedIn, in the four steps that people watch. Reads only, in a number of queries
that does not grow with the resumes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import models
from django.db.models import Max
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from talentsync.candidates.models import LinkedInStatus
from talentsync.candidates.status import linkedin_status, wished
from talentsync.customers.models import OnExpiry
from talentsync.resumes import records
from talentsync.resumes.models import FileReference, ReplacedFile, Resume
from talentsync.sync import presenting, why
from talentsync.sync.models import Delivery, RunItem
from talentsync.sync.presenting import Trouble
from talentsync.sync.states import UNFINISHED, Operation, RemoteState, State

Sentence = str | Promise
STOPPED_OR_MOVING = {*UNFINISHED, State.FAILED}


class Name(models.TextChoices):
    CHECKED = "checked", _("Checked")
    UPLOADED = "uploaded", _("Uploaded to LinkedIn")
    STORED = "stored", _("File reference stored")
    ATTACHED = "attached", _("Attached to the candidate")


class How(models.TextChoices):
    """How a step stands."""

    DONE = "done", _("Done")
    DOING = "doing", _("Under way")
    WAITING = "waiting", _("Waiting")  # for its turn, or for the step before it
    FAILED = "failed", _("Needs attention")
    GONE = "gone", _("Removed by LinkedIn")  # the time of the file is over
    NOT_ASKED = "not_asked", _("Not asked for")


@dataclass(frozen=True, kw_only=True)
class Step:
    """One of the four. `at` is when it was done, or began to be what it is; `why_not_yet` and `trouble` say what keeps
    it.
    """

    name: Name
    how: How
    at: datetime | None = None
    why_not_yet: Sentence = ""
    trouble: Trouble | None = None

    def lasts(self, now: datetime) -> timedelta | None:
        """For how long it has been waiting or under way."""
        moving = self.how in {How.DOING, How.WAITING, How.FAILED}
        return now - self.at if moving and self.at is not None else None


@dataclass(frozen=True, kw_only=True)
class Journey:
    """A resume's four steps, and what becomes of its file at LinkedIn."""

    resume: Resume
    steps: Sequence[Step]
    reference: FileReference | None = None
    before: ReplacedFile | None = None  # what LinkedIn still names in place of the file, and removes one day
    is_before_gone: bool = False  # LinkedIn has removed that by now
    status: LinkedInStatus = LinkedInStatus.NOT_SENT
    has_expired: bool = False  # LinkedIn has removed the file by now

    @property
    def is_moving(self) -> bool:
        """Whether something still happens by itself."""
        moves = any(step.how in {How.DOING, How.WAITING} for step in self.steps) and not self.failed
        return moves or self.status == LinkedInStatus.REMOVING

    @property
    def failed(self) -> Step | None:
        """The step that *Try again* goes on from."""
        return next((step for step in self.steps if step.how == How.FAILED), None)

    @property
    def is_removed(self) -> bool:
        """From LinkedIn, and stays out until somebody sends it again."""
        return self.status == LinkedInStatus.REMOVED

    @property
    def has_older_file_there(self) -> bool:
        """The file was replaced here, and nobody has sent that, or it was given up on its way."""
        is_unsent = How.NOT_ASKED in {self.steps[1].how, self.steps[-1].how}
        return self.status == LinkedInStatus.SENT and is_unsent and not self.is_before_gone

    @property
    def expires_at(self) -> datetime | None:
        return self.reference.expires_at if self.reference else None

    @property
    def on_expiry(self) -> str:
        """What happens when LinkedIn removes the file; "" where it keeps it."""
        return str(OnExpiry(self.resume.on_expiry).label) if self.expires_at else ""


def of(resumes: Sequence[Resume], *, now: datetime) -> dict[int, Journey]:
    """By primary key: how these resumes stand at the connections in use."""
    told = _Told(resumes, now)
    return {resume.pk: told.journey(resume) for resume in resumes}


@dataclass
class _Told:
    resumes: Sequence[Resume]
    now: datetime
    files: Mapping[int, Delivery] = field(init=False)
    own: Mapping[int, Delivery] = field(init=False)
    attached: Mapping[int, str] = field(init=False)
    replaced: Mapping[tuple[int, str], ReplacedFile] = field(init=False)

    def __post_init__(self) -> None:
        models.prefetch_related_objects(list(self.resumes), "file")
        self.files = self._deliveries("resume_file", (each.file_id for each in self.resumes))
        self.own = self._deliveries("resume", (each.pk for each in self.resumes))
        rows = [*self.files.values(), *self.own.values()]
        self.reasons = why.gather(rows, now=self.now, records=[("resume", each.pk) for each in self.resumes])
        self.wrong = presenting.last_troubles(rows)
        found = FileReference.objects.filter(file__in=[each.file_id for each in self.resumes])
        current = found.filter(connection__is_current=True)
        self.references = {each.file_id: each for each in current}
        self.asked = self._asked()
        self.attached = records.attached(self.own.values())
        ending = ReplacedFile.objects.filter(resume__in=self.resumes, connection__is_current=True)
        self.replaced = {(each.resume_id, each.urn): each for each in ending.exclude(expires_at=None)}

    def _asked(self) -> Mapping[int, datetime]:
        """When somebody asked last for what is not done yet, by resume."""
        items = RunItem.objects.filter(kind="resume", object_id__in=[each.pk for each in self.resumes])
        left = items.filter(state=RunItem.State.ASKED, connection__is_current=True, run__starts_at__isnull=False)
        return dict(left.order_by().values_list("object_id").annotate(at=Max("run__starts_at")))

    def _deliveries(self, kind: str, keys: Iterable[int]) -> Mapping[int, Delivery]:
        rows = Delivery.objects.current().of_records(kind, list(keys)).select_related("connection__customer")
        return {row.object_id: row for row in rows}

    def journey(self, resume: Resume) -> Journey:
        reference, own = self.references.get(resume.file_id), self.own.get(resume.pk)
        checked = Step(name=Name.CHECKED, how=How.DONE, at=resume.file.checked_at)
        uploaded = self._uploaded(resume, self.files.get(resume.file_id), reference)
        stored = self._stored(reference, uploaded)
        attached = self._attached(own, uploaded, reference)
        before = self._before(own, reference)
        return Journey(
            resume=resume,
            steps=[checked, uploaded, stored, attached],
            reference=reference,
            before=before,
            is_before_gone=self._is_gone(before),
            status=linkedin_status(own),
            has_expired=self._is_gone(reference),
        )

    def _uploaded(self, resume: Resume, row: Delivery | None, reference: FileReference | None) -> Step:
        if row is not None and row.state in STOPPED_OR_MOVING:
            return self._of_delivery(Name.UPLOADED, row, since=self.asked.get(resume.pk, resume.file.checked_at))
        if reference is None:
            return Step(name=Name.UPLOADED, how=How.NOT_ASKED)
        if self._is_gone(reference):
            return Step(name=Name.UPLOADED, how=How.GONE, at=reference.expires_at)
        return Step(name=Name.UPLOADED, how=How.DONE, at=reference.uploaded_at)

    def _before(self, row: Delivery | None, reference: FileReference | None) -> ReplacedFile | None:
        if row is None or row.remote_state != RemoteState.LIVE:
            return None
        urn = self.attached.get(row.pk, "")
        return None if reference is not None and reference.urn == urn else self.replaced.get((row.object_id, urn))

    def _is_gone(self, reference: FileReference | ReplacedFile | None) -> bool:
        return reference is not None and records.has_expired(reference, self.now)

    def _stored(self, reference: FileReference | None, uploaded: Step) -> Step:
        """In the moment in which LinkedIn's answer is written down: never by itself on its way."""
        if uploaded.how == How.DONE and reference is not None:
            return Step(name=Name.STORED, how=How.DONE, at=reference.uploaded_at)
        waits = uploaded.how in {How.DOING, How.WAITING, How.FAILED}
        return Step(name=Name.STORED, how=How.WAITING if waits else uploaded.how)

    def _attached(self, row: Delivery | None, uploaded: Step, reference: FileReference | None) -> Step:
        """A resume that is to be removed is attached until it is gone; how that goes is no step on this way. What
        LinkedIn took last may name another file.
        """
        if row is None:
            return Step(name=Name.ATTACHED, how=How.NOT_ASKED)
        is_asked = Operation.UPSERT in {row.operation, wished(row)}
        if is_asked and row.state in STOPPED_OR_MOVING:
            since = uploaded.at if uploaded.how == How.DONE else None
            if since is not None and row.object_id in self.asked:
                since = max(since, self.asked[row.object_id])
            return self._of_delivery(Name.ATTACHED, row, since=since)
        names_this = reference is not None and self.attached.get(row.pk) == reference.urn
        if row.remote_state == RemoteState.LIVE and uploaded.how != How.NOT_ASKED and names_this:
            return Step(name=Name.ATTACHED, how=How.DONE, at=row.settled_at)
        return Step(name=Name.ATTACHED, how=How.NOT_ASKED)

    def _of_delivery(self, name: Name, row: Delivery, *, since: datetime | None) -> Step:
        """`since` is when it could begin: the step before it was done, or it was asked for."""
        at = row.sent_at if row.sent_revision == row.revision else since
        if row.state == State.FAILED:
            return Step(name=name, how=How.FAILED, at=at, trouble=presenting.trouble(row, self.wrong.get(row.pk)))
        how = How.DOING if row.lease else How.WAITING
        return Step(name=name, how=how, at=at, why_not_yet=self.reasons.of(row))
