"""Which resumes and files a click passes over, and why. The codes' sentences stand in `sentences`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from talentsync.candidates.rules import Rules
from talentsync.candidates.status import wished
from talentsync.customers.models import Connection
from talentsync.resumes import records
from talentsync.resumes.models import Resume, ResumeFile
from talentsync.sync.kinds import ANEW, BEING_SENT, UNCHANGED
from talentsync.sync.models import Delivery
from talentsync.sync.removals import is_removed
from talentsync.sync.states import UNFINISHED, Operation, State

Options = Mapping[str, Any]

AT_EXPIRY = "at_expiry"  # nobody asked for it: the time of a file is over


@dataclass(frozen=True, kw_only=True)
class ResumeRules(Rules):
    """As for every record about a person, but for the contract that a file needs, and for what its file decides."""

    def skip_try_again(
        self, record: Resume, delivery: Delivery | None, connection: Connection, options: Options
    ) -> str:
        """A file that failed keeps its resume waiting: both are tried again, from the step that failed."""
        if delivery is not None and delivery.state in UNFINISHED and record.sync_trouble:
            return self._kept_out_or_incomplete(record, connection)
        return super().skip_try_again(record, delivery, connection, options)

    def skip_delete(self, record: Any, delivery: Delivery | None, connection: Connection, options: Options) -> str:
        """What somebody has asked for meanwhile comes first; where that fails, the time is still over."""
        if options.get(AT_EXPIRY) and _is_asked_for(record, delivery, connection):
            return BEING_SENT
        return super().skip_delete(record, delivery, connection, options)

    def skip_start_over(
        self, record: Resume, delivery: Delivery | None, connection: Connection, options: Options
    ) -> str:
        if is_removed(delivery) or (options.get(AT_EXPIRY) and _is_to_stay_out(delivery)):
            return "removed"
        if options.get(AT_EXPIRY) and _is_asked_for(record, delivery, connection):
            return BEING_SENT
        return self._kept_out_or_incomplete(record, connection)

    def _kept_out_or_incomplete(self, record: Resume, connection: Connection) -> str:
        return "kept_out" if self.whom(record).do_not_send else self._incomplete(record, connection)

    def _incomplete(self, record: Any, connection: Connection) -> str:
        return super()._incomplete(record, connection) if connection.recruiter_contract_urn else "no_contract"


def kept_in_mind(record: Resume, connection: Connection, options: Options) -> dict[str, Any]:
    """Whether nobody asked for it."""
    return {AT_EXPIRY: bool(options.get(AT_EXPIRY))}


def _is_asked_for(record: Resume, delivery: Delivery | None, connection: Connection) -> bool:
    """Somebody wishes it sent, and nothing is in the way of that."""
    if delivery is None or wished(delivery) != Operation.UPSERT or _wished_with(delivery).get(AT_EXPIRY):
        return False
    file = Delivery.objects.filter(connection=connection).of_records("resume_file", [record.file_id])
    return file.exclude(state__in=[State.FAILED, State.IDLE]).exists()


def _wished_with(delivery: Delivery) -> Options:
    params: Options = delivery.then_operations[-1][2] if delivery.then_operations else delivery.params
    return params


def _is_to_stay_out(delivery: Delivery | None) -> bool:
    """Somebody wishes it gone, or did, and LinkedIn refused. What was asked for by itself gives way."""
    if delivery is None:
        return False
    was_refused = delivery.state == State.FAILED and delivery.operation == Operation.DELETE
    if not was_refused and wished(delivery) != Operation.DELETE:
        return False
    return not _wished_with(delivery).get(AT_EXPIRY)


def skip_file(record: ResumeFile, delivery: Delivery | None, connection: Connection, options: Options) -> str:
    """A file is uploaded once, unless LinkedIn has it no longer or not for long, or somebody wants it there anew."""
    if delivery is None or delivery.state in {State.IDLE, State.FAILED}:
        return ""
    if delivery.state in UNFINISHED:
        return BEING_SENT
    reference = records.reference_of(record, connection)
    is_there = reference is not None and not records.has_expired(reference, timezone.now())
    is_ending = reference is not None and reference.asked_at is not None  # and that is asked once
    return UNCHANGED if is_there and not is_ending and not options.get(ANEW) else ""


RULES = ResumeRules(whom=lambda resume: resume.candidate, problems=records.problems)
