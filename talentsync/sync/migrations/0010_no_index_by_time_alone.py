"""The index of claims serves whoever asks what is due of a lane. This one tempted PostgreSQL to look for a lane's first
row among everybody's, by time; and each change of a delivery had it written.
"""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("sync", "0009_limits_have_a_name"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="delivery", name="sync_delivery_due"),
    ]
