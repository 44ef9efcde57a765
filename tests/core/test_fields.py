"""Encrypted columns: what they hide, what they refuse, and how keys are changed."""

from __future__ import annotations

import pytest
from cryptography.fernet import Fernet
from django.core import checks, serializers
from django.core.exceptions import FieldError
from django.db import connection, models
from django.db.models.expressions import Value
from django.test.utils import isolate_apps

from talentsync.core.fields import EncryptedJSONField, WrongKey
from talentsync.customers.models import AccessToken

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()
SECRET = "wJalr/XUtn=FEMI"


@pytest.fixture
def token(db, settings) -> AccessToken:
    settings.FIELD_ENCRYPTION_KEYS = [OLD]
    return AccessToken.objects.create(environment="live", destination="linkedin", client_id="77", token=SECRET)


def stored(token: AccessToken) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT token FROM customers_accesstoken WHERE id = %s", [token.pk])
        return cursor.fetchone()[0]


def test_what_is_written_is_read_back_and_the_column_does_not_hold_it(token):
    token.refresh_from_db()

    assert token.token == SECRET
    assert SECRET not in stored(token)


def test_a_queryset_update_encrypts_too(token):
    AccessToken.objects.update(token="another")

    assert "another" not in stored(token)
    token.refresh_from_db()
    assert token.token == "another"


def test_a_new_first_key_encrypts_and_the_older_key_still_opens_what_it_closed(token, settings):
    settings.FIELD_ENCRYPTION_KEYS = [NEW, OLD]
    token.refresh_from_db()
    assert token.token == SECRET

    token.save()
    settings.FIELD_ENCRYPTION_KEYS = [NEW]

    token.refresh_from_db()
    assert token.token == SECRET


def test_a_wrong_key_is_loud_and_names_the_column_without_its_content(token, settings):
    settings.FIELD_ENCRYPTION_KEYS = [NEW]

    with pytest.raises(WrongKey) as raised:
        token.refresh_from_db()

    assert "customers_accesstoken.token" in str(raised.value)
    assert stored(token) not in str(raised.value)


def test_plain_text_that_got_into_the_column_is_refused_as_well(token):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE customers_accesstoken SET token = 'plain'")

    with pytest.raises(WrongKey):
        token.refresh_from_db()


def test_an_encrypted_column_cannot_be_searched(token):
    with pytest.raises(FieldError):
        AccessToken.objects.filter(token=SECRET).exists()
    with pytest.raises(FieldError):
        AccessToken.objects.filter(token__startswith="w").exists()


def test_a_data_dump_refuses_rather_than_write_the_secret(token):
    with pytest.raises(FieldError):
        serializers.serialize("json", [token])


def test_the_empty_string_stays_empty(token):
    AccessToken.objects.update(token="")

    assert stored(token) == ""
    token.refresh_from_db()
    assert token.token == ""


@isolate_apps("tests.core")
def test_a_json_value_survives_and_is_compressed_before_it_is_encrypted(settings):
    settings.FIELD_ENCRYPTION_KEYS = [OLD]

    class Holder(models.Model):  # noqa: DJ008 (nobody prints it)
        value = EncryptedJSONField(null=True)

        class Meta:
            app_label = "core"

    field = Holder._meta.get_field("value")
    payload = {"title": "Maschinenführer", "lines": ["the same words again"] * 200, "none": None}

    column = field.get_db_prep_value(payload, connection, prepared=False)

    assert "Maschinen" not in column
    assert len(column) < 500
    assert field.from_db_value(column, Value(1), connection) == payload
    assert field.get_db_prep_value(None, connection, prepared=False) is None
    assert field.from_db_value(None, Value(1), connection) is None


@pytest.mark.parametrize(("keys", "expected"), [([], ["core.E001"]), ([OLD, "short"], ["core.E002"]), ([OLD, NEW], [])])
def test_the_system_check_finds_missing_and_broken_keys(settings, keys, expected):
    settings.FIELD_ENCRYPTION_KEYS = keys

    found = [message for message in checks.run_checks() if message.id.startswith("core.")]

    assert [message.id for message in found] == expected
    assert not any("short" in message.msg for message in found)
