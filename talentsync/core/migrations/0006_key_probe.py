"""A word by which the keys can be tried."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models

import talentsync.core.fields


def write(apps: Any, schema_editor: Any) -> None:
    apps.get_model("core", "KeyProbe").objects.using(schema_editor.connection.alias).create(word="TalentSync")


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0005_roles_for_resumes"),
    ]

    operations = [
        migrations.CreateModel(
            name="KeyProbe",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("word", talentsync.core.fields.EncryptedTextField()),
            ],
        ),
        migrations.RunPython(write, migrations.RunPython.noop),
    ]
