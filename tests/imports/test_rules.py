"""Every rule that a file can break, by name; where it is broken; and that no sentence repeats what was in the file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from talentsync.customers.models import Customer
from talentsync.imports.columns import SHEETS
from talentsync.imports.mistakes import SENTENCES
from tests.imports.making import PLAIN, application, as_csv, as_jsonl, candidate, feedback, job, mistakes, note, stored
from tests.imports.test_resumes import BITTEN_BY_BUNDLES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("parents")]

HEAD = b"external_id,first_name,last_name,email_addresses,external_profile_url,ats_created_at,ats_last_modified_at\n"
GOOD = b'C-7,Kim,Example,"[""kim@example.com""]",https://ats.example.com/7,2026-02-01T08:00:00Z,2026-02-01T08:00:00Z\n'
NAMES = HEAD.decode().strip()

FILES = [  # what is in the file, the rule, the line, the column
    ("empty_file", b"", 1, ""),
    ("empty_file", b"\xef\xbb\xbf\n\n", 1, ""),
    ("not_utf8", HEAD + GOOD + GOOD.replace(b"Kim", b"Ren\xe9"), 3, ""),
    ("not_utf8", NAMES.encode("utf-16"), 1, ""),
    ("json_array", b'[{"external_id": "1"}]', 1, ""),
    ("line_too_long", HEAD + b"x" * 1_100_000 + b"\n", 2, ""),
    ("unclosed_quote", HEAD + GOOD + b'C-8,"Kim,Example\nC-9,Kim,Example\n', 3, ""),
    ("unclosed_quote", HEAD + b'C-8,"' + b"Kim,Example\n" * 20_000, 2, ""),
    ("no_column_name", HEAD.replace(b"\n", b",\n"), 1, ""),
    ("unknown_column", HEAD.replace(b"\n", b",shoe size\n"), 1, ""),
    ("misspelled_column", HEAD.replace(b"\n", b",middle_inital\n"), 1, ""),
    ("missing_column", b"external_id,first_name,ats_created_at\n", 1, "ats_last_modified_at"),
    ("doubled_column", HEAD.replace(b"\n", b",first_name\n"), 1, "first_name"),
    ("too_many_cells", HEAD + GOOD + GOOD.replace(b"\n", b",more\n"), 3, ""),
    ("too_few_cells", HEAD + GOOD + b"C-9,Kim\n", 3, ""),
    ("broken_quotes", HEAD + GOOD + GOOD.replace(b"Kim", b'"Kim" the gardener'), 3, ""),
    ("nul", HEAD + GOOD + GOOD.replace(b"Kim", b"K\0im").replace(b"C-7", b"C-8"), 3, ""),
    ("doubled_id", HEAD + GOOD + GOOD, 3, "external_id"),
]
LINES = [  # JSON Lines: the line after a good one
    ("not_an_object", b"not json at all"),
    ("not_an_object", b'["external_id"]'),
    ("not_an_object", b'{"external_id": NaN}'),
    ("not_an_object", b"[" * 100_000),
    ("doubled_column", b'{"external_id": "C-8", "external_id": "C-9"}'),
    ("missing_column", b'{"external_id": "C-8"}'),
    ("unknown_column", json.dumps(candidate(8, shoe="44")).encode()),
    ("misspelled_column", json.dumps(candidate(8, prefx="Dr.")).encode()),
    ("nul", json.dumps(candidate(8, first_name="K\0im")).encode()),
    ("broken_text", json.dumps(candidate(8, first_name="K\ud800im")).encode()),
    ("bad_text", json.dumps(candidate(8, first_name=["Kim"])).encode()),
    ("bad_text", json.dumps(candidate(8, first_name=True)).encode()),
    ("bad_boolean", json.dumps(candidate(8, do_not_contact=[])).encode()),
    ("bad_date", json.dumps(candidate(8, ats_created_at=1769932800000)).encode()),
    ("bad_number", json.dumps(job(8, greenhouse_job_id=1.5)).encode()),
]
CELLS = [
    ("missing_value", "candidate", candidate(8, external_id=" "), "external_id"),
    ("missing_value", "candidate", candidate(8, ats_created_at=""), "ats_created_at"),
    ("missing_value", "candidate_note", note(8, candidate=""), "candidate"),
    ("missing_value", "job", job(8, title=""), "title"),
    ("bad_json", "candidate", candidate(8, email_addresses="kim@example.com"), "email_addresses"),
    ("bad_json", "candidate", candidate(8, phone_numbers="[" * 50_000), "phone_numbers"),
    ("bad_list", "candidate", candidate(8, email_addresses={"a": "b"}), "email_addresses"),
    ("bad_list", "candidate", candidate(8, email_addresses=[1]), "email_addresses"),
    ("bad_list", "job", job(8, workplace_types=["Hybrid", "Remote"]), "workplace_types"),
    ("bad_objects", "candidate", candidate(8, phone_numbers=["0316 555"]), "phone_numbers"),
    ("bad_objects", "candidate", candidate(8, phone_numbers=[{"kind": "home"}]), "phone_numbers"),
    ("bad_objects", "candidate", candidate(8, phone_numbers=[{"number": {}}]), "phone_numbers"),
    ("bad_objects", "candidate", candidate(8, addresses={"city": "Graz"}), "addresses"),
    ("bad_person", "candidate_note", note(8, author=["Noor"]), "author"),
    ("bad_person", "candidate_note", note(8, author={"name": "Noor"}), "author"),
    ("bad_person", "candidate_note", note(8, author={"firstName": 1}), "author"),
    ("bad_pay", "job", job(8, compensation=[{"salary": "1"}]), "compensation"),
    ("bad_pay", "job", job(8, compensation={"compensations": [{"type": "BONUS", "value": {}}]}), "compensation"),
    ("bad_pay", "job", job(8, compensation={"compensations": "much"}), "compensation"),
    ("bad_budget", "job", job(8, budget=["500"]), "budget"),
    ("bad_budget", "job", job(8, budget={"total": {"amount": "500", "currencyCode": "EUR"}}), "budget"),
    ("bad_budget", "job", job(8, budget={"payForPerformanceTotalBudget": {"amount": ["500"]}}), "budget"),
    ("bad_onsite_apply", "job", job(8, onsite_apply_configuration=["x"]), "onsite_apply_configuration"),
    ("bad_onsite_apply", "job", job(8, onsite_apply_configuration={"url": "x"}), "onsite_apply_configuration"),
    ("bad_onsite_apply", "job", job(8, onsite_apply_configuration={"questions": ["x"]}), "onsite_apply_configuration"),
    (
        "bad_onsite_apply",
        "job",
        job(8, onsite_apply_configuration={"questions": {"a": "\0"}}),
        "onsite_apply_configuration",
    ),
    (
        "bad_url",
        "job",
        job(8, onsite_apply_configuration={"jobApplicationWebhookUrl": "x"}),
        "onsite_apply_configuration",
    ),
    (
        "linkedin",
        "job",
        job(8, onsite_apply_configuration={"jobApplicationWebhookUrl": "http://a.example.com"}),
        "onsite_apply_configuration",
    ),
    ("bad_date", "candidate", candidate(8, ats_created_at="1 February 2026"), "ats_created_at"),
    ("bad_date", "candidate", candidate(8, ats_created_at="2026-02-30T08:00:00Z"), "ats_created_at"),
    ("bad_date", "candidate", candidate(8, ats_created_at="0001-01-01T00:00:00+14:00"), "ats_created_at"),
    ("bad_boolean", "candidate", candidate(8, do_not_contact="maybe"), "do_not_contact"),
    ("bad_number", "job", job(8, greenhouse_job_id="12a"), "greenhouse_job_id"),
    ("bad_number", "job", job(8, greenhouse_job_id="9" * 19), "greenhouse_job_id"),
    ("too_long", "candidate", candidate(8, first_name="K" * 201), "first_name"),
    ("too_long", "job", job(8, external_id="J" * 76), "external_id"),
    ("too_long", "candidate", candidate(8, email_addresses=["k" * 250 + "@example.com"]), "email_addresses"),
    ("unknown_choice", "job", job(8, employment_status="SOMETIMES"), "employment_status"),
    ("unknown_choice", "interview_feedback", feedback(interview_type="BY_PIGEON"), "interview_type"),
    ("bad_url", "candidate", candidate(8, external_profile_url="ats.example.com/8"), "external_profile_url"),
    ("bad_url", "candidate", candidate(8, linked_in_profile_url="javascript:alert(1)"), "linked_in_profile_url"),
    ("bad_email", "job", job(8, poster_email="poster at home"), "poster_email"),
    ("unknown_parent", "candidate_note", note(8, candidate="C-404"), "candidate"),
    ("unknown_parent", "application", application(8, job="J-404"), "job"),
    ("linkedin", "job", job(8, description="Short."), "description"),
    ("linkedin", "job", job(8, expire_at="2026-01-01T00:00:00Z"), "expire_at"),
    ("linkedin", "job", job(8, categories=["eng", "sale", "it", "hr"]), "categories"),
    ("linkedin", "candidate", candidate(8, first_name=""), "first_name"),
    ("linkedin", "candidate", candidate(8, email_addresses=[]), "email_addresses"),
    ("linkedin", "candidate", candidate(8, email_addresses=["kim at home"]), "email_addresses"),
    ("linkedin", "candidate", candidate(8, ats_last_modified_at="2026-01-01T00:00:00Z"), "ats_last_modified_at"),
    ("linkedin", "candidate", candidate(8, manual_matched_member="Kim"), "manual_matched_member"),
    ("linkedin", "candidate", candidate(8, addresses=[{"country": "Austria"}]), "addresses"),
    ("linkedin", "candidate_note", note(8, author={"firstName": "Noor"}), "author"),
    ("bad_email", "application", application(8, candidate_email="kim@nowhere"), "candidate_email"),
    (
        "linkedin",
        "application_stage",
        {"application": "A-1", "external_id": "S", "stage": "Not Available", "ats_created_at": "2026-02-01"},
        "stage",
    ),
]
ELSEWHERE = {"file_gone", "internal", "erased"}  # shown in test_visits, and in tests/erasing
ELSEWHERE |= BITTEN_BY_BUNDLES


@pytest.mark.parametrize(("rule", "content", "line", "column"), FILES, ids=lambda value: str(value)[:40])
def test_a_bad_file(acme: Customer, tmp_path: Path, rule: str, content: bytes, line: int, column: str):
    found = mistakes(stored(tmp_path, content), "candidate", acme)
    assert (rule, line, column) in {(each.rule, each.line, each.column) for each in found}


@pytest.mark.parametrize(("rule", "second"), LINES, ids=lambda value: str(value)[:40])
def test_a_bad_line_of_json(acme: Customer, tmp_path: Path, rule: str, second: bytes):
    kind, first = ("job", job(7)) if b"greenhouse" in second else ("candidate", candidate(7))
    found = mistakes(stored(tmp_path, as_jsonl([first]) + second + b"\n" + as_jsonl([first])), kind, acme)

    assert (rule, 2) in {(each.rule, each.line) for each in found}
    assert {each.line for each in found} <= {2, 3}, "the first line is good"


@pytest.mark.parametrize(("rule", "kind", "row", "column"), CELLS, ids=lambda value: str(value)[:30])
@pytest.mark.parametrize("form", [as_csv, as_jsonl])
def test_a_bad_cell(acme: Customer, tmp_path: Path, rule: str, kind: str, row: dict, column: str, form):
    found = mistakes(stored(tmp_path, form([row])), kind, acme)
    assert [(each.rule, each.column) for each in found] == [(rule, column)]


def test_every_rule_is_shown_to_bite():
    shown = {case[0] for case in (*FILES, *LINES, *CELLS)}
    assert shown | ELSEWHERE == SENTENCES.keys()


CANARY = "Wilhelmina Feather"
CAGES = (CANARY, f"urn:{CANARY}", [CANARY], {CANARY: CANARY}, [{CANARY: CANARY}], [[CANARY]], CANARY * 20_000)


@pytest.mark.parametrize("kind", PLAIN)
@pytest.mark.parametrize("cell", CAGES, ids=lambda value: str(value)[:30])
def test_no_sentence_repeats_what_is_in_a_cell(acme: Customer, tmp_path: Path, kind: str, cell: Any):
    rows = [dict.fromkeys(SHEETS[kind].columns, cell), {CANARY: cell}]
    found = mistakes(stored(tmp_path, as_jsonl(rows)), kind, acme)
    assert found
    assert [each for each in found if CANARY.lower() in f"{each.column} {each.sentence}".lower()] == []


def test_a_file_without_names_shows_nobody(acme: Customer, tmp_path: Path):
    """Its first line is a person."""
    found = mistakes(stored(tmp_path, GOOD), "candidate", acme)
    assert found
    assert not [each for each in found if "Kim" in each.sentence or "kim" in each.sentence or "Kim" in each.column]


def test_the_nearest_name_is_offered(acme: Customer, tmp_path: Path):
    found = mistakes(stored(tmp_path, HEAD.replace(b"\n", b",First_Nmae\n")), "candidate", acme)
    assert [each.sentence for each in found] == ["Column 8 is not known. Did you mean first_name?"]


def test_all_errors_of_a_row_are_listed(acme: Customer, tmp_path: Path):
    row = candidate(8, first_name="K" * 201, ats_created_at="soon", do_not_contact="maybe")
    found = mistakes(stored(tmp_path, as_csv([row])), "candidate", acme)
    assert [each.rule for each in found] == ["too_long", "bad_date", "bad_boolean"]


def test_a_closed_job_may_have_ended_long_ago(acme: Customer, tmp_path: Path):
    row = job(8, state="CLOSED", expire_at="2026-01-01T00:00:00Z")
    assert mistakes(stored(tmp_path, as_csv([row])), "job", acme) == []


def test_premium_jobs_need_no_contract_to_be_imported(acme: Customer, tmp_path: Path):
    """That the connection has none is said where the job is posted."""
    assert mistakes(stored(tmp_path, as_csv([job(8, listing_type="PREMIUM")])), "job", acme) == []
