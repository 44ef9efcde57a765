"""The page that asks before a request goes ahead."""

from __future__ import annotations

import pytest
from django.urls import reverse

from talentsync.jobs.models import GreenhouseJob
from talentsync.jobs.sentences import REASONS
from talentsync.sync import stopping
from talentsync.sync.models import Delivery, Run
from talentsync.sync.states import State
from tests.customers.making import make_connection, make_customer, make_user
from tests.sync.driving import ask, fresh, make_job, make_jobs, work
from tests.sync_admin.clicking import drafted, page, press
from tests.sync_admin.conftest import RECRUITER, logged_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def live(acme, at_linkedin, linkedin):
    """Two jobs, live at LinkedIn."""
    jobs = make_jobs(acme, 2)
    ask("post", jobs)
    work()
    Delivery.objects.update(state=State.SYNCED, remote_state="live")
    return jobs


def state_of(run):
    return Run.objects.get(pk=run.pk).state


def test_the_closing_page_says_per_vendor_what_will_happen(live, at_greenhouse, rosa):
    live[0].requisition_id = "R-1"
    live[0].save(update_fields=["requisition_id"])
    GreenhouseJob.objects.create(
        job=live[0],
        connection=at_greenhouse,
        status="open",
        open_openings=3,
        total_openings=4,
        checked_at="2026-11-01T10:00:00Z",
    )
    text = page(logged_in(rosa), "sync_run_confirm", drafted("close", live, by=rosa).pk)

    assert "2 jobs are taken off LinkedIn" in text
    assert "1 job is closed in Greenhouse" in text
    assert "3 openings were open when we last looked" in text
    assert "posts vanish from all job boards" in text
    assert "Active candidates stay active in Greenhouse" in text
    assert "Greenhouse shows Acme's acting user, number 4410027 there, as the one who closed them." in text
    assert f"1 · {REASONS['no_reference']}" in text
    assert "Close 2 jobs" in text
    assert "Practice" in text


def test_opening_the_page_changes_nothing(live, rosa):
    run = drafted("close", live, by=rosa)
    before = list(Delivery.objects.order_by("pk").values())

    page(logged_in(rosa), "sync_run_confirm", run.pk)

    assert list(Delivery.objects.order_by("pk").values()) == before
    assert state_of(run) == Run.State.DRAFT


def test_the_form_holds_no_ids_of_records(acme, at_linkedin, rosa):
    few, many = (
        drafted("close", make_jobs_named(acme, name, number), by=rosa) for name, number in [("A", 2), ("B", 40)]
    )
    client = logged_in(rosa)

    fields = [
        client.get(reverse("admin:sync_run_confirm", args=[run.pk])).content.count(b"<input") for run in (few, many)
    ]

    assert fields[0] == fields[1]


def make_jobs_named(customer, name, number):
    return [make_job(customer, f"{name}-{index}") for index in range(number)]


def test_confirming_starts_the_request_and_shows_its_progress(live, rosa):
    run = drafted("close", live, by=rosa)

    response = press(logged_in(rosa), "sync_run_confirm", run.pk)

    assert response.redirect_chain == [(reverse("admin:sync_run_change", args=[run.pk]), 302)]
    assert state_of(run) == Run.State.WAITING


def test_a_double_click_is_one_request(live, rosa):
    run = drafted("post", [make_job(live[0].customer, "TS-9")], by=rosa)
    client = logged_in(rosa)

    answers = [press(client, "sync_run_confirm", run.pk) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert Delivery.objects.get(entity_key="TS-9").revision == 1


def test_two_tabs_confirm_the_same_request_once(live, rosa):
    run = drafted("close", live, by=rosa)
    first, second = logged_in(rosa), logged_in(rosa)
    page(first, "sync_run_confirm", run.pk)
    page(second, "sync_run_confirm", run.pk)

    press(first, "sync_run_confirm", run.pk)
    starts_at = Run.objects.get(pk=run.pk).starts_at
    response = press(second, "sync_run_confirm", run.pk)

    assert Run.objects.get(pk=run.pk).starts_at == starts_at
    assert response.redirect_chain[-1][0] == reverse("admin:sync_run_change", args=[run.pk])


def test_greenhouse_alone_can_be_ticked(live, at_greenhouse, rosa):
    live[0].requisition_id = "R-1"
    live[0].save(update_fields=["requisition_id"])
    run = drafted("close", live[:1], by=rosa)

    press(logged_in(rosa), "sync_run_confirm", run.pk, destinations=["greenhouse"])

    run.refresh_from_db()
    assert run.destinations == ["greenhouse"]
    assert {item.connection.destination for item in run.items.all()} == {"greenhouse"}


def test_ticking_nothing_is_answered_on_the_page(live, at_greenhouse, rosa):
    run = drafted("close", live, by=rosa)

    response = press(logged_in(rosa), "sync_run_confirm", run.pk)

    assert "Tick at least one vendor." in response.content.decode()
    assert state_of(run) == Run.State.DRAFT


def test_an_answer_changes_what_the_page_foresees(live, at_greenhouse, rosa):
    run = drafted("close", live, by=rosa)

    text = page(logged_in(rosa), "sync_run_confirm", run.pk, answered=1, destinations=["linkedin"])

    assert "Not ticked: nothing happens there" in text


def test_the_close_reason_is_chosen_from_greenhouses_own_list(live, at_greenhouse, rosa):
    at_greenhouse.close_reasons = [{"id": 11, "name": "Hired"}, {"id": 12, "name": "On hold"}]
    at_greenhouse.default_close_reason_id = 12
    at_greenhouse.save()
    live[0].requisition_id = "R-1"
    live[0].save(update_fields=["requisition_id"])
    run = drafted("close", live[:1], by=rosa)
    client = logged_in(rosa)
    name = f"close_reason_{at_greenhouse.pk}"

    html = client.get(reverse("admin:sync_run_confirm", args=[run.pk])).content.decode()
    assert '<option value="12" selected>On hold</option>' in html
    refused = press(client, "sync_run_confirm", run.pk, destinations=["greenhouse"], **{name: "999"})
    assert state_of(run) == Run.State.DRAFT
    assert "Select a valid choice" in refused.content.decode()
    press(client, "sync_run_confirm", run.pk, destinations=["greenhouse"], **{name: "11"})

    assert Delivery.objects.get(connection=at_greenhouse).params == {"close_reason_id": 11}


def test_posting_says_who_will_see_it_and_warns_at_the_first_post(acme, at_linkedin, rosa):
    jobs = [
        make_job(acme, "TS-1"),
        make_job(acme, "TS-2", availability="private"),
        make_job(acme, "TS-3", availability=""),
    ]
    text = page(logged_in(rosa), "sync_run_confirm", drafted("post", jobs, by=rosa).pk)

    assert "Post 3 jobs" in text
    assert "2 are private: visible in Recruiter only." in text
    assert "1 is public: listed on LinkedIn for everyone." in text
    assert "This is the first post for Acme from here." in text
    assert "On the company page of Acme (number 77 at LinkedIn)." in text
    assert "urn:li" not in text
    assert "Who may see the jobs for which nobody has chosen" in text


def test_what_is_chosen_on_the_posting_page_stays_with_the_jobs(acme, at_linkedin, rosa):
    chosen, open_one = make_job(acme, "TS-1", availability="private"), make_job(acme, "TS-2", availability="")
    run = drafted("post", [chosen, open_one], by=rosa)
    client = logged_in(rosa)

    assert "1 is public" in page(client, "sync_run_confirm", run.pk, answered=1, availability="public")
    press(client, "sync_run_confirm", run.pk, availability="public")

    assert fresh(open_one).availability == "public"
    assert fresh(chosen).availability == "private"


def test_the_first_post_is_warned_about_only_once(live, rosa):
    text = page(logged_in(rosa), "sync_run_confirm", drafted("post", [make_job(live[0].customer, "TS-9")], by=rosa).pk)

    assert "Post 1 job" in text


def test_nothing_to_do_says_so_and_leads_back(live, rosa):
    text = page(logged_in(rosa), "sync_run_confirm", drafted("post", live, by=rosa).pk)

    assert "Nothing to do" in text
    assert f"2 · {REASONS['already_live']}" in text
    assert "Back to the list" in text


def test_customers_without_a_connection_are_counted(live, rosa):
    lonely = make_job(make_customer("Lonely"), "TS-77")
    text = page(logged_in(rosa), "sync_run_confirm", drafted("close", [*live, lonely], by=rosa).pk)

    assert "1 of the selected belongs to a customer without a connection" in text


def test_a_stopped_connection_is_named(live, acme, rosa, sam):
    stopping.stop(customer=acme, reason="Audit until Monday.", by=sam)
    text = page(logged_in(rosa), "sync_run_confirm", drafted("close", live, by=rosa).pk)

    assert "It is kept and sent once this goes on again: Audit until Monday." in text


def test_a_colleague_neither_sees_nor_confirms_it(live, acme, rosa):
    run = drafted("close", live, by=rosa)
    colleague = logged_in(make_user("carl", of=(acme,), may=RECRUITER))

    for response in (
        colleague.get(reverse("admin:sync_run_confirm", args=[run.pk])),
        press(colleague, "sync_run_confirm", run.pk),
    ):
        assert response.status_code == 404
    assert state_of(run) == Run.State.DRAFT


def test_an_administrator_may_confirm_for_somebody_else(live, rosa, root):
    run = drafted("close", live, by=rosa)

    press(logged_in(root), "sync_run_confirm", run.pk)

    assert state_of(run) == Run.State.WAITING


def test_whoever_lost_the_customer_since_the_click_confirms_nothing(live, rosa):
    run = drafted("close", live, by=rosa)
    rosa.memberships.all().delete()

    assert press(logged_in(rosa), "sync_run_confirm", run.pk).status_code == 403
    assert state_of(run) == Run.State.DRAFT


def test_whoever_lost_the_right_since_the_click_confirms_nothing(live, rosa):
    run = drafted("close", live, by=rosa)
    rosa.user_permissions.filter(codename="sync_job").delete()

    assert press(logged_in(rosa), "sync_run_confirm", run.pk).status_code == 403
    assert state_of(run) == Run.State.DRAFT


def test_a_token_is_needed(live, rosa):
    run = drafted("close", live, by=rosa)
    client = logged_in(rosa)
    client.handler.enforce_csrf_checks = True

    assert press(client, "sync_run_confirm", run.pk).status_code == 403


def test_the_number_of_queries_does_not_grow_with_the_customers_jobs(
    acme, at_linkedin, rosa, django_assert_max_num_queries
):
    few = drafted("close", make_jobs_named(acme, "A", 10), by=rosa)
    many = drafted("close", make_jobs_named(acme, "B", 900), by=rosa)
    client = logged_in(rosa)
    counted = []

    for run in (few, many):
        with django_assert_max_num_queries(60) as queries:
            page(client, "sync_run_confirm", run.pk)
        counted.append(len(queries))

    assert counted[0] == counted[1]


def test_a_practice_and_a_live_connection_are_told_apart(acme, at_linkedin, rosa):
    other = make_customer("Beta")
    make_connection(other, environment="live")
    rosa.memberships.create(customer=other)
    text = page(logged_in(rosa), "sync_run_confirm", drafted("close", [make_job(acme), make_job(other)], by=rosa).pk)

    assert "Acme Practice" in text
    assert "Beta Live" in text


def test_undone_in_time_touches_no_delivery(live, rosa):
    run = drafted("close", live, by=rosa)
    before = list(Delivery.objects.order_by("pk").values())
    client = logged_in(rosa)
    press(client, "sync_run_confirm", run.pk)

    response = press(client, "sync_run_undo", run.pk)

    assert "Undone. Nothing was sent." in response.content.decode()
    assert list(Delivery.objects.order_by("pk").values()) == before
    assert state_of(run) == Run.State.UNDONE


def test_the_records_are_named_as_far_as_there_is_room(acme, at_linkedin, rosa):
    text = page(logged_in(rosa), "sync_run_confirm", drafted("post", make_jobs(acme, 12), by=rosa).pk)

    assert "Gardener TS-10" in text
    assert "Gardener TS-11" not in text
    assert "and 2 more" in text


def test_the_first_records_that_are_passed_over_are_named_under_their_reason(acme, at_linkedin, rosa):
    jobs = [make_job(acme, f"TS-{index}", status="closed", title=f"Shut {index}") for index in range(5)]
    text = page(logged_in(rosa), "sync_run_confirm", drafted("post", jobs, by=rosa).pk)
    named = [index for index in range(5) if f"Shut {index}" in text]
    assert named == [0, 1, 2]
    assert "and 2 more" in text
