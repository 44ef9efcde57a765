"""What the page before a send says of each value: new, changed, unchanged, erased."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from connectors.linkedin.simulator import Linkedin
from talentsync.candidates import wording
from talentsync.candidates.models import Candidate
from talentsync.customers.models import Connection, Customer
from talentsync.sync import comparing, kinds, presenting, runs
from talentsync.sync.admin import asking
from talentsync.sync.comparing import Compared, Fate, Mark
from talentsync.sync.models import Delivery
from tests.candidates.making import ask, change, make_candidate, make_everything, make_note
from tests.sync.driving import work

pytestmark = pytest.mark.django_db


def compared(action: str = "send_all", name: str = "candidate") -> list[Compared]:
    kind = kinds.get(name)
    everybody = kind.model._default_manager.all()
    run = runs.draft(kind, kind.action(action), everybody, by=None, now=timezone.now())
    return list(comparing.of_run(run, list(run.items.order_by("pk"))))


def marks(found: Compared, mark: Mark) -> list[str]:
    return [each.path for each in found.changes if each.mark == mark]


def test_what_was_never_sent_is_read_first(acme: Customer, at_linkedin: Connection) -> None:
    make_candidate(acme)
    (found,) = compared()
    assert found.fate == Fate.NOT_READ
    assert "firstName" in marks(found, Mark.NEW)


def test_each_value_is_said_to_be_new_changed_unchanged_or_erased(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    candidate = make_candidate(
        acme, current_job_title="Painter", prefix="Dr.", email_addresses=["a@example.com", "b@example.com"]
    )
    ask("send", candidate)
    work()
    change(
        candidate,
        current_job_title="Gardener",
        prefix="",
        suffix="Jr.",
        email_addresses=["new@example.com", "b@example.com"],
    )
    (found,) = compared()
    assert found.fate == Fate.ERASES
    assert set(marks(found, Mark.ERASED)) == {"prefix", "emailAddresses[0]"}
    assert {"currentJobTitle", "emailAddresses[0]"} == set(marks(found, Mark.CHANGED))
    assert marks(found, Mark.NEW) == ["suffix"]
    assert {"firstName", "emailAddresses[1]"} <= set(marks(found, Mark.SAME))


def test_what_hangs_on_it_is_compared_too(acme: Customer, at_linkedin: Connection, linkedin: Linkedin) -> None:
    everything = make_everything(acme, linkedin)
    ask("send_all", everything["candidate"])
    work()
    change(everything["candidate_note"], note="Speaks up.")
    fates = {found.kind.name: found.fate for found in compared()}
    assert fates["candidate_note"] == Fate.CHANGED
    assert fates["application"] == Fate.UNCHANGED


def test_what_cannot_be_sent_names_the_field(acme: Customer, at_linkedin: Connection) -> None:
    make_candidate(acme, first_name="")
    (found,) = compared()
    assert (found.fate, found.at_fault) == (Fate.CANNOT, "first_name")
    assert found.reason == "First name: Enter the first name."


def test_whoever_is_kept_out_is_passed_over(acme: Customer, at_linkedin: Connection) -> None:
    make_candidate(acme, do_not_send=True)
    assert [(found.fate, found.reason) for found in compared()] == [(Fate.PASSED_OVER, "kept_out")]


def test_what_would_be_erased_is_named_by_its_label(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    candidate = make_candidate(acme, current_job_title="Painter", addresses=[{"line1": "Hauptplatz 1", "city": "Graz"}])
    ask("send", candidate)
    work()
    change(candidate, current_job_title="", addresses=[])
    ask("send", candidate)
    work()
    row = Delivery.objects.select_related("connection").get()
    trouble = presenting.trouble(row)
    assert trouble is not None
    assert trouble.detail == "Would be erased: Postal addresses 1, Current job title."
    assert "Hauptplatz" not in trouble.detail


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("firstName", "First name"),
        ("emailAddresses[0]", "E-mail addresses 1"),
        ("addresses[1].postalCode", "Postal addresses 2: postal code"),
        ("phoneNumbers[0].number", "Phone numbers 1: number"),
        ("author.lastName", "Author: last name"),
        ("somethingNew", "SomethingNew"),
    ],
)
def test_labels(path: str, label: str) -> None:
    assert wording.label(Candidate, path) == label


# what it costs

AGAIN = "Whatever must be tried again comes on top."


def asked(acme: Customer, name: str = "send_all") -> str:
    """What the page that asks says of LinkedIn's limits."""
    kind = kinds.get("candidate")
    run = runs.draft(kind, kind.action(name), Candidate.objects.all(), by=None, now=timezone.now())
    (panel,) = asking.page(run, None)["panels"]
    return str(panel.effort)


def test_the_page_says_how_many_calls_it_takes(acme: Customer, at_linkedin: Connection, linkedin: Linkedin) -> None:
    """Six kinds, each read first and then sent."""
    make_everything(acme, linkedin)
    assert asked(acme) == "It takes at most 12 calls to LinkedIn. " + AGAIN


def test_what_is_known_to_be_there_is_not_asked_about_first(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    known = make_candidate(acme, "C-1")
    ask("send", known)
    work()
    change(known, first_name="Ida")
    assert asked(acme, "send") == "It takes one call to LinkedIn at most. " + AGAIN
    make_candidate(acme, "C-2")
    assert asked(acme, "send").startswith("It takes at most 2 calls to LinkedIn.")


def test_what_hangs_on_many_parents_takes_a_call_for_each(acme: Customer, at_linkedin: Connection) -> None:
    for number in range(3):
        make_note(make_candidate(acme, f"C-{number}"))
    assert (
        asked(acme) == "It takes at most 8 calls to LinkedIn. " + AGAIN
    )  # two for the candidates, two for the notes of each


def test_the_page_says_when_the_limits_allow_the_last_call(
    acme: Customer, at_linkedin: Connection, settings: Any
) -> None:
    settings.DAILY_LIMIT_HEADROOM_PERCENT = 99  # a hundred candidates a minute
    for number in range(200):
        make_candidate(acme, f"C-{number}")
    assert asked(acme, "send") == (
        f"It takes at most 4 calls to LinkedIn. Its limits allow the last of them at 2 March, 12:04. {AGAIN}"
    )
