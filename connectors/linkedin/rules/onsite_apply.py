"""Applying at LinkedIn, Apply Connect: linkedin.md 3.4 and 9.2, and LinkedIn's page of the schema.

https://learn.microsoft.com/linkedin/talent/apply-connect/onsite-apply-config-schema

Documented: the address is required and must answer LinkedIn's challenge, for which ngrok is not accepted; questions
are an object of known sections; an identifier of a question stands once in a job. Inferred: applications travel over
https.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from connectors.base.words import gettext_noop as _
from connectors.linkedin import choices
from connectors.linkedin.records import JobPosting
from connectors.linkedin.rules.problem import Problem
from connectors.linkedin.rules.shapes import is_public_address

IDENTIFIER = "partnerQuestionIdentifier"


def problems(posting: JobPosting, now_ms: int) -> Iterator[Problem]:
    if posting.onsite_apply_configuration is None:
        return
    url, questions = (
        posting.onsite_apply_configuration.job_application_webhook_url,
        posting.onsite_apply_configuration.questions,
    )
    if not url:
        yield Problem(
            field="job_application_webhook_url", rule=_("Enter the address that takes applications, or ask nothing.")
        )
    elif not is_public_address(url) or urlsplit(url).scheme != "https":
        yield Problem(field="job_application_webhook_url", rule=_("Enter the whole address, beginning with https://."))
    elif "ngrok" in (urlsplit(url).hostname or ""):
        yield Problem(field="job_application_webhook_url", rule=_("LinkedIn does not accept addresses of ngrok."))
    yield from _questions(questions)


def asked(questions: Any, name: str) -> Iterator[Any]:
    """Every value of that name, however deep it stands."""
    match questions:
        case dict():
            for key, value in questions.items():
                if key == name:
                    yield value
                else:
                    yield from asked(value, name)
        case list() | tuple():
            for each in questions:
                yield from asked(each, name)


def _questions(questions: Any) -> Iterator[Problem]:
    if not isinstance(questions, dict) or not all(isinstance(part, dict) for part in questions.values()):
        yield Problem(field="questions", rule=_("Questions are an object of sections, each an object."))
        return
    if not questions.keys() <= choices.APPLICATION_QUESTIONS.keys():
        yield Problem(
            field="questions",
            rule=_(
                "LinkedIn knows no such section. It knows contactInformationQuestions, resumeQuestions, "
                "coverLetterQuestions, workQuestions, educationQuestions, voluntarySelfIdentificationQuestions and "
                "additionalQuestions."
            ),
        )
    names = Counter(str(name) for name in asked(questions, IDENTIFIER))
    if any(number > 1 for number in names.values()):
        yield Problem(field="questions", rule=_("Two questions have the same partnerQuestionIdentifier."))
