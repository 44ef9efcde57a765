"""The lists: what they show, how they are searched and filtered, what they cost, and what their actions do."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from connectors.linkedin.simulator import Linkedin
from talentsync.applications.models import Application, ApplicationNote, ApplicationStage, InterviewFeedback
from talentsync.candidates import services
from talentsync.candidates.admin.page import LABELS
from talentsync.candidates.models import Candidate, CandidateNote
from talentsync.customers.models import Connection, Customer
from talentsync.sync import kinds
from talentsync.sync.models import Run, RunItem
from tests.candidates.making import ask, make_application, make_candidate, make_everything, make_note
from tests.customers.making import make_customer, make_user
from tests.sync.driving import make_job, work

pytestmark = pytest.mark.django_db

KINDS = {
    "candidate": Candidate,
    "candidate_note": CandidateNote,
    "application": Application,
    "application_note": ApplicationNote,
    "application_stage": ApplicationStage,
    "interview_feedback": InterviewFeedback,
}
of_each_kind = pytest.mark.parametrize("kind", KINDS)


def address(model: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def shown(client: Client, model: Any, query: str = "") -> list[str]:
    """The external ids that the list shows."""
    page = client.get(f"{address(model)}?{query}")
    assert page.status_code == 200, page
    return sorted(record.external_id for record in page.context["cl"].result_list)


def click(client: Client, action: str, *records: Any, **more: Any) -> Any:
    chosen = {"action": action, "_selected_action": [record.pk for record in records], "index": 0}
    return client.post(address(type(records[0])), {**chosen, **more})


def make_one(kind: str, customer: Customer, number: int) -> Any:
    """A record of this kind with everything above it."""
    ada = make_candidate(customer, f"C-{number}", linkedin_status="sent")
    if kind == "candidate":
        return ada
    if kind == "candidate_note":
        return make_note(ada)
    applied = make_application(ada, make_job(customer, f"J-{number}"), f"A-{number}")
    if kind == "application":
        return applied
    columns = {"stage": "Interview"} if kind == "application_stage" else {}
    return KINDS[kind]._default_manager.create(customer=customer, application=applied, external_id="P", **columns)


def test_a_row_says_how_the_candidate_stands(client: Client, rosa: User, acme: Customer) -> None:
    make_candidate(acme, linkedin_status="sent", sync_trouble="rejected", current_job_title="Clerk", do_not_send=True)
    page = client.get(address(Candidate)).content.decode()
    for words in ("Ada Sample C-1", "Acme", "Sent", "Refused", "Clerk", "Kept out"):
        assert words in page, words


def test_changed_since_is_said_of_what_linkedin_holds(
    client: Client, rosa: User, acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    ada = make_candidate(acme)
    ask("send", ada)
    work()
    assert "Changed since" not in client.get(address(Candidate)).content.decode()
    Candidate.objects.update(changed_at=timezone.now())
    assert "Changed since" in client.get(address(Candidate)).content.decode()


def test_a_row_of_what_hangs_on_an_application_names_candidate_and_job(
    client: Client, rosa: User, acme: Customer, linkedin: Linkedin
) -> None:
    make_everything(acme, linkedin)
    said_of = {ApplicationNote: "Came early.", ApplicationStage: "Interview", InterviewFeedback: "Knows the trade."}
    for model, said in said_of.items():
        page = client.get(address(model)).content.decode()
        for words in ("Ada Sample C-1 · Gardener J-1", "Not sent", said):
            assert words in page, words


def test_candidates_are_filtered(client: Client, rosa: User, acme: Customer) -> None:
    make_candidate(acme, "SENT", linkedin_status="sent")
    make_candidate(acme, "FAILED", sync_trouble="rejected")
    make_candidate(acme, "OUT", do_not_send=True)
    assert shown(client, Candidate, "linkedin_status=sent") == ["SENT"]
    assert shown(client, Candidate, "trouble=any") == shown(client, Candidate, "trouble=rejected") == ["FAILED"]
    assert shown(client, Candidate, "trouble=internal") == []
    assert shown(client, Candidate, "do_not_send__exact=1") == ["OUT"]
    assert shown(client, Candidate, f"customer__id__exact={acme.pk}") == ["FAILED", "OUT", "SENT"]


def test_what_hangs_on_a_record_is_filtered_by_it(
    client: Client, rosa: User, acme: Customer, linkedin: Linkedin
) -> None:
    first, other = make_everything(acme, linkedin, "1"), make_everything(acme, linkedin, "2")
    ada, applied = first["candidate"], first["application"]
    assert shown(client, CandidateNote, f"candidate__id__exact={ada.pk}") == ["N-1"]
    assert shown(client, Application, f"candidate__id__exact={ada.pk}") == ["A-1"]
    assert shown(client, Application, f"job__id__exact={other['application'].job_id}") == ["A-2"]
    for model in (ApplicationNote, ApplicationStage, InterviewFeedback):
        assert shown(client, model, f"application__id__exact={applied.pk}") == ["P-1"]
        assert shown(client, model, f"application__candidate__id__exact={ada.pk}") == ["P-1"]
        assert len(shown(client, model)) == 2


def test_a_filter_names_nobody_that_the_person_may_not_see(client: Client, rosa: User, acme: Customer) -> None:
    theirs = make_candidate(make_customer("Umbrella"), "U-1", first_name="Ursula")
    page = client.get(f"{address(CandidateNote)}?candidate__id__exact={theirs.pk}").content.decode()
    assert "Ursula" not in page
    ours = make_candidate(acme, "C-1", first_name="Adelheid")
    assert "Adelheid" in client.get(f"{address(CandidateNote)}?candidate__id__exact={ours.pk}").content.decode()


@pytest.mark.parametrize("text", ["ada", "SAMPLE c-1", "c-1", "Second@Example"])
def test_search_by_beginnings(text: str, client: Client, rosa: User, acme: Customer, linkedin: Linkedin) -> None:
    make_everything(acme, linkedin, "1")
    ada = Candidate.objects.get()
    ada.email_addresses = ["c-1@example.com", "second@example.com"]
    services.change_candidate(ada, fields=["email_addresses"], by=None)
    other = make_candidate(acme, "X-2", first_name="Eve", last_name="Other")
    make_application(other, make_job(acme, "J-2"), "Y-2")
    found = {kind: shown(client, model, f"q={text}") for kind, model in KINDS.items()}
    parts = {kind: ["P-1"] for kind in ("application_note", "application_stage", "interview_feedback")}
    assert found == {"candidate": ["C-1"], "candidate_note": ["N-1"], "application": ["A-1"], **parts}


@pytest.mark.parametrize(("kind", "text"), [("candidate_note", "n-"), ("application", "a-1"), *(
    (kind, "p-1") for kind in ("application_note", "application_stage", "interview_feedback"))])  # fmt: skip
def test_a_record_is_found_by_its_own_id(
    kind: str, text: str, client: Client, rosa: User, acme: Customer, linkedin: Linkedin
) -> None:
    record = make_everything(acme, linkedin)[kind]
    assert shown(client, KINDS[kind], f"q={text}") == [record.external_id]
    assert shown(client, KINDS[kind], "q=zebra") == []


@of_each_kind
def test_the_list_costs_the_same_for_one_and_for_fifty(
    kind: str, client: Client, rosa: User, acme: Customer, at_linkedin: Connection
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(database) as asked:
            client.get(address(KINDS[kind]))
        return len(asked)

    make_one(kind, acme, 0)
    cost()  # content types and the like are remembered from now on
    one = cost()
    for number in range(1, 50):
        make_one(kind, acme, number)
    assert cost() == one


@of_each_kind
def test_search_is_served_by_indexes(kind: str, acme: Customer) -> None:
    job = make_job(acme)
    people = [Candidate(customer=acme, external_id=f"C-{n}", first_name="A", last_name=f"B{n}") for n in range(3_000)]
    people = Candidate.objects.bulk_create(people, batch_size=500)
    applied = Application.objects.bulk_create(
        (Application(customer=acme, candidate=each, job=job, external_id=f"A-{each.external_id}") for each in people),
        batch_size=500,
    )
    if "application_" in kind or kind == "interview_feedback":
        KINDS[kind]._default_manager.bulk_create(
            (KINDS[kind](customer=acme, application=each, external_id=f"P-{each.pk}") for each in applied),
            batch_size=500,
        )
    if kind == "candidate_note":
        CandidateNote.objects.bulk_create(
            (CandidateNote(customer=acme, candidate=each, external_id=f"N-{each.pk}") for each in people),
            batch_size=500,
        )
    with database.cursor() as cursor:
        cursor.execute("ANALYZE")
        if database.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")  # of 3,000 rows it reads all with less effort
    plan = KINDS[kind]._default_manager.beginning_with("c-299").order_by("-pk")[:50].explain()
    for table in ("candidates_", "applications_"):
        assert f"SCAN {table}" not in plan  # SQLite's words
    assert "Seq Scan" not in plan  # PostgreSQL's


@of_each_kind
def test_an_action_drafts_a_request_and_leads_to_the_page_that_asks(
    kind: str, client: Client, rosa: User, acme: Customer, at_linkedin: Connection
) -> None:
    chosen, _ = make_one(kind, acme, 1), make_one(kind, acme, 2)
    offered = {action.name for action in kinds.get(kind).actions} - {kinds.HISTORY}  # asked for of a customer
    assert offered == {
        value for value, _ in client.get(address(KINDS[kind])).context["action_form"].fields["action"].choices if value
    }
    for name in offered:
        answer = click(client, name, chosen)
        run = Run.objects.latest("pk")
        assert answer.url == reverse("admin:sync_run_confirm", args=[run.pk])
        assert (run.action, run.state, run.by) == (name, "draft", rosa)
        assert set(run.items.filter(kind=kind).values_list("object_id", flat=True)) == {chosen.pk}
        assert client.get(answer.url).status_code == 200


@of_each_kind
def test_every_action_of_a_kind_has_its_words(kind: str) -> None:
    assert {action.name for action in kinds.get(kind).actions} - {kinds.HISTORY} <= LABELS.keys()


def test_without_a_connection_nothing_is_asked_and_the_page_says_why(
    client: Client, rosa: User, acme: Customer
) -> None:
    answer = client.post(
        address(Candidate), {"action": "send", "_selected_action": [make_candidate(acme).pk], "index": 0}, follow=True
    )
    assert "the customer of these candidates is not connected to LinkedIn yet" in answer.content.decode()
    assert not Run.objects.exists()


def test_records_of_other_customers_are_not_there(
    client: Client, rosa: User, acme: Customer, at_linkedin: Connection
) -> None:
    theirs = make_candidate(make_customer("Umbrella"), "U-1")
    make_candidate(acme)
    assert shown(client, Candidate) == ["C-1"]
    click(client, "delete", theirs)
    assert not RunItem.objects.exists()
    assert client.post(reverse("admin:candidates_candidate_ask", args=[theirs.pk, "delete"])).status_code == 404


@of_each_kind
def test_nobody_deletes_by_the_admins_own_page(kind: str, client: Client, acme: Customer) -> None:
    """What LinkedIn holds would stay there for good."""
    client.force_login(make_user("root", is_superuser=True))
    record = make_one(kind, acme, 1)
    meta = KINDS[kind]._meta
    page = reverse(f"admin:{meta.app_label}_{meta.model_name}_delete", args=[record.pk])
    assert client.post(page, {"post": "yes"}).status_code == 403
    assert "delete_selected" not in client.get(address(KINDS[kind])).content.decode()


def test_an_empty_start_page_leads_to_what_stands_on_its_own(rosa: User, client: Client):
    page = client.get(reverse("admin:index")).content.decode()

    assert all(words in page for words in ("Open jobs", "Open candidates", "Open applications"))
    assert "Open candidate notes" not in page  # they are found on their candidate
