"""What hangs on a record is found by the beginning of its own ID, too."""

import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("candidates", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="candidatenote",
            name="external_key",
            field=models.GeneratedField(
                db_index=True,
                db_persist=True,
                expression=django.db.models.functions.text.Lower("external_id"),
                output_field=models.CharField(max_length=200),
            ),
        ),
    ]
