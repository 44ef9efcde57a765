"""Applications and what hangs on them as the engine sees them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from talentsync.applications import records
from talentsync.applications.models import Application, ApplicationNote, ApplicationStage, InterviewFeedback
from talentsync.candidates import actions, explanations, looks, wording
from talentsync.candidates.kinds import PERMISSION, at_linkedin
from talentsync.candidates.rules import Rules
from talentsync.candidates.sentences import REASONS
from talentsync.customers.models import Connection
from talentsync.jobs.models import PostingStatus
from talentsync.sync.kinds import Kind, register
from talentsync.sync.models import Delivery

RULES = Rules(whom=records.whom, problems=records.problems)
PARTS = (
    ("application_note", "application_notes", ApplicationNote),
    ("application_stage", "application_stages", ApplicationStage),
    ("interview_feedback", "interview_feedback", InterviewFeedback),
)
BELOW = tuple(name for name, _, _ in PARTS)
TAKEN_OVER = {
    "job": {"external_id": "", "title": "ats_job_posting_name"},
    "candidate": {
        "external_id": "",
        "first_name": "first_name",
        "last_name": "last_name",
        "email_addresses": "candidate_email",
    },
}
"""As `records.application_of` does."""


def tally(record: Application, delivery: Delivery | None, connection: Connection) -> Mapping[str, int]:
    """What the page before a send speaks of; LinkedIn takes an application only for a job that it knows."""
    unposted = record.job.posting_status == PostingStatus.NOT_POSTED
    return {**actions.not_compared(record, delivery, connection), **({"job_not_posted": 1} if unposted else {})}


def _kind(
    name: str, model: Any, *, hanging: tuple[str, ...] = (), tally: actions.Tally = actions.not_compared, **parts: Any
) -> Kind:
    nouns = (model._meta.verbose_name, model._meta.verbose_name_plural)
    return Kind(
        name=name,
        model=model,
        actions=actions.of(RULES, nouns, hanging, tally=tally),
        absorb=looks.absorb_nothing,
        summarise=looks.summarise,
        summarised=(),
        sentences=REASONS,
        label_of=wording.label_of(model),
        permission=PERMISSION,
        automatic="send",
        **parts,
    )


register(
    _kind(
        "application",
        Application,
        hanging=BELOW,
        tally=tally,
        needs={"candidate": "candidate", "job": "job"},
        kept_out="candidate__do_not_send",
        may_lack=frozenset({"job"}),  # a job that nobody posts here is LinkedIn's from elsewhere
        takes_over=TAKEN_OVER,
        takes_along=BELOW,
        joined=("candidate", "job"),
        routes=(at_linkedin("applications", records.application, Application, explain=explanations.of_application),),
    )
)

for name, resource, model in PARTS:
    register(
        _kind(
            name,
            model,
            needs={"application": "application"},
            kept_out="application__candidate__do_not_send",
            below="application",
            joined=("application__candidate",),
            routes=(at_linkedin(resource, records.part, model),),
        )
    )
