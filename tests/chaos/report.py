"""What a chaos run did, what broke, and what was found, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from talentsync.sync.models import Delivery, Run
from tests.chaos.judging import Told

WIDTH = 110


@dataclass(kw_only=True)
class Report:
    """`found` is what must not be; everything else is told so that nobody takes an idle run for a good one."""

    lasted: float = 0.0
    done: Counter[str] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)
    passed_over: Counter[str] = field(default_factory=Counter)
    held: Counter[str] = field(default_factory=Counter)
    failed_first: Counter[str] = field(default_factory=Counter)
    left_failed: Counter[str] = field(default_factory=Counter)
    calls: Counter[str] = field(default_factory=Counter)
    found: list[str] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        return not self.found

    def count_calls(self, told: Told) -> None:
        self.calls = Counter(call.endpoint for vendor in (told.linkedin, told.greenhouse) for call in vendor.calls)

    def lines(self) -> Iterator[str]:
        yield f"Chaos for {self.lasted:.0f} s"
        yield from _told("People asked for", self.done)
        yield from _told("of which made no sense any more", self.passed_over)
        yield from _told("What went wrong", self.broken)
        yield from _told("Calls to the vendors", self.calls)
        yield from _told("Stopped when it became quiet, and let go", self.held)
        yield from _told("Needed attention when it became quiet, and was tried again", self.failed_first)
        yield from _told("Needs attention still", self.left_failed)
        states = Counter(Delivery.objects.values_list("state", flat=True))
        yield from _told("Records at a vendor in the end", states)
        yield from _told("Requests in the end", Counter(Run.objects.values_list("state", flat=True)))
        if self.is_good:
            yield "Found: nothing. Both sides agree, nothing is stuck, nothing newer was overwritten."
        else:
            yield f"Found: {len(self.found)}"
            yield from (f"  - {finding}" for finding in self.found)


def _told(what: str, counted: Counter[str]) -> Iterator[str]:
    if not counted:
        return
    line = f"{what} ({counted.total()}): "
    for index, (name, number) in enumerate(sorted(counted.items())):
        word = f"{', ' if index else ''}{number} × {name}"
        if index and len(line) + len(word) > WIDTH:
            yield f"{line},"
            line, word = "    ", word.removeprefix(", ")
        line += word
    yield line
