"""The roles that people are given, as a table of permissions, and how the table gets into the database.

A role says what a person may do, a membership for which customers; neither helps without the other. Users, roles and
locked logins are in no role: whoever may change users could make themselves a superuser, so only superusers do.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from django.apps import AppConfig
from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import DEFAULT_DB_ALIAS

RECRUITER, SUPPORT, ADMINISTRATOR = "Recruiter", "Support", "Administrator"


def _edits(app: str, *models: str) -> Iterator[str]:
    """To look at, add and change these; nothing is deleted here, because a vendor may hold it."""
    return (f"{app}.{verb}_{model}" for model in models for verb in ("view", "add", "change"))


_RECRUITER = frozenset(
    {
        *(*_edits("jobs", "job"), "jobs.sync_job"),
        *_edits("candidates", "candidate", "candidatenote"),
        *("candidates.sync_candidate", "candidates.remove_candidate"),  # with everything that hangs on them
        *_edits("applications", "application", "applicationnote", "applicationstage", "interviewfeedback"),
        *(*_edits("resumes", "resume"), "resumes.download_resume"),
        *("sync.view_run", "customers.view_customer"),
        *("imports.view_import", "imports.add_import"),  # of the kinds whose records they may make and change
    }
)
_SUPPORT = _RECRUITER | {
    *("sync.view_delivery", "sync.view_attempt"),  # the second one shows request and answer, too
    *("sync.view_hold", "sync.add_hold", "sync.delete_hold"),  # stop, and let go on
    *("customers.view_connection", "customers.test_connection"),
    *("monitoring.view_alert", "sync.view_budget"),
}
_ADMINISTRATOR = frozenset(
    {
        *("customers.view_customer", "customers.add_customer", "customers.change_customer"),
        *("customers.view_connection", "customers.add_connection", "customers.change_connection"),
        "customers.test_connection",
        *("customers.view_membership", "customers.add_membership"),
        *("customers.change_membership", "customers.delete_membership"),
        *("sync.view_hold", "sync.add_hold", "sync.delete_hold", "sync.stop_all", "sync.view_budget"),
        *("core.view_auditevent", "monitoring.view_alert"),
    }
)

ROLES: Mapping[str, frozenset[str]] = {
    RECRUITER: _RECRUITER,
    SUPPORT: _SUPPORT,
    ADMINISTRATOR: _ADMINISTRATOR,
}
"""Role to permissions, written app.codename. The least that each needs; a person may have several roles."""


def apps() -> list[str]:
    """The apps that the table speaks of."""
    return sorted({name.partition(".")[0] for names in ROLES.values() for name in names})


def grant(app_labels: Collection[str], *, apps: Any = installed, using: str = DEFAULT_DB_ALIAS) -> None:
    """Make every role have exactly what the table says of these apps; what it has of other apps stays.

    Meant for migrations, which hand in their own `apps`: permissions come into being after the last migration, so they
    are made here first. What the table names and no model of `apps` has yet is left to a later migration, which calls
    this again.
    """
    for label in app_labels:
        create_permissions(_config(label), apps=apps, using=using, verbosity=0)
    permissions = apps.get_model("auth", "Permission").objects.using(using)
    known = {
        f"{label}.{codename}": pk
        for pk, label, codename in permissions.filter(content_type__app_label__in=app_labels).values_list(
            "pk", "content_type__app_label", "codename"
        )
    }
    for role, names in ROLES.items():
        group, _ = apps.get_model("auth", "Group").objects.using(using).get_or_create(name=role)
        group.permissions.remove(*(pk for name, pk in known.items() if name not in names))
        group.permissions.add(*(pk for name, pk in known.items() if name in names))


def _config(label: str) -> AppConfig:
    """The installed one: that of a migration has no module, and `create_permissions` passes over it."""
    return installed.get_app_config(label)
