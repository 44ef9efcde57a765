"""Who may ask for an erasure, what the page says before, and who may read the receipt."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

from connectors.linkedin.simulator import Linkedin
from talentsync.candidates.models import Candidate
from talentsync.customers.models import Customer
from talentsync.sync.models import Erasure, Hold, Run
from tests.candidates.making import ask, make_candidate
from tests.customers.making import make_customer, make_user
from tests.sync.driving import pass_by, work
from tests.sync_admin.clicking import page, words

pytestmark = pytest.mark.django_db


def in_role(name: str, role: str, *customers: Customer) -> User:
    user = make_user(name, of=customers)
    user.groups.add(Group.objects.get(name=role))
    return user


@pytest.fixture
def rosa(client: Client, acme: Customer) -> User:
    user = in_role("rosa", "Recruiter", acme)
    client.force_login(user)
    return user


def clicked(client: Client, record: Any) -> Any:
    return client.post(reverse("admin:candidates_candidate_ask", args=[record.pk, "erase"]))


def test_the_page_says_what_goes_and_what_stays(client: Client, rosa: User, person: dict[str, Any]) -> None:
    answer = clicked(client, person["candidate"])
    asked = words(client.get(answer.url).content.decode())
    assert "Delete 1 candidate from LinkedIn and TalentSync?" in asked
    for part in ("1 candidate note", "1 application note", "1 interview feedback", "1 application stage"):
        assert part in asked
    assert "Everything stays in your ATS." in asked
    assert "after 30 days even if LinkedIn could not be reached" in asked
    sooner = words(client.get(answer.url, {"answered": "1", "at_once": "on"}).content.decode())
    assert "TalentSync removes them at once" in sooner


def test_a_click_can_be_taken_back(client: Client, rosa: User, person: dict[str, Any]) -> None:
    answer = clicked(client, person["candidate"])
    client.post(answer.url, {"answered": "1"})
    run = Run.objects.latest("pk")
    client.post(reverse("admin:sync_run_undo", args=[run.pk]))
    pass_by(hours=1)
    assert Candidate.objects.exists()
    assert not Erasure.objects.exists()


def test_the_request_leads_to_its_receipt(client: Client, rosa: User, person: dict[str, Any]) -> None:
    answer = clicked(client, person["candidate"])
    client.post(answer.url, {"answered": "1"})
    pass_by(seconds=61)
    run = Run.objects.latest("pk")
    assert "Removed here: 6 of 6. Receipt" in page(client, "sync_run_change", run.pk)
    receipt = page(client, "sync_run_erasure", run.pk)
    assert "All 6 records are removed here and from LinkedIn." in receipt
    assert "Removed together with what it hung on" in receipt
    file = client.get(reverse("admin:sync_run_erasure_pdf", args=[run.pk]))
    assert file["Content-Type"] == "application/pdf"
    assert file["Content-Disposition"] == f'attachment; filename="erasure-{run.pk}.pdf"'
    assert file.content.startswith(b"%PDF-")


def test_a_refusal_is_told(client: Client, rosa: User, person: dict[str, Any], linkedin: Linkedin) -> None:
    linkedin.always("reject", match="A-1", status=422, message="It is frozen.")
    run = ask("erase", person["candidate"])
    Run.objects.filter(pk=run.pk).update(by=rosa)
    work()
    receipt = page(client, "sync_run_erasure", run.pk)
    assert "the request says why. Nothing of such a person is removed here before LinkedIn has accepted" in receipt
    assert "422: refused" in receipt
    assert "0 of 6 records are removed here" in receipt
    refused = page(client, "sync_run_change", run.pk)
    assert "LinkedIn refuses to delete it." in refused
    assert "correct the field" not in refused


def test_pages_open_while_linkedin_is_still_to_be_told(
    admin_client: Client, person: dict[str, Any], at_linkedin: Any
) -> None:
    Hold.objects.create(connection=at_linkedin, reason="Wait.")
    run = ask("erase", person["candidate"], at_once=True)
    work()
    assert "LinkedIn is still asked for the rest." in page(admin_client, "sync_run_erasure", run.pk)
    assert "deleted here" in page(admin_client, "sync_run_change", run.pk)
    assert "erased here" in page(admin_client, "sync_delivery_changelist")
    owed = run.erasures.get(kind="candidate").delivery_id
    shown = page(admin_client, "sync_delivery_change", owed)
    assert "C-1" not in shown


def test_long_receipts_are_turned_page_by_page(
    client: Client, rosa: User, acme: Customer, at_linkedin: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [make_candidate(acme, f"C-{number}") for number in range(51)]
    run = ask("erase", people)
    Run.objects.filter(pk=run.pk).update(by=rosa)
    work()
    assert "Page 1 of 2" in page(client, "sync_run_erasure", run.pk)
    assert client.get(reverse("admin:sync_run_erasure_pdf", args=[run.pk])).content.count(b"/Type /Page\n") == 2


def test_support_reads_the_receipt_and_a_stranger_does_not(
    client: Client, person: dict[str, Any], acme: Customer
) -> None:
    run = ask("erase", person["candidate"])
    work()
    addresses = [reverse(f"admin:sync_run_erasure{name}", args=[run.pk]) for name in ("", "_pdf")]
    client.force_login(in_role("sam", "Support", acme))
    assert [client.get(each).status_code for each in addresses] == [200, 200]
    client.force_login(in_role("stan", "Support", make_customer("Umbrella")))
    assert [client.get(each).status_code for each in addresses] == [404, 404]
    client.force_login(in_role("rita", "Recruiter", acme))
    assert [client.get(each).status_code for each in addresses] == [404, 404]


def test_who_may_only_send_may_not_erase(client: Client, acme: Customer, person: dict[str, Any]) -> None:
    may = ("candidates.view_candidate", "candidates.change_candidate", "candidates.sync_candidate", "sync.view_run")
    client.force_login(make_user("ivo", of=(acme,), may=may))
    assert clicked(client, person["candidate"]).status_code == 403
    shown = page(client, "candidates_candidate_change", person["candidate"].pk)
    assert "Delete from LinkedIn…" in shown
    assert "Delete from LinkedIn and TalentSync…" not in shown
