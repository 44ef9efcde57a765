"""Lets Support and administrators look at daily limits."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from talentsync.core import roles


def grant(apps: Any, schema_editor: Any) -> None:
    roles.grant(["sync"], apps=apps, using=schema_editor.connection.alias)


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0007_roles_for_alerts"),
        ("sync", "0009_limits_have_a_name"),
    ]

    operations = [
        # Backwards: roles stay, because people have them.
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
