"""What LinkedIn accepts as a resume (linkedin.md 6.4, and 10.1, row 8)."""

from __future__ import annotations

from collections.abc import Iterator

from connectors.base.words import gettext_noop as _
from connectors.linkedin import urns
from connectors.linkedin.records import Resume
from connectors.linkedin.rules import shapes
from connectors.linkedin.rules.problem import Problem

FIRST_MILLISECOND = 10**12  # of September 2001: below it stand moments in seconds


def problems(resume: Resume) -> Iterator[Problem]:
    yield from shapes.identity(resume)
    if not urns.is_ambry_blob(resume.resume_file):
        yield Problem(field="resume_file", rule=_("Upload the file first: LinkedIn has not said where it keeps it."))
    if resume.tcrm_created_at is None:
        yield Problem(field="tcrm_created_at", rule=_("Enter when the record was created in your ATS."))
    elif resume.tcrm_created_at < FIRST_MILLISECOND:
        yield Problem(field="tcrm_created_at", rule=_("The day of creation is too long ago to be right."))
