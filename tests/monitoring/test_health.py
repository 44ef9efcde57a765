"""`/healthz` and `/readyz`: who asks learns whether it works, and nothing else."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest
from celery import Celery
from django.db import connection
from django.test import Client

import talentsync.celery
from talentsync.core.models import Heartbeat
from tests.crash.world import on_database

WELL = {"database": "ok", "broker": "ok", "migrations": "ok", "worker": "ok", "beat": "ok"}


def readiness(client: Client) -> tuple[int, dict]:
    answer = client.get("/readyz")
    said = answer.json()
    assert said["ready"] == (answer.status_code == 200)
    return answer.status_code, said["parts"]


@pytest.fixture
def broker():
    """Let this process use another broker for a while."""
    apps = []

    def use(url: str) -> None:
        app = Celery("tests.monitoring", broker=url)
        app.set_current()
        apps.append(app)

    yield use
    talentsync.celery.app.set_current()
    for app in apps:
        app.close()


def test_a_process_that_answers_is_healthy_and_asks_no_database(client: Client) -> None:
    """Without the mark, pytest lets no test touch the database."""
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_programs_only_read(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405


@pytest.mark.parametrize("path", ["/healthz", "/metrics"])
def test_programs_ask_by_any_name_and_without_tls(client: Client, settings: object, path: str) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.METRICS_TOKEN = "t" * 16
    assert client.get(path, headers={"host": "10.1.2.3:8000"}).status_code in {200, 401}
    assert Client().get("/admin/", headers={"host": "10.1.2.3:8000"}).status_code in {301, 400}


@pytest.mark.usefixtures("alive")
def test_everything_is_there(client: Client) -> None:
    assert readiness(client) == (200, WELL)


@pytest.mark.django_db
def test_whoever_asks_every_few_seconds_does_not_fill_the_log(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    assert client.get("/readyz").status_code == 503
    assert client.get("/metrics").status_code == 404
    assert caplog.text == ""


@pytest.mark.django_db
def test_a_worker_and_a_beat_that_were_never_seen_are_told(client: Client) -> None:
    assert readiness(client) == (503, {**WELL, "worker": "silent", "beat": "silent"})


@pytest.mark.usefixtures("alive")
def test_a_silent_worker_alone_is_told(client: Client) -> None:
    Heartbeat.objects.get(name="worker").delete()
    assert readiness(client) == (503, {**WELL, "worker": "silent"})


@pytest.mark.usefixtures("alive")
def test_a_migration_that_was_not_applied_is_counted(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'sync' AND name LIKE '0001%'")
    status, parts = readiness(client)
    assert (status, parts["migrations"]) == (503, "1 not applied")


@pytest.mark.usefixtures("alive")
@pytest.mark.parametrize("url", ["amqp://guest:s3cret@127.0.0.1:{port}//", "redis://:s3cret@127.0.0.1:{port}/0"])
def test_a_broker_that_is_away_is_told_without_its_address(client: Client, broker: object, url: str) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    broker(url.format(port=port))
    assert readiness(client) == (503, {**WELL, "broker": "unreachable"})
    content = client.get("/readyz").content.decode()
    assert "s3cret" not in content
    assert str(port) not in content


@pytest.mark.usefixtures("alive")
def test_an_embedded_broker_whose_folder_cannot_be_used_is_told(client: Client, broker: object, tmp_path: Path) -> None:
    broker(f"embedded://{tmp_path / 'broker'}")
    assert readiness(client) == (200, WELL)
    (tmp_path / "file").write_text("")
    broker(f"embedded://{tmp_path / 'file' / 'broker'}")
    assert readiness(client) == (503, {**WELL, "broker": "unreachable"})


@pytest.mark.usefixtures("alive")
@pytest.mark.parametrize("name", ["TEST_REDIS_URL", "TEST_AMQP_URL"])
def test_a_real_broker_is_reached(client: Client, broker: object, name: str) -> None:
    if name not in os.environ:
        pytest.skip(f"{name} is not set")
    broker(os.environ[name])
    assert readiness(client) == (200, WELL)


def test_a_database_that_is_away_is_told_and_the_rest_is_not_guessed(
    client: Client, settings: object, tmp_path: Path, django_db_blocker: object
) -> None:
    with django_db_blocker.unblock(), on_database(f"sqlite:///{tmp_path}/db.sqlite3"):
        (tmp_path / "db.sqlite3").mkdir()
        expected = {"database": "unreachable", **dict.fromkeys(("migrations", "worker", "beat"), "unknown")}
        assert readiness(client) == (503, {**WELL, **expected})
