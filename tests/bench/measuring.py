"""What is measured, part by part; here the way from a click to the first call, and answering a large click."""

from __future__ import annotations

from collections.abc import Iterator
from time import perf_counter
from typing import Any

from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from talentsync.customers import practice
from talentsync.customers.models import Customer
from talentsync.jobs.models import Job
from talentsync.stage import Stage
from talentsync.sync import kinds, runs
from talentsync.sync.models import Attempt, Run
from tests.bench import (
    at_postgres,
    crowd,
    fairness,
    growing,
    importing,
    lists,
    quota,
    selecting,
    sending,
    uploading,
    working,
    world,
)
from tests.bench.lines import Asked, Line
from tests.customers.making import make_connection, make_customer, make_user
from tests.sync.driving import make_job

LARGE_CLICK = 10_000
CONFIRM_SECONDS = 2.0  # the first issue's bar on SQLite
FIRST_CALL_SECONDS = 1.0
ENGINE_RECORDS = 2_000


def all_lines(stage: Stage, postgres: str, asked: Asked) -> Iterator[Line]:
    """Each as soon as it is measured."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    stage.start("simulators")
    stage.wait_for("simulators answer", lambda: stage.is_listening(stage.simulator_port))
    customer = make_customer("Bench")
    connections = [make_connection(customer), make_connection(customer, destination="greenhouse")]
    for connection in connections:
        practice.seed_application(connection)
    user = User.objects.create_superuser("bench", password="bench")
    browser = Client(headers={"host": f"127.0.0.1:{stage.port}"})
    browser.force_login(user)
    world.without_limits()
    if "engine" in asked.parts:
        yield from sending.lines(judged=False)
        yield from quota.lines()
    if "workers" in asked.parts:
        yield from working.lines()
    if "fairness" in asked.parts:
        yield from fairness.lines()
    if "memory" in asked.parts:
        yield from growing.lines(million=asked.million)
    if "resumes" in asked.parts:
        yield from uploading.sixteen_files(customer, connections[0], world.control)
    if "clicks" in asked.parts:
        yield from first_call(stage, customer, browser)
        yield from large_click(customer, browser)
        yield from _hundred_thousand(browser)
    if "imports" in asked.parts:
        yield from importing.rows_per_second(customer)
    if "lists" in asked.parts:
        yield from lists.of_a_million()
    yield from at_postgres.lines(postgres, stage.environment, asked)


def _hundred_thousand(browser: Client) -> Iterator[Line]:
    """A customer alone, and a recruiter who sees no others."""
    customer = make_customer("Hundred")
    make_connection(customer)
    crowd.of_candidates(customer, selecting.MANY, "H")
    recruiter = make_user("of-hundred", of=(customer,))
    recruiter.groups.add(Group.objects.get(name="Recruiter"))
    browser.force_login(recruiter)
    yield from selecting.all_of_them(browser)


# a large click


def large_click(customer: Customer, browser: Client) -> Iterator[Line]:
    """Confirming 10,000 jobs: the request that a person waits for, through the whole web stack."""
    world.many_jobs(customer, LARGE_CLICK, "LARGE")
    kind = kinds.get("job")
    chosen = Job.objects.filter(external_id__startswith="LARGE-", status="open")
    started = perf_counter()
    run = runs.draft(kind, kind.action("close"), chosen, by=User.objects.get(), now=timezone.now())
    drafted = perf_counter() - started
    page = f"/admin/sync/run/{run.pk}/confirm/"
    started = perf_counter()
    shown = browser.get(page)
    looked = perf_counter() - started
    assert shown.status_code == 200, shown.status_code
    started = perf_counter()
    answer = browser.post(page, {"destinations": ["linkedin", "greenhouse"]})
    confirmed = perf_counter() - started
    run.refresh_from_db()
    durable = answer.status_code == 302 and run.state == Run.State.WAITING and run.total == 2 * LARGE_CLICK
    yield Line(what=f"click: keep the ids of {LARGE_CLICK:,} jobs", measured=f"{drafted:.2f} s")
    yield Line(what="look: the page that asks", measured=f"{looked:.2f} s")
    yield Line(
        what=f"confirm: answered and durable within {CONFIRM_SECONDS:g} s",
        measured=f"{confirmed:.2f} s",
        good=durable and confirmed < CONFIRM_SECONDS,
    )


# the first call


def first_call(stage: Stage, customer: Customer, browser: Client) -> Iterator[Line]:
    """From the confirming click to LinkedIn's first call, with a real worker that has nothing else to do."""
    stage.start("worker")
    log = stage.log("worker")
    stage.wait_for("worker is ready", lambda: b"ready" in log.read_bytes() or _warm(log))
    seconds = []
    for index in range(5):
        job = make_job(customer, f"FIRST-{index}")
        kind = kinds.get("job")
        chosen = Job.objects.filter(pk=job.pk)
        run = runs.draft(kind, kind.action("post"), chosen, by=User.objects.get(), now=timezone.now())
        before = Attempt.objects.count()
        started = perf_counter()
        browser.post(f"/admin/sync/run/{run.pk}/confirm/", {"destinations": ["linkedin"]})
        stage.wait_for("the first call", lambda before=before: Attempt.objects.count() > before)
        seconds.append(perf_counter() - started)
    stage.stop("worker")
    seconds.sort()
    yield Line(
        what=f"first call within {FIRST_CALL_SECONDS:g} s of the click",
        measured=f"{seconds[len(seconds) // 2]:.2f} s (middle of {len(seconds)}), {seconds[-1]:.2f} s (longest)",
        good=seconds[-1] < FIRST_CALL_SECONDS,
    )


def _warm(log: Any) -> bool:
    """A quiet worker says nothing when it is ready; its heartbeat does."""
    from talentsync.core.models import Heartbeat

    return Heartbeat.objects.filter(name="worker").exists()
