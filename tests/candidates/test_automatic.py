"""Automatic sync: off it changes nothing, on it sends what would be new to LinkedIn and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from connectors.linkedin.simulator import Linkedin
from talentsync.candidates import services
from talentsync.candidates.models import Candidate, CandidateNote
from talentsync.core.models import AuditEvent
from talentsync.customers.models import Connection, Customer
from talentsync.sync import automatic, kinds, settling, summary
from talentsync.sync.models import Attempt, Delivery, Snapshot
from talentsync.sync.states import Failure, State
from tests.candidates.making import ask, change, delivery, fresh, held, make_candidate, make_everything
from tests.candidates.test_races import sent, take
from tests.imports.making import as_csv, filed, stored
from tests.sync.driving import edit, posted, settle, work

pytestmark = pytest.mark.django_db


@pytest.fixture
def candidate(acme: Customer, at_linkedin: Connection) -> Candidate:
    return make_candidate(acme, current_job_title="Painter")


def saved(record: Any, **columns: Any) -> int:
    """As a form or an import saves; returns how much was asked for."""
    change(record, **columns)
    kind = kinds.get("candidate")
    return automatic.follow(kind, summary.lock(kind, [record.pk]), now=timezone.now())


def switch_on(customer: Customer) -> None:
    Customer.objects.filter(pk=customer.pk).update(sends_changes=True)


def test_off_a_change_waits_for_a_person(candidate: Candidate, linkedin: Linkedin) -> None:
    assert saved(candidate, current_job_title="Gardener") == 0
    work()
    assert held(linkedin, "candidate", candidate) is None


def test_on_a_change_is_sent_by_itself(candidate: Candidate, acme: Customer, linkedin: Linkedin) -> None:
    switch_on(acme)
    assert saved(candidate, current_job_title="Gardener") == 1
    work()
    assert held(linkedin, "candidate", candidate)["currentJobTitle"] == "Gardener"


def test_what_is_told_already_is_not_sent_again(candidate: Candidate, acme: Customer, linkedin: Linkedin) -> None:
    """The moment of the last change alone is no news."""
    switch_on(acme)
    saved(candidate)
    work()
    calls = Attempt.objects.count()
    assert saved(candidate, ats_last_modified_at=timezone.now()) == 0
    work()
    assert Attempt.objects.count() == calls


def test_what_a_new_release_says_otherwise_goes_with_the_next_save(
    candidate: Candidate, acme: Customer, linkedin: Linkedin
) -> None:
    """What was accepted stands as an older mapping wrote it: the payload decides, not the column that was saved."""
    switch_on(acme)
    saved(candidate)
    work()
    snapshot = Snapshot.objects.get()
    snapshot.accepted = {**snapshot.accepted, "currentJobTitle": "PAINTER"}
    snapshot.save(update_fields=["accepted"])
    assert saved(candidate, ats_last_modified_at=timezone.now()) == 1


def test_what_was_removed_stays_out(candidate: Candidate, acme: Customer, linkedin: Linkedin) -> None:
    ask("send", candidate)
    work()
    ask("delete", candidate)
    work()
    switch_on(acme)
    assert saved(candidate, current_job_title="Gardener") == 0


def test_what_would_be_erased_needs_attention(candidate: Candidate, acme: Customer, linkedin: Linkedin) -> None:
    ask("send", candidate)
    work()
    switch_on(acme)
    saved(candidate, current_job_title="")
    work()
    assert fresh(candidate).sync_trouble == Failure.UNCONFIRMED
    assert held(linkedin, "candidate", candidate)["currentJobTitle"] == "Painter"


def test_a_live_job_is_brought_up_to_date_and_no_job_is_posted(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    (job,) = posted(acme, linkedin)
    switch_on(acme)
    edit(job, title="Head gardener")
    work()
    settle(linkedin)
    posting = linkedin.posting(job.external_id)
    assert posting is not None
    assert posting["fields"]["title"] == "Head gardener"
    edit(job, title="Head gardener")
    assert delivery("job", job).state == State.SYNCED  # it is what LinkedIn was told already


def test_going_back_while_the_change_is_on_its_way_is_sent(
    candidate: Candidate, acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    """What was accepted last is not what LinkedIn holds by then."""
    ask("send", candidate)
    work()
    switch_on(acme)
    saved(candidate, current_job_title="Gardener")
    batch, resource = take("candidate", at_linkedin)
    report = sent(batch, resource)
    saved(candidate, current_job_title="Painter")
    settling.settle(batch, report, now=timezone.now())
    work()
    assert held(linkedin, "candidate", candidate)["currentJobTitle"] == "Painter"


def test_going_back_from_what_was_refused_ends_the_trouble(
    candidate: Candidate, acme: Customer, linkedin: Linkedin
) -> None:
    ask("send", candidate)
    work()
    switch_on(acme)
    saved(candidate, current_job_title="")
    work()
    assert fresh(candidate).sync_trouble == Failure.UNCONFIRMED
    saved(candidate, current_job_title="Painter")
    work()
    assert fresh(candidate).sync_trouble == ""


@pytest.fixture
def everything(acme: Customer, at_linkedin: Connection, linkedin: Linkedin) -> dict[str, Any]:
    return make_everything(acme, linkedin)


def test_a_form_that_saves_sends(everything: dict[str, Any], acme: Customer, linkedin: Linkedin) -> None:
    """Whatever is added or changed goes, and waits for what it hangs on; an application follows its candidate."""
    switch_on(acme)
    candidate = fresh(everything["candidate"])
    note = CandidateNote(candidate=candidate, external_id="N-9", note="Called back.")
    services.add_record("candidate_note", note, by=None)
    work()
    assert held(linkedin, "candidate_note", note) is None
    candidate.last_name = "Other"
    services.change_candidate(candidate, fields=["last_name"], by=None)
    work()
    assert held(linkedin, "candidate", candidate)["lastName"] == "Other"
    assert held(linkedin, "application", everything["application"])["lastName"] == "Other"
    assert held(linkedin, "candidate_note", note)


def test_an_import_sends(acme: Customer, at_linkedin: Connection, linkedin: Linkedin, tmp_path: Path) -> None:
    switch_on(acme)
    file = tmp_path / "people.csv"
    columns = (
        "external_id,first_name,last_name,email_addresses,external_profile_url,ats_created_at,ats_last_modified_at"
    )
    row = '{0},Ada,Sample,"[""{0}@example.com""]",https://ats.example.com/{0},2026-01-07T09:00Z,2026-01-07T09:00Z'
    file.write_text("\n".join([columns, row.format("c-1"), row.format("c-2")]))
    call_command("import_records", "candidate", str(file), customer="Acme")
    work()
    assert linkedin.count("atsCandidates") == 2
    file.write_text("\n".join([columns, row.format("c-1"), row.format("c-2").replace("Ada", "Ida")]))
    call_command("import_records", "candidate", str(file), customer="Acme")
    assert Delivery.objects.filter(state=State.PENDING).count() == 1
    work()
    assert held(linkedin, "candidate", Candidate.objects.get(external_id="c-2"))["firstName"] == "Ida"


@pytest.mark.parametrize("door", ["form", "import"])
def test_whoever_is_kept_out_no_more_is_sent_with_all_that_hangs_on_them(
    door: str, everything: dict[str, Any], acme: Customer, linkedin: Linkedin, tmp_path: Path
) -> None:
    """And what was edited meanwhile is sent; what LinkedIn was told already is not sent again."""
    candidate, note = everything["candidate"], everything["candidate_note"]
    ask("send_all", candidate)
    work()
    switch_on(acme)
    change(candidate, do_not_send=True)
    added = CandidateNote(candidate=fresh(candidate), external_id="N-9", note="Called back.")
    services.add_record("candidate_note", added, by=None)
    save(note, note="Speaks up.")
    save(candidate, current_job_title="Gardener")
    work()
    assert held(linkedin, "candidate_note", added) is None
    calls = Attempt.objects.count()
    if door == "form":
        save(candidate, do_not_send=False)
    else:
        filed(stored(tmp_path, as_csv([letting_in(candidate)])), "candidate", acme)
    work()
    assert held(linkedin, "candidate", candidate)["currentJobTitle"] == "Gardener"
    assert held(linkedin, "candidate_note", note)["note"] == "Speaks up."
    assert held(linkedin, "candidate_note", added)
    assert set(Attempt.objects.order_by("pk")[calls:].values_list("kind", flat=True)) == {
        "candidate",
        "candidate_note",
    }


def save(record: Any, **columns: Any) -> None:
    """As the form of a candidate or a note does."""
    found = fresh(record)
    for name, value in columns.items():
        setattr(found, name, value)
    services.change_record(
        "candidate" if isinstance(record, Candidate) else "candidate_note", found, fields=columns, by=None
    )


def letting_in(candidate: Candidate) -> dict[str, Any]:
    names = ("external_id", "first_name", "last_name", "email_addresses", "external_profile_url")
    moments = {name: getattr(candidate, name).isoformat() for name in ("ats_created_at", "ats_last_modified_at")}
    return {**{name: getattr(candidate, name) for name in names}, **moments, "do_not_send": False}


# the switch


def test_it_is_switched_on_after_a_look(admin_client: Client, candidate: Candidate, acme: Customer) -> None:
    page = reverse("admin:customers_customer_automatic", args=[acme.pk])
    text = admin_client.get(page).content.decode()
    assert "Switch automatic sync on for Acme?" in text
    assert "LinkedIn is asked first what it holds: 1" in " ".join(text.split())
    assert not Customer.objects.get().sends_changes
    admin_client.post(page, {"on": "1"})
    assert Customer.objects.get().sends_changes
    assert AuditEvent.objects.filter(verb="switch automatic sync on", customer=acme).count() == 1
    admin_client.post(page, {"on": "0"})
    assert not Customer.objects.get().sends_changes


def test_whoever_may_not_change_the_customer_cannot_switch_it(client: Client, acme: Customer) -> None:
    person = User.objects.create_user("rosa", is_staff=True)
    acme.memberships.create(user=person)
    client.force_login(person)
    assert client.post(reverse("admin:customers_customer_automatic", args=[acme.pk]), {"on": "1"}).status_code == 403
    acme.memberships.all().delete()
    assert client.get(reverse("admin:customers_customer_automatic", args=[acme.pk])).status_code == 404
