"""The demo world: whole, believable, the same after a second time, and its passwords shown once."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command

from connectors.simulators import practice_vendors
from talentsync.applications.models import Application, ApplicationStage, InterviewFeedback
from talentsync.candidates.models import Candidate, CandidateNote
from talentsync.customers.models import Connection, Customer, Health
from talentsync.jobs.models import Job
from talentsync.sync import kinds
from tests.customers.conftest import unmounted  # noqa: F401  (fixture)

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(settings: Any, tmp_path: Path) -> str:
    """What the command says; the simulators do not run."""
    settings.VAR_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.SIMULATOR_URL = "http://127.0.0.1:9"  # nobody listens on the discard port
    return demo()


def demo() -> str:
    out = io.StringIO()
    call_command("demo", stdout=out)
    return out.getvalue()


def test_three_people_can_log_in(told: str, client: Any) -> None:
    passwords = dict(re.findall(r"^  (\w+) +(\S+)$", told, re.MULTILINE))
    assert set(passwords) == {"administrator", "recruiter", "support"}
    for name, password in passwords.items():
        assert User.objects.get(username=name).check_password(password), name
    assert User.objects.get(username="recruiter").has_perm("jobs.sync_job")


def test_a_second_time_changes_nothing_and_shows_no_password(told: str) -> None:
    def state() -> list[Any]:
        rows = [User, Customer, Connection, Job]
        return [list(model.objects.order_by("pk").values()) for model in rows]

    def stable(rows: list[Any]) -> list[Any]:
        return [{name: value for name, value in row.items() if name != "last_tested_at" and name != "close_reasons_at"}
                for found in rows for row in found]  # fmt: skip

    before = stable(state())
    assert "password" not in demo()
    assert stable(state()) == before


def test_two_customers_in_practice_whose_connections_work(told: str) -> None:
    assert Customer.objects.count() == 2
    assert {row.environment for row in Connection.objects.all()} == {"simulator"}
    assert {row.health for row in Connection.objects.all()} == {Health.OK}
    assert all(row.close_reasons for row in Connection.objects.filter(destination="greenhouse"))


def test_the_jobs_can_be_posted_but_for_one_that_shows_a_rule(told: str) -> None:
    post = kinds.get("job").action("post")
    passed_over = {}
    for connection in Connection.objects.filter(destination="linkedin").select_related("customer"):
        for job in connection.customer.job_set.all():
            passed_over[job.external_id] = post.skip(job, None, connection, {})
    assert 12 <= Job.objects.filter(customer=Customer.objects.first()).count() <= 20
    assert [key for key, code in passed_over.items() if code] == ["SC-012"]


def test_greenhouse_has_every_job_once_with_one_to_three_open_openings(told: str, settings: Any) -> None:
    demo()
    _, greenhouse = practice_vendors(settings.VAR_DIR / "simulator.sqlite3")
    jobs = {one["requisition_id"]: one for one in greenhouse.state(limit=1000)["jobs"]}
    assert set(jobs) == set(Job.objects.values_list("requisition_id", flat=True))
    assert len(jobs) == len(greenhouse.state(limit=1000)["jobs"])
    assert {one["open_openings"] for one in jobs.values()} == {1, 2, 3}


def test_people_apply_with_all_that_hangs_on_them(told: str) -> None:
    assert Candidate.objects.count() == 8
    assert Application.objects.count() == 6
    for model in (CandidateNote, ApplicationStage, InterviewFeedback):
        assert model.objects.exists()
    demo()
    assert Candidate.objects.count() == 8


def test_what_stands_in_the_way_of_some_is_there_to_be_seen(told: str) -> None:
    """One whose name is cut off, one who is kept out of LinkedIn; the others can be sent."""
    kind = kinds.get("candidate")
    send = kind.action("send")
    connections = {each.customer_id: each for each in Connection.objects.filter(destination="linkedin")}
    codes = [send.skip(person, None, connections[person.customer_id], {}) for person in Candidate.objects.all()]
    assert sorted(code for code in codes if code) == ["incomplete", "kept_out"]
