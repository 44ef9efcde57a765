"""What a connection needs, what it refuses, and what never changes."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from talentsync.customers.models import Availability, Connection, Customer
from tests.customers.making import GREENHOUSE, GREENHOUSE_V1, LINKEDIN, make_connection, make_customer, make_user

pytestmark = pytest.mark.django_db


def errors_of(**columns) -> dict[str, list[str]]:
    connection = Connection(customer=make_customer(), environment="live", **columns)
    try:
        connection.full_clean()
    except ValidationError as error:
        return error.message_dict
    return {}


@pytest.mark.parametrize(
    ("destination", "details"), [("linkedin", LINKEDIN), ("greenhouse", GREENHOUSE), ("greenhouse", GREENHOUSE_V1)]
)
def test_a_complete_connection_is_accepted(destination, details):
    assert errors_of(destination=destination, **details) == {}


@pytest.mark.parametrize(
    ("destination", "details", "missing"),
    [
        *(("linkedin", LINKEDIN, name) for name in ("organization_urn", "client_id", "client_secret")),
        *(("greenhouse", GREENHOUSE, name) for name in GREENHOUSE),
        *(("greenhouse", GREENHOUSE_V1, name) for name in ("api_key", "acting_user_id")),
    ],
)
def test_what_is_missing_is_named(destination, details, missing):
    assert missing in errors_of(destination=destination, **{**details, missing: ""})


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("organization_urn", "77", "urn:li:organization:12345"),
        ("organization_urn", "urn:li:contract:77", "urn:li:organization:12345"),
        ("organization_urn", "urn:li:organization:77\n", "urn:li:organization:12345"),
        ("recruiter_contract_urn", "urn:li:organization:5", "urn:li:contract:12345"),
        ("job_contract_urn", "urn:li:contract:", "urn:li:contract:12345"),
    ],
)
def test_a_urn_of_another_shape_is_refused_with_the_right_one(field, value, says):
    errors = errors_of(destination="linkedin", **{**LINKEDIN, field: value})

    assert says in errors[field][0]


@pytest.mark.parametrize("value", ["ann@example.com", "0123", "44 10"])
def test_the_acting_user_is_a_number(value):
    errors = errors_of(destination="greenhouse", **{**GREENHOUSE, "acting_user_id": value})

    assert "number" in errors["acting_user_id"][0]


@pytest.mark.parametrize(
    ("destination", "details", "stray"),
    [
        ("linkedin", LINKEDIN, {"api_key": "x"}),
        ("linkedin", LINKEDIN, {"acting_user_id": "1"}),
        ("greenhouse", GREENHOUSE, {"organization_urn": "urn:li:organization:1"}),
        ("greenhouse", GREENHOUSE, {"api_key": "x"}),
        ("greenhouse", GREENHOUSE_V1, {"client_secret": "x"}),
    ],
)
def test_what_belongs_to_another_vendor_is_refused(destination, details, stray):
    assert set(stray) <= set(errors_of(destination=destination, **{**details, **stray}))


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("destination", "greenhouse"),
        ("environment", "live"),
        ("client_id", "another"),
        ("organization_urn", "urn:li:organization:78"),
    ],
)
def test_the_identity_of_a_connection_never_changes(column, value):
    connection = Connection.objects.get(pk=make_connection().pk)
    setattr(connection, column, value)

    with pytest.raises(ValidationError) as raised:
        connection.save()

    assert column in raised.value.message_dict
    with pytest.raises(ValidationError):
        connection.save(update_fields=[column])


def test_the_customer_of_a_connection_never_changes():
    connection = make_connection()
    connection.customer = make_customer("Umbrella")

    with pytest.raises(ValidationError) as raised:
        connection.save()

    assert "customer" in raised.value.message_dict


def test_everything_else_of_a_connection_may_change():
    connection = make_connection()
    connection.client_secret, connection.job_contract_urn = "renewed", "urn:li:contract:9"

    connection.save()

    assert Connection.objects.get().client_secret == "renewed"


def test_only_one_connection_of_a_customer_is_in_use_at_a_vendor():
    make_connection()
    make_connection(destination="greenhouse")
    make_connection(make_customer("Umbrella"))
    make_connection(client_id="old", is_current=False)

    with pytest.raises(IntegrityError), transaction.atomic():
        make_connection(client_id="second")


def test_the_default_close_reason_is_one_that_greenhouse_offers():
    offered = [{"id": 512, "name": "On Hold"}]

    assert "default_close_reason_id" in errors_of(destination="greenhouse", default_close_reason_id=512, **GREENHOUSE)
    assert not errors_of(destination="greenhouse", default_close_reason_id=512, close_reasons=offered, **GREENHOUSE)


def test_new_posts_are_private_unless_the_customer_says_otherwise():
    assert make_customer().default_availability == Availability.PRIVATE


def test_superusers_see_every_customer_and_others_only_their_own():
    acme, umbrella = make_customer(), make_customer("Umbrella")
    member = make_user(of=(acme,))

    assert list(Customer.objects.visible_to(member)) == [acme]
    assert set(Customer.objects.visible_to(make_user("root", is_superuser=True))) == {acme, umbrella}


def test_who_has_left_sees_nothing():
    acme = make_customer()

    assert not Customer.objects.visible_to(make_user(of=(acme,), is_active=False)).exists()
    assert not Customer.objects.visible_to(make_user("root", is_superuser=True, is_active=False)).exists()


def test_one_greenhouse_credential_acts_for_one_user(db: None) -> None:
    make_connection(make_customer("First"), destination="greenhouse")
    other = make_connection(make_customer("Second"), destination="greenhouse", acting_user_id="999")
    with pytest.raises(ValidationError) as caught:
        other.full_clean()
    assert list(caught.value.message_dict) == ["acting_user_id"]


def test_each_customer_has_a_linkedin_application_of_its_own(db: None) -> None:
    make_connection(make_customer("First"))
    other = make_connection(make_customer("Second"))
    with pytest.raises(ValidationError) as caught:
        other.full_clean()
    assert list(caught.value.message_dict) == ["client_id"]


def wrong_about_files(kept_for, unit):
    customer = make_customer()
    customer.resumes_kept_for, customer.resumes_kept_unit, customer.resumes_on_expiry = kept_for, unit, "again"
    try:
        customer.full_clean()
    except ValidationError as error:
        return set(error.message_dict)
    return set()


@pytest.mark.parametrize(("kept_for", "unit"), [(1, "HOUR"), (2**63 - 1, "YEAR"), (None, "")])
def test_files_may_be_uploaded_again_and_again(kept_for, unit):
    assert wrong_about_files(kept_for, unit) == set()


def test_files_that_are_uploaded_again_are_kept_for_an_hour():
    assert wrong_about_files(59, "MINUTE") == {"resumes_on_expiry"}


def test_a_unit_that_nobody_knows_is_told_as_such():
    assert wrong_about_files(59, "FORTNIGHT") == {"resumes_kept_unit"}
