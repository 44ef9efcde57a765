"""What Support sees: status at the vendors, tries with request and answer. Nothing there can be changed."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.urls import reverse

from talentsync.core.fields import EncryptedField
from talentsync.sync.models import Attempt, Delivery, Lane, Run
from tests.customers.making import make_user
from tests.sync.driving import ask, make_job, make_jobs, settle, work
from tests.sync_admin.clicking import page, press
from tests.sync_admin.conftest import RECRUITER, SUPPORT, logged_in

pytestmark = pytest.mark.django_db
WORDS = "ERROR :: /title :: field is required but not found and has no default value"


@pytest.fixture
def refused(acme, at_linkedin, linkedin):
    """One of three jobs is refused inside a call that succeeded."""
    linkedin.next("reject", match="TS-2", status=422, message=WORDS)
    ask("post", make_jobs(acme, 3))
    work()
    return Delivery.objects.get(entity_key="TS-2")


def test_the_list_tells_state_and_reason(refused, sam):
    text = page(logged_in(sam), "sync_delivery_changelist")

    assert "Needs attention" in text
    assert "A field that LinkedIn requires is empty." in text
    assert "LinkedIn is working on it. The next look is at" in text


@pytest.mark.parametrize("query", [{"state__exact": "failed"}, {"failure__exact": "rejected"}, {"q": "TS-2"}])
def test_the_list_can_be_narrowed(refused, sam, query):
    text = page(logged_in(sam), "sync_delivery_changelist", **query)

    assert "Gardener TS-2" in text
    assert "Gardener TS-1" not in text


def test_a_status_page_explains_and_leads_to_the_tries(refused, sam):
    text = page(logged_in(sam), "sync_delivery_change", refused.pk)

    assert WORDS in text
    assert "Fill in the field, then use Try again." in text
    assert "Field: Title." in text
    assert "POST /v2/simpleJobPostings" in text


def test_a_waiting_record_says_what_it_waits_for(refused, sam):
    other = Delivery.objects.get(entity_key="TS-1")

    assert "Why not yet? LinkedIn is working on it." in page(logged_in(sam), "sync_delivery_change", other.pk)
    assert "urn:li:simpleJobPostingTask:" in page(logged_in(sam), "sync_delivery_change", other.pk)


def test_what_was_accepted_last_stands_under_technical(refused, sam, linkedin):
    settle(linkedin)
    text = page(logged_in(sam), "sync_delivery_change", Delivery.objects.get(entity_key="TS-1").pk)

    assert "Technical: what the vendor accepted last" in text
    assert '"externalJobPostingId": "TS-1"' in text


def test_a_try_shows_each_records_part_with_its_remedy(refused, sam):
    attempt = Attempt.objects.get(step="send")
    text = page(logged_in(sam), "sync_attempt_change", attempt.pk)

    assert "LinkedIn, 3 records" in text
    assert WORDS in text
    assert "A field that LinkedIn requires is empty." in text
    assert "What was sent" in text
    assert '"externalJobPostingId": "TS-2"' in text
    assert attempt.request_id in text


def test_a_try_that_failed_as_a_whole_says_what_to_do(acme, at_linkedin, linkedin, sam):
    linkedin.next("missing_permission", endpoint="simpleJobPostings")
    ask("post", [make_job(acme, "TS-1", availability="private")])
    work()
    attempt = Attempt.objects.exclude(error="").get()

    text = page(logged_in(sam), "sync_attempt_change", attempt.pk)

    assert attempt.words in text
    assert "can put it right." in text


def test_tries_are_found_by_the_vendors_request_id(refused, sam):
    attempt = Attempt.objects.get(step="send")
    client = logged_in(sam)

    assert attempt.request_id in page(client, "sync_attempt_changelist", q=attempt.request_id)
    assert attempt.request_id not in page(client, "sync_attempt_changelist", q="0000").replace("0000", "")


def test_request_and_answer_are_for_those_who_may_see_them(refused, acme):
    may = [name for name in SUPPORT if name != "sync.view_attempt"]
    client = logged_in(make_user("nina", of=(acme,), may=tuple(may)))

    assert client.get(reverse("admin:sync_attempt_change", args=[Attempt.objects.first().pk])).status_code == 403
    assert "Technical" not in page(client, "sync_delivery_change", refused.pk)


def test_recruiters_open_neither(refused, rosa):
    client = logged_in(rosa)

    assert client.get(reverse("admin:sync_delivery_changelist")).status_code == 403
    assert client.get(reverse("admin:sync_attempt_changelist")).status_code == 403


def test_a_stranger_meets_nothing(refused, stranger):
    client = logged_in(stranger)

    assert "Gardener" not in page(client, "sync_delivery_changelist")
    assert "simpleJobPostings" not in page(client, "sync_attempt_changelist")
    for name, pk in [("delivery", refused.pk), ("attempt", Attempt.objects.first().pk)]:
        assert client.get(reverse(f"admin:sync_{name}_change", args=[pk]), follow=True).redirect_chain
    assert press(client, "sync_delivery_again", refused.pk).status_code == 404


def test_nothing_can_be_changed(refused, root):
    client = logged_in(root)

    for model in ("delivery", "attempt", "run"):
        assert client.get(reverse(f"admin:sync_{model}_add")).status_code == 403
    before = list(Delivery.objects.order_by("pk").values())
    press(client, "sync_delivery_change", refused.pk, state="synced")
    assert list(Delivery.objects.order_by("pk").values()) == before


def test_one_record_is_tried_again_after_asking(refused, rosa):
    client = logged_in(rosa)

    response = press(client, "sync_delivery_again", refused.pk)
    run = Run.objects.latest("pk")
    assert response.redirect_chain == [(reverse("admin:sync_run_confirm", args=[run.pk]), 302)]
    assert Delivery.objects.get(pk=refused.pk).state == "failed"
    press(client, "sync_run_confirm", run.pk)

    assert Delivery.objects.get(pk=refused.pk).state == "pending"


def test_thousands_are_tried_again_from_the_list(refused, sam):
    response = press(
        logged_in(sam),
        "sync_delivery_changelist",
        action="try_again",
        select_across="1",
        index="0",
        _selected_action=[str(refused.pk)],
    )
    run = Run.objects.latest("pk")

    assert response.redirect_chain == [(reverse("admin:sync_run_confirm", args=[run.pk]), 302)]
    assert run.total == 3


def test_trying_again_needs_the_right_to_sync(refused, acme):
    nina = make_user("nina", of=(acme,), may=tuple(name for name in SUPPORT if name != "jobs.sync_job"))

    assert press(logged_in(nina), "sync_delivery_again", refused.pk).status_code == 403
    assert "Try again" not in page(logged_in(nina), "sync_delivery_changelist")


def test_trying_again_by_get_does_nothing(refused, sam):
    assert logged_in(sam).get(reverse("admin:sync_delivery_again", args=[refused.pk])).status_code == 405


def test_lanes_are_never_shown(root):
    assert Lane not in admin.site._registry


@pytest.mark.parametrize("model", [Delivery, Attempt])
def test_what_is_encrypted_is_neither_searched_nor_filtered_nor_sorted(model):
    registered = admin.site._registry[model]
    encrypted = {field.name for field in model._meta.get_fields() if isinstance(field, EncryptedField)}
    used = {
        str(name).split("__")[0] for name in (*registered.search_fields, *registered.list_filter, *registered.ordering)
    }

    assert encrypted
    assert not encrypted & used


@pytest.mark.parametrize("name", ["delivery", "attempt"])
def test_the_lists_cost_the_same_however_much_they_show(
    acme, at_linkedin, linkedin, sam, name, django_assert_max_num_queries
):
    client, counted = logged_in(sam), []
    for letter, number in (("A", 3), ("B", 40)):
        for index in range(number):
            ask("post", [make_job(acme, f"{letter}-{index}")])
            if name == "attempt" and index % 4 == 0:
                work()
        work()
        with django_assert_max_num_queries(40) as queries:
            page(client, f"sync_{name}_changelist")
        counted.append(len(queries))

    assert counted[0] == counted[1]


def test_recruiters_need_no_permission_of_support_to_try_again(refused, acme):
    rosa = make_user("rosa2", of=(acme,), may=RECRUITER)

    assert press(logged_in(rosa), "sync_delivery_again", refused.pk).status_code == 200
