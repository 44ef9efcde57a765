"""The sidebar offers what a person may open, and the badge says what the pages are about."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, User
from django.test import RequestFactory
from django.utils.module_loading import import_string

from talentsync import unfold
from talentsync.customers.models import Connection, Customer, Membership

pytestmark = pytest.mark.django_db


def asking(user: User):
    request = RequestFactory().get("/admin/")
    request.user = user
    return request


def offered(user: User) -> list[dict]:
    return [entry for group in unfold.sidebar(asking(user)) for entry in group["items"]]


def test_every_entry_opens(admin_client, admin_user):
    entries = offered(admin_user)
    assert len(entries) == 1 + len(unfold.RECRUITING + unfold.SUPPORT + unfold.ADMINISTRATION)
    assert {entry["link"]: admin_client.get(entry["link"]).status_code for entry in entries} == {
        entry["link"]: 200 for entry in entries
    }


def links_of(role: str) -> set[str]:
    user = User.objects.create_user(role.lower(), is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return {entry["link"] for entry in offered(user)}


def test_a_recruiter_has_at_most_six_entries_and_what_is_worked_with_among_them():
    links = links_of("Recruiter")
    worked_with = {f"/admin/{each}/" for each in ("jobs/job", "candidates/candidate", "applications/application")}
    assert {*worked_with, "/admin/resumes/resume/"} <= links
    assert len(links) <= 6


def test_support_has_the_lists_of_what_hangs_on_people_too():
    """Recruiters reach them from the pages of candidates and applications."""
    lists = {"/admin/candidates/candidatenote/"} | {
        f"/admin/applications/{name}/" for name in ("applicationnote", "applicationstage", "interviewfeedback")
    }
    assert lists <= links_of("Support")
    assert not lists & links_of("Recruiter")


def test_a_recruiter_meets_no_heading_of_other_peoples_work(django_user_model):
    recruiter = django_user_model.objects.create_user("recruiter", is_staff=True)
    recruiter.groups.add(Group.objects.get(name="Recruiter"))
    [group] = unfold.sidebar(asking(recruiter))
    assert "title" not in group
    titles = [str(entry["title"]) for entry in group["items"]]
    assert titles == ["Start", "Jobs", "Candidates", "Resumes", "Applications", "Requests"]


def test_without_permissions_there_is_the_start_page_and_no_empty_heading(django_user_model):
    nobody = django_user_model.objects.create_user("nobody", is_staff=True)
    assert [len(group["items"]) for group in unfold.sidebar(asking(nobody))] == [1]


def test_every_callback_that_is_named_can_be_imported():
    """Unfold shows the first letter of a name that it cannot import, and says nothing."""
    named = [value for value in unfold.UNFOLD.values() if isinstance(value, str) and value.startswith("talentsync.")]
    assert named
    assert all(callable(import_string(name)) for name in named)


def connect(name: str, *environments: str, member: User | None = None) -> None:
    customer = Customer.objects.create(name=name)
    for environment in environments:
        Connection.objects.create(customer=customer, destination="linkedin", environment=environment)
    if member:
        Membership.objects.create(customer=customer, user=member)


@pytest.mark.parametrize(
    ("environments", "words"),
    [
        ((), None),
        (("simulator",), "Practice"),
        (("live",), "Live"),
        (("live", "simulator"), "Live and practice"),
    ],
)
def test_the_badge_tells_practice_from_live(admin_user, environments, words):
    for number, environment in enumerate(environments):
        connect(f"Customer {number}", environment)
    badge = unfold.environment_badge(asking(admin_user))
    assert (badge and str(badge[0])) == words


def test_the_badge_is_about_ones_own_customers(django_user_model):
    member = django_user_model.objects.create_user("member", is_staff=True)
    connect("Ours", "simulator", member=member)
    connect("Theirs", "live")
    assert str(unfold.environment_badge(asking(member))[0]) == "Practice"
