"""The door: what comes in is checked, scanned and stored, and what is refused leaves nothing."""

from __future__ import annotations

import io
from typing import BinaryIO

import pytest

from talentsync.resumes import storage, taking
from talentsync.resumes.checking import PDF
from talentsync.resumes.refusals import Refused
from tests.resumes import samples


def found(file: BinaryIO) -> str:
    return "Worm"


def code_of(content: bytes, name: str = "cv.pdf") -> str:
    with pytest.raises(Refused) as caught:
        taking.take(io.BytesIO(content), name)
    return caught.value.code


def test_a_resume_comes_in_whole_and_under_a_clean_name():
    content = samples.pdf()
    taken = taking.take(io.BytesIO(content), "C:\\Rosa\\My \u202ecv.PDF")
    assert taken.name == "My cv.PDF"
    assert (taken.checked.mime, taken.checked.size) == (PDF, len(content))
    with storage.opened(taken.stored_as) as file:
        assert file.read() == content


def test_what_is_refused_leaves_nothing(settings):
    assert code_of(samples.exe()) == "program"
    settings.RESUME_SCANNER = f"{__name__}.found"
    assert code_of(samples.pdf()) == "infected"
    assert list(storage.store().names()) == []


def test_what_is_no_resume_is_not_shown_to_the_scanner(settings):
    settings.RESUME_SCANNER = f"{__name__}.found"
    assert code_of(samples.exe()) == "program"


def test_a_disk_that_takes_nothing_is_a_sentence_and_no_traceback(settings, tmp_path, caplog):
    settings.MEDIA_ROOT = tmp_path / "canary"
    settings.MEDIA_ROOT.write_text("a file where the folder should be")
    assert code_of(samples.pdf()) == "not_stored"
    assert "could not be stored" in caplog.text
    assert "canary" not in caplog.text
