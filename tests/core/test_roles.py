"""The roles: what a fresh database gives them, and which pages each of them opens."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, Permission

from talentsync.core import roles
from talentsync.core.roles import ADMINISTRATOR, RECRUITER, ROLES, SUPPORT

pytestmark = pytest.mark.django_db


def granted() -> dict[str, set[str]]:
    return {group.name: permissions_of(group) for group in Group.objects.all()}


def permissions_of(group: Group) -> set[str]:
    pairs = group.permissions.values_list("content_type__app_label", "codename")
    return {f"{label}.{codename}" for label, codename in pairs}


# The table and the database


def test_a_fresh_database_has_exactly_the_roles_of_the_table():
    assert granted() == {role: set(names) for role, names in ROLES.items()}


def test_a_later_migration_takes_away_and_adds_what_the_table_has_changed():
    recruiter = Group.objects.get(name=RECRUITER)
    recruiter.permissions.remove(Permission.objects.get(codename="sync_job"))
    recruiter.permissions.add(Permission.objects.get(codename="delete_job"))

    roles.grant(["jobs"])

    assert permissions_of(recruiter) == ROLES[RECRUITER]


def test_what_a_role_has_of_other_apps_stays():
    recruiter = Group.objects.get(name=RECRUITER)
    recruiter.permissions.add(Permission.objects.get(codename="view_auditevent"))

    roles.grant(["jobs", "sync"])

    assert permissions_of(recruiter) == ROLES[RECRUITER] | {"core.view_auditevent"}


def test_roles_and_permissions_that_do_not_exist_yet_are_made():
    """As in a first migration: both come before `post_migrate`, which is when Django makes permissions."""
    Group.objects.all().delete()
    Permission.objects.all().delete()

    roles.grant(["core", "customers", "jobs", "sync"])

    assert granted() == {role: set(names) for role, names in ROLES.items()}


def test_no_role_is_a_way_to_more_rights():
    names = frozenset.union(*ROLES.values())
    assert {name for name in names if name.startswith(("auth.", "axes.", "admin.", "contenttypes."))} == set()


def test_support_can_do_whatever_a_recruiter_can():
    assert ROLES[SUPPORT] > ROLES[RECRUITER]


def test_only_the_administrator_stops_everything():
    assert [role for role, names in ROLES.items() if "sync.stop_all" in names] == [ADMINISTRATOR]
