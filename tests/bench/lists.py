"""The lists at a million candidates, each with an application and a note: as a recruiter of one customer sees them, and
as an administrator does.
"""

from __future__ import annotations

from collections.abc import Iterator
from time import perf_counter

from django.contrib.auth.models import Group, User
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext

from talentsync.candidates.models import Candidate
from talentsync.customers.models import Customer
from talentsync.sync.models import Delivery
from tests.bench import crowd
from tests.bench.lines import Line
from tests.customers.making import make_connection, make_customer, make_user
from tests.plans import scans

MILLION = {"Small": 1_000, "Large": 600_000, "Larger": 399_000}  # the oldest rows are those of a small customer
SECONDS = 0.3
ROUNDS = 7
WHERE = {"candidates": "candidates/candidate", "applications": "applications/application",
         "notes": "candidates/candidatenote"}  # fmt: skip
PAGES = {
    "open": ["", "p=12"],
    "filter": ["linkedin_status=waiting", "linkedin_status=removed", "trouble=any", "trouble=rejected"],
    "search by ID": ["q={ID}", "q=zzz"],
    "search by e-mail": ["q={EMAIL}"],
}
OF_CANDIDATES = {"filter": ["do_not_send__exact=1", "do_not_contact__exact=1"]}
EXAMPLES = {"candidates": "Large-59999", "applications": "A-Large-59999", "notes": "N-Large-59999"}


def of_a_million() -> Iterator[Line]:
    started = perf_counter()
    _make_a_million()
    yield Line(what="a million candidates, applications and notes made", measured=f"{perf_counter() - started:.0f} s")
    large = Customer.objects.get(name="Large")
    people = [make_user("of-large", of=(large,)), make_user("of-small", of=(Customer.objects.get(name="Small"),))]
    for person in people:
        person.groups.add(Group.objects.get(name="Recruiter"))
    people.append(User.objects.create_superuser("root-of-lists"))
    for name, where in WHERE.items():
        yield from _list(name, where, people)


def _list(name: str, where: str, people: list[User]) -> Iterator[Line]:
    n_queries: dict[str, set[int]] = {}
    read: list[str] = []
    for what, queries in PAGES.items():
        seconds = []
        for query in [*queries, *(OF_CANDIDATES.get(what, []) if name == "candidates" else [])]:
            address = f"/admin/{where}/?{query.format(ID=EXAMPLES[name], EMAIL='large-12345@ex')}"
            for person in people:
                client = Client(headers={"host": "127.0.0.1"})
                client.force_login(person)
                with CaptureQueriesContext(database) as asked:
                    assert client.get(address).status_code == 200
                n_queries.setdefault(person.username, set()).add(len(asked))
                read += scans(asked.captured_queries)
                seconds += [_seconds(client, address) for _ in range(ROUNDS)]
        seconds.sort()
        middle, late = seconds[len(seconds) // 2], seconds[int(len(seconds) * 0.95)]
        yield Line(
            what=f"a million {name}: {what}, 95 % within {SECONDS * 1000:.0f} ms",
            measured=f"{late * 1000:.0f} ms (middle {middle * 1000:.0f} ms)",
            good=late <= SECONDS,
        )
    spread = max(max(each) - min(each) for each in n_queries.values())
    most = max(max(each) for each in n_queries.values())
    yield Line(
        what=f"a million {name}: constant number of queries, nothing read from end to end",
        measured=f"at most {most} queries, {len(read)} scans",
        good=spread <= 2 and not read,  # a list without rows asks nothing more about them
    )


def _seconds(client: Client, address: str) -> float:
    started = perf_counter()
    client.get(address)
    return perf_counter() - started


def _make_a_million() -> None:
    with crowd.unchecked():
        for name, number in MILLION.items():
            customer = make_customer(name)
            connection = make_connection(customer)
            crowd.of_candidates(customer, number, name)
            pattern = Delivery(connection=connection, kind="candidate", object_id=0, state="synced", operation="upsert")
            crowd.of_deliveries(connection, Candidate.objects.filter(customer=customer), pattern)
            crowd.of_applications(customer)
            crowd.of_notes(customer)
    crowd.analyze()
