"""What a person reads when a page fails: plain words, a way on, and nothing of the inside."""

from __future__ import annotations

import pytest
from django.http import HttpRequest
from django.test import Client, override_settings
from django.urls import path

INSIDE = ("Traceback", "Exception", "csrfmiddlewaretoken", "Django", "canary")


def broken(_: HttpRequest) -> None:
    raise ValueError("canary")


urlpatterns = [path("broken/", broken)]


def assert_plain(response, *, status: int, words: str) -> None:
    page = response.content.decode()
    assert response.status_code == status
    assert words in page
    assert 'href="/"' in page
    assert [inside for inside in INSIDE if inside in page] == []


@pytest.mark.django_db
def test_an_unknown_address(client):
    assert_plain(client.get("/nowhere/"), status=404, words="There is no such page")


def test_our_own_failure():
    with override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=[]):
        response = Client(raise_request_exception=False).get("/broken/")
    assert_plain(response, status=500, words="Something went wrong")


@pytest.mark.django_db
def test_a_form_that_was_open_for_too_long():
    response = Client(enforce_csrf_checks=True).post("/admin/login/", {"username": "a", "password": "b"})
    assert_plain(response, status=403, words="This page was open for too long")
    assert "Nothing was changed" in response.content.decode()


@pytest.mark.django_db
def test_a_locked_out_person(client, settings):
    for _ in range(settings.AXES_FAILURE_LIMIT):
        response = client.post("/admin/login/", {"username": "someone", "password": "wrong"})
    assert_plain(response, status=429, words="Wait 15 minutes")
    assert settings.AXES_COOLOFF_TIME.total_seconds() == 15 * 60
