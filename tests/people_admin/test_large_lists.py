"""The lists of 100,000 people: whatever is opened, filtered or searched, nothing is read from end to end."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext

from talentsync.candidates.models import Candidate
from talentsync.customers.models import Customer
from talentsync.sync.models import Delivery
from tests.bench import crowd
from tests.customers.making import make_connection, make_customer, make_user
from tests.plans import scans

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

CUSTOMERS, EACH = 10, 10_000
CANDIDATES, APPLICATIONS, NOTES = "candidates/candidate", "applications/application", "candidates/candidatenote"
PAGES = (
    *((where, "") for where in (CANDIDATES, APPLICATIONS, NOTES)),
    *((where, "p=3") for where in (CANDIDATES, APPLICATIONS, NOTES)),
    (CANDIDATES, "q=K3-9999"),
    (CANDIDATES, "q=k3-77@ex"),
    (CANDIDATES, "q=sample 777"),
    (APPLICATIONS, "q=A-K3-9999"),
    (APPLICATIONS, "q=k3-77@ex"),
    (NOTES, "q=N-K3-9999"),
    *((where, "linkedin_status=waiting") for where in (CANDIDATES, APPLICATIONS, NOTES)),
    *((where, "trouble=any") for where in (CANDIDATES, APPLICATIONS, NOTES)),
    (CANDIDATES, "trouble=rejected"),
    (CANDIDATES, "do_not_send__exact=1"),
    (CANDIDATES, "do_not_contact__exact=1"),
    (APPLICATIONS, "candidate__do_not_send__exact=1"),
    (APPLICATIONS, "candidate__id__exact=40000"),
)


def test_no_list_reads_a_whole_table() -> None:
    with crowd.unchecked():
        customers = [_full_of_people(make_customer(f"Customer {number}"), f"K{number}") for number in range(CUSTOMERS)]
        _sent(customers[3])
    crowd.analyze()
    rosa = make_user("rosa", of=(customers[3],))
    rosa.groups.add(Group.objects.get(name="Recruiter"))
    root = User.objects.create_superuser("root")
    found: dict[tuple[str, str, str], list[str]] = {}
    for user in (rosa, root):
        client = Client()
        client.force_login(user)
        for where, query in PAGES:
            with CaptureQueriesContext(database) as asked:
                assert client.get(f"/admin/{where}/?{query}").status_code == 200
            if read := scans(asked.captured_queries):
                found[user.username, where, query] = read
    assert not found, "\n".join(f"{page}: {step}" for page, steps in found.items() for step in steps)


def _full_of_people(customer: Customer, prefix: str) -> Customer:
    """Candidates, each with an application and a note."""
    crowd.of_candidates(customer, EACH, prefix)
    crowd.of_applications(customer)
    crowd.of_notes(customer)
    return customer


def _sent(customer: Customer) -> None:
    connection = make_connection(customer)
    pattern = Delivery(connection=connection, kind="candidate", object_id=0, state="synced", operation="upsert")
    crowd.of_deliveries(connection, Candidate.objects.filter(customer=customer), pattern)
