"""The rules of a posting's compensation (linkedin.md 3.5)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from connectors.base.simulation import Document
from connectors.linkedin.simulator.checks import REQUIRED

TYPES = (
    "BASE_SALARY",
    "TIPS",
    "COMMISSION",
    "PROFIT_SHARING",
    "STOCK_OPTIONS",
    "STOCK",
    "BONUS",
    "SIGN_ON_BONUS",
    "OVER_TIME",
    "OTHER",
)
PERIODS = ("YEARLY", "MONTHLY", "SEMIMONTHLY", "BIWEEKLY", "WEEKLY", "DAILY", "HOURLY")


def compensation_faults(compensation: Document) -> Iterator[str]:
    rows = compensation.get("compensations")
    if not isinstance(rows, list):
        yield f"/compensation/compensations :: {REQUIRED}"
        return
    for place, row in enumerate(rows):
        yield from _row_faults(f"/compensation/compensations/{place}", row)


def _row_faults(path: str, row: Any) -> Iterator[str]:
    if not isinstance(row, dict):
        yield f"{path} :: {row} cannot be coerced to Record"
        return
    for name, symbols in (("type", TYPES), ("period", PERIODS)):
        if row.get(name) is None:
            yield f"{path}/{name} :: {REQUIRED}"
        elif row[name] not in symbols:
            yield f'{path}/{name} :: "{row[name]}" is not an enum symbol'
    yield from _value_faults(f"{path}/value", row.get("value"))


def _value_faults(path: str, value: Any) -> Iterator[str]:
    if not isinstance(value, dict) or len(value) != 1:
        yield f"{path} :: {REQUIRED}"
        return
    if "exactAmount" in value:
        yield from _money_faults(f"{path}/exactAmount", value["exactAmount"])
    elif isinstance(value.get("range"), dict):
        for end in ("start", "end"):
            yield from _money_faults(f"{path}/range/{end}", value["range"].get(end))
    else:
        yield f"{path} :: is not a member type of union"


def _money_faults(path: str, money: Any) -> Iterator[str]:
    if not isinstance(money, dict):
        yield f"{path} :: {REQUIRED}"
        return
    for name in ("amount", "currencyCode"):
        if money.get(name) is None:
            yield f"{path}/{name} :: {REQUIRED}"
        elif not isinstance(money[name], str):
            yield f"{path}/{name} :: {money[name]} cannot be coerced to String"
