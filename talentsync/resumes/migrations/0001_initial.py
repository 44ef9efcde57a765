"""Resumes, their files, and where LinkedIn keeps those."""

import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("candidates", "0003_lists"),
        ("customers", "0003_resumes"),
    ]

    operations = [
        migrations.CreateModel(
            name="ResumeFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "external_id",
                    models.CharField(
                        help_text="Cannot change once a vendor knows it.", max_length=200, verbose_name="ID in your ATS"
                    ),
                ),
                (
                    "sync_state",
                    models.CharField(
                        choices=[
                            ("idle", "Not sent"),
                            ("pending", "Waiting"),
                            ("submitted", "Being worked on"),
                            ("synced", "Sent"),
                            ("failed", "Needs attention"),
                        ],
                        default="idle",
                        editable=False,
                        max_length=9,
                        verbose_name="sync state",
                    ),
                ),
                ("changed_at", models.DateTimeField(auto_now_add=True, verbose_name="changed")),
                ("synced_at", models.DateTimeField(editable=False, null=True, verbose_name="last confirmed")),
                ("name", models.CharField(max_length=255, verbose_name="file")),
                ("content_type", models.CharField(max_length=50, verbose_name="type")),
                ("size", models.PositiveIntegerField(verbose_name="size")),
                ("sha256", models.CharField(max_length=64)),
                ("stored_as", models.CharField(max_length=100, unique=True)),
                ("checked_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="checked")),
                ("was_scanned", models.BooleanField(default=False, verbose_name="scanned for viruses")),
                ("keep_for", models.PositiveBigIntegerField(blank=True, null=True, verbose_name="remove after")),
                (
                    "keep_unit",
                    models.CharField(
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
                (
                    "candidate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="resume_files",
                        to="candidates.candidate",
                        verbose_name="candidate",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
            ],
            options={
                "verbose_name": "file",
                "verbose_name_plural": "files",
            },
        ),
        migrations.CreateModel(
            name="Resume",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "external_id",
                    models.CharField(
                        help_text="Cannot change once a vendor knows it.", max_length=200, verbose_name="ID in your ATS"
                    ),
                ),
                (
                    "sync_state",
                    models.CharField(
                        choices=[
                            ("idle", "Not sent"),
                            ("pending", "Waiting"),
                            ("submitted", "Being worked on"),
                            ("synced", "Sent"),
                            ("failed", "Needs attention"),
                        ],
                        default="idle",
                        editable=False,
                        max_length=9,
                        verbose_name="sync state",
                    ),
                ),
                ("changed_at", models.DateTimeField(auto_now_add=True, verbose_name="changed")),
                ("synced_at", models.DateTimeField(editable=False, null=True, verbose_name="last confirmed")),
                (
                    "linkedin_status",
                    models.CharField(
                        choices=[
                            ("not_sent", "Not sent"),
                            ("waiting", "Waiting"),
                            ("sent", "Sent"),
                            ("removing", "Being removed"),
                            ("removed", "Removed from LinkedIn"),
                            ("unknown", "Not known"),
                        ],
                        default="not_sent",
                        editable=False,
                        max_length=8,
                        verbose_name="LinkedIn status",
                    ),
                ),
                (
                    "sync_trouble",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("rejected", "Refused"),
                            ("unmappable", "Cannot be sent as it is"),
                            ("unconfirmed", "Would erase something"),
                            ("not_live", "Taken, but not live"),
                            ("unknown_outcome", "Outcome unknown"),
                            ("exhausted", "Tried too often"),
                            ("internal", "Fault in TalentSync"),
                        ],
                        editable=False,
                        max_length=15,
                        verbose_name="trouble",
                    ),
                ),
                (
                    "external_key",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.text.Lower("external_id"),
                        output_field=models.CharField(max_length=200),
                    ),
                ),
                (
                    "ats_created_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="created in your ATS"),
                ),
                (
                    "on_expiry",
                    models.CharField(
                        choices=[
                            ("delete", "The resume is deleted from LinkedIn"),
                            ("again", "The file is uploaded again before that"),
                        ],
                        default="delete",
                        max_length=6,
                        verbose_name="when LinkedIn has removed the file",
                    ),
                ),
                (
                    "candidate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="resumes",
                        to="candidates.candidate",
                        verbose_name="candidate",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "file",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.RESTRICT,
                        related_name="resume",
                        to="resumes.resumefile",
                        verbose_name="file",
                    ),
                ),
            ],
            options={
                "verbose_name": "resume",
                "verbose_name_plural": "resumes",
                "permissions": [("download_resume", "Can download resumes")],
            },
        ),
        migrations.CreateModel(
            name="FileReference",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("urn", models.CharField(max_length=600, verbose_name="file reference")),
                ("uploaded_at", models.DateTimeField(verbose_name="uploaded")),
                ("expires_at", models.DateTimeField(null=True, verbose_name="removed there")),
                ("renew_at", models.DateTimeField(null=True)),
                ("asked_at", models.DateTimeField(null=True)),
                (
                    "connection",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="customers.connection"),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="references", to="resumes.resumefile"
                    ),
                ),
            ],
            options={
                "verbose_name": "file reference",
                "verbose_name_plural": "file references",
            },
        ),
        migrations.AddIndex(
            model_name="resumefile",
            index=models.Index(fields=["candidate", "sha256"], name="resumefile_same"),
        ),
        migrations.AddIndex(
            model_name="resumefile",
            index=models.Index(fields=["customer", "id"], name="resumefile_customer"),
        ),
        migrations.AddConstraint(
            model_name="resumefile",
            constraint=models.UniqueConstraint(
                fields=("customer", "external_id"),
                name="resumes_resumefile_external_id",
                violation_error_message="This customer already has a record with this ID.",
            ),
        ),
        migrations.AddConstraint(
            model_name="resumefile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("keep_for__isnull", True), ("keep_unit", "")),
                    models.Q(
                        ("keep_for__gt", 0),
                        ("keep_unit__in", ["MILLISECOND", "SECOND", "MINUTE", "HOUR", "DAY", "WEEK", "MONTH", "YEAR"]),
                    ),
                    _connector="OR",
                ),
                name="resumes_file_kept",
            ),
        ),
        migrations.AddIndex(
            model_name="resume",
            index=models.Index(fields=["customer", "id"], name="resume_customer"),
        ),
        migrations.AddIndex(
            model_name="resume",
            index=models.Index(fields=["customer", "linkedin_status", "id"], name="resume_per_status"),
        ),
        migrations.AddIndex(
            model_name="resume",
            index=models.Index(fields=["linkedin_status", "id"], name="resume_status"),
        ),
        migrations.AddIndex(
            model_name="resume",
            index=models.Index(
                condition=models.Q(("sync_trouble", ""), _negated=True),
                fields=["customer", "id"],
                name="resume_trouble",
            ),
        ),
        migrations.AddIndex(
            model_name="resume",
            index=models.Index(fields=["external_key"], name="resume_external_key", opclasses=["varchar_pattern_ops"]),
        ),
        migrations.AddConstraint(
            model_name="resume",
            constraint=models.UniqueConstraint(
                fields=("candidate", "external_id"),
                name="resumes_resume_external_id",
                violation_error_message="There is already a record with this ID here.",
            ),
        ),
        migrations.AddIndex(
            model_name="filereference",
            index=models.Index(
                condition=models.Q(("asked_at__isnull", True), ("renew_at__isnull", False)),
                fields=["renew_at"],
                name="resumes_reference_ends",
            ),
        ),
        migrations.AddConstraint(
            model_name="filereference",
            constraint=models.UniqueConstraint(fields=("file", "connection"), name="resumes_reference_once"),
        ),
    ]
