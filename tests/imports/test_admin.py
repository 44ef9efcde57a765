"""The pages of imports, as a recruiter meets them, and as others do not."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import timedelta
from html import unescape

import pytest
from django.contrib.auth.models import Group, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from talentsync.candidates.models import Candidate
from talentsync.customers.models import Customer
from talentsync.imports import admin, tasks
from talentsync.imports.models import Import, State
from tests.customers.making import make_customer, make_user
from tests.imports.making import PLAIN, as_csv, as_jsonl, candidate, job

pytestmark = pytest.mark.django_db

ADD = reverse("admin:imports_import_add")
MAY = (
    *("imports.view_import", "imports.add_import"),
    *("candidates.view_candidate", "candidates.add_candidate", "candidates.change_candidate"),
)


@pytest.fixture
def rosa(client: Client, acme: Customer) -> User:
    user = make_user("rosa", of=(acme,), may=MAY)
    client.force_login(user)
    return user


def page(run: Import, name: str = "change") -> str:
    return reverse(f"admin:imports_import_{name}", args=[run.pk])


def words(answer) -> str:
    assert answer.status_code == 200
    html = answer.content.decode()
    body = html[html.index('id="content-main"') :]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def upload(client: Client, customer: Customer, content: bytes, kind: str = "candidate", **more) -> Import:
    form = {"kind": kind, "customer": customer.pk, "file": SimpleUploadedFile("people.csv", content), **more}
    answer = client.post(ADD, form)
    assert answer.status_code == 302, words(answer)
    run = Import.objects.latest("pk")
    assert answer.url == page(run)
    return run


def test_from_upload_to_report(client: Client, rosa: User, acme: Customer):
    run = upload(client, acme, as_csv([candidate(1), candidate(2, ats_created_at="soon")]))
    seen = words(client.get(page(run)))
    assert "Checked. Nothing is loaded until you confirm it." in seen
    assert "Load 1, leave out 1 with errors" in seen
    assert "3 ats_created_at This is no date." in seen
    assert "kim.1@example.com" in seen, "the first rows are shown"
    assert not Candidate.objects.exists()

    assert client.post(page(run, "confirm")).url == page(run)

    seen = words(client.get(page(run)))
    assert "Loaded. Nothing was sent to a vendor." in seen
    assert "1 record is new or changed and not yet sent." in seen
    assert "1 error" in seen
    assert "kim.1@example.com" not in seen
    assert Candidate.objects.get().customer == acme
    run.refresh_from_db()
    assert (run.by, run.state) == (rosa, State.DONE)


@pytest.mark.parametrize(
    ("kind", "rows", "says"),
    [
        (
            "candidate",
            [candidate(1)],
            "Loaded. What is new or changed is sent by itself, because automatic sync is on.",
        ),
        (
            "job",
            [job(1)],
            "Loaded. Live jobs are brought up to date by themselves, because automatic sync is on. None is",
        ),
    ],
)
def test_with_automatic_sync_the_report_says_what_goes_by_itself(
    client: Client, acme: Customer, kind: str, rows: list, says: str
):
    Customer.objects.filter(pk=acme.pk).update(sends_changes=True)
    client.force_login(make_user("ada", is_superuser=True))
    run = upload(client, acme, as_csv(rows), kind=kind)
    client.post(page(run, "confirm"))

    seen = words(client.get(page(run)))

    assert says in seen
    assert "not yet sent" not in seen


def test_a_file_without_errors_has_a_plain_button(client: Client, rosa: User, acme: Customer):
    run = upload(client, acme, as_jsonl([candidate(1), candidate(2)]))
    seen = words(client.get(page(run)))
    assert "Load 2 records" in seen
    assert "leave out" not in seen


def test_a_large_file_is_done_by_a_worker_and_its_page_refreshes(
    client: Client, rosa: User, acme: Customer, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(admin, "AT_ONCE", timedelta(0))
    run = upload(client, acme, as_csv(map(candidate, range(1_500))))
    seen = client.get(page(run)).content.decode()
    assert "The file is being checked." in seen
    assert 'hx-trigger="every 2s"' in seen
    assert "confirm-button" not in seen

    assert tasks.carry_on(run.pk) == {"over": True}
    seen = client.get(page(run)).content.decode()
    assert 'hx-trigger="every 2s"' not in seen
    assert "Load 1,500 records" in seen

    client.post(page(run, "confirm"))
    assert "The records are being loaded." in client.get(page(run)).content.decode()
    assert tasks.carry_on(run.pk) == {"over": True}
    assert "Loaded." in words(client.get(page(run)))
    assert Candidate.objects.count() == 1_500


def test_errors_are_paged_and_can_be_downloaded(client: Client, rosa: User, acme: Customer):
    run = upload(client, acme, as_csv(candidate(number, first_name="") for number in range(120)))
    assert "Page 1 of 3" in words(client.get(page(run)))
    assert "121 first_name" in words(client.get(page(run), {"page": 3}))

    answer = client.get(page(run, "errors"))
    rows = list(csv.reader(io.StringIO(answer.content.decode())))
    assert rows[0] == ["line", "column", "rule", "what is wrong"]
    assert rows[-1] == ["121", "first_name", "linkedin", "Enter the first name."]
    assert len(rows) == 121
    assert "attachment" in answer["Content-Disposition"]
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_file_that_cannot_be_read_says_why(client: Client, rosa: User, acme: Customer):
    run = upload(client, acme, b"id,name\n1,Kim\n")
    seen = words(client.get(page(run)))
    assert "The file could not be read. Nothing was loaded." in seen
    assert "external_id This column is missing." in seen
    assert client.post(page(run, "confirm")).status_code == 302
    assert Import.objects.get().state == State.FAILED


def test_a_file_can_be_thrown_away(client: Client, rosa: User, acme: Customer):
    run = upload(client, acme, as_csv([candidate(1)]))
    answer = client.post(page(run, "discard"), follow=True)
    assert "The file is deleted. Nothing was loaded from it." in answer.content.decode()
    assert not Import.objects.exists()


def test_nothing_changes_by_get(client: Client, rosa: User, acme: Customer):
    run = upload(client, acme, as_csv([candidate(1)]))
    assert [client.get(page(run, name)).status_code for name in ("confirm", "discard")] == [405, 405]
    assert Import.objects.get().state == State.CHECKED


def test_the_upload_page_tells_the_columns_and_offers_samples(client: Client, rosa: User):
    seen = words(client.get(ADD))
    assert "Candidates" in seen
    assert "email_addresses" in seen
    assert "Candidate notes" not in seen, "rosa may not make any"


@pytest.mark.parametrize("kind", PLAIN)
def test_the_samples(admin_client: Client, kind: str):
    table = admin_client.get(reverse("admin:imports_import_sample", args=[kind, "csv"]))
    lines = admin_client.get(reverse("admin:imports_import_sample", args=[kind, "jsonl"]))
    assert next(csv.reader(io.StringIO(table.content.decode()))) == list(json.loads(lines.content))
    assert f'filename="{kind}.csv"' in table["Content-Disposition"]


def test_the_kind_can_be_chosen_by_the_address(client: Client, rosa: User):
    """As the lists do, whose buttons lead here."""
    assert '<option value="candidate" selected>' in client.get(ADD, {"kind": "candidate"}).content.decode()


def test_who_has_one_customer_need_not_choose(client: Client, rosa: User, acme: Customer):
    make_customer("Umbrella")
    seen = client.get(ADD).content.decode()
    assert f'<option value="{acme.pk}" selected>Acme</option>' in seen
    assert "Umbrella" not in seen


@pytest.mark.parametrize("missing", ["kind", "customer", "file"])
def test_what_is_missing_is_asked_for(client: Client, rosa: User, acme: Customer, missing: str):
    form = {"kind": "candidate", "customer": acme.pk, "file": SimpleUploadedFile("x", b"x")}
    del form[missing]
    assert "This field is required." in words(client.post(ADD, form))
    assert not Import.objects.exists()


# Who may what


def test_another_customers_records_cannot_be_brought(client: Client, rosa: User):
    form = {"kind": "candidate", "customer": make_customer("Umbrella").pk, "file": SimpleUploadedFile("x", b"x")}
    assert "Select a valid choice" in words(client.post(ADD, form))
    assert not Import.objects.exists()


def test_kinds_that_a_person_may_not_make_cannot_be_brought(client: Client, rosa: User, acme: Customer):
    form = {"kind": "job", "customer": acme.pk, "file": SimpleUploadedFile("x", as_csv([job(1)]))}
    assert "Select a valid choice" in words(client.post(ADD, form))
    assert client.get(reverse("admin:imports_import_sample", args=["job", "csv"])).status_code == 404


def test_a_stranger_meets_nothing(client: Client, rosa: User, acme: Customer):
    run = upload(client, acme, as_csv([candidate(1)]))
    client.force_login(make_user("sven", of=(make_customer("Umbrella"),), may=MAY))

    assert client.get(page(run)).status_code in {302, 404}
    assert client.get(page(run, "errors")).status_code == 404
    assert [client.post(page(run, name)).status_code for name in ("confirm", "discard")] == [404, 404]
    assert "Acme" not in client.get(reverse("admin:imports_import_changelist")).content.decode()
    assert Import.objects.get().state == State.CHECKED


def test_a_colleague_without_the_right_looks_and_decides_nothing(client: Client, rosa: User, acme: Customer):
    run = upload(client, acme, as_csv([candidate(1)]))
    client.force_login(make_user("carl", of=(acme,), may=("imports.view_import", "candidates.view_candidate")))

    seen = client.get(page(run)).content.decode()
    assert "Checked." in seen
    assert "confirm-button" not in seen
    assert [client.post(page(run, name)).status_code for name in ("confirm", "discard")] == [403, 403]
    assert client.get(ADD).status_code == 403


def test_who_may_not_see_candidates_sees_no_file_of_them(client: Client, rosa: User, acme: Customer):
    run = upload(client, acme, as_csv([candidate(1)]))
    client.force_login(make_user("carl", of=(acme,), may=("imports.view_import", "jobs.view_job")))
    assert client.get(page(run)).status_code in {302, 404}


@pytest.mark.parametrize(("role", "in_sidebar"), [("Recruiter", False), ("Support", True)])
def test_recruiter_and_support_import_jobs(client: Client, acme: Customer, role: str, in_sidebar: bool):
    user = make_user("rosa", of=(acme,))
    user.groups.add(Group.objects.get(name=role))
    client.force_login(user)

    run = upload(client, acme, as_csv([job(1)]), kind="job")
    client.post(page(run, "confirm"))

    seen = client.get(page(run)).content.decode()
    assert "Loaded." in seen
    assert reverse("admin:jobs_job_changelist") in seen
    listed = reverse("admin:imports_import_changelist")
    assert (f'href="{listed}"' in client.get("/admin/").content.decode()) == in_sidebar
    assert client.get(listed).status_code == 200
