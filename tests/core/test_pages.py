"""What stands on every admin page: the policy in its headers, the banners at its top."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from talentsync.core import banners, heartbeats
from talentsync.core.banners import Banner, Tone, register_banner
from talentsync.core.csp import HEADER, ContentSecurityPolicyMiddleware
from tests.customers.making import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def start_page(client):
    client.force_login(make_user("root", is_superuser=True))
    return lambda: client.get(reverse("admin:index")).content.decode()


def test_a_silent_worker_and_a_silent_clock_are_told_with_what_to_type(start_page):
    page = start_page()

    assert "No worker is running" in page
    assert "celery -A talentsync worker" in page
    assert "celery -A talentsync beat" in page


def test_who_was_seen_a_moment_ago_is_not_told_about(start_page):
    heartbeats.beat("worker")
    heartbeats.beat("beat", now=timezone.now() - timedelta(hours=2))

    page = start_page()

    assert "No worker is running" not in page
    assert "The clock (beat) is not running" in page
    assert "2\xa0hours" in page


def test_other_apps_add_banners_with_a_link(start_page, monkeypatch):
    monkeypatch.setattr(banners, "_providers", [])
    register_banner(
        lambda request: [Banner(words="Stopped: Acme <b>", tone=Tone.WARNING, link="/admin/x/", link_words="Why?")]
    )

    page = start_page()

    assert "Stopped: Acme &lt;b&gt;" in page
    assert '<a href="/admin/x/">Why?</a>' in page


def test_a_list_and_a_form_show_them_too(client):
    client.force_login(make_user("root", is_superuser=True))

    for name in ("admin:customers_customer_changelist", "admin:customers_customer_add", "admin:password_change"):
        assert "No worker is running" in client.get(reverse(name)).content.decode()


def test_nobody_who_is_not_logged_in_learns_anything(client):
    page = client.get(reverse("admin:login")).content.decode()

    assert "No worker is running" not in page


def test_the_admin_has_the_policy_of_the_settings(client, settings):
    policy = client.get(reverse("admin:login")).headers[HEADER]

    assert "script-src 'self' 'unsafe-eval'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "default-src 'self'" in policy


def test_everything_else_has_a_strict_one(client):
    policy = client.get("/").headers[HEADER]

    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_a_view_may_set_its_own_policy():
    own = ContentSecurityPolicyMiddleware(lambda request: HttpResponse(headers={HEADER: "sandbox"}))

    assert own(RequestFactory().get("/")).headers[HEADER] == "sandbox"
