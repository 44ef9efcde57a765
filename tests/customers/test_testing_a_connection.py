"""*Test connection* against both vendors in practice, in good weather and bad."""

from __future__ import annotations

import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.contrib.auth.models import User

from talentsync.core.models import AuditEvent
from talentsync.customers import clients, services
from talentsync.customers.models import Connection, Health
from tests.customers.making import GREENHOUSE, GREENHOUSE_V1, LINKEDIN, make_connection, make_user

pytestmark = pytest.mark.django_db


def after_test(connection: Connection, *, by: User | None = None) -> Connection:
    services.test_connection(connection, by=by)
    return Connection.objects.get(pk=connection.pk)


def greenhouse_v1() -> Connection:
    return make_connection(destination="greenhouse", **{name: "" for name in GREENHOUSE} | GREENHOUSE_V1)


def test_linkedin_works(linkedin):
    connection = after_test(make_connection())

    assert (connection.health, connection.health_words) == (Health.OK, "The connection to LinkedIn works.")
    assert connection.last_tested_at is not None


def test_greenhouse_works_and_tells_its_close_reasons(greenhouse):
    greenhouse.seed_job("REQ-1")

    connection = after_test(make_connection(destination="greenhouse"))

    assert connection.health == Health.OK
    assert {"id": 512, "name": "On Hold"} in connection.close_reasons
    assert connection.close_reasons_at is not None


def test_the_legacy_api_works_with_its_key(greenhouse):
    greenhouse.seed_job("REQ-1")

    connection = after_test(greenhouse_v1())

    assert connection.health == Health.OK
    assert connection.close_reasons


def test_a_default_close_reason_that_is_gone_is_told(greenhouse):
    greenhouse.seed_job("REQ-1")
    connection = make_connection(
        destination="greenhouse", default_close_reason_id=9, close_reasons=[{"id": 9, "name": "Old"}]
    )

    assert "choose another" in after_test(connection).health_words


def test_wrong_credentials_at_linkedin(linkedin):
    connection = after_test(make_connection(client_secret="wrong"))

    assert connection.health == Health.FAILING
    assert "does not accept the client ID" in connection.health_words
    assert "Copy the secret again" in connection.health_words


def test_wrong_credentials_at_greenhouse(greenhouse):
    assert (
        "does not accept the client ID"
        in after_test(make_connection(destination="greenhouse", client_secret="wrong")).health_words
    )


def test_a_wrong_key_of_the_legacy_api(greenhouse):
    greenhouse.seed_key(api_key="another")
    connection = greenhouse_v1()
    connection.api_key = "wrong"

    assert "does not accept the API key" in after_test(connection).health_words


def test_a_revoked_token_is_renewed_once_and_told_when_that_does_not_help(linkedin):
    linkedin.next("token_revoked", endpoint="jobPostingStatus")
    assert after_test(make_connection()).health == Health.OK

    linkedin.always("token_revoked", endpoint="jobPostingStatus")
    assert "took it back" in after_test(Connection.objects.get()).health_words


def test_a_missing_product_and_a_wrong_contract_at_linkedin(linkedin):
    connection = make_connection()
    linkedin.next("missing_permission", endpoint="jobPostingStatus")
    assert "does not let this application post jobs" in after_test(connection).health_words

    linkedin.next("wrong_contract", endpoint="jobPostingStatus", message="urn:li:contract:55501")
    words = after_test(connection).health_words
    assert "does not belong to the contract" in words
    assert "55501" not in words


def test_a_missing_scope_at_greenhouse_is_named(greenhouse):
    greenhouse.seed_credential(
        client_id=GREENHOUSE["client_id"], client_secret=GREENHOUSE["client_secret"], scopes=["jobs:list"]
    )

    assert "close_reasons:list" in after_test(make_connection(destination="greenhouse")).health_words


@pytest.mark.parametrize(
    ("mood", "options", "says"),
    [
        ("html", {}, "was not written by LinkedIn"),
        ("empty", {}, "was not written by LinkedIn"),
        ("garbled", {}, "was not written by LinkedIn"),
        ("endless", {}, "did not answer in time"),
        ("hang_up", {}, "did not answer in time"),
        ("stall", {}, "did not answer in time"),
        ("status", {"status": 503}, "has a problem of its own"),
        ("status", {"status": 400, "message": "odd"}, "refused what it was asked"),
    ],
)
@pytest.mark.parametrize("endpoint", ["token", "jobPostingStatus"])
def test_bad_weather_is_told_in_plain_words(linkedin, mood, options, says, endpoint):
    if endpoint == "token" and options.get("status") == 400:
        says = "does not accept the client ID"
    linkedin.always(mood, endpoint=endpoint, **options)

    connection = after_test(make_connection())

    assert says in connection.health_words
    assert connection.health == Health.FAILING


def test_a_throttle_says_nothing_about_the_health(linkedin):
    connection = after_test(make_connection())
    linkedin.next(
        "status", status=429, retry_after=7, message="too many calls in a minute", endpoint="jobPostingStatus"
    )

    connection = after_test(connection)

    assert "slow down" in connection.health_words
    assert connection.health == Health.OK


def test_nobody_listens_at_the_address(settings):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.SIMULATOR_URL = f"http://127.0.0.1:{free.getsockname()[1]}"

    assert "cannot be reached" in after_test(make_connection()).health_words


@pytest.fixture
def self_signed(tmp_path):
    """A TLS server on loopback whose certificate nobody vouches for."""
    (tmp_path / "both.pem").write_bytes(certificate_and_key())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "both.pem")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=shake_hands, args=(listening, context))
        thread.start()
        yield f"https://localhost:{listening.getsockname()[1]}"
        thread.join(timeout=10)


def certificate_and_key() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(tz=UTC)
    certificate = (
        x509.CertificateBuilder(issuer_name=name, subject_name=name, public_key=key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return certificate.public_bytes(serialization.Encoding.PEM) + key.private_bytes(*plain)


def shake_hands(listening: socket.socket, context: ssl.SSLContext) -> None:
    listening.settimeout(10)
    raw, _ = listening.accept()
    try:
        context.wrap_socket(raw, server_side=True).close()
    except OSError:
        raw.close()


def test_a_certificate_that_nobody_vouches_for(self_signed, settings):
    settings.LINKEDIN_AUTH_URL = self_signed

    connection = after_test(make_connection(environment="live"))

    assert "certificate cannot be trusted" in connection.health_words
    assert connection.health == Health.FAILING


def test_a_test_that_a_person_asked_for_is_written_down_and_the_hourly_one_is_not(linkedin):
    connection = make_connection()
    services.test_connection(connection, by=None)
    assert not AuditEvent.objects.exists()

    services.test_connection(connection, by=make_user())

    event = AuditEvent.objects.get()
    assert (event.verb, event.actor.username, event.label) == ("test", "rosa", "Acme · LinkedIn (Practice)")


def test_a_test_writes_nothing_but_what_it_found(linkedin):
    connection = make_connection()
    Connection.objects.filter(pk=connection.pk).update(job_contract_urn="urn:li:contract:9")

    assert after_test(connection).job_contract_urn == "urn:li:contract:9"


def test_no_secret_stands_in_words_log_or_audit(linkedin, caplog):
    caplog.set_level("DEBUG")
    connection = after_test(make_connection(client_secret="canary-s3cret"), by=make_user())

    seen = caplog.text + connection.health_words + str(list(AuditEvent.objects.values()))
    assert "canary" not in seen
    assert LINKEDIN["client_id"] not in seen


def test_live_and_practice_go_to_different_addresses(settings):
    live = clients.base_urls(make_connection(environment="live"))
    practice = clients.base_urls(make_connection(client_id="p", is_current=False))

    assert live == ("https://api.linkedin.com", "https://www.linkedin.com")
    assert practice == (f"{settings.SIMULATOR_URL}/linkedin", f"{settings.SIMULATOR_URL}/linkedin-www")
