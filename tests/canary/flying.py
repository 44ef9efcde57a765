"""Canaries on their way: credentials and persons that cannot be mistaken, and everything that is done with them.

Every connection meets one sort of weather, and a job of its own is posted or closed in it.
"""

from __future__ import annotations

from itertools import count

from django.test import Client
from django.urls import reverse

from talentsync.customers.models import Connection
from talentsync.jobs.models import Job
from talentsync.sync.models import Delivery, Hold
from tests.canary import searching
from tests.canary.vendors import ListeningGreenhouse, ListeningLinkedin
from tests.crash.world import World
from tests.customers.making import make_connection, make_customer, make_user
from tests.jobs.forms import change, typed
from tests.sync.driving import ask, make_job

SECRET = "S3cretCanary/+=& %"  # every sign that some encoding changes
TYPED, MISTYPED, COMMANDED = f"{SECRET}typed", f"{SECRET}mistyped", f"{SECRET}commanded"
API_KEY = "S3cretCanaryKey"
ACTING = (
    "44100270"  # begins the number of every acting user: v1 names it in `On-Behalf-Of`, v3 when it asks for a token
)
PERSON = "personcanary"
PERSONAL = {
    "poster_email": f"{PERSON}.poster@example.com",
    "owner_email": f"{PERSON}.owner@example.com",
    "requisition_owner_email": f"{PERSON}.hiring@example.com",
    "requisition_owner_first_name": f"Wilhelmina {PERSON}",
    "requisition_owner_last_name": f"{PERSON} Feather",
    "availability": "private",  # only then LinkedIn is told whose requisition it is
}
FORMS = ("html", "json")
WRITES = [("write", status, form) for status in (200, 401, 403, 422, 500) for form in FORMS]
WEATHER = [("token", status, form) for status in (400, 401, 500) for form in FORMS] + WRITES + [("read", 401, "json")]


class Flock:
    """The connections and jobs of the canaries."""

    def __init__(self, world: World, linkedin: ListeningLinkedin, greenhouse: ListeningGreenhouse) -> None:
        self.world, self.linkedin, self.greenhouse = world, linkedin, greenhouse
        self.web = Client()
        self.web.force_login(make_user("root", is_superuser=True))
        self.posts: list[Job] = []
        self.closes: list[Job] = []
        self.seen: dict[searching.Column, list[str]] = {}
        self._numbers = count(1)
        self.fair = [self.at_linkedin(), self.at_greenhouse(), self.at_greenhouse_v1()]
        for place, status, form in WEATHER:
            self.at_linkedin(place, status, form)
            self.at_greenhouse(place, status, form)
        for place, status, form in WRITES:
            self.at_greenhouse_v1(place, status, form)

    def at_linkedin(self, *weather: object) -> Connection:
        name = self._name()
        self.linkedin.seed_application(client_id=name, client_secret=SECRET)
        self.posts.append(make_job(make_customer(name), f"J-{name}", **PERSONAL))
        self._spoil(
            self.linkedin,
            *weather,
            token=("token", name),
            read=("jobPostingStatus", name),
            write=("simpleJobPostings", name),
        )
        return make_connection(make_customer(name), client_id=name, client_secret=SECRET)

    def at_greenhouse(self, *weather: object, **columns: str) -> Connection:
        name = self._name()
        acting = ACTING + name[-3:]
        self.greenhouse.seed_credential(client_id=name, client_secret=SECRET, acting_users=[int(acting)])
        job = self.greenhouse.seed_job(f"REQ-{name}", openings=2)
        opening = self.greenhouse.openings(job)[0]["id"]
        self.closes.append(make_job(make_customer(name), f"J-{name}", requisition_id=f"REQ-{name}", **PERSONAL))
        self._spoil(
            self.greenhouse,
            *weather,
            token=("token", acting),
            read=("jobs", f"REQ-{name}"),
            write=("openings", f"/openings/{opening}"),
        )
        credential = {"client_id": name, "client_secret": SECRET, "acting_user_id": acting, **columns}
        return make_connection(make_customer(name), destination="greenhouse", **credential)

    def at_greenhouse_v1(self, *weather: object) -> Connection:
        self.greenhouse.seed_key(api_key=API_KEY)
        return self.at_greenhouse(*weather, api_version="v1", client_id="", client_secret="", api_key=API_KEY)

    def type_in_the_admin(self) -> None:
        """Forms that are refused, forms that are saved, and the button that tests."""
        for connection in self.fair[:2]:
            page = reverse("admin:customers_connection_change", args=[connection.pk])
            acting = {"acting_user_id": connection.acting_user_id} if connection.acting_user_id else {}
            wrong = {"acting_user_id": "nonsense", "job_contract_urn": "nonsense"}
            assert self.web.post(page, {"client_secret": MISTYPED, **wrong}).status_code == 200
            assert self.web.post(page, {"client_secret": TYPED, **acting}).status_code == 302
        self.linkedin.seed_application(client_id=self.fair[0].client_id, client_secret=TYPED)
        self.greenhouse.seed_credential(client_id=self.fair[1].client_id, client_secret=TYPED)
        for connection in Connection.objects.all():
            self.web.post(reverse("admin:customers_connection_test", args=[connection.pk]))
        job = self.posts[0]
        assert change(self.web, job, typed(job.customer, poster_email=f"{PERSON} at home")).status_code == 200
        saved = typed(job.customer, **PERSONAL, external_id=job.external_id, title="Another title")
        assert change(self.web, job, saved).status_code == 302

    def type_in_the_shell(self) -> None:
        where = [
            "--customer",
            "Commanded",
            "--environment",
            "simulator",
            "--organization-urn",
            "urn:li:organization:77",
        ]
        credential = ["--client-id", "commanded", "--client-secret-env", "TEST_CANARY"]
        command = self.world.run_command("connect", "linkedin", *where, *credential, TEST_CANARY=COMMANDED)
        assert command.wait() == 0, command.output
        assert Connection.objects.get(client_id="commanded").client_secret == COMMANDED

    def fly(self) -> None:
        """Ask for everything; a worker and what beat would send do it."""
        ask("post", self.posts)
        ask("close", self.closes)
        Job.objects.filter(pk=self.posts[-1].pk).update(poster_email=f"{PERSON} at home")  # it cannot be built any more
        self.world.run_worker()
        self.world.until(self._is_home, "every canary is home or held", sweeping=True)
        self.world.until_done([self.world.send("sync.test_connections"), self.world.send("sync.prune")])

    def _is_home(self) -> bool:
        """What stopped by itself is tested, as beat does it, and what needs a person is left alone."""
        self._look_around()
        if Hold.objects.filter(probed=True).exists():
            self.world.until_done([self.world.send("sync.probe_held")])
        held = Hold.objects.filter(probed=False).values("connection")
        return not Delivery.objects.unfinished().exclude(connection__in=held).exists()

    def _look_around(self) -> None:
        """What stood in a column only for a moment was seen all the same."""
        self.seen |= searching.in_columns({SECRET, API_KEY, PERSON, ACTING})

    def _name(self) -> str:
        return f"client-{next(self._numbers):03}"

    def _spoil(
        self, vendor: ListeningLinkedin | ListeningGreenhouse, *weather: object, **places: tuple[str, str]
    ) -> None:
        """The vendor throws back what this connection sends there, again after a test or with a fresh token."""
        if weather:
            place, status, form = weather
            endpoint, match = places[str(place)]
            twice = 2 if status == 401 or place == "token" else 1
            vendor.next("mirror", status=status, message=form, endpoint=endpoint, match=match, times=twice)
