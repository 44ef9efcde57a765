"""The house keeps its rules, and every rule bites."""

from __future__ import annotations

from functools import cache

import pytest

from talentsync.environment import PROJECT
from tests.house import rules
from tests.house.rules import Rule, Source

by_name = pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)


@cache
def product() -> list[Source]:
    paths = [path for top in ("connectors", "talentsync") for path in sorted((PROJECT / top).rglob("*.py"))]
    return [Source(path=path.relative_to(PROJECT).as_posix(), text=path.read_text(encoding="utf-8")) for path in paths]


@by_name
def test_the_house_keeps_the_rule(rule: Rule):
    assert [f"{source.path}: {complaint}" for source in product() for complaint in rule(source)] == []


BAD = [
    (rules.connectors_are_plain_python, "connectors/base/paging.py", "from talentsync.sync import engine"),
    (rules.connectors_are_plain_python, "connectors/linkedin/auth.py", "from django.conf import settings"),
    (rules.connectors_are_plain_python, "connectors/linkedin/auth.py", "if TYPE_CHECKING:\n import celery"),
    (rules.vendors_do_not_know_each_other, "connectors/linkedin/auth.py", "from connectors import greenhouse"),
    (rules.vendors_do_not_know_each_other, "connectors/greenhouse/auth.py", "import connectors.linkedin.auth"),
    (rules.vendors_do_not_know_each_other, "connectors/greenhouse/auth.py", "from ..linkedin import auth"),
    (rules.vendors_do_not_know_each_other, "connectors/base/tokens.py", "from connectors.linkedin import auth"),
    (rules.simulators_use_the_standard_library_alone, "connectors/linkedin/simulator.py", "import requests"),
    (rules.simulators_use_the_standard_library_alone, "connectors/linkedin/simulator/jobs.py", "from .. import urns"),
    (
        rules.simulators_use_the_standard_library_alone,
        "connectors/linkedin/simulator/jobs.py",
        "from connectors.greenhouse.simulator import vendor",
    ),
    (
        rules.simulators_use_the_standard_library_alone,
        "connectors/base/simulation/server.py",
        "from connectors.linkedin.simulator import vendor",
    ),
    (rules.only_the_transport_speaks_http, "connectors/linkedin/auth.py", "import requests"),
    (rules.only_the_transport_speaks_http, "connectors/base/paging.py", "import urllib3"),
    (rules.only_the_transport_speaks_http, "talentsync/jobs/services.py", "from requests.adapters import HTTPAdapter"),
    (rules.sync_names_no_domain_app, "talentsync/sync/engine.py", "from talentsync.jobs.models import Job"),
    (rules.sync_names_no_domain_app, "talentsync/sync/engine.py", "from talentsync import candidates"),
    (rules.sync_names_no_domain_app, "talentsync/sync/engine.py", "apps.get_model('jobs.Job')"),
    (rules.sync_names_no_domain_app, "talentsync/sync/models/run.py", "job = models.ForeignKey('jobs.Job')"),
    (rules.models_import_no_services, "talentsync/jobs/models/job.py", "from talentsync.jobs import services"),
    (rules.models_import_no_services, "talentsync/sync/models.py", "from talentsync.sync.engine import run"),
    (rules.services_import_no_tasks, "talentsync/sync/services.py", "from talentsync.sync.tasks import deliver"),
    (rules.services_import_no_tasks, "talentsync/sync/nudges.py", "from . import tasks"),
    (rules.tasks_call_the_engine_and_runs, "talentsync/sync/tasks.py", "from talentsync.sync import services"),
    (rules.tasks_call_the_engine_and_runs, "talentsync/jobs/tasks.py", "from talentsync.jobs.models import Job"),
    (rules.admin_calls_services, "talentsync/jobs/admin.py", "from talentsync.sync import engine"),
    (rules.admin_calls_services, "talentsync/sync/admin/tries.py", "from talentsync.sync import settling"),
    (rules.sync_state_has_three_writers, "talentsync/jobs/services.py", "job.sync_state = 'synced'"),
    (rules.sync_state_has_three_writers, "talentsync/jobs/services.py", "jobs.update(sync_state='synced')"),
    (rules.sync_state_has_three_writers, "talentsync/jobs/admin.py", "jobs.update(**{'sync_state': 'synced'})"),
    (rules.sync_state_has_three_writers, "talentsync/jobs/admin.py", "Job(sync_state='synced')"),
    (rules.sync_state_has_three_writers, "talentsync/sync/runs.py", "Job.objects.bulk_update(jobs, ['sync_state'])"),
    (rules.sync_state_has_three_writers, "talentsync/sync/runs.py", "job.save(update_fields=['sync_state'])"),
    (rules.sync_state_has_three_writers, "talentsync/sync/runs.py", "setattr(job, 'sync_state', 'synced')"),
    (rules.nobody_sleeps, "talentsync/sync/engine.py", "import time\ntime.sleep(1)"),
    (rules.nobody_sleeps, "connectors/linkedin/client.py", "from time import sleep"),
    (rules.imports_stand_at_the_top, "talentsync/sync/engine.py", "def run():\n    from talentsync import broker"),
    (rules.imports_stand_at_the_top, "talentsync/sync/engine.py", "def ready():\n    import json"),
    (rules.no_signals_for_business, "talentsync/jobs/apps.py", "from django.db.models.signals import post_save"),
    (rules.no_signals_for_business, "talentsync/jobs/apps.py", "from django.dispatch import receiver"),
]


@pytest.mark.parametrize(("rule", "path", "text"), BAD, ids=lambda value: getattr(value, "__name__", value))
def test_a_breach_is_seen(rule: Rule, path: str, text: str):
    assert list(rule(Source(path=path, text=text)))


GOOD = [
    ("connectors/linkedin/auth.py", "from connectors.base.transport import Request\nimport base64"),
    ("connectors/linkedin/simulator/jobs.py", "from connectors.linkedin.simulator import tasks\nimport json"),
    (
        "connectors/linkedin/simulator/jobs.py",
        "from connectors.base.simulation import SimulatedAnswer\nfrom . import auth",
    ),
    ("connectors/base/transport.py", "import requests"),
    ("connectors/base/simulation/server.py", "import time\ntime.sleep(1)"),
    ("talentsync/sync/services.py", "job.sync_state = 'pending'"),
    ("talentsync/sync/models/base.py", "class M:\n    sync_state = models.CharField()\nunit = ['jobs', 'candidates']"),
    ("talentsync/sync/models/base.py", "models.Index(fields=['sync_state'])"),
    ("talentsync/jobs/admin.py", "jobs.filter(sync_state='failed')\nlist_filter = ['sync_state']"),
    ("talentsync/sync/tasks.py", "from talentsync.sync import engine, runs\nfrom talentsync.core import heartbeats"),
    ("talentsync/jobs/apps.py", "class C:\n    def ready(self):\n        from talentsync.jobs import kinds"),
]


@pytest.mark.parametrize(("path", "text"), GOOD, ids=lambda value: value)
def test_what_is_allowed_is_not_complained_about(path: str, text: str):
    source = Source(path=path, text=text)
    assert [complaint for rule in rules.RULES for complaint in rule(source)] == []


@by_name
def test_every_rule_is_shown_to_bite(rule: Rule):
    assert rule in {bad for bad, _, _ in BAD}
