"""What a file makes of the records: new ones, changed ones, and nothing where nothing is new."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from django.db import connection as database
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from talentsync.applications.models import Application, ApplicationNote, ApplicationStage, InterviewFeedback
from talentsync.candidates.models import Candidate, CandidateEmail, CandidateNote
from talentsync.customers.models import Customer
from talentsync.imports.columns import SHEETS
from talentsync.imports.filing import Filing
from talentsync.imports.readers import RawRow, open_file
from talentsync.imports.rows import MAX_ROWS, Row, chunks
from talentsync.imports.samples import sample
from talentsync.imports.seen import Seen
from talentsync.imports.tally import counted
from talentsync.jobs.models import Job
from tests.customers.making import make_customer
from tests.imports.making import PLAIN, application, as_csv, as_jsonl, candidate, feedback, filed, job, note, stored

pytestmark = pytest.mark.django_db


def verdicts(rows: Sequence[Row]) -> dict[str, int]:
    return dict(Counter(row.verdict.value for row in rows))


def everything() -> dict[str, list[Any]]:
    models = (Job, Candidate, CandidateEmail, CandidateNote, Application, ApplicationNote, ApplicationStage)
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in (*models, InterviewFeedback)}


# New, changed, unchanged


def test_the_sample_of_every_kind_can_be_imported_and_again_changes_nothing(acme: Customer, tmp_path: Path):
    for kind in PLAIN:
        done = verdicts(filed(stored(tmp_path, sample(SHEETS[kind], "csv").encode()), kind, acme))
        assert done == {"new": 1}, kind
    before = everything()
    for form in ("csv", "jsonl"):
        for kind in PLAIN:
            done = verdicts(filed(stored(tmp_path, sample(SHEETS[kind], form).encode()), kind, acme))
            assert done == {"unchanged": 1}, (kind, form)
    assert everything() == before
    assert all(len(rows) == 1 for rows in before.values())


def test_the_samples_hold_every_column_that_says_something_of_its_own(acme: Customer):
    for sheet in SHEETS.values():
        names = sample(sheet, "csv").splitlines()[0].split(",")
        filled = {field for name in names for field in sheet.columns[name].fields}
        assert filled == {field for column in sheet.columns.values() for field in column.fields}


def test_a_changed_row_changes_what_it_names_and_nothing_else(acme: Customer, load):
    load("candidate", [candidate(1, prefix="Dr.")])
    Candidate.objects.update(linkedin_status="sent", synced_at=timezone.now(), sync_trouble="rejected")
    before = Candidate.objects.values().get()

    (row,) = load("candidate", [candidate(1, last_name="Other")])

    after = Candidate.objects.values().get()
    assert (row.verdict.value, row.changed) == ("changed", ["last_name"])
    assert {name for name in after if after[name] != before[name]} == {"last_name", "last_key", "changed_at"}


def test_what_is_saved_meanwhile_stays(acme: Customer, tmp_path: Path, load):
    """The fields that the file leaves as they were are not written."""
    load("candidate", [candidate(1)])

    def beside(rows: Sequence[Row]) -> bool:
        return bool(Candidate.objects.update(first_name="Saved meanwhile", linkedin_status="sent"))

    with Seen() as seen:
        filing = Filing(SHEETS["candidate"], acme, seen, now=timezone.now())
        path = stored(tmp_path, as_csv([candidate(1, last_name="Other")]))
        for raw in chunks(open_file(path, filing.sheet).rows()):
            filing.load(raw, beside=beside)

    found = Candidate.objects.get()
    assert (found.first_name, found.last_name, found.linkedin_status) == ("Saved meanwhile", "Other", "sent")


@pytest.mark.parametrize(
    ("kind", "model", "first", "second", "moves"),
    [
        ("candidate", Candidate, candidate(1), candidate(1, first_name="Noor"), True),
        ("candidate", Candidate, candidate(1), candidate(1, email_addresses=["other@example.com"]), True),
        ("candidate", Candidate, candidate(1), candidate(1), False),
        ("candidate", Candidate, candidate(1), candidate(1, ats_last_modified_at="2026-03-01T00:00:00Z"), False),
        ("candidate", Candidate, candidate(1), candidate(1, do_not_send=True), False),
        ("candidate", Candidate, candidate(1), candidate(1, do_not_contact=True), True),
        ("job", Job, job(1), job(1, title="Head gardener"), True),
        ("job", Job, job(1), job(1, state="CLOSED", requisition_id="R", owner_email="o@example.com"), False),
    ],
)
def test_changed_at_moves_only_with_what_linkedin_is_told(load, kind, model, first, second, moves):
    load(kind, [first])
    model.objects.update(changed_at=F("listed_at" if kind == "job" else "ats_created_at"))
    before = model.objects.get().changed_at

    rows = load(kind, [second])

    assert (model.objects.get().changed_at != before) == moves
    assert counted(rows, SHEETS[kind]).n_unsent == moves


def test_an_empty_cell_empties_and_a_missing_column_says_nothing(acme: Customer, load):
    load("candidate", [candidate(1, prefix="Dr.", suffix="Jr.")])
    load("candidate", [candidate(1, prefix="")])

    assert (Candidate.objects.get().prefix, Candidate.objects.get().suffix) == ("", "Jr.")


def test_a_line_of_json_says_nothing_of_what_it_does_not_name(acme: Customer, tmp_path: Path):
    path = stored(tmp_path, as_jsonl([candidate(1, prefix="Dr."), candidate(2)]))
    filed(path, "candidate", acme)
    path = stored(tmp_path, as_jsonl([candidate(1), candidate(2, prefix=None)]))
    assert verdicts(filed(path, "candidate", acme)) == {"unchanged": 2}


def test_a_moment_without_a_zone_is_utc_and_counted(load):
    rows = load("candidate", [candidate(1, ats_created_at="2026-02-01T08:00:00")])

    assert Candidate.objects.get().ats_created_at.isoformat() == "2026-02-01T08:00:00+00:00"
    assert counted(rows, SHEETS["candidate"]).n_zoneless == 1


def test_an_empty_date_of_a_note_leaves_the_date_alone(parents, load):
    load("candidate_note", [note(1)])
    load("candidate_note", [note(1, ats_created_at="", note="Called again.")])

    found = CandidateNote.objects.get()
    assert (found.note, found.ats_created_at.isoformat()) == ("Called again.", "2026-02-01T07:00:00+00:00")


def test_linkedins_words_become_ours(load):
    pay = {"type": "BONUS", "period": "YEARLY", "value": {"exactAmount": {"amount": "95000", "currencyCode": "EUR"}}}
    load(
        "job",
        [
            job(
                1,
                state="CLOSED",
                availability="PRIVATE_TO_ATS_INTEGRATION",
                workplace_types=["hybrid"],
                employment_status="full_time",
                compensation={"compensations": [pay]},
                owner_email="Rosa@Example.com",
            )
        ],
    )
    found = Job.objects.get()
    assert (found.status, found.availability, found.workplace_type) == ("closed", "private", "Hybrid")
    assert (found.employment_status, found.owner_email) == ("FULL_TIME", "rosa@example.com")
    assert found.compensation == [
        {"type": "BONUS", "period": "YEARLY", "currency": "EUR", "exact": "95000", "start": "", "end": ""}
    ]


def test_a_budget_and_applying_at_linkedin_come_as_linkedins_objects(load):
    money = {"amount": "500", "currencyCode": "EUR"}
    apply = {"jobApplicationWebhookUrl": "https://ats.example.com/take", "questions": {"resumeQuestions": {}}}
    row = job(1, budget={"payForPerformanceTotalBudget": money}, onsite_apply_configuration=apply)
    load("job", [row])
    found = Job.objects.get()
    assert (found.budget_amount, found.budget_currency) == ("500", "EUR")
    assert found.job_application_webhook_url == "https://ats.example.com/take"
    assert found.application_questions == {"resumeQuestions": {}}
    assert verdicts(load("job", [{**row, "budget": money}])) == {"unchanged": 1}
    load("job", [{**row, "budget": "", "onsite_apply_configuration": ""}])
    found.refresh_from_db()
    assert (found.budget_amount, found.application_questions) == ("", {})


def test_people_in_one_object_or_in_two_columns_are_the_same(parents, load):
    load("candidate_note", [note(1, author={"firstName": "Noor", "lastName": "Example"})])
    rows = load("candidate_note", [note(1, author_first_name="Noor", author_last_name="Example")])
    assert verdicts(rows) == {"unchanged": 1}
    load("interview_feedback", [feedback(interviewer={"first_name": "Noor", "last_name": "Example"})])
    assert InterviewFeedback.objects.get().interviewer_last_name == "Example"


# Addresses that are looked for


def addresses() -> list[tuple[str, str]]:
    return sorted(CandidateEmail.objects.values_list("candidate__external_id", "address"))


def test_addresses_are_kept_in_lower_case_once_each(load):
    load("candidate", [candidate(1, email_addresses=["Kim@Example.com", "kim@example.com", "k@example.org"])])
    assert addresses() == [("C-1", "k@example.org"), ("C-1", "kim@example.com")]
    assert Candidate.objects.get().email_addresses == ["Kim@Example.com", "kim@example.com", "k@example.org"]
    assert Candidate.objects.beginning_with("KIM@").count() == 1


def test_addresses_follow_a_change(load):
    load("candidate", [candidate(1), candidate(2)])
    load("candidate", [candidate(1, email_addresses=["new@example.com"]), candidate(2)])
    assert addresses() == [("C-1", "new@example.com"), ("C-2", "kim.2@example.com")]


# Parents and customers


def test_children_find_their_parents_by_the_ids_of_the_ats(parents, load):
    person, post, _ = parents
    load("application", [application(5)])
    load(
        "application_stage",
        [{"application": "A-5", "external_id": "1", "stage": "Offer", "ats_created_at": "2026-02-01"}],
    )

    made = Application.objects.get(external_id="A-5")
    assert (made.candidate, made.job) == (person, post)
    assert ApplicationStage.objects.get().application == made
    assert ApplicationStage.objects.get().customer == made.customer


def test_an_id_is_unique_below_its_parent(acme: Customer, parents, load):
    load("candidate", [candidate(2)])
    rows = load("candidate_note", [note(1), note(1, candidate="C-2"), note(2), note(1)])
    assert [row.verdict.value for row in rows] == ["new", "new", "new", "refused"]
    assert CandidateNote.objects.count() == 3


def test_an_application_may_move_to_another_candidate(parents, load):
    load("candidate", [candidate(2)])
    rows = load("application", [application(1, candidate="C-2")])
    assert rows[0].changed[0] == "candidate"
    assert Application.objects.get().candidate.external_id == "C-2"


def test_records_of_another_customer_are_neither_found_nor_touched(acme: Customer, parents, load, tmp_path: Path):
    other = make_customer("Umbrella")
    before = everything()

    rows = filed(stored(tmp_path, as_csv([candidate(1, first_name="Noor")])), "candidate", other)
    assert verdicts(rows) == {"new": 1}
    assert verdicts(filed(stored(tmp_path, as_csv([application(1)])), "application", other)) == {"refused": 1}

    assert Candidate.objects.filter(customer=acme).values().get() == before["Candidate"][0]


def test_a_row_that_is_refused_leaves_the_others_alone(acme: Customer, load):
    rows = load("candidate", [candidate(1), candidate(2, first_name=""), candidate(3)])
    assert [row.verdict.value for row in rows] == ["new", "refused", "new"]
    assert sorted(Candidate.objects.values_list("external_id", flat=True)) == ["C-1", "C-3"]


def test_a_known_record_is_judged_with_what_is_stored(load):
    """Without its name in the file, a candidate still has one."""
    load("candidate", [candidate(1)])
    row = candidate(1, prefix="Dr.")
    del row["first_name"]
    assert verdicts(load("candidate", [row])) == {"changed": 1}


# Many


def test_a_thousand_rows_a_transaction_and_no_more_queries_for_more_rows(
    acme: Customer, tmp_path: Path, django_assert_max_num_queries
):
    path = stored(tmp_path, as_csv(map(candidate, range(2_500))))
    sizes, counts = [], []
    with Seen() as seen:
        filing = Filing(SHEETS["candidate"], acme, seen, now=timezone.now())
        for raw in chunks(open_file(path, filing.sheet).rows()):
            with CaptureQueriesContext(database) as captured:
                sizes.append(len(filing.load(raw) or []))
            counts.append(sum("SAVEPOINT" not in query["sql"] for query in captured))
    assert sizes == [MAX_ROWS, MAX_ROWS, 500]
    assert len(set(counts)) == 1
    assert counts[0] <= 8
    assert Candidate.objects.count() == CandidateEmail.objects.count() == 2_500


def test_long_rows_are_taken_together_by_their_size(tmp_path: Path):
    path = stored(tmp_path, as_jsonl(job(number, description="x" * 900_000) for number in range(30)))
    sizes = [len(chunk) for chunk in chunks(open_file(path, SHEETS["job"]).rows())]
    assert sum(sizes) == 30
    assert max(sizes) <= 10


class Overtaken(Filing):
    """Somebody enters the first new record in the form, right after we have looked whether it is there."""

    times = 1

    def prepare(self, raw: Sequence[RawRow]) -> list[Row]:
        rows = super().prepare(raw)
        if self.times:
            self.times -= 1
            Candidate.objects.create(customer=self.customer, external_id=rows[0].values["external_id"], prefix="Dr.")
        return rows


def test_a_record_that_is_made_meanwhile_is_changed_and_not_made_twice(acme: Customer, tmp_path: Path):
    path = stored(tmp_path, as_csv([candidate(1), candidate(2)]))
    with Seen() as seen:
        filing = Overtaken(SHEETS["candidate"], acme, seen, now=timezone.now())
        (raw,) = chunks(open_file(path, filing.sheet).rows())
        rows = filing.load(raw)

    assert [row.verdict.value for row in rows or []] == ["changed", "new"]
    assert Candidate.objects.get(external_id="C-1").prefix == "Dr."
    assert Candidate.objects.get(external_id="C-1").last_name == "Example 1"


def test_doubled_ids_are_found_however_far_apart(acme: Customer, tmp_path: Path):
    rows = [*map(candidate, range(1_200)), candidate(3, first_name="Again")]
    done = filed(stored(tmp_path, as_csv(rows)), "candidate", acme)
    assert [(row.line, row.mistakes[0].rule) for row in done if row.mistakes] == [(1_202, "doubled_id")]
    assert Candidate.objects.get(external_id="C-3").first_name == "Kim"


def test_an_empty_cell_unlinks_nobody(load: Any, parents: tuple[Candidate, Job, Application]) -> None:
    """A person linked the candidate here; the ATS knows nothing of it."""
    Candidate.objects.update(manual_matched_member="urn:li:person:Ab12")
    load("candidate", [candidate() | {"last_name": "Other", "manual_matched_member": ""}])
    kept = Candidate.objects.get()
    assert (kept.last_name, kept.manual_matched_member) == ("Other", "urn:li:person:Ab12")
    load("candidate", [candidate() | {"manual_matched_member": "urn:li:person:Cd34"}])
    assert Candidate.objects.get().manual_matched_member == "urn:li:person:Cd34"
