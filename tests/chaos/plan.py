"""Everything that will be done and will break, drawn from a seed before anything begins: a seed replays its events.

What each event does stands in `people` and `mishaps`. Sorts are dealt from a shuffled deck, so that a run of a few
minutes meets every one of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

CUSTOMERS = 2
PEOPLE = 8  # of each customer
JOBS = 4
WORKERS = 2
DEED_EVERY = 0.5  # seconds, on average
MISHAP_EVERY = 2.5
POSTS_AT = 1.0  # all jobs: applications need theirs
BEGINS_AT = 5.0  # the processes have started
CALM_BEFORE_THE_END = 0.1  # of the whole time: then only people go on

OF_PEOPLE = (
    *("candidate", "candidate_note", "application", "application_note", "application_stage", "interview_feedback"),
    "resume",
)
CLICKS = {
    **{kind: ("send", "send", "delete", "send_again", "try_again") for kind in OF_PEOPLE},
    "candidate": ("send", "send_all", "send_all", "delete", "send_again", "try_again"),
    "application": ("send", "send_all", "delete", "send_again", "try_again"),
    "job": ("post", "post", "update", "renew", "close", "try_again", "check_now"),
}
DEEDS = {
    "click": 10,
    "edit_and_send": 8,
    "edit": 3,
    "upload": 5,
    "close_several": 2,
    "delete_several": 2,
    "add_note": 2,
    "import_people": 2,
    "send_imported": 2,
    "import_resumes": 1,
    "erase": 1,
    "hold": 1,
}
"""How many of each stand in a deck."""

MISHAPS = {
    "kill_worker": 2,
    "deadly_worker": 3,
    "kill_beat": 1,
    "cut_broker": 1,
    "cut_database": 1,
    "lose_answers": 3,
    "delay_answers": 2,
    "garble_answers": 2,
    "refuse": 2,
    "revoke_tokens": 1,
    "storm": 1,
    "outage": 1,
}

KILL_POINTS = (
    "before the stamp",
    "after the lease",
    "after the token",
    "after the vendor's answer",
    "inside settle",
    "after settle",
    "inside a chunk",
    "inside a load",
    "after a load",
    "while an erasure is asked for",
    "while an erasure is accepted",
    "before records are removed",
    "while records are removed",
    "after records were removed",
)
AT_LINKEDIN = (
    *("simpleJobPostings", "simpleJobPostingTasks", "jobPostingStatus", "token", "hireMediaUrl", "ambry"),
    *("atsCandidates", "atsCandidates/notes", "atsApplications", "atsApplications/notes", "atsApplications/stages"),
    *("atsApplications/interviewFeedback", "tcrmCandidateResumes"),
)
AT_GREENHOUSE = ("token", "jobs", "openings")
RECORD_MOODS = ("reject", "forget", "task_failed", "slow_tasks", "stale_address", "file_gone")
WORDS = "ERROR :: /note :: is not acceptable"


@dataclass(frozen=True, kw_only=True)
class Event:
    """What happens so many seconds after the beginning."""

    at: float
    what: str
    told: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.at:7.2f}  {self.what:<16}{', '.join(f'{name}={value!r}' for name, value in self.told.items())}"


def drawn(seed: int, minutes: float) -> list[Event]:
    """All events in their order; the last of them mends what is still broken."""
    rng, ends = Random(seed), minutes * 60
    deeds = [event for at, what in _dealt(rng, DEEDS, DEED_EVERY, ends) for event in _deed(rng, at, what, ends)]
    last = ends * (1 - CALM_BEFORE_THE_END)
    mishaps = [event for at, what in _dealt(rng, MISHAPS, MISHAP_EVERY, last) for event in _mishap(rng, at, what, last)]
    posts = [Event(at=POSTS_AT, what="post_all", told={"customer": customer}) for customer in range(CUSTOMERS)]
    return sorted([*posts, *deeds, *mishaps], key=lambda event: event.at)


def broker(seed: int, at_hand: Sequence[str]) -> str:
    """Every other seed's."""
    return at_hand[seed % len(at_hand)]


def _dealt(rng: Random, deck: Mapping[str, int], every: float, ends: float) -> Iterator[tuple[float, str]]:
    at, left = BEGINS_AT, list[str]()
    while at < ends:
        if not left:
            left = [what for what, number in deck.items() for _ in range(number)]
            rng.shuffle(left)
        yield round(at, 2), left.pop()
        at += rng.uniform(0.2, 1.8) * every


# --- people -----------------------------------------------------------------------------------------------------------


def _deed(rng: Random, at: float, what: str, ends: float) -> Iterator[Event]:
    customer = rng.randrange(CUSTOMERS)
    told: dict[str, Any] = {"customer": customer}
    match what:
        case "click":
            kind = rng.choice(list(CLICKS))
            told |= {"kind": kind, "number": _number(rng, kind), "action": rng.choice(CLICKS[kind])}
        case "edit" | "edit_and_send":
            kind = rng.choice([kind for kind in CLICKS if kind != "resume"])
            told |= {"kind": kind, "number": _number(rng, kind)}
        case "upload":
            told |= {"number": _number(rng, "resume"), "send": rng.random() < 0.8}
        case "close_several":
            told |= {"numbers": sorted(rng.sample(range(JOBS), 2)), "undo": rng.random() < 0.5}
        case "delete_several":
            told |= {"numbers": sorted(rng.sample(range(PEOPLE), 2)), "undo": rng.random() < 0.5}
        case "add_note" | "erase":
            told |= {"number": _number(rng, "candidate")}
        case "import_people" | "import_resumes":
            told |= {"rows": rng.choice([3, 10, 30])}
    yield Event(at=at, what=what, told=told)
    if what == "hold":
        yield Event(at=min(ends, round(at + rng.uniform(2, 10), 2)), what="release", told={"customer": customer})


def _number(rng: Random, kind: str) -> int:
    return rng.randrange(JOBS if kind == "job" else PEOPLE)


# --- mishaps ----------------------------------------------------------------------------------------------------------


def _mishap(rng: Random, at: float, what: str, ends: float) -> Iterator[Event]:
    def later(least: float, most: float) -> float:
        return min(ends, round(at + rng.uniform(least, most), 2))

    match what:
        case "kill_worker":
            worker = {"worker": rng.randrange(WORKERS)}
            yield Event(at=at, what="kill_worker", told=worker)
            yield Event(at=later(0.5, 4), what="start_worker", told=worker)
        case "deadly_worker":
            worker = {"worker": rng.randrange(WORKERS)}
            deadly = {"point": rng.choice(KILL_POINTS), "nth": rng.choice([1, 1, 2, 3])}
            yield Event(at=at, what="kill_worker", told=worker)
            yield Event(at=later(0, 0.5), what="start_worker", told={**worker, **deadly})
            yield Event(at=later(8, 12), what="start_worker", told=worker)
        case "kill_beat":
            yield Event(at=at, what="kill_beat")
            yield Event(at=later(1, 5), what="start_beat")
        case "cut_broker" | "cut_database":
            server = {"server": what.removeprefix("cut_")}
            yield Event(at=at, what="cut", told=server)
            yield Event(at=later(0.5, 4), what="mend", told=server)
        case "storm" | "outage":
            vendor = _vendor(rng)
            yield Event(at=at, what=what, told={"vendor": vendor})
            yield Event(at=later(1, 6), what="calm", told={"vendor": vendor})
        case "revoke_tokens":
            yield Event(at=at, what=what, told={"vendor": _vendor(rng)})
        case _:
            vendor = _vendor(rng)
            mood = _mood(rng, what, vendor)
            yield Event(at=at, what="mood", told={"vendor": vendor, **mood})


def _vendor(rng: Random) -> str:
    return rng.choice(["linkedin", "linkedin", "linkedin", "greenhouse"])


def _mood(rng: Random, what: str, vendor: str) -> dict[str, Any]:
    """An answer that goes wrong. `applied`: the vendor has done what it was asked for."""
    if what == "refuse" and vendor == "linkedin":
        return _of_a_record(rng.choice(RECORD_MOODS))
    where: Sequence[str] = AT_LINKEDIN if vendor == "linkedin" else AT_GREENHOUSE
    options: dict[str, Any] = {"endpoint": rng.choice(where), "times": rng.choice([1, 2, 3])}
    match what:
        case "lose_answers":
            options |= {"kind": "hang_up", "applied": rng.random() < 0.7}
        case "delay_answers":
            past_the_deadline = rng.random() < 0.5
            options |= {"kind": "stall", "applied": True} if past_the_deadline else {"kind": "slow", "seconds": 1.5}
        case "garble_answers":
            options |= {"kind": rng.choice(["garbled", "html", "empty", "endless"]), "applied": rng.random() < 0.7}
        case _:
            options |= {"kind": "status", "status": rng.choice([409, 422, 500])}
    return options


def _of_a_record(kind: str) -> dict[str, Any]:
    words = {"task_failed": {"message": "Invalid Field: /description is too dull"}, "slow_tasks": {"seconds": 5.0}}
    return {"kind": kind, **words.get(kind, {"message": WORDS} if kind == "reject" else {})}
