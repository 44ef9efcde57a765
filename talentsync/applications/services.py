"""What people do with applications here, beside asking LinkedIn."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from talentsync.applications.models import Application
from talentsync.candidates import services

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def add_application(application: Application, *, by: User | None) -> None:
    """The customer is the candidate's."""
    application.customer = application.candidate.customer
    services.add_record("application", application, by=by)


def change_application(application: Application, *, fields: Collection[str], by: User | None) -> None:
    """Save the named fields of an application whose values are already set; what workers write meanwhile stays."""
    services.change_record("application", application, fields=fields, by=by)
