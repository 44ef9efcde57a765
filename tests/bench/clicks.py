"""From a click to the first call, and answering large clicks."""

from __future__ import annotations

from collections.abc import Iterator
from time import perf_counter

from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils import timezone

from talentsync.customers.models import Customer
from talentsync.jobs.models import Job
from talentsync.sync import kinds, runs
from talentsync.sync.models import Attempt, Run
from tests.bench import crowd, selecting, working, world
from tests.bench.lines import Line
from tests.customers.making import make_connection, make_user
from tests.sync.driving import make_job

LARGE_CLICK = 10_000
CONFIRM_SECONDS = 2.0  # the first issue's bar on SQLite
FIRST_CALL_SECONDS = 1.0
TIMES = 5


def lines() -> Iterator[Line]:
    customer = world.practising("Clicks").customer
    make_connection(customer, destination="greenhouse")
    user = User.objects.create_superuser("bench")
    yield from _first_call(customer, user)
    yield from _large_click(customer, user)
    yield from _hundred_thousand()


def _browser_of(user: User) -> Client:
    browser = Client(headers={"host": "127.0.0.1"})
    browser.force_login(user)
    return browser


# the first call


def _first_call(customer: Customer, user: User) -> Iterator[Line]:
    """From the confirming click to LinkedIn's first call, with a real worker that has nothing else to do."""
    kind, browser, seconds = kinds.get("job"), _browser_of(user), []
    calls = Attempt.objects.filter(connection__customer=customer)
    with working.workers(1):
        for index in range(TIMES):
            job = make_job(customer, f"FIRST-{index}")
            run = runs.draft(kind, kind.action("post"), Job.objects.filter(pk=job.pk), by=user, now=timezone.now())
            before = calls.count()
            started = perf_counter()
            browser.post(f"/admin/sync/run/{run.pk}/confirm/", {"destinations": ["linkedin"]})
            working.wait(lambda before=before: calls.count() > before, pause=0.01)
            seconds.append(perf_counter() - started)
    seconds.sort()
    yield Line(
        what=f"first call within {FIRST_CALL_SECONDS:g} s of the click",
        measured=f"{seconds[len(seconds) // 2]:.2f} s (middle of {len(seconds)}), {seconds[-1]:.2f} s (longest)",
        good=seconds[-1] < FIRST_CALL_SECONDS,
    )


# large clicks


def _large_click(customer: Customer, user: User) -> Iterator[Line]:
    """Confirming 10,000 jobs: the request that a person waits for, through the whole web stack."""
    world.many_jobs(customer, LARGE_CLICK, "LARGE")
    kind, browser = kinds.get("job"), _browser_of(user)
    chosen = Job.objects.filter(external_id__startswith="LARGE-", status="open")
    started = perf_counter()
    run = runs.draft(kind, kind.action("close"), chosen, by=user, now=timezone.now())
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


def _hundred_thousand() -> Iterator[Line]:
    """A customer alone, and a recruiter who sees no others."""
    customer = world.practising("Hundred").customer
    crowd.of_candidates(customer, selecting.MANY, "H")
    recruiter = make_user("of-hundred", of=(customer,))
    recruiter.groups.add(Group.objects.get(name="Recruiter"))
    yield from selecting.all_of_them(_browser_of(recruiter))
