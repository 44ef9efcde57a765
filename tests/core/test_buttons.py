"""Whoever opens the address of a button reads that nothing was done, and is led back to where the button is."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.urls import URLPattern, reverse

from talentsync.sync.models import Delivery
from tests.core.rows import Rows
from tests.customers.making import make_connection, make_user

pytestmark = pytest.mark.django_db

BUTTONS = {
    "jobs_job_ask",
    *("customers_connection_test", "customers_connection_use"),
    *("sync_run_undo", "sync_run_again", "sync_delivery_again", "sync_hold_release"),
}


@pytest.fixture
def root(client) -> User:
    user = make_user("root", is_superuser=True)
    client.force_login(user)
    return user


def test_every_button_says_so_and_leads_back(client, root):
    rows, met = Rows("acme"), set()
    for model, registered in admin.site._registry.items():
        for pattern in registered.get_urls():
            if not isinstance(pattern, URLPattern) or pattern.name not in BUTTONS:
                continue
            pk = rows.of(model).pk
            given = {name: pk for name in pattern.pattern.converters} | (
                {"name": "close"} if "ask" in pattern.name else {}
            )
            answer = client.get(reverse(f"admin:{pattern.name}", kwargs=given))
            back = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[pk])
            assert (answer.status_code, answer.headers["Allow"]) == (405, "POST"), pattern.name
            assert "Nothing was done" in answer.content.decode(), pattern.name
            assert f'href="{back}"' in answer.content.decode(), pattern.name
            met.add(pattern.name)

    assert met == BUTTONS


def test_nobody_is_led_to_a_page_that_is_not_for_them(client):
    connection = make_connection()
    delivery = Delivery.objects.create(connection=connection, kind="job", object_id=1, entity_key="PP-1")
    client.force_login(make_user("rosa", of=(connection.customer,)))

    page = client.get(reverse("admin:sync_delivery_again", args=[delivery.pk])).content.decode()

    assert "Nothing was done" in page
    assert "Back to the page with the button" not in page
    assert "Go to the start page" in page


def test_logging_out_by_address_is_refused_in_the_same_words(client, root):
    answer = client.get(reverse("admin:logout"))

    assert answer.status_code == 405
    assert "Nothing was done" in answer.content.decode()


def test_machines_that_ask_for_the_head_alone_get_no_page(client, root):
    connection = make_connection()

    answer = client.head(reverse("admin:customers_connection_test", args=[connection.pk]))

    assert (answer.status_code, answer.content) == (405, b"")
