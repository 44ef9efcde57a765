"""What a kind of record is to the engine: a declaration. Apps register theirs in `kinds.py`; nothing here knows any of
them.

What pages say of a kind is declared too, because they name no domain either; all of it has a plain default:

    Action.title(number)      "Close 12 jobs": the button that confirms, and the name of the request in lists
    Action.starts             "Closes at %(time)s.": said of records that wait in the time for Undo
    Action.describe(forecast) what will happen at one destination, in sentences, on the page that asks
    Action.form               what that page asks: a `confirming.ConfirmForm`; its `options()` become the run's options
    Kind.sentences            why a record was passed over: a sentence for each code that `skip` gives
    Kind.permission           what a person needs to confirm, to undo and to try again
    Kind.label_of(field)      our label of a field that a vendor complains about, in whichever spelling
    Route.readable(words)     a vendor's words without its markup
    Kind.owner                the column with the e-mail of whoever is responsible for a record
    Kind.expiring(records, now)  those of the records that end soon, soonest first, each with `ends_at`
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from connectors.base.content import Content
from connectors.base.explain import Explanation
from talentsync.sync.states import Operation, RemoteState

if TYPE_CHECKING:
    from django.db import models
    from django.db.models import QuerySet

    from talentsync.customers.models import Connection
    from talentsync.sync.confirming import ConfirmForm
    from talentsync.sync.models import Delivery, Run


STARTS = _("Starts at %(time)s.")
INCOMPLETE = "incomplete"  # what `Action.skip` says of a record that the vendor would not take as it is
UNCHANGED = "nothing_changed"  # … and of one that the vendor has as it is
BEING_SENT = "being_sent"  # … and of one that somebody has asked for already
KNOWN_THERE = "known_there"  # … and of one that the vendor knows, whatever became of it there
HISTORY = "history"  # the action by which a kind takes part when everything of a customer is sent
ANEW = "anew"  # an option: of what a record brings along, that it is asked for also where it is there
AS_ACCEPTED = "as_accepted"  # an option: keys of records whose payload is the one that was accepted last


def as_it_is(
    record: Any, payload: Mapping[str, Any], accepted: Mapping[str, Any] | None, verb: str
) -> Mapping[str, Any]:
    return payload


def nobody_is_asked(record: Any, connection: Connection, accepted: Mapping[str, Any] | None) -> bool:
    return False


def erases_nothing(held: Mapping[str, Any], payload: Mapping[str, Any]) -> Sequence[str]:
    return ()


@dataclass(frozen=True, kw_only=True)
class Route:
    """How one kind goes to one destination.

    `record(object, connection, operation, params)` gives the payload in the vendor's words (JSON, without the verb);
    raises `Unmappable`. For a look at a record that nothing was ever asked about, `operation` is None. `verbs` names
    the vendor's verb for what is wished and what is there; for a pair that is not listed the vendor is asked first.
    `works_later` says that the vendor answers with a task, whose outcome is asked for. `creating` are the verbs for
    what is not there; `once` those that must not be sent twice blindly.
    `proves(deliveries of one connection, facts by primary key)` names the records whose facts show that what was
    sent last took effect. `refusals` are pairs that make no sense, with the code of the reason. `explain(words=,
    status=, code=, task=, operation=)` finds the documented meaning of a refusal of what was asked for, and of a
    `Failure` given as its code. `next_look(object facts, now)` says when to look again at what is live; None is
    never. `from_snapshot` are operations built from what was last accepted, where there is such a thing. `by_key`
    are operations that need nothing but the key: the record may be gone here. `erases(held, payload)` names the
    values that the vendor holds and this payload would erase; an upsert that would is sent only if somebody agreed
    to each of them (`agreements`). `on_wire(record, payload, accepted, verb)` is what travels of a payload, where
    that depends on what was accepted last; it may raise `Unmappable`, too.
    `needs_a_page(record, connection, accepted)` says whether an update means something that automatic sync must
    leave to a person. `undecisive` are fields whose change alone is no reason to send a record again by itself.
    `worded(path, value)` gives a value of a payload its label and text for people. `gone` is what is left of a
    record that was there and is not any more. `content(record)` is the file that is sent with it.
    """

    destination: str
    resource: str
    record: Callable[[Any, Connection, Operation | None, Mapping[str, Any]], Mapping[str, Any]]
    operations: frozenset[Operation]
    verbs: Mapping[tuple[Operation, RemoteState], str]
    explain: Callable[..., Explanation]
    next_look: Callable[[Mapping[str, Any], datetime], timedelta | None]
    works_later: bool = False
    creating: frozenset[str] = frozenset()
    once: frozenset[str] = frozenset()
    proves: Callable[[Sequence[Delivery], Mapping[int, Mapping[str, Any]]], set[int]] = lambda *_: set()
    refusals: Mapping[tuple[Operation, RemoteState], str] = field(default_factory=dict)
    from_snapshot: frozenset[Operation] = frozenset()
    by_key: frozenset[Operation] = frozenset()
    erases: Callable[[Mapping[str, Any], Mapping[str, Any]], Sequence[str]] = erases_nothing
    on_wire: Callable[[Any, Mapping[str, Any], Mapping[str, Any] | None, str], Mapping[str, Any]] = as_it_is
    needs_a_page: Callable[[Any, Connection, Mapping[str, Any] | None], bool] = nobody_is_asked
    undecisive: frozenset[str] = frozenset()
    worded: Callable[[str, Any], tuple[str, str]] = lambda path, value: (path, str(value))
    gone: RemoteState = RemoteState.CLOSED
    readable: Callable[[str], str] = str
    content: Callable[[Any], Content] | None = None

    def verb(self, operation: str, remote_state: str) -> str:
        """The vendor's verb, "" where the vendor must be asked first."""
        return self.verbs.get((Operation(operation), RemoteState(remote_state)), "")

    def refusal(self, operation: str, remote_state: str) -> str:
        return self.refusals.get((Operation(operation), RemoteState(remote_state)), "")


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """What an action would do at one destination, as far as that is known before anybody has confirmed it.

    `is_partial`: the numbers are those of the first records of a large request. What must be said of it however few
    records it concerns is said then, too.
    """

    destination: str
    n_applies: int  # of all kinds together
    by_kind: Mapping[str, int]
    tally: Mapping[str, int]
    connections: Sequence[Connection]
    run: Run
    options: Mapping[str, Any]
    is_partial: bool = False


@dataclass(frozen=True, kw_only=True)
class Action:
    """What a person can ask for in one click.

    `operation` None asks nothing new of the vendor: `task` says what happens instead ("retry", "check").
    `skip(object, delivery, connection, options)` gives "" or the code of the reason why the record is passed over.
    `instead(object)` names the operation that a record needs in place of it, None for none.
    `params(object, connection, options)` goes onto the delivery. `undo` holds runs of more than one record back for a
    moment. `tally` counts, per record that is not skipped, what the confirmation page speaks of (openings, premium
    slots). `erases` removes the records here, too, once they are gone at the vendor; `permission` is what it takes
    beyond that of the kind. `reaches` names kinds that hang on this one, and the action that each of their records
    takes part with. `reads_snapshots` fetches with each delivery what was accepted last, for `skip` and `tally`.
    `anew`: what the record brings along is asked for again, also where it is there.
    `by_command` says whether `request_sync` asks for it when its operation is named. `writes(run)` is what is written
    down here when a run is confirmed, at whichever door and in the same transaction; it gives what that adds to the
    run's options.
    """

    name: str
    operation: Operation | None
    destinations: tuple[str, ...]
    skip: Callable[[Any, Delivery | None, Connection, Mapping[str, Any]], str]
    params: Callable[[Any, Connection, Mapping[str, Any]], dict[str, Any]] = lambda record, connection, options: {}
    instead: Callable[[Any], Operation | None] = lambda record: None
    task: str = "request"
    undo: bool = False
    erases: bool = False
    permission: str = ""
    tally: Callable[[Any, Delivery | None, Connection], Mapping[str, int]] = lambda record, delivery, connection: {}
    title: Callable[[int], str] | None = None
    reaches: Mapping[str, str] = field(default_factory=dict)
    by_command: bool = True
    reads_snapshots: bool = False
    anew: bool = False
    starts: str | Promise = STARTS
    describe: Callable[[Forecast], Sequence[str]] = lambda forecast: ()
    form: type[ConfirmForm] | None = None
    writes: Callable[[Run], Mapping[str, Any]] = lambda run: {}


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What a vendor keeps of a record, whatever is asked for: until a moment, or for ever (None). `earlier` is a number
    for what it keeps of a time before, which has no record here any more.
    """

    object_id: int
    connection_id: int
    until: datetime | None
    earlier: int | None = None


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One sort of record we sync.

    `absorb(connection, facts by primary key, now)` stores what the vendor said, inside the settle transaction.
    `summarise(records, deliveries by primary key)` sets columns on the records that lists show, and names those
    columns; `summarised` are those of the record that it reads, None where these may be any. `joined` are the foreign
    keys that keys, rules and records are read through: fetched with the record.

    `automatic` names the action that automatic sync takes part with, "" for none. An action named HISTORY takes part
    when everything of a customer is sent. `kept_out` is the lookup that is true of records that nobody sends, and
    `known_by` are reasons to pass over a record that the vendor has.

    `needs` are the kinds that the vendor must know before a record of this one can be sent, each with the foreign key
    that leads there; one that was never asked for does not stand in the way if it is among `may_lack`. `below` is the
    foreign key of the parent in whose address the vendor files the record. `takes_over` names, by kind among the needs,
    the fields of that record that stand in the payload of this one, each with the field here that hides it, "" where
    nothing does. `takes_along` are the kinds that vanish at
    the vendor with a record of this one; `deletes_first` those that must be deleted there before it.

    `brings` are kinds among the needs whose records belong to one of this kind: whoever asks for it asks for them, too,
    by their action `send`, whose `skip` says whether they are still good; until they are sent, it waits. `mixed` says
    that the vendor files a record below its parent by its key alone, so that a call holds records of many parents.
    `shards` are the lanes that share the work at one connection; a record is always in the same one. `fetched` are
    rows that keys, rules and records are read through, beside those of `joined`. `part_of` are the kinds whose records
    are erased together with those of this one, each with the lookup that leads there; `forget(records)` is told before
    they go. Nobody meets an `internal` kind by itself. `stays` says on the receipt of an erasure what the vendor keeps
    of a record all the same; `kept(records)` says it of each record for which no call deletes anything, and until when
    the vendor keeps it.
    """

    name: str
    model: type[models.Model]
    routes: Sequence[Route]
    actions: Sequence[Action]
    absorb: Callable[[Connection, Mapping[int, Mapping[str, Any]], datetime], None]
    summarise: Callable[[Sequence[Any], Mapping[int, Sequence[Delivery]]], Sequence[str]]
    entity_key: str = "external_id"
    needs: Mapping[str, str] = field(default_factory=dict)
    may_lack: frozenset[str] = frozenset()
    takes_over: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    below: str = ""
    summarised: tuple[str, ...] | None = None
    joined: tuple[str, ...] = ()
    fetched: tuple[str, ...] = ()
    brings: Mapping[str, str] = field(default_factory=dict)
    mixed: bool = False
    shards: int = 1
    part_of: Mapping[str, str] = field(default_factory=dict)
    forget: Callable[[Sequence[Any]], None] = lambda records: None
    internal: bool = False
    stays: str | Promise = ""
    kept: Callable[[Sequence[Any]], Iterable[Kept]] | None = None
    takes_along: tuple[str, ...] = ()
    deletes_first: tuple[str, ...] = ()
    automatic: str = ""
    kept_out: str = ""
    known_by: frozenset[str] = frozenset({UNCHANGED, KNOWN_THERE})
    related: tuple[str, ...] = ()  # what `skip` and `tally` look at beside the record; fetched for many at once
    sentences: Mapping[str, str | Promise] = field(default_factory=dict)
    permission: str = ""
    owner: str = ""
    label_of: Callable[[str], str] = str
    expiring: Callable[[QuerySet[Any], datetime], QuerySet[Any]] | None = None

    def route(self, destination: str) -> Route:
        return next(route for route in self.routes if route.destination == destination)

    def action(self, name: str) -> Action:
        return next(action for action in self.actions if action.name == name)

    def key_of(self, record: Any) -> Key:
        """Batch key and entity key: together they name the record at a connection."""
        above = str(getattr(record, self.below).external_id) if self.below else ""
        return above, str(getattr(record, self.entity_key))

    def rows(self) -> QuerySet[Any]:
        """Records that are complete without another query."""
        everything = self.model._default_manager.prefetch_related(*self.fetched)
        return everything.select_related(*self.joined) if self.joined else everything

    def shard_of(self, object_id: int) -> int:
        """The one of the kind's lanes that a record goes through."""
        return object_id % self.shards

    @property
    def parent_of_call(self) -> str:
        """The foreign key of the parent, where records of one parent alone share a call."""
        return "" if self.mixed else self.below

    @property
    def stands_alone(self) -> bool:
        """Neither waits for other records nor is waited for."""
        return not (self.needs or self.deletes_first or self.takes_along)


Key = tuple[str, str]

_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    """Declare a kind. A second one of the same name is a programming error."""
    if kind.name in _kinds:
        raise ValueError(f"The kind {kind.name} is registered twice.")
    _kinds[kind.name] = kind
    return kind


def get(name: str) -> Kind:
    return _kinds[name]


def all_kinds() -> Iterable[Kind]:
    return _kinds.values()


def for_people() -> list[Kind]:
    """The kinds that somebody meets by themselves."""
    return [kind for kind in all_kinds() if not kind.internal]


def owners_of(record: Any) -> Iterator[Any]:
    """The records that bring this one along, if it is of a kind that nobody meets by itself."""
    for kind in all_kinds():
        if kind.internal and isinstance(record, kind.model):
            found = (getattr(record, kind.part_of[each.name], None) for each in that_bring(kind.name))
            yield from (each for each in found if each is not None)


def in_order(names: Iterable[str]) -> list[str]:
    """As they were declared, parents before children: the order in which everyone locks."""
    wanted = set(names)
    return [name for name in _kinds if name in wanted]


def of_history(destination: str) -> list[Kind]:
    """The kinds that take part when everything is sent there, those that others wait for before them."""
    left = [kind for kind in all_kinds() if any(_takes_part(action, destination) for action in kind.actions)]
    ordered: list[Kind] = []
    while left:
        names = {kind.name for kind in left}
        first = next(kind for kind in left if not names & set(kind.needs))
        left.remove(first)
        ordered.append(first)
    return ordered


def _takes_part(action: Action, destination: str) -> bool:
    return action.name == HISTORY and destination in action.destinations


def that_bring(name: str) -> list[Kind]:
    """The kinds whose records bring one of this kind along."""
    return [kind for kind in all_kinds() if name in kind.brings]


def parts_of(names: Iterable[str]) -> list[Kind]:
    """The kinds whose records are erased together with those of these kinds."""
    wanted = set(names)
    return [kind for kind in all_kinds() if wanted & kind.part_of.keys()]


def that_need(name: str) -> list[Kind]:
    """The kinds whose records wait for one of this kind."""
    return [kind for kind in all_kinds() if name in kind.needs]


def path_to(kind: Kind, above: str) -> str:
    """The lookup from a kind to one that it hangs on, directly or through others: "application__candidate"."""
    if above in kind.needs:
        return kind.needs[above]
    through = ((foreign_key, path_to(get(name), above)) for name, foreign_key in kind.needs.items() if name in _kinds)
    return next((f"{foreign_key}__{path}" for foreign_key, path in through if path), "")
