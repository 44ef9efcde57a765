"""Gives the roles what they need of alerts."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from talentsync.core import roles


def grant(apps: Any, schema_editor: Any) -> None:
    roles.grant(["monitoring"], apps=apps, using=schema_editor.connection.alias)


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0006_key_probe"),
        ("monitoring", "0001_initial"),
    ]

    operations = [
        # Backwards: roles stay, because people have them.
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
