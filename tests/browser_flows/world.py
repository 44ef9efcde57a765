"""The invented world of a first run before a live server: customers, people, jobs, both vendors on a socket."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import Group, User
from django.utils import timezone

from connectors.greenhouse.simulator import Greenhouse
from connectors.linkedin.simulator import Linkedin
from talentsync.core import heartbeats, roles
from talentsync.customers.models import Connection, Customer, Membership
from talentsync.demo import setup
from talentsync.jobs.models import Job
from talentsync.sync import driving

PARCEL, CLINICS = "Parcel & Post", "Salzach Clinics"
TASK_SECONDS = 301  # LinkedIn is asked about its tasks after five minutes


@dataclass(kw_only=True)
class World:
    """What a test may turn: the vendors, the clock, the worker."""

    linkedin: Linkedin
    greenhouse: Greenhouse
    practice_url: str
    clock: Any
    passwords: Mapping[str, str] = field(default_factory=dict)

    def fill(self) -> None:
        """People, customers, connections and jobs as `bin/run` makes them."""
        # the database is emptied after each of these tests
        roles.grant(roles.apps())
        self.passwords = setup.people()
        setup.companies()
        setup.at_the_vendors()
        self.breathe()

    def breathe(self) -> None:
        """Worker and beat show that they are alive, and go on to for as long as a test may take."""
        for part in (heartbeats.WORKER, heartbeats.BEAT):
            heartbeats.beat(part, now=timezone.now() + timedelta(hours=1))

    def wait(self, **span: float) -> None:
        self.clock.shift(timedelta(**span))
        self.breathe()

    def work(self, **span: float) -> None:
        """Time passes, and a worker does what there is to do."""
        self.wait(**span)
        driving.until_idle()

    def linkedin_finishes(self) -> None:
        """LinkedIn has finished what it was working on, and we have asked about it."""
        self.linkedin.finish_tasks()
        self.work(seconds=TASK_SECONDS)

    def at_linkedin(self, job: Job) -> str | None:
        """What LinkedIn itself says of a job."""
        connection = current(job.customer, "linkedin")
        found = self.linkedin.posting(job.external_id, client_id=connection.client_id)
        return found["status"] if found else None

    def open_openings(self, job: Job) -> int:
        """How many openings Greenhouse itself still has open."""
        for found in self.greenhouse.world.collection("jobs").all():
            if found["requisition_id"] == job.requisition_id:
                return len(self.greenhouse.open_openings(found["id"]))
        raise LookupError(job.requisition_id)


def job(external_id: str) -> Job:
    return Job.objects.select_related("customer").get(external_id=external_id)


def jobs(*external_ids: str) -> list[Job]:
    return [job(external_id) for external_id in external_ids]


def customer(name: str = PARCEL) -> Customer:
    return Customer.objects.get(name=name)


def current(of: Customer, destination: str) -> Connection:
    return Connection.objects.get(customer=of, destination=destination, is_current=True)


def person(name: str) -> User:
    return User.objects.get(username=name)


def newcomer(name: str, role: str, *, of: str = "") -> User:
    """Somebody with a role who looks after another customer, or after nobody's jobs."""
    user = User.objects.create_user(name, f"{name}@demo.example", "a-long-password-of-this-test", is_staff=True)
    user.groups.set(Group.objects.filter(name=role))
    if of:
        Membership.objects.create(user=user, customer=Customer.objects.get_or_create(name=of)[0])
    return user
