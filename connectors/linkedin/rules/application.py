"""What LinkedIn accepts in an application (linkedin.md 4.4).

Inferred, not documented: job, job name, e-mail address and names are required; the candidate is not, but an
application that names none hangs on nobody, and TalentSync always sends it.
"""

from __future__ import annotations

from collections.abc import Iterator

from connectors.base.words import gettext_noop as _
from connectors.linkedin.records import Application
from connectors.linkedin.rules import shapes
from connectors.linkedin.rules.problem import Problem

REQUIRED = {
    "ats_job_posting_id": _("The application names no job: choose one that has an ID in your ATS."),
    "ats_job_posting_name": _("The job of the application has no title: enter one."),
    "first_name": _("Enter the candidate's first name."),
    "last_name": _("Enter the candidate's last name."),
}


def problems(application: Application) -> Iterator[Problem]:
    yield from shapes.identity(application)
    for field, rule in REQUIRED.items():
        if not str(getattr(application, field)).strip():
            yield Problem(field=field, rule=rule)
    if not shapes.is_email(application.candidate_email):
        yield Problem(field="candidate_email", rule=_("Enter an e-mail address like name@example.com."))
    yield from shapes.moments(application)
