"""What a refusal complains about, and what travels, in words of people."""

from __future__ import annotations

import pytest

from talentsync.sync import kinds


@pytest.mark.parametrize(
    ("kind", "field", "words"),
    [
        ("resume_file", "do_not_send", "Keep out of LinkedIn"),
        ("resume", "do_not_send", "Keep out of LinkedIn"),
        ("candidate_note", "do_not_send", "Keep out of LinkedIn"),
        ("resume_file", "recruiter_contract_urn", "Recruiter contract"),
        ("resume_file", "hiringContext", "Recruiter contract"),
        ("resume_file", "blobTtl", "Remove after"),
        ("resume_file", "contentType", "Type"),
        ("resume_file", "fileName", "File name"),
        ("resume_file", "file", "File"),
        ("resume", "tcrmCandidateId", "Candidate"),
        ("resume", "resumeFile", "File reference"),
        ("resume", "tcrmCreatedAt", "Created in your ATS"),
    ],
)
def test_a_field_has_a_name_that_people_know(kind: str, field: str, words: str) -> None:
    assert kinds.get(kind).label_of(field) == words


def test_the_day_of_creation_is_a_date() -> None:
    (route,) = kinds.get("resume").routes
    assert route.worded("tcrmCreatedAt", 1783503000000) == ("Created in your ATS", "8 July 2026, 09:30")
