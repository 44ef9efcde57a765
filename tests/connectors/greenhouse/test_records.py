"""The reference to a job: what goes into a delivery and back, and what a form should tell."""

from __future__ import annotations

import pytest

from connectors.greenhouse.records import GreenhouseJob


def test_what_is_stored_is_read_back() -> None:
    job = GreenhouseJob(requisition_id="R-1", greenhouse_job_id=71002, close_reason_id=512)
    assert job.to_wire() == {"requisition_id": "R-1", "greenhouse_job_id": 71002, "close_reason_id": 512}
    assert GreenhouseJob.from_wire(job.to_wire()) == job


def test_what_is_not_known_may_be_left_out() -> None:
    assert GreenhouseJob.from_wire({"requisition_id": None}) == GreenhouseJob()


@pytest.mark.parametrize(
    ("job", "fields"),
    [
        (GreenhouseJob(requisition_id="R-1"), []),
        (GreenhouseJob(greenhouse_job_id=71002, close_reason_id=512), []),
        (GreenhouseJob(), ["requisition_id"]),
        (GreenhouseJob(requisition_id=" R-1"), ["requisition_id"]),
        (GreenhouseJob(greenhouse_job_id=0), ["greenhouse_job_id"]),
        (GreenhouseJob(requisition_id="R-1", close_reason_id=-1), ["close_reason_id"]),
    ],
)
def test_a_form_learns_field_and_sentence(job: GreenhouseJob, fields: list[str]) -> None:
    problems = job.problems()
    assert [field for field, _ in problems] == fields
    assert all(sentence.endswith(".") for _, sentence in problems)
