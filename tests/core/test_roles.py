"""The roles: what a fresh database gives them, and which pages each of them opens."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from talentsync.core import roles
from talentsync.core.roles import ADMINISTRATOR, RECRUITER, ROLES, SUPPORT
from talentsync.customers.models import Connection, Customer
from talentsync.sync.models import Delivery, Hold, Run
from tests.core.rows import Rows
from tests.customers.conftest import linkedin, unmounted  # noqa: F401  (fixtures)
from tests.customers.making import make_user

pytestmark = pytest.mark.django_db


def granted() -> dict[str, set[str]]:
    return {group.name: permissions_of(group) for group in Group.objects.all()}


def permissions_of(group: Group) -> set[str]:
    pairs = group.permissions.values_list("content_type__app_label", "codename")
    return {f"{label}.{codename}" for label, codename in pairs}


# The table and the database


def test_a_fresh_database_has_exactly_the_roles_of_the_table():
    assert granted() == {role: set(names) for role, names in ROLES.items()}


def test_a_later_migration_takes_away_and_adds_what_the_table_has_changed():
    recruiter = Group.objects.get(name=RECRUITER)
    recruiter.permissions.remove(Permission.objects.get(codename="sync_job"))
    recruiter.permissions.add(Permission.objects.get(codename="delete_job"))

    roles.grant(["jobs"])

    assert permissions_of(recruiter) == ROLES[RECRUITER]


def test_what_a_role_has_of_other_apps_stays():
    recruiter = Group.objects.get(name=RECRUITER)
    recruiter.permissions.add(Permission.objects.get(codename="view_auditevent"))

    roles.grant(["jobs", "sync"])

    assert permissions_of(recruiter) == ROLES[RECRUITER] | {"core.view_auditevent"}


def test_roles_and_permissions_that_do_not_exist_yet_are_made():
    """As in a first migration: both come before `post_migrate`, which is when Django makes permissions."""
    Group.objects.all().delete()
    Permission.objects.all().delete()

    roles.grant(roles.apps())

    assert granted() == {role: set(names) for role, names in ROLES.items()}


def test_no_role_is_a_way_to_more_rights():
    names = frozenset.union(*ROLES.values())
    assert {name for name in names if name.startswith(("auth.", "axes.", "admin.", "contenttypes."))} == set()


def test_support_can_do_whatever_a_recruiter_can():
    assert ROLES[SUPPORT] > ROLES[RECRUITER]


def test_only_the_administrator_stops_everything():
    assert [role for role, names in ROLES.items() if "sync.stop_all" in names] == [ADMINISTRATOR]


# The pages

PAGES = ("changelist", "add", "change", "history", "delete")
LOOK, ALL_BUT_DELETE = {"changelist", "change", "history"}, {"changelist", "add", "change", "history"}
RECORDS = (
    "jobs_job",
    "candidates_candidate",
    "candidates_candidatenote",
    "applications_application",
    "applications_applicationnote",
    "applications_applicationstage",
    "applications_interviewfeedback",
    "resumes_resume",
)
OPENS = {
    RECRUITER: {
        **dict.fromkeys((*RECORDS, "imports_import"), ALL_BUT_DELETE),
        "sync_run": LOOK,
        "customers_customer": LOOK,
    },
    SUPPORT: {
        **dict.fromkeys((*RECORDS, "imports_import"), ALL_BUT_DELETE),
        "sync_run": LOOK,
        "sync_delivery": LOOK,
        "sync_attempt": LOOK,
        "sync_hold": ALL_BUT_DELETE,
        "customers_customer": LOOK,
        "customers_connection": LOOK,
        "monitoring_alert": LOOK,
        "sync_budget": {"changelist"},
    },
    ADMINISTRATOR: {
        "sync_hold": ALL_BUT_DELETE,
        "customers_customer": ALL_BUT_DELETE,
        "customers_connection": ALL_BUT_DELETE,
        "core_auditevent": LOOK,
        "monitoring_alert": LOOK,
        "sync_budget": {"changelist"},
    },
}
by_role = pytest.mark.parametrize("role", ROLES)


@pytest.fixture
def rows() -> Rows:
    """One row of everything, of a customer whose members the people of these tests are."""
    made = Rows("acme")
    for model in admin.site._registry:
        made.of(model)
    return made


def client_of(role: str, rows: Rows) -> Client:
    user = make_user(role.lower(), of=(rows.of(Customer),))
    user.groups.add(Group.objects.get(name=role))
    Run.objects.update(by=user)  # a request is its maker's, and Support's
    client = Client()
    client.force_login(user)
    return client


def opened(client: Client, rows: Rows) -> dict[str, set[str]]:
    """By model, the pages that open."""
    found: dict[str, set[str]] = {}
    for model in admin.site._registry:
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        for page in PAGES:
            about = [] if page in {"changelist", "add"} else [rows.of(model).pk]
            answer = client.get(reverse(f"admin:{name}_{page}", args=about))
            assert answer.status_code in {200, 302, 403, 404}, f"{name} {page}: {answer.status_code}"
            # Django leads to the start page from what a person may not know of.
            if answer.status_code == 200 or (answer.status_code == 302 and answer.url != reverse("admin:index")):
                found.setdefault(name, set()).add(page)
    return found


@by_role
def test_a_role_opens_what_it_needs_and_nothing_else(role: str, rows: Rows):
    assert opened(client_of(role, rows), rows) == OPENS[role]


@by_role
def test_every_role_opens_the_start_page(role: str, rows: Rows):
    assert client_of(role, rows).get(reverse("admin:index")).status_code == 200


def test_without_a_role_nothing_opens_but_the_start_page(rows: Rows):
    client = Client()
    client.force_login(make_user("nobody", of=(rows.of(Customer),)))
    assert opened(client, rows) == {}
    assert client.get(reverse("admin:index")).status_code == 200


BUTTONS = {  # who may press what changes something; the page itself says what comes of it
    **{f"{name}_ask": {RECRUITER, SUPPORT} for name in RECORDS},
    "resumes_resume_replace": {RECRUITER, SUPPORT},
    "resumes_resume_download": {RECRUITER, SUPPORT},
    "imports_import_confirm": {RECRUITER, SUPPORT},
    "imports_import_discard": {RECRUITER, SUPPORT},
    "sync_run_again": {RECRUITER, SUPPORT},
    "sync_run_confirm": {RECRUITER, SUPPORT},
    "sync_run_undo": {RECRUITER, SUPPORT},
    "sync_run_pause": {RECRUITER, SUPPORT},
    "sync_run_resume": {RECRUITER, SUPPORT},
    "sync_run_cancel": {RECRUITER, SUPPORT},
    "sync_delivery_again": {RECRUITER, SUPPORT},
    "sync_hold_release": {SUPPORT, ADMINISTRATOR},
    "customers_customer_automatic": {ADMINISTRATOR},
    "customers_customer_send_history": {RECRUITER, SUPPORT},
    "customers_connection_test": {SUPPORT, ADMINISTRATOR},
    "customers_connection_use": {ADMINISTRATOR},
}


ONLY_LOOKED_AT = {
    "look",
    "steps",
    "preview",
    "erasure",
    "erasure_pdf",
    "password_change",
    "autocomplete",
    "errors",
    "sample",
}


def buttons() -> Iterator[tuple[str, type[Model]]]:
    """Every address of the admin beside Django's own pages."""
    for model, registered in admin.site._registry.items():
        own = f"{model._meta.app_label}_{model._meta.model_name}_"
        for pattern in registered.get_urls():
            page = str(getattr(pattern, "name", None) or "").removeprefix(own)
            if page and page not in {*PAGES, *ONLY_LOOKED_AT}:
                yield f"{own}{page}", model


def test_the_table_of_buttons_is_complete():
    assert {name for name, _ in buttons()} == BUTTONS.keys()


@by_role
@pytest.mark.parametrize("name", BUTTONS)
@pytest.mark.usefixtures("linkedin")  # a connection is tested
def test_a_button_works_for_those_who_need_it_and_for_nobody_else(role: str, name: str, rows: Rows):
    row = rows.of(dict(buttons())[name])
    asked = {"jobs_job_ask": "close"}.get(name, "delete")
    address = reverse(f"admin:{name}", args=[row.pk, asked] if name.endswith("_ask") else [row.pk])
    before = {model: list(model.objects.order_by("pk").values()) for model in (Run, Hold, Connection, Delivery)}

    status = client_of(role, rows).post(address).status_code

    if role in BUTTONS[name]:
        assert status in {200, 302}
    else:
        assert status in {403, 404}
        Run.objects.update(by=rows.of(Run).by)
        assert {model: list(model.objects.order_by("pk").values()) for model in before} == before


@pytest.mark.parametrize(("role", "stopped"), [(SUPPORT, False), (ADMINISTRATOR, True)])
def test_support_stops_a_customer_and_an_administrator_everything(role: str, stopped: bool, rows: Rows):
    client, address = client_of(role, rows), reverse("admin:sync_hold_add")

    client.post(address, {"customer": rows.of(Customer).pk, "connection": "", "reason": "the customer asked"})
    client.post(address, {"customer": "", "connection": "", "reason": "everything stands still"})

    assert Hold.objects.filter(customer=rows.of(Customer)).exists()
    assert Hold.objects.filter(customer=None, connection=None).exists() == stopped
