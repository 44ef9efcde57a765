"""A resume and its file as records: what travels, and what LinkedIn would refuse (linkedin.md 6.2-6.4; 10.1, row 8)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from connectors.linkedin.records import CONTENT_TYPES, Resume, ResumeFile, Timespan, TimeUnit
from connectors.linkedin.rules import Record, problems

MEGABYTE = 1024 * 1024
FILE = ResumeFile(file_name="Nobody.pdf", content_type="application/pdf", size=1)
RESUME = Resume(external_id="R-1", resume_file="urn:li:ambryBlob:/AAYUinvented.pdf", tcrm_created_at=1_719_830_400_000)


def at_fault(record: Record) -> set[str]:
    found = problems(record, now_ms=1_784_548_800_000)
    assert all(problem.rule.endswith(".") for problem in found)
    return {problem.field for problem in found}


def test_what_of_a_file_travels() -> None:
    assert FILE.to_wire() == {"contentType": "application/pdf", "fileName": "Nobody.pdf"}
    ttl = Timespan(duration=72, unit=TimeUnit.HOUR)
    assert replace(FILE, blob_ttl=ttl).to_wire()["blobTtl"] == {"duration": 72, "unit": "HOUR"}


def test_what_of_a_resume_travels() -> None:
    assert RESUME.to_wire() == {"resumeFile": RESUME.resume_file, "tcrmCreatedAt": 1_719_830_400_000}


@pytest.mark.parametrize("content_type", CONTENT_TYPES)
def test_pdf_doc_and_txt_of_up_to_ten_megabytes_are_taken(content_type: str) -> None:
    assert at_fault(replace(FILE, content_type=content_type, size=10 * MEGABYTE, file_name="ü" * 255)) == set()


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"content_type": "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}, "content_type"),
        ({"content_type": "image/png"}, "content_type"),
        ({"size": 10 * MEGABYTE + 1}, "size"),
        ({"size": 0}, "size"),
        ({"file_name": ""}, "file_name"),
        ({"file_name": " "}, "file_name"),
        ({"file_name": "a" * 256}, "file_name"),
        ({"blob_ttl": Timespan(duration=0, unit=TimeUnit.DAY)}, "blob_ttl"),
        ({"blob_ttl": Timespan(duration=2**63, unit=TimeUnit.DAY)}, "blob_ttl"),
    ],
)
def test_a_file_that_linkedin_would_not_take(fields: dict[str, Any], field: str) -> None:
    assert at_fault(replace(FILE, **fields)) == {field}


def test_a_good_resume_has_no_problems() -> None:
    assert at_fault(RESUME) == set()


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"external_id": " "}, "external_id"),
        ({"resume_file": ""}, "resume_file"),
        ({"resume_file": "urn:li:ambryBlob:AAYU.pdf"}, "resume_file"),
        ({"resume_file": "/AAYU.pdf"}, "resume_file"),
        ({"tcrm_created_at": None}, "tcrm_created_at"),
        ({"tcrm_created_at": 1_670_935_153}, "tcrm_created_at"),
    ],
)
def test_a_resume_that_linkedin_would_not_take(fields: dict[str, Any], field: str) -> None:
    assert at_fault(replace(RESUME, **fields)) == {field}


def test_the_units_are_those_of_the_page() -> None:
    assert [str(unit) for unit in TimeUnit] == [
        "MILLISECOND",
        "SECOND",
        "MINUTE",
        "HOUR",
        "DAY",
        "WEEK",
        "MONTH",
        "YEAR",
    ]


@pytest.mark.parametrize(
    ("duration", "unit", "shortest"),
    [
        (1, TimeUnit.MILLISECOND, timedelta(milliseconds=1)),
        (72, TimeUnit.HOUR, timedelta(days=3)),
        (2, TimeUnit.WEEK, timedelta(days=14)),
        (1, TimeUnit.MONTH, timedelta(days=28)),
        (1, TimeUnit.YEAR, timedelta(days=365)),
    ],
)
def test_when_a_file_may_be_gone_is_told_by_the_shortest_of_its_units(
    duration: int, unit: TimeUnit, shortest: timedelta
) -> None:
    assert Timespan(duration=duration, unit=unit).shortest == shortest
