"""What saving does beside the row itself: addresses to be searched for, what became outdated, who did it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from connectors.linkedin.simulator import Linkedin
from talentsync.applications.models import Application
from talentsync.applications.services import add_application
from talentsync.candidates import services
from talentsync.candidates.models import Candidate, CandidateNote
from talentsync.core.models import AuditEvent
from talentsync.customers.models import Connection, Customer
from talentsync.sync import settling
from talentsync.sync.models import Delivery
from talentsync.sync.states import Failure, RemoteState
from tests.candidates.making import ask, fresh, held, make_application, make_candidate, make_note
from tests.candidates.test_races import sent, take
from tests.customers.making import make_user
from tests.sync.driving import make_job, work

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(acme: Customer) -> Candidate:
    candidate = Candidate(customer=acme, external_id="C-1", first_name="Ada", email_addresses=["Ada@Example.com"])
    services.add_candidate(candidate, by=make_user("rosa"))
    return candidate


def save(record: Any, **columns: Any) -> None:
    for name, value in columns.items():
        setattr(record, name, value)
    if isinstance(record, Candidate):
        services.change_candidate(record, fields=list(columns), by=None)
    else:
        services.change_record("candidate_note", record, fields=list(columns), by=None)


def addresses(candidate: Candidate) -> list[str]:
    return sorted(candidate.emails.values_list("address", flat=True))


def test_addresses_are_searched_in_lower_case_and_once_each(ada: Candidate) -> None:
    assert addresses(ada) == ["ada@example.com"]
    save(ada, email_addresses=["ada@example.com", "ADA@example.com", "sample@example.com"])
    assert addresses(ada) == ["ada@example.com", "sample@example.com"]
    save(ada, email_addresses=[])
    assert addresses(ada) == []


def test_an_address_that_stays_keeps_its_row(ada: Candidate) -> None:
    before = ada.emails.get().pk
    save(ada, email_addresses=["new@example.com", "ada@example.com"])
    assert ada.emails.get(address="ada@example.com").pk == before


def test_only_what_linkedin_is_told_makes_a_record_outdated(ada: Candidate) -> None:
    before = timezone.now() - timedelta(hours=1)
    Candidate.objects.update(changed_at=before)
    save(fresh(ada), do_not_send=True)
    assert fresh(ada).changed_at == before
    save(fresh(ada), first_name="Eve")
    assert fresh(ada).changed_at > before


@pytest.mark.parametrize(
    ("column", "value", "own"),
    [
        ("first_name", "Eve", {"first_name": "Adele"}),
        ("last_name", "Other", {"last_name": "Sample"}),
        ("email_addresses", ["eve@example.com"], {"candidate_email": "a@example.com"}),
    ],
)
def test_an_application_changes_with_what_it_takes_over(
    ada: Candidate, acme: Customer, column: str, value: Any, own: dict[str, str]
) -> None:
    job = make_job(acme)
    takes_over, has_its_own = make_application(ada, job, "A-1"), make_application(ada, job, "A-2", **own)
    before = timezone.now() - timedelta(hours=1)
    Application.objects.update(changed_at=before)
    save(ada, current_job_title="Clerk")
    assert fresh(takes_over).changed_at == before
    save(ada, **{column: value})
    assert fresh(takes_over).changed_at > before
    assert fresh(has_its_own).changed_at == before


def test_what_hangs_on_a_record_is_of_the_same_customer(ada: Candidate) -> None:
    note = CandidateNote(candidate=ada, external_id="N-1")
    services.add_record("candidate_note", note, by=None)
    assert fresh(note).customer == ada.customer


def test_the_audit_names_our_number_and_nobody(ada: Candidate) -> None:
    save(ada, first_name="Eve")
    (changed, added) = AuditEvent.objects.filter(kind="candidate")
    assert (added.verb, added.label, str(added.actor)) == ("add", str(ada.pk), "rosa")
    assert (changed.verb, changed.label, changed.customer) == ("change", str(ada.pk), ada.customer)


def test_a_save_keeps_what_a_worker_has_written_meanwhile(ada: Candidate) -> None:
    Candidate.objects.update(linkedin_status="sent", manual_matched_member="urn:li:person:Ab12")
    save(ada, first_name="Eve")
    assert (fresh(ada).linkedin_status, fresh(ada).manual_matched_member) == ("sent", "urn:li:person:Ab12")


def test_an_id_that_changes_before_anybody_knows_it_takes_its_deliveries_along(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    """Also those of what LinkedIn files below it."""
    ada = make_candidate(acme, "C-1")
    note = make_note(ada, "N-1")
    ask("send", note)  # waits for the candidate
    Delivery.objects.create(connection=at_linkedin, kind="candidate", object_id=ada.pk, entity_key="C-1")
    assert not services.is_known_there("candidate", ada)
    save(ada, external_id="C-2")
    ask("send", fresh(ada))
    work()
    assert held(linkedin, "candidate", fresh(ada))
    assert held(linkedin, "candidate_note", fresh(note))


def test_what_was_said_of_an_id_says_nothing_of_the_next_one(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    """LinkedIn holds the second one from before our time: nothing of it is erased unasked."""
    linkedin.seed_record("atsCandidates", "C-2", fields={"currentJobTitle": "Painter"})
    ada = make_candidate(acme)
    ask("fetch", ada)
    work()
    assert Delivery.objects.get().remote_state == RemoteState.ABSENT
    save(ada, external_id="C-2")
    ask("send", ada)
    work()
    assert held(linkedin, "candidate", fresh(ada))["currentJobTitle"] == "Painter"
    assert fresh(ada).sync_trouble == Failure.UNCONFIRMED


def test_an_answer_about_the_former_id_comes_too_late(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    linkedin.seed_record("atsCandidates", "C-2", fields={"currentJobTitle": "Painter"})
    ada = make_candidate(acme)
    ask("fetch", ada)
    batch, resource = take("candidate", at_linkedin)
    save(ada, external_id="C-2")
    settling.settle(batch, sent(batch, resource), now=timezone.now())
    assert Delivery.objects.get().remote_state == RemoteState.UNKNOWN
    work()
    assert Delivery.objects.get().remote_state == RemoteState.LIVE


def test_a_record_is_known_from_the_click_on(acme: Customer, at_linkedin: Connection, linkedin: Linkedin) -> None:
    ada = make_candidate(acme)
    assert not services.is_known_there("candidate", ada)
    ask("send", ada)
    assert services.is_known_there("candidate", ada)
    work()
    ask("delete", ada)
    work()
    assert services.is_known_there("candidate", ada)
    known = Candidate.objects.annotate(known=services.known_there("candidate")).get(pk=ada.pk)
    assert known.known


def test_what_is_saved_is_sent_by_itself_where_the_customer_wants_that(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    """Also the application that takes over what was changed of the candidate."""
    Customer.objects.update(sends_changes=True)
    linkedin.seed_posting("J-1")
    ada = make_candidate(acme)
    added = Candidate(
        customer=acme,
        external_id="C-2",
        first_name="Eve",
        last_name="Other",
        email_addresses=["eve@example.com"],
        external_profile_url="https://ats.example.com/2",
    )
    services.add_candidate(added, by=None)
    application = Application(candidate=added, job=make_job(acme, "J-1"), external_id="A-1")
    add_application(application, by=None)
    work()
    assert held(linkedin, "candidate", ada) is None  # nobody has saved it since
    assert held(linkedin, "candidate", added)["firstName"] == "Eve"
    assert held(linkedin, "application", application)["firstName"] == "Eve"
    save(fresh(added), first_name="Eva")
    work()
    assert held(linkedin, "candidate", added)["firstName"] == "Eva"
    assert held(linkedin, "application", application)["firstName"] == "Eva"


def test_what_is_saved_about_somebody_who_was_erased_meanwhile_is_refused(ada: Candidate) -> None:
    """The page was opened before that. A note without its person could not be kept."""
    note = make_note(ada)
    late = CandidateNote(candidate=ada, external_id="N-2", note="Speaks softly.")
    Candidate.objects.all().delete()
    for save_it in (
        lambda: services.add_record("candidate_note", late, by=None),
        lambda: save(note, note="Speaks up."),
        lambda: save(ada, first_name="Grace"),
    ):
        with pytest.raises(services.Gone):
            save_it()
    assert not CandidateNote.objects.exists()
