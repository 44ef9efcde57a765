"""Gives the roles what they need of candidates, applications and what hangs on them."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from talentsync.core import roles

APPS = ("candidates", "applications")


def grant(apps: Any, schema_editor: Any) -> None:
    roles.grant(APPS, apps=apps, using=schema_editor.connection.alias)


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0002_roles"),
        ("candidates", "0001_initial"),
        ("applications", "0001_initial"),
    ]

    operations = [
        # Backwards: roles stay, because people have them.
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
