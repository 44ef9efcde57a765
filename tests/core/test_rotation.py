"""Rotating the keys: everything is written anew, nothing is lost, and afterwards the first key is enough."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO

import pytest
from cryptography.fernet import Fernet, InvalidToken
from django.core import checks
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from talentsync.core import keys, rotation, starting
from talentsync.core.models import KeyProbe
from talentsync.customers.models import AccessToken, Connection
from talentsync.sync.models import Attempt, Delivery, Snapshot
from tests.customers.making import make_connection

OLD, NEW, THIRD = (Fernet.generate_key().decode() for _ in range(3))
CHUNK = 3

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotation, "CHUNK", CHUNK)


@pytest.fixture
def written(settings: object) -> Connection:
    """A database that was written with the old key, and a new one in front of it."""
    settings.FIELD_ENCRYPTION_KEYS = [OLD]
    KeyProbe.objects.update(word="TalentSync")
    there = make_connection(client_secret="s3cret")
    for number in range(2 * CHUNK + 1):
        row = Delivery.objects.create(connection=there, kind="job", object_id=number, entity_key=str(number))
        Snapshot.objects.create(delivery=row, accepted={"number": number})
    Attempt.objects.create(connection=there, kind="job", step="send", at=timezone.now(), words="")
    settings.FIELD_ENCRYPTION_KEYS = [NEW, OLD]
    return there


def values() -> Iterator[tuple[str, str]]:
    """Every ciphertext of the database, with the name of its table."""
    tables = {**rotation.encrypted(), KeyProbe: ["word"]}
    with connection.cursor() as cursor:
        for model, names in tables.items():
            for name in names:
                cursor.execute(f"SELECT {name} FROM {model._meta.db_table} WHERE {name} <> ''")
                yield from ((model._meta.db_table, value) for (value,) in cursor.fetchall())


def opened_by(key: str) -> int:
    return sum(_opens(key, value) for _, value in values())


def _opens(key: str, value: str) -> bool:
    try:
        Fernet(key).decrypt(value)
    except InvalidToken:
        return False
    return True


def rotated() -> str:
    out = StringIO()
    call_command("rotate_encryption_keys", stdout=out)
    return out.getvalue()


def test_afterwards_the_first_key_alone_opens_everything(written: Connection, settings: object) -> None:
    number = opened_by(OLD)
    assert number == 2 * CHUNK + 1 + 2  # the snapshots, the secret of the connection, and the probe
    assert f"{number - 1} values were written anew" in rotated()
    assert (opened_by(OLD), opened_by(NEW)) == (0, number)
    settings.FIELD_ENCRYPTION_KEYS = [NEW]
    assert [each.accepted["number"] for each in Snapshot.objects.order_by("pk")] == list(range(2 * CHUNK + 1))
    assert Connection.objects.get().client_secret == "s3cret"
    assert not keys.are_wrong()


def test_a_second_rotation_finds_nothing_to_do(written: Connection) -> None:
    rotated()
    before = sorted(values())
    assert "0 values were written anew" in rotated()
    assert sorted(values()) == before


def test_what_no_key_opens_is_counted_left_alone_and_keeps_the_old_key_needed(
    written: Connection, settings: object
) -> None:
    settings.FIELD_ENCRYPTION_KEYS = [THIRD]
    AccessToken.objects.create(environment="live", destination="linkedin", client_id="77", token="t0ken")
    settings.FIELD_ENCRYPTION_KEYS = [NEW, OLD]
    with pytest.raises(CommandError, match="1 values are opened by no key"):
        rotated()
    assert opened_by(THIRD) == 1
    assert opened_by(OLD) == 1  # the probe: so nobody starts without the old key
    settings.FIELD_ENCRYPTION_KEYS = [NEW]
    assert keys.are_wrong()
    settings.FIELD_ENCRYPTION_KEYS = [NEW, OLD, THIRD]
    rotated()
    assert (opened_by(OLD), opened_by(THIRD)) == (0, 0)


def test_something_that_still_writes_with_the_old_key_is_told(written: Connection, settings: object) -> None:
    """As a worker does that was not restarted."""

    def a_worker_writes(_: str) -> None:
        settings.FIELD_ENCRYPTION_KEYS = [OLD]
        Connection.objects.update(client_secret="another")
        settings.FIELD_ENCRYPTION_KEYS = [NEW, OLD]

    done = rotation.rotate(say=a_worker_writes)
    assert not done.is_finished
    assert opened_by(OLD) == 2  # what the worker wrote last, and the probe
    rotated()
    assert opened_by(OLD) == 0
    assert Connection.objects.get().client_secret == "another"


# at the start


def messages() -> set[str]:
    return {message.id for message in checks.run_checks(databases=["default"]) if message.id.startswith("core.")}


def test_keys_that_fit_are_no_matter(written: Connection) -> None:
    assert messages() == set()
    starting.refuse_to_start()


def test_a_wrong_key_stops_the_start(written: Connection, settings: object) -> None:
    settings.FIELD_ENCRYPTION_KEYS = [NEW]
    assert messages() == {"core.E003"}
    with pytest.raises(SystemExit):
        starting.refuse_to_start()


def test_a_check_that_breaks_lets_nothing_start(settings: object) -> None:
    """Celery would log it, and go on."""
    settings.ALERT_WEBHOOK_URL = "https://[hooks.example/x"
    with pytest.raises(SystemExit) as ended:
        starting.worker_or_beat_starts()
    assert ended.value.code == starting.FAILED_TO_BOOT
