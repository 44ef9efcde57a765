"""Checks of one value, in the words of Rest.li's validator (linkedin.md 8.1); no words mean that it is right."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

REQUIRED = "field is required but not found and has no default value"
UNRECOGNIZED = "unrecognized field found but not allowed"
EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
WEB_ADDRESS = re.compile(r"https?://[^\s/?#]+[^\s]*", re.IGNORECASE)
PERSON = re.compile(r"urn:li:person:[A-Za-z0-9_-]+")

Check = Callable[[Any], str]


def text(least: int = 0, most: int | None = None) -> Check:
    def check(value: Any) -> str:
        if not isinstance(value, str):
            return f"{shown(value)} cannot be coerced to String"
        if len(value) < least or (most is not None and len(value) > most):
            return f'length of "{value[:80]}" is out of range {least}...{most or 2**31 - 1}'
        return ""

    return check


def long(value: Any) -> str:
    return "" if isinstance(value, int) and not isinstance(value, bool) else f"{shown(value)} cannot be coerced to Long"


def boolean(value: Any) -> str:
    return "" if isinstance(value, bool) else f"{shown(value)} cannot be coerced to Boolean"


def enumeration(*symbols: str) -> Check:
    def check(value: Any) -> str:
        if not isinstance(value, str):
            return "enum type is not backed by a String"
        return "" if value in symbols else f'"{value}" is not an enum symbol'

    return check


def texts(value: Any) -> str:
    right = isinstance(value, list) and all(isinstance(item, str) for item in value)
    return "" if right else f"{shown(value)} cannot be coerced to Array"


def urn(kind: str) -> Check:
    def check(value: Any) -> str:
        right = isinstance(value, str) and re.fullmatch(rf"urn:li:{kind}:\d+", value)
        return "" if right else f"{shown(value)} is not a valid urn:li:{kind}"

    return check


def urns(kind: str) -> Check:
    def check(value: Any) -> str:
        return texts(value) or next(filter(None, map(urn(kind), value)), "")

    return check


def moment(value: Any) -> str:
    """Epoch milliseconds: a whole number of 64 bits above zero (4.2)."""
    if words := long(value):
        return words
    return "" if 0 < value < 2**63 else f"{value} is out of range 1...{2**63 - 1}"


def email(value: Any) -> str:
    """`X@X.X` (4.2, 4.4)."""
    if words := text()(value):
        return words
    return "" if EMAIL.fullmatch(value) else f'"{value[:80]}" is not a valid e-mail address'


def address(value: Any) -> str:
    """An absolute http address; any host will do, as an ATS may stand anywhere."""
    if words := text(1)(value):
        return words
    return "" if WEB_ADDRESS.fullmatch(value) else f'"{value[:80]}" is not a valid URL'


def person(value: Any) -> str:
    right = isinstance(value, str) and PERSON.fullmatch(value)
    return "" if right else f"{shown(value)} is not a valid urn:li:person"


def reached_stage(value: Any) -> str:
    """4.5: a stage has a name, and *Not Available* is none."""
    return text(1)(value) or ('"Not Available" is not a stage' if value == "Not Available" else "")


def shown(value: Any) -> str:
    return json.dumps(value) if value is None or isinstance(value, bool) else str(value)
