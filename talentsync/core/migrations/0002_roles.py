"""Makes the roles. A migration that adds a permission to one of them does the same again for its app."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from talentsync.core import roles

APPS = ("core", "customers", "jobs", "sync")


def grant(apps: Any, schema_editor: Any) -> None:
    roles.grant(APPS, apps=apps, using=schema_editor.connection.alias)


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("core", "0001_initial"),
        ("customers", "0001_initial"),
        ("jobs", "0001_initial"),
        ("sync", "0001_initial"),
    ]

    operations = [
        # Backwards: roles stay, because people have them.
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
