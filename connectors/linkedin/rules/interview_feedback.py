"""What LinkedIn accepts in the feedback of an interview (linkedin.md 4.5)."""

from __future__ import annotations

from collections.abc import Iterator

from connectors.base.words import gettext_noop as _
from connectors.linkedin import choices
from connectors.linkedin.records import InterviewFeedback
from connectors.linkedin.rules import shapes
from connectors.linkedin.rules.problem import Problem


def problems(feedback: InterviewFeedback) -> Iterator[Problem]:
    yield from shapes.identity(feedback)
    if feedback.interview_type and feedback.interview_type not in choices.INTERVIEW_TYPES:
        yield Problem(field="interview_type", rule=_("Choose phone screen or on-site, or leave it empty."))
    yield from shapes.person("interviewer", feedback.interviewer)
    yield from shapes.moment(feedback.ats_created_at)
