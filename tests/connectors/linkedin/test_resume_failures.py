"""What is said about a resume or its file finds the row that helps, and a general one where none is special."""

from __future__ import annotations

from pathlib import Path

import pytest

from connectors.base.explain import Explanation, Verdict
from connectors.linkedin import resume_failures
from connectors.linkedin.errors import DOCUMENTED, LAST_RESORTS, explain_file, explain_resume
from connectors.linkedin.resume_failures import FILES, RESUMES

URN = "urn:li:ambryBlob:/AAYUinvented.pdf"
OF_A_FILE = [
    (403, "The upload URL has expired", "upload_link", Verdict.RETRY, ""),
    (404, "", "upload_link", Verdict.RETRY, ""),
    (401, "Invalid access token", "upload_link", Verdict.RETRY, ""),
    (None, "media.example", "upload_address", Verdict.HOLD_OPERATION, ""),
    (413, "", "file_too_large", Verdict.REJECT, "file"),
    (415, "", "file_type", Verdict.REJECT, "contentType"),
    (422, 'ERROR :: /contentType :: "image/png" is not an enum symbol\n', "", Verdict.REJECT, "contentType"),
    (422, "ERROR :: /blobTtl/duration :: 0 is out of range", "", Verdict.REJECT, "blobTtl"),
    (422, 'ERROR :: /hiringContext :: "x" is not valid', "", Verdict.CONTRACT, "hiringContext"),
    (
        403,
        "Caller is not authorized to access the contract: urn:li:contract:1",
        "65600",
        Verdict.CONTRACT,
        "hiringContext",
    ),
]
OF_A_RESUME = [
    (422, f"ERROR :: /resumeFile :: {URN} does not exist\n", Verdict.REJECT, "resumeFile"),
    (404, f"{URN} not found", Verdict.REJECT, "resumeFile"),
    (410, "The blob has expired", Verdict.REJECT, "resumeFile"),
    (404, "Entity tcrmCandidate C-9 does not exist", Verdict.REJECT, "tcrmCandidateId"),
    (422, "ERROR :: /tcrmCandidateId :: C-9 not found", Verdict.REJECT, "tcrmCandidateId"),
    (404, "", Verdict.REJECT, "tcrmCandidateId"),
    (404, "Not found", Verdict.REJECT, "tcrmCandidateId"),
    (422, "ERROR :: /tcrmCreatedAt :: 1670935153 is not in milliseconds", Verdict.REJECT, "tcrmCreatedAt"),
]


@pytest.mark.parametrize(("status", "words", "code", "verdict", "field"), OF_A_FILE)
def test_what_is_said_of_a_file_finds_its_row(
    status: int | None, words: str, code: str, verdict: Verdict, field: str
) -> None:
    row = explain_file(words=words, status=status, code=code)
    assert row in FILES
    assert (row.verdict, row.field) == (verdict, field)


@pytest.mark.parametrize(("status", "words", "verdict", "field"), OF_A_RESUME)
def test_what_is_said_of_a_resume_finds_its_row(status: int, words: str, verdict: Verdict, field: str) -> None:
    row = explain_resume(words=words, status=status)
    assert row in RESUMES
    assert (row.verdict, row.field) == (verdict, field)


def test_every_row_is_found_by_something() -> None:
    hit = {explain_file(words=words, status=status, code=code) for status, words, code, *_ in OF_A_FILE}
    hit |= {explain_resume(words=words, status=status) for status, words, *_ in OF_A_RESUME}
    assert hit == set(FILES) | set(RESUMES)


@pytest.mark.parametrize(
    ("status", "words", "verdict"),
    [
        (422, "ERROR :: /resumeFile :: field is required but not found and has no default value", Verdict.REJECT),
        (422, "ERROR :: /tcrmCreatedAt :: field is required but not found and has no default value", Verdict.REJECT),
        (404, "Resource tcrmCandidateResumes does not exist", Verdict.HOLD_OPERATION),
        (403, "Not enough permissions to access: PUT /tcrmCandidateResumes", Verdict.HOLD_OPERATION),
        (429, "", Verdict.THROTTLE),
        (None, "", Verdict.RETRY),
    ],
)
def test_what_is_not_special_is_explained_as_everywhere(status: int | None, words: str, verdict: Verdict) -> None:
    for row in (explain_resume(words=words, status=status), explain_file(words=words, status=status)):
        assert row in (*DOCUMENTED, *LAST_RESORTS)
        assert row.verdict is verdict


def test_a_403_without_a_contract_in_its_words_is_the_operations() -> None:
    assert explain_file(words="Not enough permissions to access: POST /hireMediaUrl", status=403).verdict is (
        Verdict.HOLD_OPERATION
    )


@pytest.mark.parametrize("row", [*FILES, *RESUMES])
def test_every_row_says_what_it_means_and_what_to_do(row: Explanation) -> None:
    assert row.meaning.endswith(".")
    assert row.remedy.endswith(".")


def test_every_sentence_is_marked_for_translation() -> None:
    source = Path(resume_failures.__file__ or "").read_text()
    assert source.count("meaning=_(") == source.count("meaning=")
    assert source.count("remedy=_(") == source.count("remedy=")
