"""From what stands in a cell to the value of a field. A cell is text in CSV; in JSON Lines it may be any JSON value.

Every function here makes a reader of cells; a reader raises `Wrong` and never says what it has read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email

from talentsync.imports.mistakes import Wrong

Cell = Callable[[Any], Any]

TRUE, FALSE = {"true", "yes", "1"}, {"false", "no", "0", ""}
BIGGEST = 2**63 - 1
MAX_EMAIL = 254  # of Django's EmailField
PLAIN_URL = re.compile(r"https?://[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*\.[a-z]{2,20}(/[!-~]*)?")
SURROGATE = re.compile("[\ud800-\udfff]")


class _Keep:
    """An empty cell that says nothing: what is stored stays, and a new record has the field's default."""

    def __repr__(self) -> str:
        return "KEEP"


KEEP = _Keep()


class Zoneless(datetime):
    """A moment that named no zone and was taken as UTC: the report counts them."""


def kept_if_empty(cell: Cell) -> Cell:
    """An empty cell says nothing: what is there stays."""

    def read(raw: Any) -> Any:
        value = cell(raw)
        return KEEP if value == "" else value

    return read


def text(*, limit: int | None = None, strip: bool = True) -> Cell:
    def read(raw: Any) -> str:
        value = _as_text(raw)
        if strip:
            value = value.strip()
        return within(value, limit)

    return read


def within(value: str, limit: int | None) -> str:
    if limit is not None and len(value) > limit:
        raise Wrong("too_long", limit=f"{limit:,}")
    if "\0" in value:
        raise Wrong("nul")
    if not value.isascii() and SURROGATE.search(value):
        raise Wrong("broken_text")
    return value


def _as_text(raw: Any) -> str:
    if isinstance(raw, str):
        return raw
    if raw is None:
        return ""
    if isinstance(raw, int) and not isinstance(raw, bool):
        return str(raw)  # many export the numbers of their records as numbers
    raise Wrong("bad_text")


def address(*, limit: int) -> Cell:
    """A web address: what nearly all look like is known at a glance, the rest is judged by Django's rule."""
    plain, judge = text(limit=limit), URLValidator(schemes=["http", "https"])

    def read(raw: Any) -> str:
        value: str = plain(raw)
        if value and not PLAIN_URL.fullmatch(value):
            _judged(judge, value, "bad_url")
        return value

    return read


def email(*, limit: int = MAX_EMAIL, lower: bool = False) -> Cell:
    plain = text(limit=limit)

    def read(raw: Any) -> str:
        value: str = plain(raw)
        if value:
            _judged(validate_email, value, "bad_email")
        return value.lower() if lower else value

    return read


def _judged(judge: Callable[[str], None], value: str, rule: str) -> None:
    try:
        judge(value)
    except ValidationError:
        raise Wrong(rule) from None


def choice(values: Mapping[str, str]) -> Cell:
    """One of these, however it is capitalised; other words for them may be given."""
    plain, known = text(), {word.casefold(): value for word, value in values.items()}
    offered = ", ".join(dict.fromkeys(values.values()))

    def read(raw: Any) -> str:
        value: str = plain(raw)
        if not value:
            return ""
        found = known.get(value.casefold())
        if found is None:
            raise Wrong("unknown_choice", known=offered)
        return found

    return read


def moment(*, empty: Any) -> Cell:
    def read(raw: Any) -> Any:
        if raw is None or raw == "":
            return empty
        if not isinstance(raw, str):
            raise Wrong("bad_date")
        try:
            found = datetime.fromisoformat(raw.strip())
            return _taken_as_utc(found) if found.tzinfo is None else found.astimezone(UTC)
        except (ValueError, OverflowError):
            raise Wrong("bad_date") from None

    return read


def _taken_as_utc(found: datetime) -> Zoneless:
    return Zoneless(*found.timetuple()[:6], found.microsecond, tzinfo=UTC)


def flag() -> Cell:
    def read(raw: Any) -> bool:
        if raw is None or isinstance(raw, bool):
            return bool(raw)
        word = str(raw).strip().lower()
        if word in TRUE:
            return True
        if word in FALSE:
            return False
        raise Wrong("bad_boolean")

    return read


def number() -> Cell:
    def read(raw: Any) -> int | None:
        word = _whole(raw)
        if not word:
            return None
        if not re.fullmatch(r"-?\d{1,19}", word, re.ASCII) or abs(int(word)) > BIGGEST:
            raise Wrong("bad_number")
        return int(word)

    return read


def _whole(raw: Any) -> str:
    if isinstance(raw, (bool, float, list, dict)):
        raise Wrong("bad_number")
    return "" if raw is None else str(raw).strip()


# JSON


def parsed(raw: Any) -> Any:
    """What a cell of JSON holds; nothing is an empty list. JSON Lines bring lists and objects as they are."""
    if not isinstance(raw, str):
        return [] if raw is None else raw
    if not raw.strip():
        return []
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        raise Wrong("bad_json") from None


def texts(*, limit: int | None = None) -> Cell:
    def read(raw: Any) -> list[str]:
        found = parsed(raw)
        if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
            raise Wrong("bad_list")
        return [within(each.strip(), limit) for each in found]

    return read


def objects(names: Mapping[str, str]) -> Cell:
    """A list of objects whose members are texts. `names` maps every accepted spelling to the stored one."""
    said = ", ".join(names)

    def read(raw: Any) -> list[dict[str, str]]:
        found = parsed(raw)
        if not isinstance(found, list):
            raise Wrong("bad_objects", names=said)
        return [_members(each, names, said) for each in found]

    return read


def _members(found: Any, names: Mapping[str, str], said: str) -> dict[str, str]:
    if not isinstance(found, dict) or not found.keys() <= names.keys():
        raise Wrong("bad_objects", names=said)
    kept: dict[str, str] = {}
    for name, value in found.items():
        if isinstance(value, (bool, float, list, dict)):
            raise Wrong("bad_objects", names=said)
        kept[names[name]] = within(_as_text(value).strip(), None)
    return kept


NAMES = {"firstName": 0, "first_name": 0, "lastName": 1, "last_name": 1}


def person(*, limit: int) -> Cell:
    """LinkedIn's object of two names, for two fields of ours."""

    def read(raw: Any) -> tuple[str, str]:
        found = parsed(raw)
        if found == []:
            return "", ""
        if not isinstance(found, dict) or not found.keys() <= NAMES.keys():
            raise Wrong("bad_person")
        parts = ["", ""]
        for name, value in found.items():
            if not isinstance(value, str):
                raise Wrong("bad_person")
            parts[NAMES[name]] = within(value.strip(), limit)
        return parts[0], parts[1]

    return read


def only_one(cell: Cell) -> Cell:
    """LinkedIn's list of exactly one, for a field that holds one; the bare value will do, too."""

    def read(raw: Any) -> Any:
        if isinstance(raw, str) and not raw.lstrip().startswith("["):
            return cell(raw)
        found = parsed(raw)
        if not isinstance(found, list) or len(found) > 1:
            raise Wrong("bad_list")
        return cell(found[0] if found else "")

    return read


def spellings(names: Sequence[str]) -> dict[str, str]:
    """LinkedIn's spelling and ours of each of these; ours is stored."""
    return {spelled: name for name in names for spelled in (_camel(name), name)}


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)
