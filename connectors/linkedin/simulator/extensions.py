"""What a posting may carry beside the foundation: a budget for promotion, and applying at LinkedIn (linkedin.md 3.4).

`faults` words what is wrong with the two objects. Whether LinkedIn takes applications is a fact of its own: a question
whose identifier stands twice does not stop the post, which is then shown without (LinkedIn's page of the schema).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from connectors.base.simulation import Document
from connectors.linkedin.simulator import schema
from connectors.linkedin.simulator.checks import address, shown, text
from connectors.linkedin.simulator.schema import Member, leaf

SECTIONS = (
    "contactInformationQuestions",
    "resumeQuestions",
    "coverLetterQuestions",
    "workQuestions",
    "educationQuestions",
    "voluntarySelfIdentificationQuestions",
    "additionalQuestions",
)


def decimal(value: Any) -> str:
    if words := text()(value):
        return words
    right = re.fullmatch(r"[0-9]+(\.[0-9]+)?", value) and float(value) > 0
    return "" if right else f'"{value[:40]}" is not a valid amount'


def currency(value: Any) -> str:
    if words := text()(value):
        return words
    return "" if re.fullmatch(r"[A-Z]{3}", value) else f'"{value[:40]}" is not an enum symbol'


def webhook(value: Any) -> str:
    """An address that could answer LinkedIn's challenge: https, and no tunnel of ngrok (9.2)."""
    if words := address(value):
        return words
    parts = urlsplit(value)
    if parts.scheme.lower() != "https" or "ngrok" in (parts.hostname or ""):
        return "the webhook could not be validated"
    return ""


def _questions(path: str, value: Any) -> Iterator[str]:
    sections = {name: Member(rule=_section) for name in SECTIONS}
    yield from schema.record(sections)(path, value)


def _section(path: str, value: Any) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{path} :: {shown(value)} cannot be coerced to Record"


MONEY = schema.record({"amount": leaf(decimal, required=True), "currencyCode": leaf(currency, required=True)})
RULES = {
    "budget": schema.record({"payForPerformanceTotalBudget": Member(rule=MONEY, required=True)}),
    "onsiteApplyConfiguration": schema.record(
        {"jobApplicationWebhookUrl": leaf(webhook, required=True), "questions": Member(rule=_questions)}
    ),
}


def faults(element: Document) -> Iterator[str]:
    for name, rule in RULES.items():
        if name in element:
            yield from rule(f"/{name}", element[name])


def total_budget(element: Document) -> Document | None:
    """What the posting may cost, as `{"amount": …, "currencyCode": …}`."""
    budget = element.get("budget")
    return budget["payForPerformanceTotalBudget"] if isinstance(budget, dict) else None


def takes_applications(element: Document) -> bool:
    return "onsiteApplyConfiguration" in element and not asks_twice(element)


def asks_twice(element: Document) -> bool:
    names = list(_named(element.get("onsiteApplyConfiguration", {}), "partnerQuestionIdentifier"))
    return len(names) > len(set(names))


def _named(value: Any, name: str) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (str(each) for key, each in value.items() if key == name)
    for below in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _named(below, name)
