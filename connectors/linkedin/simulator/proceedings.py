"""What simulated LinkedIn takes of an application and of what hangs on it: linkedin.md 4.3 (notes), 4.4, 4.5."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from connectors.linkedin.simulator.checks import email, enumeration, moment, reached_stage, text
from connectors.linkedin.simulator.people import order_faults
from connectors.linkedin.simulator.schema import Member, array_of, faults, leaf, record

NAMED = record({"firstName": leaf(text(), required=True), "lastName": leaf(text(), required=True)})
APPLICATION: dict[str, Member] = {
    "atsCandidateId": leaf(text(1)),
    "atsJobPostingId": leaf(text(1), required=True),
    "atsJobPostingName": leaf(text(1), required=True),
    "candidateEmail": leaf(email, required=True),
    "firstName": leaf(text(1), required=True),
    "lastName": leaf(text(1), required=True),
    "atsCreatedAt": leaf(moment, required=True),
    "atsLastModifiedAt": leaf(moment, required=True),
    "source": leaf(text()),
    "dispositionReason": leaf(text()),
}
NOTE: dict[str, Member] = {
    "note": leaf(text()),
    "atsCreatedAt": leaf(moment),
    "author": Member(rule=NAMED),
}
STAGE: dict[str, Member] = {
    "atsCreatedAt": leaf(moment, required=True),
    "stage": leaf(reached_stage, required=True),
}
FEEDBACK: dict[str, Member] = {
    "atsCreatedAt": leaf(moment),
    "interviewer": Member(rule=NAMED),
    "evaluations": array_of(record({"attribute": leaf(text()), "result": leaf(text())})),
    "feedback": leaf(text()),
    "interviewType": leaf(enumeration("PHONE_SCREEN", "ONSITE")),
}


def application_faults(content: Mapping[str, Any]) -> Iterator[str]:
    yield from faults(APPLICATION, content)
    yield from order_faults(content)


def note_faults(content: Mapping[str, Any]) -> Iterator[str]:
    return faults(NOTE, content)


def stage_faults(content: Mapping[str, Any]) -> Iterator[str]:
    return faults(STAGE, content)


def feedback_faults(content: Mapping[str, Any]) -> Iterator[str]:
    return faults(FEEDBACK, content)
