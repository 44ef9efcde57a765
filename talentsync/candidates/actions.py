"""What people can ask for of records about a person, as actions of a kind. The same for all six kinds but for what
hangs on them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from django.utils.translation import gettext

from talentsync.candidates import confirmations
from talentsync.candidates.rules import Rules
from talentsync.customers.models import Connection, Destination
from talentsync.sync.agreements import MAY_ERASE
from talentsync.sync.kinds import HISTORY, Action, Forecast
from talentsync.sync.models import Delivery
from talentsync.sync.states import Operation, RemoteState

REMOVE = "candidates.remove_candidate"
LINKEDIN = (Destination.LINKEDIN.value,)
Titled = Callable[[int], str]
Tally = Callable[[Any, Delivery | None, Connection], Mapping[str, int]]


def agreed(record: Any, connection: Connection, options: Mapping[str, Any]) -> dict[str, Any]:
    """Whether somebody agreed to erase what LinkedIn holds."""
    return {MAY_ERASE: options[MAY_ERASE]} if options.get(MAY_ERASE) else {}


def not_compared(record: Any, delivery: Delivery | None, connection: Connection) -> Mapping[str, int]:
    unknown = delivery is None or delivery.remote_state == RemoteState.UNKNOWN
    return {"not_compared": 1} if unknown else {}


def nothing_more(forecast: Forecast) -> Sequence[str]:
    """The page speaks of all kinds at once."""
    return ()


def titled(words: str, nouns: tuple[Any, Any], number: int) -> str:
    return gettext(words) % {"n": f"{number:,}", "noun": nouns[0] if number == 1 else nouns[1]}


def of(
    rules: Rules, nouns: tuple[Any, Any], below: tuple[str, ...] = (), *, tally: Tally = not_compared
) -> tuple[Action, ...]:
    """The actions that every kind has; `nouns` are one and many, `below` the kinds that hang on it, `tally` counts what
    the page before a send speaks of.
    """

    def say(words: str) -> Titled:
        return partial(titled, words, nouns)

    send: dict[str, Any] = {
        "operation": Operation.UPSERT,
        "destinations": LINKEDIN,
        "skip": rules.skip_send,
        "params": agreed,
        "tally": tally,
        "describe": confirmations.describe_send,
        "form": confirmations.SendForm,
    }
    actions = [
        Action(name="send", title=say("Send %(n)s %(noun)s to LinkedIn"), **send),
        Action(
            name=HISTORY,
            by_command=False,
            **send | {"skip": rules.skip_history, "describe": nothing_more},
        ),
        Action(
            name="delete",
            operation=Operation.DELETE,
            destinations=LINKEDIN,
            skip=rules.skip_delete,
            undo=True,
            title=say("Delete %(n)s %(noun)s from LinkedIn"),
            starts=confirmations.STARTS,
            describe=confirmations.describe_delete,
            reaches=dict.fromkeys(below, "delete"),
        ),
        Action(
            name="erase",
            operation=Operation.DELETE,
            destinations=LINKEDIN,
            skip=rules.skip_erase,
            undo=True,
            erases=True,
            by_command=False,  # whoever erases looks at the page that says what goes
            permission=REMOVE,
            title=say("Delete %(n)s %(noun)s from LinkedIn and TalentSync"),
            starts=confirmations.STARTS,
            describe=confirmations.describe_erase,
            form=confirmations.EraseForm,
            reaches=dict.fromkeys(below, "erase"),
        ),
        Action(
            name="send_again",
            operation=Operation.UPSERT,
            destinations=LINKEDIN,
            skip=rules.skip_send_again,
            params=agreed,
            title=say("Send %(n)s %(noun)s to LinkedIn again"),
            by_command=False,  # what was removed is sent again by a person (DESIGN 7)
            describe=confirmations.describe_send_again,
        ),
        Action(
            name="try_again",
            operation=None,
            destinations=LINKEDIN,
            skip=rules.skip_try_again,
            task="retry",
            title=say("Try %(n)s %(noun)s again"),
            describe=confirmations.describe_retry,
        ),
    ]
    if below:
        actions.insert(
            1,
            Action(
                name="send_all",
                title=say("Send %(n)s %(noun)s with everything that hangs on them"),
                reaches=dict.fromkeys(below, "send"),
                by_command=False,
                **send,
            ),
        )
    return tuple(actions)


def of_matches(rules: Rules, nouns: tuple[Any, Any]) -> tuple[Action, ...]:
    """What can be asked about the LinkedIn members that candidates are taken for."""

    def say(words: str) -> Titled:
        return partial(titled, words, nouns)

    return (
        Action(
            name="fetch",
            operation=None,
            destinations=LINKEDIN,
            skip=rules.skip_fetch,
            task="check",
            title=say("Fetch matches of %(n)s %(noun)s"),
            describe=confirmations.describe_fetch,
        ),
        Action(
            name="link",
            operation=Operation.LINK,
            destinations=LINKEDIN,
            skip=rules.skip_link,
            title=say("Link a person to %(n)s %(noun)s"),
            describe=confirmations.describe_link,
            form=confirmations.LinkForm,
        ),
        Action(
            name="unlink",
            operation=Operation.UNLINK,
            destinations=LINKEDIN,
            skip=rules.skip_unlink,
            title=say("Unlink the person of %(n)s %(noun)s"),
            describe=confirmations.describe_unlink,
            writes=confirmations.forget,
        ),
    )
