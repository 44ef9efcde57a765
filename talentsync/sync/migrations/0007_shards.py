"""Several lanes of one kind at one connection: files of resumes are uploaded four at a time."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0003_resumes"),
        ("sync", "0006_histories"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="lane",
            name="sync_lane_name",
        ),
        migrations.AddField(
            model_name="lane",
            name="shard",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddConstraint(
            model_name="lane",
            constraint=models.UniqueConstraint(fields=("connection", "kind", "shard"), name="sync_lane_name"),
        ),
    ]
