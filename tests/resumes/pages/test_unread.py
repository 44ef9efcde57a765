"""A form that brings more than Django reads does nothing: its page says so, and strangers are not even read."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from talentsync.candidates.models import Candidate
from talentsync.core import unread
from talentsync.resumes.models import Resume
from talentsync.sync import kinds, runs
from tests.core.rows import dump
from tests.resumes.pages.posting import ADD, BY_SCRIPT, a_file, replace, text, upload
from tests.resumes.sending.making import content, fresh, resume_of, stored

pytestmark = pytest.mark.django_db

TOO_MANY = {f"field{number}": "x" for number in range(1_001)}
TOO_LONG = {"external_id": "x" * 3_000_000}
TOO_MUCH = "Nothing was done: more was entered than a form may bring. Enter less"
SHORT = "application/x-www-form-urlencoded"
SCRIPTS = pytest.mark.parametrize("headers", [None, BY_SCRIPT], ids=["form", "script"])


@pytest.fixture
def browser(rosa: User) -> Client:
    """Hers, on whom Django's check of forms is done as on everybody; she has had a page with a form."""
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(rosa)
    browser.get(reverse(ADD))
    return browser


class Sent(io.RawIOBase):
    """What somebody sends: so many bytes, of which it is counted how many were read; then the line breaks."""

    def __init__(self, size: int) -> None:
        self._left, self.read_so_far = size, 0

    def read(self, size: int = -1) -> bytes:
        if not self._left:
            raise ConnectionResetError(104, "Connection reset by peer")
        piece = b"x" * min(size, self._left)
        self._left -= len(piece)
        self.read_so_far += len(piece)
        return piece


def send(client: Client, sent: Sent, *, announced: int, kind: str = SHORT, **headers: str) -> Any:
    return client.generic(
        "POST",
        reverse(ADD),
        headers=headers,
        **{"CONTENT_TYPE": kind, "CONTENT_LENGTH": str(announced), "wsgi.input": sent},
    )


# what people read


def test_more_files_than_go_at_once_are_told_how_many_do(browser: Client, candidate: Candidate) -> None:
    """What they send is read to its end: a browser that is cut off shows no answer."""
    answer = upload(browser, candidate, *(a_file(f"{number}.pdf", b"x" * 10_000) for number in range(150)))
    assert answer.status_code == 200
    assert "None of the files was taken: no more than 100 go at once. Choose fewer." in text(answer)
    assert 'id="upload-form"' in text(answer)
    assert answer.wsgi_request.read() == b""
    assert (Resume.objects.count(), stored()) == (0, [])


@SCRIPTS
@pytest.mark.parametrize("answers", [TOO_LONG, TOO_MANY], ids=["long", "many"])
def test_more_answers_than_a_form_may_bring_are_told_so(
    answers: dict[str, Any], headers: Any, browser: Client, candidate: Candidate
) -> None:
    answer = upload(browser, candidate, a_file(), headers=headers, **answers)
    assert answer.status_code == 200
    assert TOO_MUCH in text(answer)
    assert (Resume.objects.count(), stored()) == (0, [])


@SCRIPTS
def test_a_form_that_cannot_be_read_is_shown_anew(headers: Any, browser: Client) -> None:
    answer = browser.post(reverse(ADD), b"half", content_type="multipart/form-data", headers=headers)
    assert answer.status_code == 200
    assert "Nothing was done: what came could not be read. Fill in the form again." in text(answer)


def test_by_script_what_is_wrong_is_said_in_the_line_of_the_file(browser: Client, candidate: Candidate) -> None:
    answer = upload(browser, candidate, a_file(), headers=BY_SCRIPT, **TOO_LONG)
    assert text(answer).count('<p role="alert">') == 1
    assert '<p role="alert">Nothing was done' in text(answer)
    assert "<html" not in text(answer)
    assert "Nothing was done" not in text(browser.get(reverse(ADD)))  # it is said once


@pytest.mark.parametrize("answers", [{}, TOO_LONG], ids=["taken", "unread"])
def test_what_waits_to_be_said_on_the_next_page_is_said_there_and_not_in_a_line(
    answers: dict[str, Any], browser: Client, candidate: Candidate
) -> None:
    """Another tab has just replaced a file."""
    browser.defaults["HTTP_X_CSRFTOKEN"] = browser.cookies["csrftoken"].value
    resume = resume_of(candidate)
    replace(browser, resume, a_file("Better.pdf", content("Better")))
    answer = upload(browser, candidate, a_file(), headers=BY_SCRIPT, **answers)
    assert answer.status_code == 200
    assert "The file is replaced." not in text(answer)
    assert "The file is replaced." in text(browser.get(reverse("admin:resumes_resume_change", args=[resume.pk])))


def test_more_in_place_of_a_file_than_a_form_may_bring_is_told_so(browser: Client, candidate: Candidate) -> None:
    resume = resume_of(candidate)
    answer = replace(browser, resume, a_file(), keep="x" * 3_000_000)
    assert answer.status_code == 200
    assert "more was entered than a form may bring" in text(answer)
    assert 'id="replace-button"' in text(answer)
    assert fresh(resume).file_id == resume.file_id


def test_the_log_tells_of_each_and_names_nobody(
    browser: Client, candidate: Candidate, caplog: pytest.LogCaptureFixture
) -> None:
    upload(browser, candidate, a_file(), **TOO_MANY)
    told = [each.getMessage() for each in caplog.records if each.name == unread.__name__]
    assert told == ["A form was not read: TooManyFieldsSent at admin:resumes_resume_add"]


# what it would have done


def confirm(resume: Resume, by: User) -> str:
    kind = kinds.get("resume")
    chosen = Resume.objects.filter(pk=resume.pk)
    run = runs.draft(kind, kind.action("delete"), chosen, by=by, now=timezone.now())
    return reverse("admin:sync_run_confirm", args=[run.pk])


BUTTONS: dict[str, Callable[[Resume, User], str]] = {
    "confirm": confirm,
    "ask": lambda resume, _by: reverse("admin:resumes_resume_ask", args=[resume.pk, "delete"]),
    "download": lambda resume, _by: reverse("admin:resumes_resume_download", args=[resume.pk]),
}


@pytest.mark.parametrize("button", BUTTONS)
def test_a_button_whose_form_is_not_read_does_nothing(
    button: str, browser: Client, rosa: User, candidate: Candidate
) -> None:
    address = BUTTONS[button](resume_of(candidate), rosa)
    answers = {"csrfmiddlewaretoken": browser.cookies["csrftoken"].value, "destinations": "linkedin"}
    before = dump()
    answer = browser.post(address, {**answers, **TOO_MANY})
    assert answer.status_code in {200, 405}
    assert "Nothing was done" in text(answer)
    assert dump() == before
    done = browser.post(address, answers)
    assert done.status_code in {200, 302}
    list(done)  # a file is closed when it was read
    assert dump() != before


# strangers


def test_without_our_cookie_nothing_is_read(rosa: User) -> None:
    sent = Sent(5_000)
    client = Client(enforce_csrf_checks=True)
    client.force_login(rosa)
    assert send(client, sent, announced=5_000).status_code == 403
    assert sent.read_so_far == 0


@pytest.mark.parametrize("kind", [SHORT, "multipart/form-data; boundary=x"])
def test_from_a_page_of_somebody_else_nothing_is_read(kind: str, browser: Client) -> None:
    sent = Sent(5_000_000)
    answer = send(browser, sent, announced=5_000_000, kind=kind, Origin="https://elsewhere.example.com")
    assert (answer.status_code, sent.read_so_far) == (403, 0)


def test_of_who_is_not_signed_in_no_more_is_read_than_django_reads(
    caplog: pytest.LogCaptureFixture, browser: Client
) -> None:
    browser.logout()
    browser.cookies["csrftoken"] = "x" * 32
    sent = Sent(5_000_000)
    answer = send(browser, sent, announced=5_000_000)
    assert (answer.status_code, sent.read_so_far) == (400, 0)
    assert "django.security.RequestDataTooBig" in {each.name for each in caplog.records}


# lines that break


@pytest.mark.parametrize("kind", [SHORT, "multipart/form-data; boundary=x"])
def test_a_line_that_breaks_while_a_form_comes_is_no_error_of_ours(
    kind: str, browser: Client, caplog: pytest.LogCaptureFixture
) -> None:
    browser.raise_request_exception = False
    assert send(browser, Sent(1_000), announced=5_000, kind=kind).status_code == 403
    assert not any(each.exc_info for each in caplog.records)


def test_nor_is_one_that_breaks_while_the_rest_is_read(browser: Client, caplog: pytest.LogCaptureFixture) -> None:
    browser.raise_request_exception = False
    sent = Sent(4_000_000)
    assert send(browser, sent, announced=5_000_000).status_code == 200
    assert sent.read_so_far == 4_000_000
    assert not any(each.exc_info for each in caplog.records)


def test_nobody_is_read_for_ever(browser: Client) -> None:
    """There is an end after what all files may have that go at once."""
    announced = 2 * unread.MOST_READ
    sent = Sent(announced)
    assert send(browser, sent, announced=announced).status_code == 200
    assert 100 * 10 * 1024**2 < sent.read_so_far <= unread.MOST_READ
