"""What hangs on a record, on that record's own page: read, changed and added to; the newest of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from talentsync.applications.models import Application, ApplicationNote, ApplicationStage, InterviewFeedback
from talentsync.candidates.models import Candidate, CandidateNote
from talentsync.core.models import AuditEvent
from talentsync.customers.models import Connection, Customer
from tests.candidates.making import ask, fresh, make_application, make_candidate, make_note
from tests.people_admin.forms import WRITTEN, a_candidate, an_application, change, errors, inline
from tests.sync.driving import make_job

pytestmark = pytest.mark.django_db

NOTE = {"external_id": "N-1", "note": "Speaks softly.", **WRITTEN}


@pytest.fixture
def ada(acme: Customer, at_linkedin: Connection) -> Candidate:
    return make_candidate(acme)


@pytest.fixture
def applied(ada: Candidate, acme: Customer) -> Application:
    return make_application(ada, make_job(acme))


def save(client: Client, ada: Candidate, *notes: dict[str, Any]) -> dict[str, list[str]]:
    return errors(change(client, ada, a_candidate(ada.customer, **inline("notes", *notes))))


def below(client: Client, ada: Candidate) -> Any:
    """The rows of notes on the candidate's page."""
    page = client.get(reverse("admin:candidates_candidate_change", args=[ada.pk]))
    return page.context["inline_admin_formsets"][0].formset, page.content.decode()


def test_a_note_is_added_on_the_candidates_page(client: Client, rosa: User, ada: Candidate) -> None:
    assert save(client, ada, NOTE) == {}
    note = CandidateNote.objects.get()
    assert (note.candidate, note.customer, note.note) == (ada, ada.customer, "Speaks softly.")
    event = AuditEvent.objects.get(kind="candidate_note")
    assert (event.verb, event.label, event.actor) == ("add", str(note.pk), rosa)


def test_a_changed_note_is_outdated_and_one_that_stays_is_not(client: Client, rosa: User, ada: Candidate) -> None:
    first, second = (make_note(ada, f"N-{n}", author_first_name="", author_last_name="") for n in (1, 2))
    written = timezone.now().replace(microsecond=0)
    before = written - timedelta(hours=1)
    CandidateNote.objects.update(changed_at=before, ats_created_at=written)
    same = {"ats_created_at_0": written.strftime("%Y-%m-%d"), "ats_created_at_1": written.strftime("%H:%M:%S")}
    rows = [
        {**NOTE, **same, "id": second.pk, "external_id": "N-2", "note": "Sings."},
        {**NOTE, **same, "id": first.pk},
    ]
    assert save(client, ada, *rows) == {}
    assert (fresh(second).note, fresh(first).note) == ("Sings.", "Speaks softly.")
    assert fresh(second).changed_at > before
    assert fresh(first).changed_at == before


def test_the_rules_hold_below_a_record_too(client: Client, rosa: User, ada: Candidate) -> None:
    found = save(client, ada, {**NOTE, "author_first_name": "Rita"})
    assert found == {"notes-0-author_first_name": ["Enter first and last name, or neither."]}
    make_note(ada, "N-1")
    assert "There is already a record with this ID here." in str(save(client, ada, NOTE))
    assert save(client, ada, {**NOTE, "external_id": "N-2"}, {**NOTE, "external_id": "N-2"})
    assert CandidateNote.objects.count() == 1


def test_the_id_of_a_note_that_linkedin_knows_stays(client: Client, rosa: User, ada: Candidate) -> None:
    known, new = make_note(ada, "N-1"), make_note(ada, "N-2")
    ask("send", known)
    formset, _ = below(client, ada)
    fixed = {form.instance.external_id: form.fields["external_id"].disabled for form in formset.initial_forms}
    assert fixed == {"N-1": True, "N-2": False}
    rows = [{**NOTE, "id": note.pk, "external_id": "X-1"} for note in (known,)]
    assert save(client, ada, *rows) == {}
    assert (fresh(known).external_id, fresh(new).external_id) == ("N-1", "N-2")


def test_of_many_the_newest_twenty_are_shown_with_the_way_to_the_others(
    client: Client, rosa: User, ada: Candidate
) -> None:
    for number in range(23):
        make_note(ada, f"N-{number}", ats_created_at=timezone.now() + timedelta(minutes=number))
    formset, page = below(client, ada)
    assert [form.instance.external_id for form in formset.initial_forms] == [f"N-{n}" for n in range(22, 2, -1)]
    assert "3 older ones are not shown here." in page
    assert f"/admin/candidates/candidatenote/?candidate__id__exact={ada.pk}" in page


def test_a_note_that_is_no_longer_among_the_newest_is_saved_all_the_same(
    client: Client, rosa: User, ada: Candidate
) -> None:
    """Twenty others came in since the page was opened."""
    old = make_note(ada, "N-0", ats_created_at=timezone.now() - timedelta(days=1))
    for number in range(1, 21):
        make_note(ada, f"N-{number}")
    assert save(client, ada, {**NOTE, "id": old.pk, "external_id": "N-0", "note": "Sings."}) == {}
    assert fresh(old).note == "Sings."


def test_a_note_that_was_deleted_since_the_page_was_opened_is_no_error_page(
    client: Client, rosa: User, ada: Candidate
) -> None:
    note = make_note(ada)
    key = note.pk
    note.delete()
    assert save(client, ada, {**NOTE, "id": key})
    assert not CandidateNote.objects.exists()


def test_stages_notes_and_feedback_are_added_on_an_applications_page(
    client: Client, rosa: User, applied: Application
) -> None:
    rows = {
        **inline("stages", {"external_id": "S-1", "stage": "Interview", **WRITTEN}),
        **inline("notes", NOTE),
        **inline("feedback", {"external_id": "F-1", "feedback": "Knows the trade.", **WRITTEN,
                              "evaluations-0-attribute": "Craft", "evaluations-0-result": "4/5"}),
    }  # fmt: skip
    assert errors(change(client, applied, an_application(applied.candidate, applied.job, **rows))) == {}
    for model in (ApplicationNote, ApplicationStage, InterviewFeedback):
        assert model._default_manager.get().application == applied
    assert InterviewFeedback.objects.get().evaluations == [{"attribute": "Craft", "result": "4/5"}]


def test_the_page_costs_the_same_for_one_note_and_for_fifteen(client: Client, rosa: User, ada: Candidate) -> None:
    def cost() -> int:
        with CaptureQueriesContext(database) as asked:
            below(client, ada)
        return len(asked)

    make_note(ada, "FIRST")
    cost()  # content types and the like are remembered from now on
    one = cost()
    for number in range(14):
        make_note(ada, f"N-{number}")
    assert cost() == one
