"""The forms say what LinkedIn would refuse: every documented rule, at its field (linkedin.md 4.2 to 4.5)."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection as database
from django.test import Client
from django.urls import reverse

from talentsync.applications.models import Application, ApplicationNote, ApplicationStage, InterviewFeedback
from talentsync.candidates.models import Candidate, CandidateNote
from talentsync.customers.models import Connection, Customer, Membership
from tests.candidates.making import ask, fresh, make_application, make_candidate, make_note
from tests.customers.making import make_connection, make_customer
from tests.people_admin.forms import (
    a_candidate,
    a_note,
    a_stage,
    add,
    an_application,
    change,
    errors,
    some_feedback,
)
from tests.sync.driving import make_job

pytestmark = pytest.mark.django_db

AREA = {"addresses-0-line1": "Main Street 1", "addresses-0-country": "Austria"}
RULES: dict[str, tuple[type, dict[str, Any], str, str]] = {
    # name: the record, what is typed, the field that complains, the beginning of the rule
    "an id is needed": (Candidate, {"external_id": ""}, "external_id", "This field is required"),
    "a first name is needed": (Candidate, {"first_name": ""}, "first_name", "Enter the first name"),
    "a last name is needed": (Candidate, {"last_name": ""}, "last_name", "Enter the last name"),
    "an e-mail address is needed": (Candidate, {"email_addresses": ""}, "email_addresses", "Enter an e-mail address"),
    "an e-mail address has a form": (
        Candidate, {"email_addresses": "ada@example.com\nada"}, "email_addresses", "Enter e-mail addresses like",
    ),
    "an e-mail address has an end": (
        Candidate, {"email_addresses": f"{'a' * 250}@example.com"}, "email_addresses", "An e-mail address has at most",
    ),
    "the page in the ATS is needed": (Candidate, {"external_profile_url": ""}, "external_profile_url", "Enter the"),
    "a phone has a number": (Candidate, {"phone_numbers-0-number": "", "phone_numbers-0-extension": "7"},
                             "phone_numbers", "Enter the number of each phone"),
    "a country has two letters": (Candidate, AREA, "addresses", "A country code has two letters"),
    "an area is a state or a province": (
        Candidate, {**AREA, "addresses-0-country": "us", "addresses-0-geographicAreaType": "COUNTY"},
        "addresses", "The area of an address",
    ),
    "changed after it was created": (
        Candidate, {"ats_last_modified_at_0": "2026-01-06"}, "ats_last_modified_at", "A record cannot be last changed",
    ),
    "created after 1970": (
        Candidate, {"ats_created_at_0": "1969-01-06"}, "ats_created_at", "Enter when the record was created",
    ),
    "a note's author has two names": (CandidateNote, {"author_first_name": "Rita"}, "author_first_name", "Enter first"),
    "a note is about a candidate": (CandidateNote, {"candidate": ""}, "candidate", "This field is required"),
    "an application is somebody's": (Application, {"candidate": ""}, "candidate", "This field is required"),
    "an application is for a job": (Application, {"job": ""}, "job", "This field is required"),
    "an application's address has a form": (Application, {"candidate_email": "ada"}, "candidate_email", "Enter a"),
    "an application is changed after it was created": (
        Application, {"ats_last_modified_at_0": "2026-01-06"}, "ats_last_modified_at", "A record cannot be",
    ),
    "an author of an application note has two names": (
        ApplicationNote, {"author_last_name": "Sample"}, "author_first_name", "Enter first",
    ),
    "a stage has a name": (ApplicationStage, {"stage": ""}, "stage", "This field is required"),
    "a stage is named": (ApplicationStage, {"stage": "Not Available"}, "stage", "LinkedIn does not take"),
    "a stage was reached some day": (ApplicationStage, {"ats_created_at_0": ""}, "ats_created_at", "This field"),
    "an interviewer has two names": (
        InterviewFeedback, {"interviewer_first_name": "Rolf"}, "interviewer_first_name", "Enter first",
    ),
    "an interview is of a known sort": (
        InterviewFeedback, {"interview_type": "LUNCH"}, "interview_type", "Select a valid choice",
    ),
}  # fmt: skip


@pytest.fixture
def ada(acme: Customer) -> Candidate:
    return make_candidate(acme, "C-9")


@pytest.fixture
def applied(ada: Candidate, acme: Customer) -> Application:
    return make_application(ada, make_job(acme), "A-9")


def typed(model: type, applied: Application, **changes: Any) -> dict[str, Any]:
    """A faultless record below those that are there."""
    make: dict[type, Any] = {
        Candidate: lambda: a_candidate(applied.customer),
        CandidateNote: lambda: a_note(applied.candidate),
        Application: lambda: an_application(applied.candidate, applied.job),
        ApplicationNote: lambda: a_note(applied),
        ApplicationStage: lambda: a_stage(applied),
        InterviewFeedback: lambda: some_feedback(applied),
    }
    return {**make[model](), **changes}


@pytest.mark.parametrize("name", RULES)
def test_the_form_names_field_and_rule(
    name: str, client: Client, rosa: User, applied: Application, at_linkedin: Connection
) -> None:
    model, changes, field, rule = RULES[name]
    before = model._default_manager.count()
    found = errors(add(client, model, typed(model, applied, **changes)))
    assert field in found, found
    assert found[field][0].startswith(rule), found
    assert model._default_manager.count() == before


@pytest.mark.parametrize(
    "model", [Candidate, CandidateNote, Application, ApplicationNote, ApplicationStage, InterviewFeedback]
)
def test_a_faultless_record_is_saved(
    model: type, client: Client, rosa: User, applied: Application, at_linkedin: Connection
) -> None:
    assert errors(add(client, model, typed(model, applied))) == {}
    assert model._default_manager.latest("pk").customer == applied.customer


def test_lists_are_kept_as_linkedin_has_them(
    client: Client, rosa: User, acme: Customer, at_linkedin: Connection
) -> None:
    parts = {"line1": "Main Street 1", "city": "Newport", "geographicArea": "RI", "geographicAreaType": "STATE",
             "postalCode": "02840", "country": "us"}  # fmt: skip
    data = a_candidate(
        acme,
        email_addresses=" ada@example.com\n\nAda.Sample@example.com",
        **{"phone_numbers-0-number": "+1 401 555", "phone_numbers-0-extension": "7"},
        **{"phone_numbers-1-number": "", "phone_numbers-1-extension": ""},
        **{f"addresses-0-{name}": value for name, value in parts.items()},
    )
    assert errors(add(client, Candidate, data)) == {}
    ada = Candidate.objects.get()
    assert ada.email_addresses == ["ada@example.com", "Ada.Sample@example.com"]
    assert ada.phone_numbers == [{"number": "+1 401 555", "extension": "7"}]
    assert ada.addresses == [{**parts, "line2": ""}]


def test_what_an_import_has_spelled_otherwise_is_shown_and_stays(
    client: Client, rosa: User, acme: Customer, at_linkedin: Connection
) -> None:
    ada = make_candidate(acme, addresses=[{"line1": "Main Street 1", "postal_code": "8010"}])
    page = client.get(reverse("admin:candidates_candidate_change", args=[ada.pk])).content.decode()
    assert 'value="8010"' in page
    again = {"addresses-0-line1": "Main Street 1", "addresses-0-postalCode": "8010"}
    assert errors(change(client, ada, a_candidate(acme, last_name="Other", **again))) == {}
    assert fresh(ada).addresses == [{"line1": "Main Street 1", "postal_code": "8010"}]


def test_ratings_are_rows(client: Client, rosa: User, applied: Application, at_linkedin: Connection) -> None:
    rating = {"evaluations-0-attribute": "Craft", "evaluations-0-result": "4/5"}
    assert errors(add(client, InterviewFeedback, some_feedback(applied, **rating))) == {}
    assert InterviewFeedback.objects.get().evaluations == [{"attribute": "Craft", "result": "4/5"}]


def test_linkedins_rules_do_not_bind_who_is_kept_out(
    client: Client, rosa: User, acme: Customer, at_linkedin: Connection
) -> None:
    bare = {"first_name": "", "email_addresses": "", "external_profile_url": "", "do_not_send": "on"}
    assert errors(add(client, Candidate, a_candidate(acme, **bare))) == {}
    note = a_note(Candidate.objects.get(), author_first_name="Rita")
    assert errors(add(client, CandidateNote, note)) == {}


def test_linkedins_rules_do_not_bind_a_customer_without_linkedin(client: Client, rosa: User, acme: Customer) -> None:
    assert errors(add(client, Candidate, a_candidate(acme, first_name="", external_profile_url=""))) == {}


def test_an_application_is_for_a_job_of_the_same_customer(
    client: Client, rosa: User, ada: Candidate, at_linkedin: Connection
) -> None:
    other = make_customer("Umbrella")
    make_connection(other, client_id="other")
    Membership.objects.create(user=rosa, customer=other)
    found = errors(add(client, Application, an_application(ada, make_job(other, "U-1"))))
    assert found == {"job": ["This job belongs to another customer than the candidate."]}


def test_an_id_is_unique_where_it_belongs(
    client: Client, rosa: User, acme: Customer, applied: Application, at_linkedin: Connection
) -> None:
    taken = errors(add(client, Candidate, a_candidate(acme, external_id="C-9")))
    assert "This customer already has a record with this ID." in str(taken)
    make_note(applied.candidate, "N-1")
    assert "There is already a record with this ID here." in str(
        errors(add(client, CandidateNote, a_note(applied.candidate)))
    )
    other = make_candidate(acme, "C-2")
    assert errors(add(client, CandidateNote, a_note(other))) == {}


def test_an_id_that_changes_is_unique_as_well(
    client: Client, rosa: User, acme: Customer, ada: Candidate, at_linkedin: Connection
) -> None:
    """Customer and parent are read-only by then, and still take part in the rule."""
    make_candidate(acme, "C-2")
    assert "This customer already has a record with this ID." in str(
        errors(change(client, ada, a_candidate(acme, external_id="C-2")))
    )
    make_note(ada, "N-1")
    second = make_note(ada, "N-2")
    assert "There is already a record with this ID here." in str(errors(change(client, second, a_note(ada))))


def test_the_id_cannot_change_once_linkedin_knows_it(
    client: Client, rosa: User, acme: Customer, ada: Candidate, at_linkedin: Connection
) -> None:
    page = reverse("admin:candidates_candidate_change", args=[ada.pk])
    assert 'name="external_id"' in client.get(page).content.decode()
    ask("send", ada)
    assert 'name="external_id"' not in client.get(page).content.decode()
    assert errors(change(client, ada, a_candidate(acme, external_id="C-2"))) == {}
    assert fresh(ada).external_id == "C-9"


def test_who_is_erased_while_a_note_about_them_is_saved_is_named_and_no_traceback(
    client: Client, rosa: User, acme: Customer
) -> None:
    """Between the check of the form and the save of its row."""
    candidate = make_candidate(acme)

    def erase(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        """When the person is about to be locked."""
        if sql.startswith('SELECT "candidates_candidate"."id" AS "pk" FROM') and "ORDER BY" in sql:
            execute("DELETE FROM candidates_candidate WHERE id = %s", [candidate.pk], False, context)
        return execute(sql, params, many, context)

    with database.execute_wrapper(erase):
        answer = client.post(reverse("admin:candidates_candidatenote_add"), a_note(candidate), follow=True)
    assert "Nothing was saved: it was erased in the meantime." in answer.content.decode()
    assert not CandidateNote.objects.exists()
