"""Candidates and their notes as the engine sees them."""

from __future__ import annotations

from typing import Any

from connectors.linkedin import errors
from connectors.linkedin.null_wipe import erased
from talentsync.candidates import actions, explanations, looks, records, wording
from talentsync.candidates.models import Candidate, CandidateNote
from talentsync.candidates.rules import Rules
from talentsync.candidates.sentences import REASONS
from talentsync.customers.models import Destination
from talentsync.sync.kinds import Kind, Route, register
from talentsync.sync.states import Operation, RemoteState

UPSERT, DELETE, LINK, UNLINK = Operation.UPSERT, Operation.DELETE, Operation.LINK, Operation.UNLINK
PERMISSION = "candidates.sync_candidate"
KNOWN = (RemoteState.LIVE, RemoteState.ABSENT, RemoteState.DELETED)

VERBS = {(UPSERT, state): "UPSERT" for state in KNOWN} | {(DELETE, state): "DELETE" for state in RemoteState}
"""An upsert is by key, whatever is there. What LinkedIn holds from before our time is read first, lest it be erased."""

LINKS = {(LINK, RemoteState.LIVE): "LINK", (UNLINK, RemoteState.LIVE): "UNLINK"}
NOBODY_TO_LINK = {
    (verb, state): "not_sent" for verb in (LINK, UNLINK) for state in (RemoteState.ABSENT, RemoteState.DELETED)
}


def at_linkedin(resource: str, record: Any, model: Any, **parts: Any) -> Route:
    """How a record about a person goes to LinkedIn: the same for all six kinds but for what is named here."""
    defaults: dict[str, Any] = {
        "operations": frozenset({UPSERT, DELETE}),
        "verbs": VERBS,
        "by_key": frozenset({DELETE}),
        "gone": RemoteState.ABSENT,
        "erases": erased,
        "undecisive": frozenset({"atsLastModifiedAt"}),
        "worded": wording.of(model),
        "readable": errors.display,
        "explain": explanations.at_linkedin,
        "next_look": looks.never,
    }
    return Route(destination=Destination.LINKEDIN.value, resource=resource, record=record, **(defaults | parts))


CANDIDATE_RULES = Rules(whom=lambda candidate: candidate, problems=records.problems)
NOTE_RULES = Rules(whom=lambda note: note.candidate, problems=records.problems)
NOUNS = (Candidate._meta.verbose_name, Candidate._meta.verbose_name_plural)
BELOW = ("candidate_note", "resume", "application", "application_note", "application_stage", "interview_feedback")

register(
    Kind(
        name="candidate",
        model=Candidate,
        routes=(
            at_linkedin(
                "candidates",
                records.candidate,
                Candidate,
                operations=frozenset({UPSERT, DELETE, LINK, UNLINK}),
                verbs=VERBS | LINKS,
                refusals=NOBODY_TO_LINK,
            ),
        ),
        actions=actions.of(CANDIDATE_RULES, NOUNS, BELOW) + actions.of_matches(CANDIDATE_RULES, NOUNS),
        takes_along=("candidate_note",),
        deletes_first=("resume", "application"),
        absorb=looks.absorb_matches,
        summarise=looks.summarise,
        summarised=(),
        sentences=REASONS,
        label_of=wording.label_of(Candidate),
        permission=PERMISSION,
        automatic="send",
        kept_out="do_not_send",
    )
)

register(
    Kind(
        name="candidate_note",
        model=CandidateNote,
        needs={"candidate": "candidate"},
        below="candidate",
        joined=("candidate",),
        routes=(at_linkedin("candidate_notes", records.candidate_note, CandidateNote),),
        actions=actions.of(NOTE_RULES, (CandidateNote._meta.verbose_name, CandidateNote._meta.verbose_name_plural)),
        absorb=looks.absorb_nothing,
        summarise=looks.summarise,
        summarised=(),
        sentences=REASONS,
        label_of=wording.label_of(CandidateNote),
        permission=PERMISSION,
        automatic="send",
        kept_out="candidate__do_not_send",
    )
)
