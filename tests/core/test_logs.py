"""Nothing that looks like a secret leaves through the log, however it got into the record."""

from __future__ import annotations

import io
import logging

import pytest

from talentsync.core.logs import RedactingFilter, redact

SECRET = "AQX-invented-9f3c"


@pytest.fixture
def log():
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(RedactingFilter())
    logger = logging.Logger("test")
    logger.addHandler(handler)
    logger.stream = stream
    return logger


@pytest.mark.parametrize(
    "text",
    [
        f"Authorization: Bearer {SECRET}",
        f"{{'Authorization': 'Bearer {SECRET}', 'Accept': '*/*'}}",
        f"authorization=Basic {SECRET}=",
        f'"authorization": "Basic {SECRET}"',
        f"the token was Bearer {SECRET}.",
        f"grant_type=client_credentials&client_id=77&client_secret={SECRET}&x=1",
        f'{{"access_token": "{SECRET}", "expires_in": 1800}}',
        f"fetch_token(client_secret='{SECRET}')",
        f"api_key={SECRET}",
        f"PUT https://www.linkedin.com/ambry/?x-li-ambry-ep={SECRET}&sig=1 failed",
        f"location: /hireMediaUrl/https%3A%2F%2Fwww.linkedin.com%2Fambry%2F%3Fx-li-ambry-ep%3D{SECRET}",
        f"postgres://talentsync:{SECRET}@db.example/app",
    ],
)
def test_every_known_shape_of_a_secret_is_masked(text):
    assert SECRET not in redact(text)


@pytest.mark.parametrize(
    "text",
    [
        "GET /v2/jobPostingStatus 200 in 31 ms, request id 7/5f3a",
        "The basic posting needs a title, and the bearer thereof an address.",
        "https://api.linkedin.com/v2/simpleJobPostings",
    ],
)
def test_ordinary_lines_stay_as_they_are(text):
    assert redact(text) == text


def test_a_secret_in_an_argument_is_masked(log):
    log.info("headers %s and %r", {"Authorization": f"Bearer {SECRET}"}, [f"client_secret={SECRET}"])

    assert "headers" in log.stream.getvalue()
    assert SECRET not in log.stream.getvalue()


def test_a_secret_in_an_exception_is_masked_and_the_traceback_stays(log):
    try:
        raise ValueError(f"access_token={SECRET}")
    except ValueError:
        log.exception("it broke")

    assert "ValueError" in log.stream.getvalue()
    assert SECRET not in log.stream.getvalue()


def test_a_record_whose_arguments_do_not_fit_is_still_written(log):
    log.info("%d of %d", "three")

    assert "%d of %d" in log.stream.getvalue()
