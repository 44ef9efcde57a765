"""The rehearsal of a release: stored snapshots are what an older release left, the code that runs is the new one."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from connectors.linkedin.simulator import Linkedin
from talentsync.candidates.models import Candidate
from talentsync.customers.models import Connection, Customer
from talentsync.sync.models import Attempt, Delivery, Snapshot
from tests.candidates.making import ask, change, make_candidate, make_candidates
from tests.sync.driving import posted, work

pytestmark = pytest.mark.django_db


def sent(customer: Customer, number: int, **columns: Any) -> list[Candidate]:
    people = [make_candidate(customer, f"C-{index}", **columns) for index in range(1, number + 1)]
    ask("send", people)
    work()
    return people


def rewrite(record: Any, **fields: Any) -> None:
    """What was accepted, as a release that wrote these fields otherwise has left it; None leaves one out."""
    snapshot = Snapshot.objects.get(delivery__object_id=record.pk)
    accepted = {**snapshot.accepted, **fields}
    snapshot.accepted = {name: value for name, value in accepted.items() if value is not None}
    snapshot.save(update_fields=["accepted"])


def rehearse(*arguments: str) -> tuple[int, dict[str, Any]]:
    """The exit code, and what is told of LinkedIn."""
    out, code = StringIO(), 0
    try:
        call_command("rehearse_release", "--json", *arguments, stdout=out)
    except CommandError as error:
        code = error.returncode
    return code, json.loads(out.getvalue())["linkedin"]


def test_the_same_code_surprises_nobody(acme: Customer, at_linkedin: Connection, linkedin: Linkedin) -> None:
    sent(acme, 2)
    posted(acme, linkedin)
    code, told = rehearse()
    assert code == 0
    for kind, number in (("candidate", 2), ("job", 1)):
        found = told[kind]
        assert (found["compared"], found["change"], found["invalid"], found["lose"]) == (number, 0, 0, 0), kind


def test_a_field_that_is_written_otherwise_is_a_change(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    first, _ = sent(acme, 2)
    rewrite(first, firstName="ADA", lastName=None)
    code, told = rehearse("--kind", "candidate")
    assert code == 0
    assert told["candidate"]["change"] == 1
    assert told["candidate"]["fields"]["change"] == {"firstName": 1, "lastName": 1}
    assert told["candidate"]["examples"]["change"] == ["C-1"]


def test_a_field_that_would_be_left_out_is_lost(acme: Customer, at_linkedin: Connection, linkedin: Linkedin) -> None:
    first, _ = sent(acme, 2)
    rewrite(first, middleInitial="K", phoneNumbers=[{"number": "+43 316 555 0100"}])
    code, told = rehearse("--customer", "Acme")
    assert code == 1
    assert told["candidate"]["lose"] == 1
    assert set(told["candidate"]["fields"]["lose"]) == {"middleInitial", "phoneNumbers"}


def test_a_field_of_a_job_that_would_be_left_out_is_lost(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    (job,) = posted(acme, linkedin)
    rewrite(job, workplaceTypes=["remote"])
    code, told = rehearse("--kind", "job")
    assert code == 1
    assert told["job"]["fields"]["lose"] == {"workplaceTypes": 1}


def test_what_the_rules_take_no_more_becomes_invalid(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    first, _ = sent(acme, 2)
    Candidate.objects.filter(pk=first.pk).update(first_name="")  # as an older release's rules let it stand
    code, told = rehearse()
    assert code == 1
    assert told["candidate"]["invalid"] == 1
    assert told["candidate"]["fields"]["invalid"] == {"first_name": 1}


def test_what_somebody_has_edited_since_is_counted_apart(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    first, second = sent(acme, 2, middle_initial="K")
    change(first, middle_initial="")
    change(second, first_name="")
    code, told = rehearse()
    assert code == 0
    assert told["candidate"]["edited_since"] == {"change": 1, "invalid": 1, "lose": 1}
    assert told["candidate"]["change"] == told["candidate"]["invalid"] == told["candidate"]["lose"] == 0


def test_whoever_is_kept_out_by_now_is_passed_over(acme: Customer, at_linkedin: Connection, linkedin: Linkedin) -> None:
    first, _ = sent(acme, 2)
    Candidate.objects.filter(pk=first.pk).update(do_not_send=True)
    code, told = rehearse()
    assert (code, told["candidate"]["passed_over"], told["candidate"]["compared"]) == (0, 1, 1)


def test_it_reads_only_and_calls_nobody_and_costs_the_same_for_many(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    sent(acme, 1)

    def cost() -> list[str]:
        before = list(Delivery.objects.order_by("pk").values()), Attempt.objects.count()
        with CaptureQueriesContext(database) as captured:
            rehearse()
        assert (list(Delivery.objects.order_by("pk").values()), Attempt.objects.count()) == before
        return [query["sql"].partition(" ")[0] for query in captured.captured_queries]

    one = cost()
    ask("send", make_candidates(acme, 40, "M"))
    work()
    assert [each for each in cost() if each in {"SELECT", "DECLARE"}] == [
        each for each in one if each in {"SELECT", "DECLARE"}
    ]
    assert set(one) <= {"SELECT", "DECLARE", "FETCH", "CLOSE"}


def test_its_words_name_fields_and_ids_and_no_person(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    first, _ = sent(acme, 2)
    rewrite(first, prefix="Dr. Secret")
    out = StringIO()
    with pytest.raises(CommandError, match="would become invalid or lose a field"):
        call_command("rehearse_release", stdout=out)
    words = out.getvalue()
    assert "candidate at linkedin: 1 change, 0 become invalid, 1 lose a field (of 2 compared)" in words
    assert "lose a field: prefix (1); for example C-1" in words
    for personal in ("Secret", "Ada", "Sample", "@example.com"):
        assert personal not in words


def test_a_customer_that_is_not_there_is_a_mistake_of_the_call() -> None:
    with pytest.raises(CommandError) as caught:
        call_command("rehearse_release", "--customer", "Nobody")
    assert caught.value.returncode == 2
