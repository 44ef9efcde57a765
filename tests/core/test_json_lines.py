"""Logs as JSON: one line for each record, with the ids that are known, and nothing secret."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from django.test import Client

from connectors.linkedin.simulator import Linkedin
from talentsync.core import known
from talentsync.core.logs import RedactingFilter
from talentsync.customers.models import Connection, Customer
from talentsync.jobs.models import Job
from talentsync.json_lines import JsonFormatter
from talentsync.sync import tasks
from talentsync.sync.models import Delivery, Lane
from tests.sync.conftest import acme, at_linkedin, linkedin, ticking, unmounted  # noqa: F401  (fixtures)
from tests.sync.driving import ask, make_jobs

SECRET = "AQX-invented-9f3c"


@pytest.fixture
def written():
    """What is written to the log, as LOG_FORMAT=json has it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(RedactingFilter())
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.removeHandler(handler)
    root.setLevel(level)


Written = Callable[[], list[dict]]
logger = logging.getLogger("talentsync.test")


def test_a_line_says_when_how_grave_who_and_what(written: Written) -> None:
    logger.warning("first\nsecond %s", "ü")
    [line] = written()
    assert line.keys() == {"at", "level", "logger", "message"}
    assert (line["level"], line["logger"], line["message"]) == ("WARNING", "talentsync.test", "first\nsecond ü")
    assert datetime.fromisoformat(line["at"]).tzinfo is not None


def test_what_is_worked_on_is_named_for_as_long_as_it_is(written: Written) -> None:
    with known.about(run=7):
        logger.info("a")
        with known.about(lane="3:job"):
            logger.info("b", extra={"delivery": 12})
        logger.info("c")
    logger.info("d")
    ids = [{name: line[name] for name in ("run", "lane", "delivery") if name in line} for line in written()]
    assert ids == [{"run": 7}, {"run": 7, "lane": "3:job", "delivery": 12}, {"run": 7}, {}]


def test_other_threads_work_on_something_else(written: Written) -> None:
    with known.about(run=7), ThreadPoolExecutor(1) as pool:
        pool.submit(logger.info, "a").result()
    assert "run" not in written()[0]


def test_a_secret_is_masked_in_words_traceback_and_ids(written: Written) -> None:
    try:
        raise ValueError(f"access_token={SECRET}")
    except ValueError:
        logger.exception("client_secret=%s", SECRET, extra={"vendor_request": f"Bearer {SECRET}"})
    [line] = written()
    assert "ValueError" in line["traceback"]
    assert line["message"] == "client_secret=***"
    assert SECRET not in json.dumps(line)


def test_what_others_attach_is_left_out(written: Written) -> None:
    """Celery attaches the arguments of tasks, Django the whole request."""
    logger.info("a", extra={"data": {"args": SECRET}, "password": SECRET, "status_code": 500})
    assert SECRET not in json.dumps(written())


@pytest.mark.django_db
def test_a_request_has_an_id_that_its_answer_and_its_lines_name(client: Client, written: Written) -> None:
    answer = client.get("/admin/login/")
    other = client.get("/admin/login/")
    assert len(answer["X-Request-ID"]) == 16
    assert answer["X-Request-ID"] != other["X-Request-ID"]
    refused = Client(enforce_csrf_checks=True).post("/admin/login/")
    [line] = written()
    assert line["message"] == "Forbidden (CSRF cookie not set.): /admin/login/"
    assert line["request_id"] == refused["X-Request-ID"]


@pytest.mark.django_db
def test_a_batch_is_one_line_with_lane_numbers_and_the_vendors_request_id(
    acme: Customer,  # noqa: F811
    at_linkedin: Connection,  # noqa: F811
    linkedin: Linkedin,  # noqa: F811
    written: Written,
) -> None:
    jobs = make_jobs(acme, 3)
    run = ask("post", jobs)
    Job.objects.filter(pk=jobs[0].pk).update(description="short")  # it cannot be built any more
    tasks.deliver(Lane.objects.get().pk)
    lines = [line for line in written() if line["logger"] == "talentsync.sync.records_of_calls"]
    assert [line["message"].split(" in ")[0] for line in lines] == [
        f"lane {at_linkedin.pk}:job: check upsert of 3 records",
        f"lane {at_linkedin.pk}:job: send upsert of 3 records",
    ]
    sent = lines[1]
    assert sent["message"].endswith("ms: 2 submitted, 1 unmappable")
    assert (sent["lane"], sent["connection"], sent["records"]) == (f"{at_linkedin.pk}:job", at_linkedin.pk, 3)
    assert (lines[0]["runs"], sent["runs"]) == ([], [run.pk]), "of the two others nothing has ended yet"
    assert sent["deliveries"] == [Delivery.objects.get(failure="unmappable").pk]
    assert sent["vendor_request"]


@pytest.mark.django_db
def test_a_request_that_starts_is_named_in_its_line(acme: Customer, at_linkedin: Connection, written: Written) -> None:  # noqa: F811
    run = ask("post", make_jobs(acme, 1))
    tasks.start_run(run.pk)
    assert [(line["run"], line["message"]) for line in written()] == [
        (run.pk, f"request {run.pk}: everything was asked for")
    ]


@pytest.mark.django_db
def test_a_connection_that_stops_by_itself_is_one_line(
    acme: Customer,  # noqa: F811
    at_linkedin: Connection,  # noqa: F811
    linkedin: Linkedin,  # noqa: F811
    written: Written,
) -> None:
    linkedin.next("status", status=401, endpoint="jobPostingStatus", times=2)
    ask("post", make_jobs(acme, 2))
    tasks.deliver(Lane.objects.get().pk)
    tasks.deliver(Lane.objects.get().pk)
    lines = [line for line in written() if line["level"] == "WARNING"]
    assert [(line["connection"], line["message"]) for line in lines] == [
        (at_linkedin.pk, f"connection {at_linkedin.pk} is stopped: Unauthorized")
    ]
