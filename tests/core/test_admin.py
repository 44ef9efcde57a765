"""The base of the admin: whose rows, how many, which fields are written, and who may."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission, User
from django.db.models.signals import post_save
from django.urls import reverse

from talentsync.core import audit
from talentsync.core.admin import CappedPaginator, base
from talentsync.customers.models import Connection, Customer, Membership
from talentsync.sync.models import Hold
from tests.customers.making import make_connection, make_customer, make_user

pytestmark = pytest.mark.django_db


def request_of(rf, user: User):
    request = rf.get("/")
    request.user = user
    return request


@pytest.fixture
def root(client) -> User:
    user = make_user("root", is_superuser=True)
    client.force_login(user)
    return user


def test_permission_on_an_object_needs_the_right_and_the_membership(rf):
    connections = admin.site._registry[Connection]
    connection = make_connection()
    may = ("customers.view_connection", "customers.change_connection", "customers.delete_connection")
    member = make_user("member", of=(connection.customer,), may=may)
    stranger = make_user("stranger", of=(make_customer("Umbrella"),), may=may)
    without_rights = make_user("without", of=(connection.customer,))

    for ask in ("has_view_permission", "has_change_permission", "has_delete_permission"):
        allowed = getattr(connections, ask)
        assert allowed(request_of(rf, member), connection)
        assert not allowed(request_of(rf, stranger), connection)
        assert not allowed(request_of(rf, without_rights), connection)


def test_a_member_of_two_customers_sees_both(client):
    acme, umbrella = make_customer(), make_customer("Umbrella")
    client.force_login(make_user(of=(acme, umbrella), may=("customers.view_customer",)))
    make_customer("Initech")

    page = client.get(reverse("admin:customers_customer_changelist")).content.decode()

    assert "Acme" in page
    assert "Umbrella" in page
    assert "Initech" not in page


def test_a_membership_that_ends_ends_at_once(client):
    acme = make_customer()
    user = make_user(of=(acme,), may=("customers.view_customer",))
    client.force_login(user)
    address = reverse("admin:customers_customer_changelist")
    assert "Acme" in client.get(address).content.decode()

    Membership.objects.all().delete()

    assert "Acme" not in client.get(address).content.decode()


def test_counting_stops_at_the_cap_and_says_so(client, root, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(base, "COUNT_CAP", 3)
    for number in range(5):
        make_customer(f"Customer {number}")

    with django_assert_num_queries(1):
        assert str(CappedPaginator(Customer.objects.all(), 2).count) == "3+"
    assert "3+" in client.get(reverse("admin:customers_customer_changelist")).content.decode()


def test_up_to_the_cap_the_count_is_exact(monkeypatch):
    monkeypatch.setattr(base, "COUNT_CAP", 3)
    for number in range(3):
        make_customer(f"Customer {number}")

    assert str(CappedPaginator(Customer.objects.all(), 2).count) == "3"
    assert CappedPaginator([1, 2], 1).count == 2


def test_selecting_across_pages_is_refused_where_nobody_said_it_is_safe(client, root):
    hold = Hold.objects.create(customer=make_customer(), reason="An audit.")
    form = {"action": "let_go_on", "_selected_action": hold.pk, "select_across": "1"}

    page = client.post(reverse("admin:sync_hold_changelist"), form, follow=True)

    assert Hold.objects.get() == hold
    assert "only on the rows that are ticked" in page.content.decode()


def test_a_form_writes_only_the_fields_that_were_changed(client, root):
    """What a worker wrote while the form was open stays."""
    acme = make_customer()
    address = reverse("admin:customers_customer_change", args=[acme.pk])
    form = {"name": "Acme & Sons", "default_availability": "private", "resumes_on_expiry": "delete"}
    form |= {f"memberships-{name}": "0" for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
    written = []

    def listen(sender, update_fields, **_):
        written.append(update_fields)

    post_save.connect(listen, sender=Customer)
    try:
        client.post(address, form)
    finally:
        post_save.disconnect(listen, sender=Customer)

    assert Customer.objects.get().name == "Acme & Sons"
    assert written == [frozenset({"name"})]


@pytest.mark.parametrize("model", ["auth.user", "auth.group", "axes.accessattempt", "django_celery_results.taskresult"])
def test_what_belongs_to_no_customer_is_for_administrators(client, root, model):
    address = reverse(f"admin:{model.replace('.', '_')}_changelist")
    assert client.get(address).status_code == 200

    everything = make_user("everything")
    everything.user_permissions.set(Permission.objects.all())
    client.force_login(everything)
    assert client.get(address).status_code == 403


def test_who_did_what_speaks_of_records_in_words(client, root):
    audit.record(root, "send_all", kind="interview_feedback")
    client.force_login(root)

    page = client.get(reverse("admin:core_auditevent_changelist")).content.decode()

    assert "Interview feedback" in page
    assert "interview_feedback" not in page
