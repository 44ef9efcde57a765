"""A great many people, made by the database itself: a million candidates in a minute or so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import connection as database
from django.db import models

from talentsync.applications.models import Application
from talentsync.candidates.models import Candidate, CandidateEmail, CandidateNote
from talentsync.customers.models import Connection, Customer
from talentsync.sync.models import Delivery
from tests.candidates.making import unsaved_candidate
from tests.sync.driving import make_job

NUMBERS = """
WITH RECURSIVE t(a) AS (SELECT 0 UNION ALL SELECT a + 1 FROM t WHERE a < 999),
n(i) AS (SELECT x.a * 1000 + y.a FROM t AS x CROSS JOIN t AS y WHERE x.a * 1000 + y.a < %s)
"""
TROUBLE = "CASE WHEN i % 997 = 0 THEN 'rejected' ELSE '' END"
STATUS = "CASE WHEN i % 10 < 2 THEN 'not_sent' WHEN i % 10 = 2 THEN 'waiting' ELSE 'sent' END"


def of_candidates(customer: Customer, number: int, prefix: str = "P") -> None:
    """Candidates P-0, P-1, …, each with an address; most were sent, one in a thousand or so needs attention."""
    ada = unsaved_candidate(customer, "pattern")
    said = {
        "external_id": f"'{prefix}-' || i",
        "last_name": "'Sample ' || (i % 9973 * 101 + i % 97)",
        "email_addresses": f"""'["{prefix.lower()}-' || i || '@example.com"]'""",
        "linkedin_status": STATUS,
        "sync_trouble": TROUBLE,
        "do_not_send": "i % 499 = 0",
        "do_not_contact": "i % 1999 = 0",
    }
    of_rows(ada, said, number)
    mine = Candidate.objects.filter(customer=customer)
    _insert_for_each(CandidateEmail, mine, {"candidate_id": "id", "address": "lower(external_id) || '@example.com'"})


def of_deliveries(connection: Connection, records: models.QuerySet[Any], pattern: Delivery) -> None:
    """What LinkedIn was told of each of these records."""
    values = {"connection_id": str(connection.pk), "object_id": "id", "entity_key": "external_id"}
    _insert_for_each(Delivery, records, values, pattern)


def of_applications(customer: Customer) -> None:
    """One application for each candidate, all for the same job."""
    job = make_job(customer, "J-1")
    pattern = Application(customer=customer, job=job)
    values = {"candidate_id": "id", "external_id": "'A-' || external_id", "linkedin_status": "linkedin_status"}
    _insert_for_each(Application, Candidate.objects.filter(customer=customer), values, pattern)


def of_notes(customer: Customer) -> None:
    """One note about each candidate."""
    values = {"candidate_id": "id", "external_id": "'N-' || external_id", "linkedin_status": "linkedin_status"}
    pattern = CandidateNote(customer=customer, note="Speaks softly.")
    _insert_for_each(CandidateNote, Candidate.objects.filter(customer=customer), values, pattern)


@contextmanager
def unchecked() -> Iterator[None]:
    """Spares PostgreSQL, where it lets us, looking up each of the million foreign keys that are right."""
    with database.cursor() as cursor:
        if database.vendor != "postgresql" or not _is_superuser(cursor):
            yield
            return
        cursor.execute("SET session_replication_role = replica")
        yield
        cursor.execute("SET session_replication_role = DEFAULT")


def _is_superuser(cursor: Any) -> bool:
    cursor.execute("SHOW is_superuser")
    return bool(cursor.fetchone()[0] == "on")


def analyze() -> None:
    """What a database does by itself from time to time."""
    with database.cursor() as cursor:
        cursor.execute("ANALYZE")


def of_rows(pattern: models.Model, said: Mapping[str, str], number: int) -> None:
    """As many rows like this one; `said` names columns whose value is an expression of the number i."""
    columns, values, params = _columns(pattern, said)
    with database.cursor() as cursor:
        numbers = NUMBERS.replace("%s", str(number))
        cursor.execute(f"{_into(pattern, columns)} {numbers} SELECT {', '.join(values)} FROM n", params)


def _insert_for_each(
    model: type[models.Model],
    records: models.QuerySet[Any],
    said: Mapping[str, str],
    pattern: models.Model | None = None,
) -> None:
    """A row for each of these records; `said` names columns whose value is an expression of the record's columns."""
    columns, values, params = _columns(pattern or model(), said)
    names = [field.attname for field in records.model._meta.concrete_fields if not field.generated]
    source, more = records.order_by("pk").values(*names).query.sql_with_params()
    with database.cursor() as cursor:
        cursor.execute(
            f"{_into(pattern or model(), columns)} SELECT {', '.join(values)} FROM ({source}) AS r", [*params, *more]
        )


def _into(pattern: models.Model, columns: list[str]) -> str:
    names = ", ".join(database.ops.quote_name(name) for name in columns)
    return f"INSERT INTO {database.ops.quote_name(pattern._meta.db_table)} ({names})"


def _columns(pattern: models.Model, said: Mapping[str, str]) -> tuple[list[str], list[str], list[Any]]:
    columns, values, params = [], [], []
    for field in pattern._meta.concrete_fields:
        if field.generated or field.primary_key:
            continue
        columns.append(str(field.column))
        if field.attname in said:
            values.append(f"CAST({said[field.attname].replace('%', '%%')} AS {field.db_type(database)})")
        else:
            values.append("%s")
            params.append(field.get_db_prep_save(field.pre_save(pattern, add=True), database))
    return columns, values, params
