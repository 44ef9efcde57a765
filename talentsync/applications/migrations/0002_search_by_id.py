"""What hangs on a record is found by the beginning of its own ID, too."""

import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="applicationnote",
            name="external_key",
            field=models.GeneratedField(
                db_index=True,
                db_persist=True,
                expression=django.db.models.functions.text.Lower("external_id"),
                output_field=models.CharField(max_length=200),
            ),
        ),
        migrations.AddField(
            model_name="applicationstage",
            name="external_key",
            field=models.GeneratedField(
                db_index=True,
                db_persist=True,
                expression=django.db.models.functions.text.Lower("external_id"),
                output_field=models.CharField(max_length=200),
            ),
        ),
        migrations.AddField(
            model_name="interviewfeedback",
            name="external_key",
            field=models.GeneratedField(
                db_index=True,
                db_persist=True,
                expression=django.db.models.functions.text.Lower("external_id"),
                output_field=models.CharField(max_length=200),
            ),
        ),
    ]
