"""What people can ask for of resumes: what every record about a person has, in words for files, and *Start over*."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext

from talentsync.candidates import actions, confirmations
from talentsync.customers.models import Connection
from talentsync.resumes.models import Resume
from talentsync.resumes.rules import RULES, kept_in_mind, skip_file
from talentsync.resumes.sentences import NOT_DELETED
from talentsync.sync import presenting
from talentsync.sync.kinds import Action, Forecast
from talentsync.sync.models import Delivery
from talentsync.sync.states import Operation

NOUNS = (Resume._meta.verbose_name, Resume._meta.verbose_name_plural)


def counts_nothing(record: Any, delivery: Delivery | None, connection: Connection) -> Mapping[str, int]:
    return {}


def describe_send(forecast: Forecast) -> Sequence[str]:
    words = gettext("%(what)s: files that LinkedIn does not have are uploaded, then attached to their candidates.")
    return [words % {"what": presenting.counted(forecast.by_kind)}]


def describe_start_over(forecast: Forecast) -> Sequence[str]:
    words = gettext("%(what)s: the files are uploaded once more, and attached in place of those that are there.")
    return [words % {"what": presenting.counted(forecast.by_kind)}, str(NOT_DELETED)]


def describe_delete(forecast: Forecast) -> Sequence[str]:
    return [*confirmations.describe_delete(forecast), str(NOT_DELETED)]


def describe_erase(forecast: Forecast) -> Sequence[str]:
    return [*confirmations.describe_erase(forecast), str(NOT_DELETED)]


IN_OUR_WORDS: Mapping[str, Mapping[str, Any]] = {
    "send": {"describe": describe_send, "form": None, "params": kept_in_mind},
    "history": {"form": None, "params": kept_in_mind},
    "send_again": {"describe": describe_send, "params": kept_in_mind},
    "delete": {"describe": describe_delete, "params": kept_in_mind},
    "erase": {"describe": describe_erase},
}

START_OVER = Action(
    name="start_over",
    operation=Operation.UPSERT,
    destinations=actions.LINKEDIN,
    skip=RULES.skip_start_over,
    params=kept_in_mind,
    anew=True,
    by_command=False,
    title=lambda number: actions.titled("Upload %(n)s %(noun)s again", NOUNS, number),
    describe=describe_start_over,
)

OF_RESUMES = (
    *(replace(each, **IN_OUR_WORDS.get(each.name, {})) for each in actions.of(RULES, NOUNS, tally=counts_nothing)),
    START_OVER,
)

OF_FILES = (
    Action(name="send", operation=Operation.UPSERT, destinations=actions.LINKEDIN, skip=skip_file, by_command=False),
)
"""Nobody clicks on a file: resumes bring theirs along."""
