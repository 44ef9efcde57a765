"""LinkedIn accepts a delete, and shows the record all the same; or it finds nothing below a parent that is gone."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from connectors.linkedin.simulator import Linkedin
from talentsync.candidates.models import LinkedInStatus
from talentsync.customers.models import Connection
from talentsync.sync import presenting, settling
from talentsync.sync.models import Delivery, Erasure, Run
from talentsync.sync.states import State
from tests.candidates.making import ENDPOINTS, ask, delivery, fresh, held
from tests.erasing.test_erasing import at_linkedins, left_here, lines, taken
from tests.sync.driving import pass_by, work
from tests.sync_admin.clicking import page

pytestmark = pytest.mark.django_db


@pytest.fixture
def shown(person: dict[str, Any], at_linkedin: Connection, linkedin: Linkedin) -> Run:
    """A note that LinkedIn accepted to delete, and shows again at once."""
    run = ask("erase", person["candidate_note"])
    kept = held(linkedin, "candidate_note", person["candidate_note"])
    batch, report = taken("candidate_note", at_linkedin)
    settling.settle(batch, report, now=timezone.now())
    linkedin.seed_record(ENDPOINTS["candidate_note"], "N-1", parent="C-1", fields=kept)
    work()
    return run


def test_it_is_told_plainly_and_asked_again(admin_client: Client, person: dict[str, Any], shown: Run) -> None:
    receipt = page(admin_client, "sync_run_erasure", shown.pk)
    assert "LinkedIn has accepted 1 that it still shows. It is asked again." in receipt
    assert "asked again at" in receipt
    assert "Still shown" in receipt
    note = person["candidate_note"]
    assert fresh(note).linkedin_status == LinkedInStatus.REMOVING
    assert "LinkedIn has accepted the delete and still shows it. It is asked again at" in page(
        admin_client, "candidates_candidatenote_change", note.pk
    )


def test_after_some_days_it_needs_attention_and_can_be_tried_again(
    admin_client: Client, person: dict[str, Any], shown: Run, linkedin: Linkedin
) -> None:
    note = person["candidate_note"]
    for _ in range(12):
        pass_by(hours=12)
    row = delivery("candidate_note", note)
    assert row.state == State.FAILED
    said = presenting.trouble(row)
    assert said is not None
    assert said.meaning == "LinkedIn accepted the delete days ago and still shows the record."
    receipt = page(admin_client, "sync_run_erasure", shown.pk)
    assert "1 needs attention; the request says why." in receipt
    assert "Still shown" in receipt
    assert "and from LinkedIn." not in receipt
    ask("try_again", note)
    pass_by(minutes=6)
    assert "candidate_note" not in left_here()
    assert lines(shown)["candidate_note"].state == Erasure.State.DONE


def test_a_receipt_never_says_gone_of_what_is_still_shown(
    admin_client: Client, person: dict[str, Any], shown: Run, linkedin: Linkedin
) -> None:
    """Not even when it had to go here: the delete is owed, and asked again each night."""
    Erasure.objects.update(local_at=timezone.now())
    pass_by(minutes=6)
    assert "candidate_note" not in left_here()
    receipt = page(admin_client, "sync_run_erasure", shown.pk)
    assert "The record is removed here. LinkedIn is still asked to remove it." in receipt
    assert "and from LinkedIn." not in receipt


def test_a_note_that_was_erased_here_before_its_person_went_ends_well(
    person: dict[str, Any], at_linkedin: Connection, linkedin: Linkedin
) -> None:
    """Nothing here leads from the note to its person any more, and LinkedIn answers with a 404 for the whole call."""
    linkedin.always("status", endpoint="atsCandidates/notes", status=503)
    run = ask("erase", person["candidate_note"], at_once=True)
    work()
    assert "candidate_note" not in left_here()
    ask("delete", person["candidate"])
    work()
    linkedin.calm()
    for _ in range(3):
        pass_by(hours=1)
    assert lines(run)["candidate_note"].state == Erasure.State.DONE
    assert at_linkedins(linkedin) == {}


def test_a_delete_that_meets_its_persons_delete_on_the_way_ends_well(
    person: dict[str, Any], at_linkedin: Connection, linkedin: Linkedin
) -> None:
    """The note was taken, then the person went, then the note's call arrived: a 404 for the whole call."""
    run = ask("erase", person["candidate_note"])
    batch, report = taken("candidate_note", at_linkedin)
    settling.settle(batch, report, now=timezone.now())  # accepted; now LinkedIn is to be asked whether it is gone
    ask("delete", person["candidate"])
    lanes = Delivery.objects.filter(kind="candidate_note")
    due = lanes.values_list("due_at", flat=True).get()
    lanes.update(due_at=None)
    work()
    assert at_linkedins(linkedin) == {}
    lanes.update(due_at=due)
    work()
    assert lines(run)["candidate_note"].state == Erasure.State.DONE


def test_a_whole_call_404_below_a_person_who_is_there_is_no_success(person: dict[str, Any], linkedin: Linkedin) -> None:
    linkedin.always("status", endpoint="atsCandidates/notes", status=404)
    run = ask("erase", person["candidate_note"])
    work()
    assert "candidate_note" in left_here()
    assert lines(run)["candidate_note"].accepted_at is None
