"""Every main page in the states that people meet it in: the world is brought forward, scene by scene.

For the tests of names, room and contrast, and for screenshots.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.utils import timezone

from talentsync.core.models import Heartbeat
from talentsync.customers.models import Connection
from talentsync.jobs.models import Job
from talentsync.monitoring import alerts, troubles
from talentsync.monitoring.models import Alert, Watch
from talentsync.sync import kinds, runs, stopping
from talentsync.sync.models import Attempt, Delivery, Hold, Run
from tests.browser_flows import histories, pages_of_people, people, resumes
from tests.browser_flows.scene import NOBODY, RECRUITER, ROOT, SUPPORT, Scene, scene
from tests.browser_flows.visiting import Visit
from tests.browser_flows.world import CLINICS, World, current, customer, job, jobs, newcomer, person


def all_of_them(world: World) -> Iterator[Scene]:
    yield from empty()
    yield from untouched()
    yield from asking()
    yield from running(world)
    yield from in_all_states(world)
    yield from for_support()
    yield from people.people(world)
    yield from pages_of_people.there_and_back(world)
    yield from resumes.on_their_way(world)
    yield from stopped(world)
    yield from expired(world)
    yield from histories.of_everything(world)


def empty() -> Iterator[Scene]:
    """Somebody who looks after a customer that has nothing yet."""
    newcomer("newcomer", "Recruiter", of="Kiosk at the Quay")
    yield Scene(name="login", who=NOBODY, path="/admin/login/")
    yield Scene(name="login-wrong", who=NOBODY, path="/admin/login/", act=_wrong_password)
    yield scene("start-empty", "newcomer", "index")
    yield scene("jobs-empty", "newcomer", "jobs_job_changelist")
    yield scene("runs-empty", "newcomer", "sync_run_changelist")
    yield scene("customer-empty", "newcomer", "customers_customer_change", customer("Kiosk at the Quay").pk)
    yield from people.none_yet("newcomer")
    yield from resumes.none_yet("newcomer")
    yield scene("deliveries-empty", SUPPORT, "sync_delivery_changelist")
    yield scene("attempts-empty", SUPPORT, "sync_attempt_changelist")
    yield scene("holds-empty", SUPPORT, "sync_hold_changelist")
    yield scene("alerts-empty", SUPPORT, "monitoring_alert_changelist")
    unused = Connection.objects.create(
        customer=customer("Kiosk at the Quay"), destination="linkedin", environment="simulator", client_id="unused"
    )
    yield scene("connection-delete", ROOT, "customers_connection_delete", unused.pk)
    unused.delete()
    yield scene("customer-delete", ROOT, "customers_customer_delete", customer("Kiosk at the Quay").pk)


def untouched() -> Iterator[Scene]:
    yield scene("job-not-posted", RECRUITER, "jobs_job_change", job("PP-001").pk)
    yield scene("job-incomplete", RECRUITER, "jobs_job_change", job("SC-012").pk)
    yield scene("job-preview", SUPPORT, "jobs_job_preview", job("PP-005").pk)
    yield scene("job-add", RECRUITER, "jobs_job_add")
    yield scene("job-add-errors", RECRUITER, "jobs_job_add", act=_save_nothing)


def asking() -> Iterator[Scene]:
    everything = list(Job.objects.all())
    yield confirm("confirm-post", "post", [*jobs("PP-001", "PP-005", "SC-001"), job("SC-012")])
    yield confirm("confirm-close", "close", everything)
    yield confirm("confirm-close-one", "close", jobs("PP-001"))
    yield confirm("confirm-renew-nothing", "renew", jobs("PP-001"))
    yield confirm("confirm-check", "check_now", jobs("PP-001", "PP-002"))
    forget_drafts()


def running(world: World) -> Iterator[Scene]:
    fail(world)
    for external_id, days in (("PP-006", 3), ("SC-003", 5)):
        Job.objects.filter(external_id=external_id).update(expire_at=timezone.now() + timedelta(days=days))
    posting = ask("post", Job.objects.filter(external_id__in=POSTED))
    world.work()
    yield scene("run-running", RECRUITER, "sync_run_change", posting.pk)
    yield scene("job-posting", RECRUITER, "jobs_job_change", job("PP-001").pk)
    yield scene("jobs-posting", RECRUITER, "jobs_job_changelist")
    world.linkedin_finishes()
    yield scene("run-failures", RECRUITER, "sync_run_change", posting.pk)
    yield scene("job-failed", RECRUITER, "jobs_job_change", job("PP-004").pk)
    yield confirm("confirm-retry", "try_again", jobs("PP-004"))
    yield confirm("confirm-update", "update", jobs("PP-001", "PP-002"))
    forget_drafts()


def in_all_states(world: World) -> Iterator[Scene]:
    linkedin = current(customer(), "linkedin")
    world.linkedin.remove("PP-008", client_id=linkedin.client_id)
    ask("check_now", Job.objects.filter(external_id__in=POSTED))
    world.work()
    ask("close", jobs("PP-001"))
    world.work()
    world.linkedin_finishes()
    yield scene("job-closed", RECRUITER, "jobs_job_change", job("PP-001").pk)
    yield confirm("confirm-close-two", "close", jobs("PP-002", "PP-003"))
    forget_drafts()
    closing = ask("close", jobs("PP-002", "SC-001"), at_once=False)
    yield scene("run-waiting", RECRUITER, "sync_run_change", closing.pk)
    yield scene("job-waiting", RECRUITER, "jobs_job_change", job("PP-002").pk)
    world.work(seconds=61)
    yield scene("job-closing", RECRUITER, "jobs_job_change", job("PP-002").pk)
    yield scene("job-live", RECRUITER, "jobs_job_change", job("PP-003").pk)
    yield scene("job-private", RECRUITER, "jobs_job_change", job("SC-002").pk)
    yield scene("job-removed", RECRUITER, "jobs_job_change", job("PP-008").pk)
    yield scene("start-full", RECRUITER, "index")
    yield scene("jobs", RECRUITER, "jobs_job_changelist")
    yield scene("jobs-of-one", RECRUITER, "jobs_job_changelist", query=f"?customer__id__exact={customer().pk}")
    yield scene("jobs-filtered", RECRUITER, "jobs_job_changelist", query="?posting_status=live&whose=mine")
    yield scene("jobs-filters", RECRUITER, "jobs_job_changelist", act=_open_filters)
    yield scene("jobs-found-nothing", RECRUITER, "jobs_job_changelist", query="?q=zebra")
    yield scene("jobs-selected", RECRUITER, "jobs_job_changelist", act=lambda visit: visit.tick(*jobs("PP-003")))
    yield scene("runs", RECRUITER, "sync_run_changelist")
    done = ask("check_now", jobs("PP-003"))
    world.work()
    yield scene("run-done", RECRUITER, "sync_run_change", done.pk)


def for_support() -> Iterator[Scene]:
    failed = Delivery.objects.get(object_id=job("PP-004").pk, connection__destination="linkedin")
    yield scene("start-support", SUPPORT, "index")
    yield scene("deliveries", SUPPORT, "sync_delivery_changelist")
    yield scene("delivery", SUPPORT, "sync_delivery_change", failed.pk)
    yield scene("attempts", SUPPORT, "sync_attempt_changelist")
    poll = Attempt.objects.filter(items__delivery=failed).latest("pk")
    yield scene("attempt", SUPPORT, "sync_attempt_change", poll.pk, act=_unfold_details)
    yield scene("customers", SUPPORT, "customers_customer_changelist")
    yield scene("customer", SUPPORT, "customers_customer_change", customer().pk)
    yield scene("connections", SUPPORT, "customers_connection_changelist")
    yield scene("connection", SUPPORT, "customers_connection_change", current(customer(), "greenhouse").pk)
    yield scene("daily-limits", SUPPORT, "sync_budget_changelist")
    yield scene("hold-add", SUPPORT, "sync_hold_add")
    yield scene("deliveries-filters", SUPPORT, "sync_delivery_changelist", act=_open_filters)
    yield scene("attempts-filters", SUPPORT, "sync_attempt_changelist", act=_open_filters)
    yield scene("runs-filters", SUPPORT, "sync_run_changelist", act=_open_filters)
    yield scene("connection-stays", ROOT, "customers_connection_delete", current(customer(), "linkedin").pk)
    yield scene("customer-stays", ROOT, "customers_customer_delete", customer().pk)


def stopped(world: World) -> Iterator[Scene]:
    hold = stopping.stop(customer=customer(CLINICS), reason="Their audit runs until Monday.", by=person(SUPPORT))
    stopping.stop(reason="LinkedIn has announced work on its side until 18:00.", by=person(ROOT))
    Heartbeat.objects.all().delete()
    ask("post", jobs("PP-012"))
    yield scene("start-stopped", ROOT, "index")
    yield scene("job-stopped", RECRUITER, "jobs_job_change", job("PP-012").pk)
    yield scene("holds", ROOT, "sync_hold_changelist")
    yield scene("hold", SUPPORT, "sync_hold_change", hold.pk)
    Watch.objects.get_or_create(pk=Watch.THE_ONE, defaults={"due_at": timezone.now()})
    alerts.note(troubles.found(timezone.now()), timezone.now())
    yield scene("alerts", SUPPORT, "monitoring_alert_changelist")
    alert = Alert.objects.get(customer=customer(CLINICS))
    yield scene("alert", SUPPORT, "monitoring_alert_change", alert.pk)
    yield scene("audit", ROOT, "core_auditevent_changelist")
    yield scene("users", ROOT, "auth_user_changelist")
    yield scene("connection-edit", ROOT, "customers_connection_change", current(customer(), "linkedin").pk)
    yield scene("connection-add", ROOT, "customers_connection_add", query=f"?customer={customer().pk}")
    yield scene("customer-edit", ROOT, "customers_customer_change", customer().pk)
    world.breathe()


def expired(world: World) -> Iterator[Scene]:
    for hold in Hold.objects.all():
        stopping.release(hold, by=person(ROOT))
    world.wait(days=6)
    ask("check_now", jobs("PP-006", "SC-003", "PP-005"))
    world.work()
    yield scene("job-expired", RECRUITER, "jobs_job_change", job("PP-006").pk)
    yield confirm("confirm-post-anew", "post", jobs("PP-006"))


# what brings the world forward

POSTED = [*(f"PP-{number:03d}" for number in range(1, 12)), *(f"SC-{number:03d}" for number in range(1, 5))]


def fail(world: World) -> None:
    """Four jobs meet what LinkedIn documents."""
    world.linkedin.next(
        "task_failed", match="PP-004", message="Invalid Field: /description must be at least 100 characters"
    )
    world.linkedin.next(
        "task_failed", match="PP-009", message="[INVALID_STANDARDIZED_LOCATION] could not standardize location"
    )
    world.linkedin.next("task_processed", match="PP-010")
    world.linkedin.next("reject", match="PP-011", status=422, message="ERROR :: /title :: field is required")


def ask(action: str, chosen: Any, *, at_once: bool = True) -> Run:
    """The recruiter has confirmed; several are closed without waiting for Undo unless the scene is about it."""
    run = draft(action, chosen)
    destinations = kinds.get("job").action(action).destinations
    runs.confirm(run, destinations=destinations, options={}, now=timezone.now(), at_once=at_once)
    return run


def draft(action: str, chosen: Any) -> Run:
    kind = kinds.get("job")
    selected = Job.objects.filter(pk__in=[each.pk for each in chosen])
    return runs.draft(kind, kind.action(action), selected, by=person(RECRUITER), now=timezone.now())


def forget_drafts() -> None:
    """Else they stand on the start page, as questions that were left open."""
    Run.objects.filter(state=Run.State.DRAFT).delete()


def confirm(name: str, action: str, chosen: list[Job]) -> Scene:
    return scene(name, RECRUITER, "sync_run_confirm", draft(action, chosen).pk)


# what people do there


def _wrong_password(visit: Visit) -> None:
    visit.page.get_by_label("Username").fill("recruiter")
    visit.page.get_by_label("Password").fill("not this one")
    visit.page.get_by_role("button", name="Log in").click()
    visit.page.wait_for_load_state()


def _save_nothing(visit: Visit) -> None:
    page = visit.page
    page.locator("select[name=customer]").select_option(label="Parcel & Post")
    page.get_by_label("Title").fill("Clerk")
    page.get_by_label("ID in your ATS").fill("PP-900")
    page.get_by_role("textbox", name="Description", exact=True).fill("Too short.")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_load_state()


def _open_filters(visit: Visit) -> None:
    visit.page.get_by_role("button", name="Filters").click()


def _unfold_details(visit: Visit) -> None:
    for each in visit.page.locator("details").all():
        each.evaluate("each => each.open = true")
