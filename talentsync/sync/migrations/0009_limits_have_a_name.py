from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("sync", "0008_waiting_by_connection")]

    operations = [
        migrations.AlterModelOptions(
            name="budget",
            options={"verbose_name": "daily limit", "verbose_name_plural": "daily limits"},
        ),
    ]
