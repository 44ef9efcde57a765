"""Customers and connections in the admin: credentials go in and never come out; buttons post."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.urls import reverse

from talentsync.core.models import AuditEvent
from talentsync.customers import services
from talentsync.customers.models import AccessToken, Connection, Customer, Health
from talentsync.sync.models import Lane
from tests.customers.making import GREENHOUSE_V1, LINKEDIN, make_connection, make_customer, make_user

pytestmark = pytest.mark.django_db

SECRET = "canary-s3cret"


@pytest.fixture
def root(client) -> User:
    user = make_user("root", is_superuser=True)
    client.force_login(user)
    return user


def change_page(connection: Connection) -> str:
    return reverse("admin:customers_connection_change", args=[connection.pk])


def test_a_stored_secret_is_not_on_the_page_and_an_empty_box_keeps_it(client, root):
    connection = make_connection(client_secret=SECRET)
    assert SECRET not in client.get(change_page(connection)).content.decode()

    answer = client.post(change_page(connection), {"client_secret": "", "job_contract_urn": "urn:li:contract:9"})

    assert answer.status_code == 302
    connection = Connection.objects.get()
    assert (connection.client_secret, connection.job_contract_urn) == (SECRET, "urn:li:contract:9")


@pytest.mark.parametrize(
    "columns",
    [
        {"client_secret": SECRET},
        {"destination": "greenhouse", "client_secret": SECRET},
        {"destination": "greenhouse", **GREENHOUSE_V1, "client_id": "", "client_secret": "", "api_key": SECRET},
    ],
    ids=["linkedin", "greenhouse-v3", "greenhouse-v1"],
)
def test_who_may_look_and_not_change_sees_no_secret_either(client, columns):
    """Django shows the value of whatever a person may not edit."""
    connection = make_connection(**columns)
    client.force_login(make_user("sam", of=(connection.customer,), may=("customers.view_connection",)))

    page = client.get(change_page(connection)).content.decode()

    assert SECRET not in page
    assert "Stored, and shown to nobody." in page


def test_a_typed_secret_replaces_the_old_one_and_drops_the_token(client, root):
    connection = make_connection()
    AccessToken.objects.create(
        environment="simulator", destination="linkedin", client_id=connection.client_id, token="of the old secret"
    )

    client.post(change_page(connection), {"client_secret": SECRET})

    assert Connection.objects.get().client_secret == SECRET
    assert AccessToken.objects.get().token == ""


def test_a_secret_is_in_no_page_log_or_audit(client, root, caplog):
    caplog.set_level("DEBUG")
    connection = make_connection()
    wrong = {"client_secret": SECRET, "job_contract_urn": "nonsense"}

    shown_again = client.post(change_page(connection), wrong).content.decode()
    assert "Write the contract as urn:li:contract:12345" in shown_again
    client.post(change_page(connection), {"client_secret": SECRET})
    history = client.get(reverse("admin:customers_connection_history", args=[connection.pk])).content.decode()

    written = str(list(LogEntry.objects.values())) + str(list(AuditEvent.objects.values()))
    assert SECRET not in shown_again + history + written + caplog.text
    assert "Client secret" in history


def test_what_makes_a_connection_is_not_a_field_of_its_page(client, root):
    connection = make_connection()

    client.post(change_page(connection), {"client_id": "another", "organization_urn": "urn:li:organization:1"})

    assert Connection.objects.get().identity == connection.identity


def new_connection(customer: Customer, **fields) -> dict[str, object]:
    return {"customer": customer.pk, "destination": "linkedin", "environment": "live", **LINKEDIN, **fields}


def test_a_connection_is_added_and_is_in_use(client, root):
    acme = make_customer()

    client.post(reverse("admin:customers_connection_add"), new_connection(acme))

    connection = Connection.objects.get()
    assert connection.is_current
    assert AuditEvent.objects.get().verb == "add"


def test_an_incomplete_connection_is_refused_field_by_field(client, root):
    acme = make_customer()

    page = client.post(
        reverse("admin:customers_connection_add"), new_connection(acme, client_secret="", organization_urn="77")
    ).content.decode()

    assert "client secret is needed" in page
    assert "urn:li:organization:12345" in page
    assert not Connection.objects.exists()


def test_nobody_connects_another_customer(client):
    acme, umbrella = make_customer(), make_customer("Umbrella")
    client.force_login(make_user(of=(acme,), may=("customers.add_connection", "customers.view_connection")))

    page = client.post(reverse("admin:customers_connection_add"), new_connection(umbrella))

    assert "not one of the available choices" in page.content.decode()
    assert not Connection.objects.exists()


def test_the_default_close_reason_is_chosen_from_greenhouses_own(client, root):
    connection = make_connection(destination="greenhouse", close_reasons=[{"id": 512, "name": "On Hold"}])
    assert "On Hold" in client.get(change_page(connection)).content.decode()

    client.post(change_page(connection), {"acting_user_id": "4410027", "default_close_reason_id": "512"})

    assert Connection.objects.get().default_close_reason_id == 512


class TestTheTestButton:
    def test_says_what_came_of_it_and_returns_to_the_page_it_was_pressed_on(self, client, root, linkedin):
        connection = make_connection()
        customer_page = reverse("admin:customers_customer_change", args=[connection.customer.pk])
        address = reverse("admin:customers_connection_test", args=[connection.pk])
        assert address in client.get(customer_page).content.decode()

        answer = client.post(address, {"next": customer_page}, follow=True)

        assert answer.redirect_chain[-1][0] == customer_page
        assert "The connection to LinkedIn works." in answer.content.decode()
        assert Connection.objects.get().health == Health.OK

    def test_never_leads_to_another_site(self, client, root, linkedin):
        connection = make_connection()
        address = reverse("admin:customers_connection_test", args=[connection.pk])

        assert client.post(address, {"next": "https://evil.example/"}).url == change_page(connection)

    def test_answers_only_to_a_post_with_a_token(self, root, client):
        connection = make_connection()
        address = reverse("admin:customers_connection_test", args=[connection.pk])
        assert client.get(address).status_code == 405

        client.handler.enforce_csrf_checks = True
        assert client.post(address).status_code == 403
        assert Connection.objects.get().last_tested_at is None

    def test_needs_the_permission(self, client, linkedin):
        connection = make_connection()
        address = reverse("admin:customers_connection_test", args=[connection.pk])
        view = ("customers.view_connection", "customers.view_customer")

        client.force_login(make_user("reader", of=(connection.customer,), may=view))
        assert client.post(address).status_code == 403
        assert address not in client.get(change_page(connection)).content.decode()

        client.force_login(make_user("tester", of=(connection.customer,), may=(*view, "customers.test_connection")))
        assert client.post(address).status_code == 302
        assert Connection.objects.get().health == Health.OK


def test_using_another_connection_is_a_button(client, root):
    practice = make_connection()
    live = make_connection(environment="live", is_current=False)

    client.post(reverse("admin:customers_connection_use", args=[live.pk]))

    assert list(Connection.objects.filter(is_current=True)) == [live]
    practice.refresh_from_db()
    assert not practice.is_current


def test_who_makes_a_customer_may_see_it(client):
    user = make_user(may=("customers.add_customer", "customers.view_customer"))
    client.force_login(user)

    filled = {"name": "Acme", "default_availability": "private", "resumes_on_expiry": "delete"}
    client.post(reverse("admin:customers_customer_add"), filled)

    assert list(Customer.objects.visible_to(user)) == [Customer.objects.get()]


def test_a_customer_without_connections_is_told_what_comes_next(client, root):
    page = client.get(reverse("admin:customers_customer_change", args=[make_customer().pk])).content.decode()

    assert "Not connected to any vendor yet" in page
    assert reverse("admin:customers_connection_add") in page


def test_practice_and_live_are_told_apart_in_the_list(client, root):
    make_connection()
    make_connection(make_customer("Umbrella"), environment="live")

    page = client.get(reverse("admin:customers_customer_changelist")).content.decode()

    assert "Practice · Not tested" in page
    assert "Live · Not tested" in page


class TestDeleting:
    def delete_page(self, record: Connection | Customer) -> str:
        return reverse(f"admin:customers_{record._meta.model_name}_delete", args=[record.pk])

    def test_a_connection_that_was_used_stays_and_its_page_says_what_to_do_instead(self, client, root):
        connection = make_connection()
        Lane.objects.create(connection=connection, kind="job")

        asked = client.get(self.delete_page(connection)).content.decode()
        client.post(self.delete_page(connection), {"post": "yes"})

        assert "cannot be deleted" in asked
        assert f"{reverse('admin:sync_hold_add')}?connection={connection.pk}" in asked
        assert "lane" not in asked.lower()
        assert Connection.objects.get() == connection

    def test_one_that_was_never_used_goes_with_its_token_and_is_written_down(self, client, root):
        connection = make_connection()
        credential = {"environment": "simulator", "destination": "linkedin", "client_id": connection.client_id}
        AccessToken.objects.create(**credential, token="of no more use")

        asked = client.get(self.delete_page(connection)).content.decode()
        client.post(self.delete_page(connection), {"post": "yes"})

        assert "Nothing was ever sent through it." in asked
        assert "Acme then has no connection to LinkedIn in use." in asked
        assert not Connection.objects.exists()
        assert AccessToken.objects.get().token == ""
        assert AuditEvent.objects.get().verb == "delete"

    def test_a_customer_with_a_connection_stays_and_one_with_members_alone_goes(self, client, root):
        used, unused = make_connection().customer, make_customer("Umbrella")
        make_user(of=(unused,))

        assert "cannot be deleted" in client.get(self.delete_page(used)).content.decode()
        assert "the list of who may see it" in client.get(self.delete_page(unused)).content.decode()
        for customer in (used, unused):
            client.post(self.delete_page(customer), {"post": "yes"})

        assert list(Customer.objects.all()) == [used]
        assert AuditEvent.objects.get(verb="delete").label == "Umbrella"

    def test_nothing_that_is_in_use_is_deleted_past_the_page(self, root):
        connection = make_connection()
        Lane.objects.create(connection=connection, kind="job")

        for record in (connection, connection.customer):
            with pytest.raises(ValueError, match="in use"):
                services.delete(record, by=root)

    def test_lists_delete_nothing(self, client, root):
        make_connection()
        for name in ("customer", "connection"):
            page = client.get(reverse(f"admin:customers_{name}_changelist")).content.decode()
            assert "delete_selected" not in page


def test_a_person_without_customers_is_told_why_the_list_is_empty(client):
    client.force_login(make_user("nova", may=("customers.view_customer",)))

    page = client.get(reverse("admin:customers_customer_changelist")).content.decode()

    assert "You see those you are a member of." in page
