"""What must be true once it is quiet, said as sentences about what is not: an empty list is what everybody hopes for.

The vendors and the database are compared record by record, with what was asked for and with the calls that came in.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django_celery_results.models import TaskResult

from connectors.base.simulation import Document
from connectors.greenhouse.simulator import Greenhouse
from connectors.linkedin.simulator import Linkedin
from talentsync.customers.models import Connection
from talentsync.imports.models import WORKING, Import
from talentsync.jobs.models import Job
from talentsync.resumes import orphans, storage
from talentsync.resumes.models import FileReference
from talentsync.sync import kinds, presenting, waiting
from talentsync.sync.models import Delivery, Erasure, Lane, Run, RunItem
from talentsync.sync.states import UNFINISHED, Failure, Operation, RemoteState, State
from tests.candidates.making import ENDPOINTS
from tests.chaos.cast import MODELS, VERSIONED, version_of
from tests.chaos.people import Versions

VERBS = {"jobPostingOperationType", "state", "expireAt"}  # what is to be done with a post, and a renewal moves its end
AT = {**ENDPOINTS, "resume": "tcrmCandidateResumes"}
GONE = {RemoteState.DELETED, RemoteState.ABSENT}
UNANSWERED = ("OperationalError", "InterfaceError")  # what a task says when its database was cut off


@dataclass(frozen=True, kw_only=True)
class Told:
    """What the judge is told: the vendors, what was asked for in which version, and whose files are which."""

    linkedin: Linkedin
    greenhouse: Greenhouse
    asked: Mapping[int, Versions]
    contents: Mapping[str, tuple[int, int]]
    database_was_cut: bool = False
    a_token_was_lost: bool = False  # LinkedIn gave one, and who had it died before it was stored


def findings(told: Told) -> list[str]:
    checks: Sequence[Callable[[Told], Iterator[str]]] = (
        lambda told: stuck(),
        requests_add_up,
        vendors_agree,
        nothing_else_is_there,
        what_was_accepted_is_there,
        files_agree,
        newest_wish_stands,
        nothing_older_came_later,
        what_changes_by_itself_was_sent,
        no_quota_was_broken,
        failures_are_explained,
        no_task_failed,
    )
    return [finding for check in checks for finding in check(told)]


# --- nothing is stuck -------------------------------------------------------------------------------------------------


def stuck() -> Iterator[str]:
    for row in Delivery.objects.filter(state__in=UNFINISHED).select_related("connection"):
        if not _waits_for_a_reason(row):
            yield f"stuck: {_name(row)} {row.operation} {row.state} step={row.step} why={row.why} due_at={row.due_at}"
    yield from (f"stuck: {_name(row)} is still leased" for row in Delivery.objects.exclude(lease=""))
    yield from (f"stuck: lane {lane} is still leased" for lane in Lane.objects.exclude(lease_name=""))
    for run in Run.objects.exclude(state__in=[Run.State.DONE, Run.State.UNDONE]):
        if not _is_held_by_its_records(run):
            yield f"stuck: request {run.pk} ({run.kind} {run.action}) is {run.state}, {run.n_settled} of {run.total}"
    for load in Import.objects.filter(state__in=WORKING):
        yield f"stuck: import {load.pk} of {load.kind} is {load.state}"
    for erasure in Erasure.objects.exclude(state=Erasure.State.DONE):
        if not _was_refused(erasure):
            yield f"stuck: erasure {erasure.pk} of a {erasure.kind} is {erasure.state}"


def _waits_for_a_reason(row: Delivery) -> bool:
    """It waits for another record that nobody has asked for or that failed, and nobody forgot to wake it."""
    if row.state != State.PENDING or row.due_at is not None:
        return False
    above = waiting.Above(kinds.get(row.kind), row.connection, [row.object_id], locked=False)
    return row.pk in waiting.held_back(above, [row], now=timezone.now())


def _is_held_by_its_records(run: Run) -> bool:
    """Each item that is not settled waits for what failed before it (decision 1), or with its record."""
    items = run.items.filter(state__in=[RunItem.State.DRAFTED, RunItem.State.ASKED]).select_related("delivery")
    held = [item.delivery is not None and _holds(item.delivery) for item in items]
    return bool(held) and all(held)


def _holds(row: Delivery) -> bool:
    return (row.state == State.FAILED and bool(row.then_operations)) or _waits_for_a_reason(row)


def _was_refused(erasure: Erasure) -> bool:
    """Its delete, or that of something which goes before or with it, stopped for a person."""
    mine = Erasure.objects.filter(run=erasure.run_id, root_id=erasure.root_id).values("delivery")
    return Delivery.objects.filter(pk__in=mine, state=State.FAILED).exists()


def requests_add_up(told: Told) -> Iterator[str]:
    for run in Run.objects.exclude(state=Run.State.UNDONE):
        found = Counter(run.items.values_list("state", flat=True))
        counted = {"done": run.n_done, "failed": run.n_failed, "skipped": run.n_skipped, "superseded": run.n_superseded}
        if counted != {state: found[state] for state in counted}:
            yield f"request {run.pk} ({run.kind} {run.action}) says {counted} and has {dict(found)}"
        if (run.state == Run.State.DONE) != (run.n_settled == run.total):
            yield f"request {run.pk} ({run.kind} {run.action}) is {run.state} with {run.n_settled} of {run.total}"


# --- both sides say the same ------------------------------------------------------------------------------------------


def vendors_agree(told: Told) -> Iterator[str]:
    """What we believe is there is there, and what we believe is gone is gone."""
    for row in Delivery.objects.select_related("connection").exclude(kind="resume_file"):
        if row.connection.destination == "greenhouse":
            yield from _greenhouse_agrees(told.greenhouse, row)
            continue
        is_there = _is_there(row, _held(told.linkedin, row))
        if row.remote_state == RemoteState.LIVE and not is_there:
            yield f"{_name(row)} is believed to be live, and is not there ({row.state} {row.failure})"
        if row.remote_state in {*GONE, RemoteState.CLOSED} and is_there:
            yield f"{_name(row)} is believed to be {row.remote_state}, and is there ({row.state} {row.failure})"
        if row.remote_state == RemoteState.UNKNOWN and row.state == State.SYNCED:
            yield f"{_name(row)} is synced, and nobody knows what is there"


def _greenhouse_agrees(greenhouse: Greenhouse, row: Delivery) -> Iterator[str]:
    if row.state != State.SYNCED or not row.settled_operation:
        return
    job = Job.objects.get(pk=row.object_id)
    there = greenhouse.job(job.greenhouse_jobs.get(connection=row.connection).greenhouse_id) or {}
    if not there.get("status") == job.greenhouse_status == "closed":
        yield f"{_name(row)} is {there.get('status')} at Greenhouse, and {job.greenhouse_status} here"


def _is_there(row: Delivery, held: Document | None) -> bool:
    return held is not None and (row.kind != "job" or held["status"] == "LISTED")


def _held(linkedin: Linkedin, row: Delivery) -> Document | None:
    parent, own = row.names
    if row.kind == "job":
        return linkedin.posting(own, client_id=row.connection.client_id)
    return linkedin.record(AT[row.kind], own, parent=parent, organization=row.connection.organization_urn)


def nothing_else_is_there(told: Told) -> Iterator[str]:
    """LinkedIn holds no record about a person that we do not believe to be there."""
    for kind, endpoint in AT.items():
        believed = Delivery.objects.filter(kind=kind, remote_state=RemoteState.LIVE).count()
        if (held := told.linkedin.count(endpoint)) != believed:
            yield f"LinkedIn holds {held} of {kind}, and {believed} are believed to be there"


def what_was_accepted_is_there(told: Told) -> Iterator[str]:
    """Value by value, what LinkedIn has is what it is said to have taken last."""
    rows = Delivery.objects.filter(state=State.SYNCED, remote_state=RemoteState.LIVE, kind__in=[*AT, "job"])
    for row in rows.filter(connection__destination="linkedin").select_related("connection", "snapshot"):
        held, snapshot = _held(told.linkedin, row), getattr(row, "snapshot", None)
        if held is None or snapshot is None or snapshot.accepted is None:
            continue
        differing = sorted(_differing(held["fields"], snapshot.accepted))
        if differing:
            yield f"{_name(row)} has other values at LinkedIn than were accepted: {', '.join(differing)}"


def _differing(held: Document, accepted: Document) -> Iterator[str]:
    for name in {*held, *accepted} - VERBS:
        if held.get(name) != accepted.get(name):
            yield name


def files_agree(told: Told) -> Iterator[str]:
    """A file is where we believe it is, its resume names it, and no row has lost its bytes."""
    digests = _digests(told.linkedin)
    for reference in FileReference.objects.select_related("file"):
        if digests.get(reference.urn) != reference.file.sha256:
            yield f"file {reference.file_id} is another one at LinkedIn"
    for row in _synced("resume"):
        reference = FileReference.objects.filter(file__resume=row.object_id, connection=row.connection).first()
        held = _held(told.linkedin, row)
        if reference is not None and held is not None and held["fields"]["resumeFile"] != reference.urn:
            yield f"{_name(row)} names another file at LinkedIn than ours"
    lost = [each for each in orphans.find(storage.store()) if each.missing is orphans.Missing.FILE]
    yield from (f"row of file {each.name} has lost its file" for each in lost)


def _digests(linkedin: Linkedin) -> dict[str, str]:
    return {f"urn:li:ambryBlob:{file['location']}": file["sha256"] for file in linkedin.files}


# --- no newer wish was overwritten by an older one --------------------------------------------------------------------


def newest_wish_stands(told: Told) -> Iterator[str]:
    """What was asked for last and is reported as done is so."""
    for kind in [*VERSIONED, "resume"]:
        for row in _synced(kind, live=False):
            item = _last_wish(told, kind, row)
            if item is not None and item.state == RunItem.State.DONE:
                yield from _is_as_wished(told, row, item)


def _last_wish(told: Told, kind: str, row: Delivery) -> RunItem | None:
    items = RunItem.objects.filter(kind=kind, object_id=row.object_id, connection=row.connection, run__in=told.asked)
    wished = items.exclude(state=RunItem.State.SKIPPED).exclude(run__state=Run.State.UNDONE)
    looks = ["try_again", "check_now", "renew"]
    return wished.exclude(run__action__in=looks).select_related("run").order_by("run_id").last()


def _is_as_wished(told: Told, row: Delivery, item: RunItem) -> Iterator[str]:
    held = _held(told.linkedin, row)
    is_there, action = _is_there(row, held), item.run.action
    if action in {"delete", "close", "erase"}:
        if is_there:
            yield f"{_name(row)} was to {action} at last, and is there"
    elif row.settled_operation not in {Operation.DELETE, Operation.CLOSE}:  # with its parent, asked for later
        if not is_there:
            yield f"{_name(row)} was to {action} at last, and is not there"
        elif held is not None:
            there = _version_there(told, row.kind, held["fields"])
            wished = told.asked[item.run_id].get((row.kind, row.object_id), 0)
            if there is not None and there < wished:
                yield f"{_name(row)} has version {there} at LinkedIn; version {wished} was sent at last"


def _version_there(told: Told, kind: str, fields: Document) -> int | None:
    """None where it is a file that nobody here uploaded by hand."""
    if kind != "resume":
        return int(fields[VERSIONED[kind][1]])
    digest = _digests(told.linkedin).get(fields["resumeFile"], "")
    return told.contents[digest][1] if digest in told.contents else None


def nothing_older_came_later(told: Told) -> Iterator[str]:
    """Of each record the versions that reached LinkedIn never went backwards, whatever became of the answers."""
    newest: dict[tuple[str, ...], int] = defaultdict(int)
    for key, version in _versions_sent(told):
        if version < newest[key]:
            yield f"{' '.join(key)}: version {version} came to LinkedIn after version {newest[key]}"
        newest[key] = max(version, newest[key])


def _versions_sent(told: Told) -> Iterator[tuple[tuple[str, ...], int]]:
    names = {endpoint: VERSIONED[kind][1] for kind, endpoint in ENDPOINTS.items()}
    for call in told.linkedin.calls:
        if not isinstance(call.sent, dict):
            continue
        if call.endpoint == "simpleJobPostings":
            for element in call.sent.get("elements", []):
                if element.get("jobPostingOperationType") in {"CREATE", "UPDATE"}:
                    yield ("job", element["integrationContext"], element["externalJobPostingId"]), int(element["title"])
        elif call.endpoint in names and call.method == "PUT":
            above = call.path.rpartition("/")[0] if "/" in call.endpoint else ""
            for key, fields in call.sent.get("entities", {}).items():
                yield (call.endpoint, above, key), int(fields[names[call.endpoint]])


def what_changes_by_itself_was_sent(told: Told) -> Iterator[str]:
    """Where automatic sync is on, LinkedIn has the newest version of everything that it has."""
    for kind in VERSIONED:
        if kind == "job":
            continue
        for row in _synced(kind).filter(connection__customer__sends_changes=True):
            held, record = _held(told.linkedin, row), MODELS[kind]._default_manager.filter(pk=row.object_id).first()
            if held is None or record is None:
                continue
            there, here = int(held["fields"][VERSIONED[kind][1]]), version_of(kind, record)
            if there != here:
                yield f"{_name(row)} has version {there} at LinkedIn, and changed by itself to {here}"


# --- quotas, failures, tasks ------------------------------------------------------------------------------------------


def no_quota_was_broken(told: Told) -> Iterator[str]:
    """LinkedIn never had to refuse a call on its own account."""
    refused = Counter(call.endpoint for call in told.linkedin.calls if call.status == 429 and not call.mood)
    yield from (f"LinkedIn refused {number} calls to {endpoint}: too many" for endpoint, number in refused.items())
    warnings = [text for text in told.linkedin.warnings if not (told.a_token_was_lost and "live tokens" in text)]
    yield from (f"LinkedIn warns: {text}" for text in warnings)


def failures_are_explained(told: Told) -> Iterator[str]:
    """Each says what happened, in the vendor's words or ours, and what it means."""
    failed = list(Delivery.objects.filter(state=State.FAILED).select_related("connection"))
    items = presenting.last_troubles(failed)
    for row in failed:
        trouble = presenting.trouble(row, items.get(row.pk))
        if not row.failure or trouble is None or not trouble.meaning:
            yield f"{_name(row)} failed, and nobody says why"
        elif row.failure == Failure.INTERNAL:
            yield f"{_name(row)} failed by our own mistake: {row.words}"
        elif row.failure == Failure.REJECTED and not (row.words or row.error_code):
            yield f"{_name(row)} was refused without a word"


def no_task_failed(told: Told) -> Iterator[str]:
    for task in TaskResult.objects.filter(status="FAILURE"):
        if told.database_was_cut and _is_of_a_database_that_was_away(task.result or ""):
            continue
        yield f"task {task.task_name} failed: {(task.traceback or task.result or '')[-1500:]}"


def _is_of_a_database_that_was_away(result: str) -> bool:
    """Django says of a deadlock that it is an OperationalError, too: that is nobody's mishap."""
    return "deadlock" not in result and any(name in result for name in UNANSWERED)


# --- words ------------------------------------------------------------------------------------------------------------


def _synced(kind: str, *, live: bool = True) -> Any:
    at_linkedin = Connection.objects.filter(destination="linkedin")
    rows = Delivery.objects.filter(kind=kind, state=State.SYNCED, connection__in=at_linkedin)
    return (rows.filter(remote_state=RemoteState.LIVE) if live else rows).select_related("connection")


def _name(row: Delivery) -> str:
    parent, own = row.names
    return f"{row.kind} {'/'.join(filter(None, [parent, own]))} at {row.connection}"
