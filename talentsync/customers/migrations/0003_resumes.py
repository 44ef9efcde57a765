"""What becomes of files of resumes, as each customer chooses."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0002_automatic_sync"),
    ]

    operations = [
        migrations.AddField(
            model_name="customer",
            name="resumes_kept_for",
            field=models.PositiveBigIntegerField(
                blank=True,
                help_text="Empty: LinkedIn keeps them. What the upload page suggests; a person can choose otherwise.",
                null=True,
                validators=[django.core.validators.MinValueValidator(1)],
                verbose_name="LinkedIn removes files of resumes after",
            ),
        ),
        migrations.AddField(
            model_name="customer",
            name="resumes_kept_unit",
            field=models.CharField(
                blank=True,
                choices=[
                    ("MILLISECOND", "milliseconds"),
                    ("SECOND", "seconds"),
                    ("MINUTE", "minutes"),
                    ("HOUR", "hours"),
                    ("DAY", "days"),
                    ("WEEK", "weeks"),
                    ("MONTH", "months"),
                    ("YEAR", "years"),
                ],
                max_length=11,
                verbose_name="unit",
            ),
        ),
        migrations.AddField(
            model_name="customer",
            name="resumes_on_expiry",
            field=models.CharField(
                choices=[
                    ("delete", "The resume is deleted from LinkedIn"),
                    ("again", "The file is uploaded again before that"),
                ],
                default="delete",
                max_length=6,
                verbose_name="when LinkedIn has removed a file",
            ),
        ),
    ]
