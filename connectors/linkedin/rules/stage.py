"""What LinkedIn accepts in a stage of an application (linkedin.md 4.5).

Inferred, not documented: "Not Available" is refused in any mix of capitals and blanks.
"""

from __future__ import annotations

from collections.abc import Iterator

from connectors.base.words import gettext_noop as _
from connectors.linkedin.records import Stage
from connectors.linkedin.rules import shapes
from connectors.linkedin.rules.problem import Problem

NOT_A_STAGE = "not available"


def problems(stage: Stage) -> Iterator[Problem]:
    yield from shapes.identity(stage)
    if not stage.stage.strip():
        yield Problem(field="stage", rule=_("Enter the stage."))
    if " ".join(stage.stage.split()).casefold() == NOT_A_STAGE:
        yield Problem(field="stage", rule=_("LinkedIn does not take “Not Available” for a stage: enter its name."))
    if stage.ats_created_at is None:
        yield Problem(field="ats_created_at", rule=_("Enter when the stage was reached."))
    yield from shapes.moment(stage.ats_created_at)
