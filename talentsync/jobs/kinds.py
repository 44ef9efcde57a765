"""Jobs as the engine sees them: where they go, in which verbs, and what a person can ask for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import F

from connectors.linkedin import errors
from talentsync.customers.models import Connection, Destination
from talentsync.jobs import confirmations, explanations, looks, records, rules, tallies, updates
from talentsync.jobs.models import Job
from talentsync.jobs.sentences import REASONS
from talentsync.sync.kinds import HISTORY, KNOWN_THERE, UNCHANGED, Action, Kind, Route, register
from talentsync.sync.states import Operation, RemoteState

UPSERT, RENEW, CLOSE, RECORD = Operation.UPSERT, Operation.RENEW, Operation.CLOSE, Operation.RECORD
ABSENT, LIVE, CLOSED, UNKNOWN = RemoteState.ABSENT, RemoteState.LIVE, RemoteState.CLOSED, RemoteState.UNKNOWN


def agreed(job: Job, connection: Connection, options: Mapping[str, Any]) -> dict[str, Any]:
    """The posting page says which jobs were closed there and become new posts."""
    return {"agreed": ["closed_there"]}


def close_reason(job: Job, connection: Connection, options: Mapping[str, Any]) -> dict[str, Any]:
    """As chosen on the closing page, or named to the command, whose customer has one Greenhouse; without a choice the
    job's own and the connection's are taken when it is sent."""
    chosen = options.get("close_reasons", {}).get(str(connection.pk), options.get("close_reason_id"))
    return {} if chosen is None else {"close_reason_id": chosen}


def closed_or_not(job: Job) -> Operation | None:
    """A job that was over before it was ever posted is made known as closed."""
    return None if job.is_open else RECORD


def _expiring(jobs: Any, now: datetime) -> Any:
    return jobs.expiring(now).annotate(ends_at=F("posting_until"))


AT_LINKEDIN = Route(
    destination=Destination.LINKEDIN.value,
    resource="job_postings",
    record=records.linkedin_job,
    operations=frozenset({UPSERT, RENEW, CLOSE, RECORD}),
    verbs={
        (UPSERT, ABSENT): "CREATE",
        (UPSERT, CLOSED): "CREATE",
        (UPSERT, LIVE): "UPDATE",
        (RENEW, LIVE): "RENEW",
        (CLOSE, LIVE): "CLOSE",
        (RECORD, ABSENT): "RECORD",
        (RECORD, CLOSED): "RECORD",
    },
    works_later=True,
    creating=frozenset({"CREATE", "RECORD"}),
    once=frozenset({"CREATE", "RENEW", "RECORD"}),
    proves=looks.proves,
    refusals={
        (UPSERT, CLOSED): "closed_there",
        (RENEW, ABSENT): "nothing_to_renew",
        (RENEW, CLOSED): "nothing_to_renew",
        (RECORD, LIVE): "live_there",
    },
    from_snapshot=frozenset({CLOSE}),
    on_wire=updates.on_wire,
    needs_a_page=updates.needs_a_page,
    explain=explanations.at_linkedin,
    readable=errors.display,
    next_look=looks.next_look,
)

AT_GREENHOUSE = Route(
    destination=Destination.GREENHOUSE.value,
    resource="jobs",
    record=records.greenhouse_job,
    operations=frozenset({CLOSE}),
    verbs={(CLOSE, state): "CLOSE" for state in RemoteState},
    explain=explanations.at_greenhouse,
    next_look=looks.never,
)

BOTH = (Destination.LINKEDIN.value, Destination.GREENHOUSE.value)
LINKEDIN = (Destination.LINKEDIN.value,)

ACTIONS = (
    Action(
        name="post",
        operation=UPSERT,
        destinations=LINKEDIN,
        skip=rules.skip_post,
        params=agreed,
        tally=tallies.post,
        title=confirmations.title_post,
        describe=confirmations.describe_post,
        form=confirmations.PostForm,
    ),
    Action(
        name="update",
        operation=UPSERT,
        destinations=LINKEDIN,
        skip=rules.skip_update,
        tally=tallies.update,
        reads_snapshots=True,
        title=confirmations.title_update,
        describe=confirmations.describe_update,
    ),
    Action(
        name="renew",
        operation=RENEW,
        destinations=LINKEDIN,
        skip=rules.skip_renew,
        title=confirmations.title_renew,
        describe=confirmations.describe_renew,
    ),
    Action(
        name="close",
        operation=CLOSE,
        destinations=BOTH,
        skip=rules.skip_close,
        params=close_reason,
        undo=True,
        tally=tallies.close,
        title=confirmations.title_close,
        starts=confirmations.CLOSES,
        describe=confirmations.describe_close,
        form=confirmations.CloseForm,
    ),
    Action(
        name=HISTORY,
        operation=UPSERT,
        instead=closed_or_not,
        destinations=LINKEDIN,
        skip=rules.skip_history,
        by_command=False,
        title=confirmations.title_history,
        describe=confirmations.describe_history,
    ),
    Action(
        name="try_again",
        operation=None,
        destinations=BOTH,
        skip=rules.skip_try_again,
        task="retry",
        title=confirmations.title_retry,
        describe=confirmations.describe_retry,
    ),
    Action(
        name="check_now",
        operation=None,
        destinations=BOTH,
        skip=rules.skip_check_now,
        task="check",
        title=confirmations.title_check,
        describe=confirmations.describe_check,
    ),
)

register(
    Kind(
        name="job",
        model=Job,
        routes=(AT_LINKEDIN, AT_GREENHOUSE),
        actions=ACTIONS,
        related=("greenhouse_jobs",),
        absorb=looks.absorb,
        summarise=looks.summarise,
        sentences=REASONS,
        permission="jobs.sync_job",
        known_by=frozenset({UNCHANGED, KNOWN_THERE, *rules.THERE_ANOTHER_WAY}),
        automatic="update",  # what is live is kept up to date; nothing is posted by itself
        owner="owner_email",
        label_of=records.field_label,
        expiring=_expiring,
    )
)
