"""Settings: what the environment says is what holds, and what is not said is safe."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.core.checks import run_checks
from django.db import connection
from django.test import RequestFactory

from talentsync import celery_app, environment, proxy
from talentsync.checks import check_proxies
from talentsync.environment import PROJECT

KEYS = {
    "SECRET_KEY": "s" * 50 + "-not-a-real-one-0123456789",
    "FIELD_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
    "ERASURE_HASH_KEY": "e" * 64,
}
SHOW = """
import json, sys
from django.conf import settings
print(json.dumps({name: getattr(settings, name) for name in sys.argv[1:]}, default=str))
"""
EXAMPLE = (PROJECT / ".env.example").read_text(encoding="utf-8")
NAMES = re.findall(r"^([A-Z_][A-Z_0-9]*)=(.*)$", EXAMPLE, flags=re.MULTILINE)


@pytest.fixture
def shown(python):
    """The values of some settings in a fresh process with these names in its environment."""

    def show(*wanted: str, **names: str) -> dict:
        done = python("-c", SHOW, *wanted, **{**KEYS, **names})
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return show


def read_names(path: Path) -> set[str]:
    """Names that this module reads from the environment."""
    calls = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    reads = [call for call in calls if re.match(r"env\.(str|int|bool|list)$|os\.environ\.get$", ast.unparse(call.func))]
    return {call.args[0].value for call in reads}


def test_the_example_names_exactly_what_is_read():
    read = read_names(PROJECT / "talentsync/settings.py") | read_names(PROJECT / "talentsync/environment.py")
    assert read - {"DJANGO_SETTINGS_MODULE"} == {name for name, _ in NAMES}


def test_the_defaults_of_the_example_are_the_defaults(shown):
    wanted = [name for name, _ in NAMES if name != "DATABASE_URL" and name not in KEYS] + ["DATABASES"]
    assert shown(*wanted, **{name: value for name, value in NAMES if name not in KEYS}) == shown(*wanted)


def test_every_name_of_the_example_is_explained():
    for name, _ in NAMES:
        above = EXAMPLE.split(f"\n{name}=")[0].rsplit("\n\n", 1)[-1]
        assert "# " in above, name


def test_the_environment_wins_over_the_file(shown, elsewhere):
    (elsewhere / ".env").write_text("PORT=9001\nUNDO_SECONDS=5\n")
    assert shown("PORT", "UNDO_SECONDS", PORT="9002") == {"PORT": 9002, "UNDO_SECONDS": 5}


def test_a_line_of_the_file_that_cannot_be_read_is_named_and_not_shown(python, elsewhere):
    (elsewhere / ".env").write_text("PORT=9001\nSECRET_KEY = canary\n")
    done = python("-c", SHOW, "PORT")
    assert "Line 2 of .env" in done.stderr
    assert "canary" not in done.stderr


def test_an_https_address_turns_on_what_protects_cookies_and_connections(shown):
    wanted = ["SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "SECURE_HSTS_INCLUDE_SUBDOMAINS"]
    assert set(shown(*wanted, SITE_URL="https://talentsync.example").values()) == {True}
    assert set(shown(*wanted).values()) == {False}
    said = shown("SECURE_HSTS_SECONDS", "CSRF_TRUSTED_ORIGINS", "ALLOWED_HOSTS", SITE_URL="https://talentsync.example/")
    assert said["SECURE_HSTS_SECONDS"] == 31_536_000
    assert said["CSRF_TRUSTED_ORIGINS"] == ["https://talentsync.example"]
    assert said["ALLOWED_HOSTS"][0] == "talentsync.example"


def test_nothing_that_weakens_the_site_is_on_by_default(shown):
    said = shown("DEBUG", "ALLOWED_HOSTS", "PASSWORD_HASHERS", "STORAGES")
    assert said["DEBUG"] is False
    assert set(said["ALLOWED_HOSTS"]) == {"127.0.0.1", "localhost"}
    assert said["PASSWORD_HASHERS"][0].endswith("Argon2PasswordHasher")
    assert "Manifest" in said["STORAGES"]["staticfiles"]["BACKEND"]


def test_postgresql_is_chosen_by_its_address_alone(shown):
    database = shown("DATABASES", DATABASE_URL="postgres://u:p@db.example:5433/talent")["DATABASES"]["default"]
    expected = {"NAME": "talent", "USER": "u", "PASSWORD": "p", "HOST": "db.example", "PORT": 5433}
    assert database.items() >= expected.items()
    assert database["ENGINE"] == "django.db.backends.postgresql"
    assert "OPTIONS" not in database


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("", ["django.core.mail.backends.dummy.EmailBackend", "localhost", 25, None, None, False, False]),
        (
            "smtp://mail.example:25",
            ["django.core.mail.backends.smtp.EmailBackend", "mail.example", 25, None, None, False, False],
        ),
        (
            "smtp+tls://us%40er:p%2Fa%3Fss@mail.example:587",
            ["django.core.mail.backends.smtp.EmailBackend", "mail.example", 587, "us@er", "p/a?ss", True, False],
        ),
        (
            "smtp+ssl://user:pass@mail.example:465",
            ["django.core.mail.backends.smtp.EmailBackend", "mail.example", 465, "user", "pass", False, True],
        ),
    ],
)
def test_the_mail_server_is_one_address(shown, address, expected):
    names = ["BACKEND", "HOST", "PORT", "HOST_USER", "HOST_PASSWORD", "USE_TLS", "USE_SSL"]
    assert list(shown(*(f"EMAIL_{name}" for name in names), EMAIL_URL=address).values()) == expected


def test_a_relative_database_file_counts_from_the_project(shown, elsewhere):
    said = shown("DATABASES", DATABASE_URL="sqlite:///var/other.sqlite3")
    assert said["DATABASES"]["default"]["NAME"] == str(elsewhere / "var/other.sqlite3")


def test_everything_written_goes_below_var_dir(shown, tmp_path):
    said = shown("DATABASES", "STATIC_ROOT", "MEDIA_ROOT", VAR_DIR=str(tmp_path / "v"))
    paths = [said["DATABASES"]["default"]["NAME"], said["STATIC_ROOT"], said["MEDIA_ROOT"]]
    assert all(path.startswith(str(tmp_path / "v")) for path in paths)


def test_resumes_lie_on_the_disk_unless_a_bucket_is_named(shown):
    assert shown("STORAGES")["STORAGES"]["resumes"] == {"BACKEND": "talentsync.resumes.storage.LocalStorage"}
    said = shown("STORAGES", RESUMES_S3_BUCKET="b", RESUMES_S3_ENDPOINT="https://s3.example")["STORAGES"]["resumes"]
    assert said["BACKEND"] == "talentsync.resumes.s3.S3PrivateStorage"
    options = {"bucket_name": "b", "location": "resumes", "endpoint_url": "https://s3.example", "access_key": None}
    assert said["OPTIONS"].items() >= options.items()


def test_tests_read_no_production_name():
    outer = {
        "DATABASE_URL": "postgres://production",
        "SECRET_KEY": "production",
        "CELERY_BROKER_URL": "amqp://production",
    }
    assert "production" not in str(environment.test_environment(outer))
    outer["TEST_POSTGRES_URL"] = "postgres://test"
    assert environment.test_environment(outer)["DATABASE_URL"] == "postgres://test"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("secure_delete", 1), ("foreign_keys", 1), ("synchronous", 2), ("busy_timeout", 20_000)],
)
def test_sqlite_is_opened_safe_and_patient(pragma, value):
    with connection.cursor() as cursor:
        assert cursor.execute(f"PRAGMA {pragma}").fetchone() == (value,)
    assert connection.transaction_mode == "IMMEDIATE"


# System checks


def ids() -> set[str]:
    return {message.id for message in run_checks(tags=None) if message.id.startswith("talentsync.")}


def test_the_settings_under_test_pass_our_checks():
    assert ids() == set()


@pytest.mark.parametrize(
    ("name", "value", "id"),
    [
        ("WALL_DEADLINE_SECONDS", 130.0, "talentsync.E001"),
        ("CONNECT_TIMEOUT_SECONDS", 30.0, "talentsync.E001"),
        ("LEASE_SECONDS", 30, "talentsync.E001"),
        ("SECRET_KEY", "", "talentsync.E002"),
        ("ERASURE_HASH_KEY", "", "talentsync.E003"),
        ("ERASURE_HASH_KEY", "short", "talentsync.E003"),
        ("LINKEDIN_API_URL", "http://api.linkedin.example", "talentsync.E004"),
        ("GREENHOUSE_AUTH_URL", "auth.greenhouse.example", "talentsync.E004"),
        ("SIMULATOR_URL", "https://practice.example", "talentsync.E005"),
        ("SIMULATOR_URL", "http://10.0.0.1:8900", "talentsync.E005"),
        ("DAILY_LIMIT_HEADROOM_PERCENT", 100, "talentsync.E006"),
        ("DAILY_LIMIT_HEADROOM_PERCENT", -1, "talentsync.E006"),
        ("LOG_FORMAT", "xml", "talentsync.E008"),
        ("SWEEP_SECONDS", 0, "talentsync.E009"),
        ("UNDO_SECONDS", -1, "talentsync.E009"),
        ("EXCHANGE_RETENTION_DAYS", 0, "talentsync.E009"),
        ("REQUEST_RETENTION_DAYS", -1, "talentsync.E009"),
        ("AUDIT_RETENTION_DAYS", -1, "talentsync.E009"),
    ],
)
def test_a_setting_that_cannot_work_stops_the_start(settings, name, value, id):
    setattr(settings, name, value)
    assert ids() == {id}


def test_a_number_that_is_none_is_named(python):
    done = python("-c", SHOW, "SWEEP_SECONDS", **KEYS, SWEEP_SECONDS="half a minute")
    assert done.stderr.strip().endswith("SWEEP_SECONDS must be a whole number.")


def test_a_number_that_is_left_empty_is_its_default(shown):
    assert shown("SWEEP_SECONDS", "PORT", SWEEP_SECONDS="", PORT=" 8100 ") == {"SWEEP_SECONDS": 30, "PORT": 8100}


def test_a_vendor_on_this_machine_needs_no_tls(settings):
    settings.LINKEDIN_API_URL = "http://127.0.0.1:8900/linkedin"
    assert ids() == set()


def test_without_keys_the_check_says_what_to_do(python):
    done = python("manage.py", "check")
    assert done.returncode == 1
    assert "SECRET_KEY is not set" in done.stderr
    assert "Run bin/run once" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_deployment_check_finds_nothing(python):
    done = python(
        "manage.py", "check", "--deploy", "--fail-level", "WARNING", **KEYS, SITE_URL="https://talentsync.example"
    )
    assert done.returncode == 0, done.stderr


# Behind a proxy


@pytest.mark.parametrize(
    ("is_https", "peer", "forwarded", "address"),
    [
        (False, "127.0.0.1", "203.0.113.9", "127.0.0.1"),
        (True, "127.0.0.1", "203.0.113.9", "203.0.113.9"),
        (True, "127.0.0.1", "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (True, "192.0.2.7", "203.0.113.9", "192.0.2.7"),
        (True, "127.0.0.1", "", "127.0.0.1"),
    ],
)
def test_the_asker_is_who_our_own_proxy_saw(settings, is_https, peer, forwarded, address):
    settings.IS_HTTPS = is_https
    request = RequestFactory().get("/", REMOTE_ADDR=peer, headers={"X-Forwarded-For": forwarded})
    assert proxy.client_address(request) == address


@pytest.mark.parametrize(
    ("peer", "address"), [("10.1.2.3", "203.0.113.9"), ("127.0.0.1", "127.0.0.1"), ("10.1.3.3", "10.1.3.3"), ("", "")]
)
def test_a_proxy_elsewhere_is_believed_if_it_is_named(settings, peer, address):
    settings.IS_HTTPS, settings.TRUSTED_PROXIES = True, ["10.1.2.0/24", "2001:db8::1"]
    request = RequestFactory().get("/", REMOTE_ADDR=peer, headers={"X-Forwarded-For": "203.0.113.9"})
    assert proxy.client_address(request) == address


def test_a_proxy_that_is_no_address_is_an_error_at_boot(settings):
    settings.TRUSTED_PROXIES = ["10.0.0.7", "the proxy"]
    assert [error.id for error in check_proxies(None)] == ["talentsync.E007"]


# Celery


def test_every_task_of_the_timetable_exists():
    celery_app.loader.import_default_modules()
    planned = {entry["task"] for entry in celery_app.conf.beat_schedule.values()}
    assert planned
    assert planned <= set(celery_app.tasks)


def test_a_frequent_message_that_waited_too_long_is_dropped(settings):
    sweep = celery_app.conf.beat_schedule["sweep"]
    assert sweep["schedule"] == sweep["options"]["expires"] == settings.SWEEP_SECONDS


def test_a_worker_looks_for_its_broker_for_as_long_as_it_is_away():
    assert celery_app.conf.broker_connection_max_retries is None


def test_celery_takes_json_alone_and_stores_results_in_the_database():
    conf = celery_app.conf
    assert (conf.accept_content, conf.task_serializer, conf.result_serializer) == (["json"], "json", "json")
    assert conf.result_backend == "talentsync.results:Backend"
    assert not conf.worker_hijack_root_logger


LOG = """
import logging, django
django.setup()
from talentsync import celery_app
celery_app.log.setup(loglevel="INFO")
for name in ("celery.task", "celery", "talentsync", "django.security"):
    logging.getLogger(name).warning("first\\nAuthorization: Bearer canary-canary-1")
try:
    raise ValueError("client_secret=canary-canary-2")
except ValueError:
    logging.getLogger("celery.worker").exception("failed")
"""


def test_a_worker_logs_one_redacted_line_for_each_record(python):
    done = python("-c", LOG, **KEYS)
    assert done.returncode == 0
    assert len(done.stderr.splitlines()) == 5, done.stderr
    assert "canary" not in done.stderr
