"""The `connect` command: what it makes, renews and refuses, and how it ends."""

from __future__ import annotations

import io
import threading

import pytest
from django.core.management import CommandError, call_command

from connectors.base.simulation.serving import PracticeServer
from connectors.greenhouse.simulator import Greenhouse
from connectors.linkedin.simulator import Linkedin
from talentsync.customers import services
from talentsync.customers.models import AccessToken, Connection, Customer, Health

pytestmark = pytest.mark.django_db

LINKEDIN = {"customer": "Acme", "environment": "live", "organization_urn": "urn:li:organization:77", "client_id": "77"}
GREENHOUSE = {"customer": "Acme", "environment": "live", "client_id": "gh-77", "acting_user": "4410027"}


@pytest.fixture(autouse=True)
def secrets(monkeypatch):
    monkeypatch.setenv("SECRET_1", "first")
    monkeypatch.setenv("SECRET_2", "second")
    monkeypatch.delenv("NOT_SET", raising=False)


def connect(destination: str, **options) -> str:
    """Run the command as a person types it."""
    out = io.StringIO()
    options.setdefault("client_secret_env", "SECRET_1")
    typed = []
    for name, value in options.items():
        option = f"--{name.replace('_', '-')}"
        typed += [option] if value is True else [option, value] if value is not None else []
    call_command("connect", destination, *typed, stdout=out)
    return out.getvalue()


def refused(destination: str, **options) -> CommandError:
    with pytest.raises(CommandError) as raised:
        connect(destination, **options)
    return raised.value


def test_a_new_customer_is_made_and_connected():
    said = connect("linkedin", **LINKEDIN, job_contract_urn="urn:li:contract:5")

    connection = Connection.objects.get()
    assert connection.customer.name == "Acme"
    assert (connection.client_secret, connection.job_contract_urn) == ("first", "urn:li:contract:5")
    assert connection.is_current
    assert "Connected: Acme · LinkedIn (Live)" in said
    assert "first" not in said


def test_both_vendors_belong_to_one_customer():
    connect("linkedin", **LINKEDIN)
    connect("greenhouse", **GREENHOUSE)

    assert Customer.objects.get().connections.count() == 2


def test_running_it_again_renews_secret_and_contract_and_drops_the_token():
    connect("linkedin", **LINKEDIN)
    AccessToken.objects.filter(client_id="77").update(token="of the old secret")

    said = connect("linkedin", **LINKEDIN, recruiter_contract_urn="urn:li:contract:6", client_secret_env="SECRET_2")

    connection = Connection.objects.get()
    assert (connection.client_secret, connection.recruiter_contract_urn) == ("second", "urn:li:contract:6")
    assert AccessToken.objects.get().token == ""
    assert "Changed" in said


def test_a_contract_that_is_not_named_stays():
    connect("linkedin", **LINKEDIN, job_contract_urn="urn:li:contract:5")

    assert "Nothing to change" in connect("linkedin", **LINKEDIN)
    assert Connection.objects.get().job_contract_urn == "urn:li:contract:5"


@pytest.mark.parametrize("other", [{"organization_urn": "urn:li:organization:78"}, {"client_id": "78"}])
def test_another_account_needs_new_and_then_takes_over(other):
    connect("linkedin", **LINKEDIN)

    error = refused("linkedin", **{**LINKEDIN, **other})
    assert "--new" in str(error)
    assert error.returncode == 2
    assert Connection.objects.count() == 1

    connect("linkedin", **{**LINKEDIN, **other}, new=True)
    assert Connection.objects.filter(is_current=True).get().pk == Connection.objects.latest("pk").pk
    assert Connection.objects.count() == 2


def test_running_it_again_with_new_makes_no_second_connection_to_the_same_account():
    connect("linkedin", **LINKEDIN)
    connect("linkedin", **LINKEDIN, new=True)

    assert Connection.objects.count() == 1


def test_going_live_takes_over_from_practice_and_practice_never_from_live(practice):
    connect("linkedin", **{**LINKEDIN, "environment": "simulator"})
    connect("linkedin", **LINKEDIN)
    assert Connection.objects.get(is_current=True).environment == "live"

    said = connect("linkedin", **{**LINKEDIN, "environment": "simulator", "client_id": "78"}, new=True)
    assert Connection.objects.get(is_current=True).environment == "live"
    assert "not in use" in said


def test_the_secret_may_come_from_standard_input(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("from-stdin\n"))

    connect("linkedin", **LINKEDIN, client_secret_env=None, client_secret_stdin=True)

    assert Connection.objects.get().client_secret == "from-stdin"


def test_the_legacy_api_takes_a_key(monkeypatch):
    options = {**GREENHOUSE, "client_id": None, "client_secret_env": None, "api": "v1"}

    connect("greenhouse", **options, api_key_env="SECRET_1")

    connection = Connection.objects.get()
    assert (connection.api_version, connection.api_key, connection.client_id) == ("v1", "first", "")


@pytest.mark.parametrize(
    ("destination", "options", "says"),
    [
        ("linkedin", {**LINKEDIN, "organization_urn": "77"}, "--organization-urn: Write the company page as"),
        ("linkedin", {**LINKEDIN, "job_contract_urn": "5"}, "--job-contract-urn: Write the contract as"),
        ("linkedin", {**LINKEDIN, "client_secret_env": "NOT_SET"}, "NOT_SET is not set"),
        ("linkedin", {**LINKEDIN, "client_secret_env": None}, "is required"),
        ("linkedin", {**LINKEDIN, "environment": "test"}, "invalid choice"),
        ("linkedin", {**LINKEDIN, "customer": " "}, "--customer"),
        ("greenhouse", {**GREENHOUSE, "acting_user": "ann@example.com"}, "--acting-user: Write the Greenhouse user's"),
        ("greenhouse", {**GREENHOUSE, "client_id": None}, "Harvest v3 takes --client-id"),
        ("greenhouse", {**GREENHOUSE, "api_key_env": "SECRET_1"}, "Harvest v3 takes --client-id"),
        ("greenhouse", {**GREENHOUSE, "api": "v1", "api_key_env": "SECRET_1"}, "Harvest v1 takes --api-key-env"),
    ],
)
def test_a_mistake_is_named_and_leaves_nothing_behind(destination, options, says):
    error = refused(destination, **options)

    assert says in str(error)
    assert error.returncode in (1, 2)  # argparse itself exits with 2 when typed
    assert not Customer.objects.exists()


@pytest.fixture
def practice(settings):
    """The simulators, served on a free port of this machine."""
    server = PracticeServer([Linkedin(), Greenhouse()], host="127.0.0.1", port=0)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    settings.SIMULATOR_URL = server.url
    yield server
    server.shutdown()
    server.server_close()
    thread.join(timeout=10)


def test_a_practice_connection_is_known_to_the_simulators_and_works(practice):
    connect("linkedin", **{**LINKEDIN, "environment": "simulator"})
    said = connect("greenhouse", **{**GREENHOUSE, "environment": "simulator"})

    assert "The simulators know it" in said
    for connection in Connection.objects.all():
        services.test_connection(connection, by=None)
        assert connection.health == Health.OK, connection.health_words


def test_a_practice_connection_to_the_legacy_api_works_too(practice):
    options = {**GREENHOUSE, "client_id": None, "client_secret_env": None, "api": "v1", "environment": "simulator"}

    connect("greenhouse", **options, api_key_env="SECRET_1")

    connection = Connection.objects.get()
    services.test_connection(connection, by=None)
    assert connection.health == Health.OK, connection.health_words


def test_simulators_that_do_not_run_are_told_and_the_connection_stays(practice):
    practice.shutdown()
    practice.server_close()

    error = refused("linkedin", **{**LINKEDIN, "environment": "simulator"})

    assert "manage.py simulators" in str(error)
    assert error.returncode == 1
    assert Connection.objects.count() == 1


def test_a_client_id_is_taken_without_the_spaces_around_it():
    connect("linkedin", **LINKEDIN)
    connect("linkedin", **{**LINKEDIN, "client_id": " 77 "})
    assert Connection.objects.get().client_id == "77"

    error = refused("linkedin", **{**LINKEDIN, "customer": "Other", "client_id": "77 "})

    assert "Another customer uses this application" in str(error)
    assert not Customer.objects.filter(name="Other").exists()
