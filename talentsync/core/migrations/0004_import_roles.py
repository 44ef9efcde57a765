"""Lets Recruiter and Support import files."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from talentsync.core import roles


def grant(apps: Any, schema_editor: Any) -> None:
    roles.grant(["imports"], apps=apps, using=schema_editor.connection.alias)


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0003_roles_for_candidates"),
        ("imports", "0001_initial"),
    ]

    operations = [
        # Backwards: roles stay, because people have them.
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
