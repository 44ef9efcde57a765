"""The cells of a job that hold LinkedIn's own objects: pay, a budget, and how people apply at LinkedIn."""

from __future__ import annotations

from typing import Any

from talentsync.core.columns import is_storable
from talentsync.imports.cells import address, parsed, within
from talentsync.imports.mistakes import Wrong

PAY = ("type", "period", "currency", "exact", "start", "end")


def pay(raw: Any) -> list[dict[str, str]]:
    """LinkedIn's object (linkedin.md 3.5), or the list inside of it, or a list of our own flat entries."""
    found = parsed(raw)
    if isinstance(found, dict):
        found = found.get("compensations")
    if not isinstance(found, list):
        raise Wrong("bad_pay")
    return [_pay_entry(each) for each in found]


def _pay_entry(found: Any) -> dict[str, str]:
    if not isinstance(found, dict):
        raise Wrong("bad_pay")
    flat = {**found, **_amounts(found.get("value"))}
    flat.pop("value", None)
    if not flat.keys() <= set(PAY) or any(isinstance(each, (dict, list)) for each in flat.values()):
        raise Wrong("bad_pay")
    return {name: within(str(flat.get(name) or ""), None) for name in PAY}


def _amounts(value: Any) -> dict[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict) or not value.keys() <= {"range", "exactAmount"}:
        raise Wrong("bad_pay")
    span = value.get("range") or {}
    parts = (
        {"exact": value.get("exactAmount"), **{end: span.get(end) for end in ("start", "end")}} if _flat(span) else {}
    )
    money = {name: part for name, part in parts.items() if part is not None}
    if not money or not all(isinstance(part, dict) for part in money.values()):
        raise Wrong("bad_pay")
    currencies = {str(part.get("currencyCode") or "") for part in money.values()}
    if len(currencies) != 1:
        raise Wrong("bad_pay")
    return {"currency": currencies.pop(), **{name: part.get("amount") for name, part in money.items()}}


def _flat(span: Any) -> bool:
    return isinstance(span, dict) and span.keys() <= {"start", "end"}


def budget(raw: Any) -> tuple[str, str]:
    """LinkedIn's object (linkedin.md 3.4), or the money inside of it, for an amount and a currency."""
    found = _one_object(raw, "bad_budget")
    found = _one_object(found.get("payForPerformanceTotalBudget", found), "bad_budget")
    if not found.keys() <= {"amount", "currencyCode"} or any(isinstance(part, (dict, list)) for part in found.values()):
        raise Wrong("bad_budget")
    amount, currency = (str(found.get(name) or "").strip() for name in ("amount", "currencyCode"))
    return within(amount, 20), within(currency, 3)


WEBHOOK, QUESTIONS = "jobApplicationWebhookUrl", "questions"


def onsite_apply(raw: Any) -> tuple[str, dict[str, Any]]:
    """LinkedIn's object (linkedin.md 3.4) for an address and the questions, which stay as they are."""
    found = _one_object(raw, "bad_onsite_apply")
    if not found.keys() <= {WEBHOOK, QUESTIONS}:
        raise Wrong("bad_onsite_apply")
    questions = _one_object(found.get(QUESTIONS), "bad_onsite_apply")
    if not is_storable(questions):
        raise Wrong("bad_onsite_apply")
    return address(limit=2000)(found.get(WEBHOOK)), questions


def _one_object(raw: Any, rule: str) -> dict[str, Any]:
    found = parsed(raw)
    if found == []:
        return {}
    if not isinstance(found, dict):
        raise Wrong(rule)
    return found
