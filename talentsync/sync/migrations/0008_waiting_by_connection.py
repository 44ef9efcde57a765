"""What waits for other records, by connection: whoever settles a batch asks whether there is any."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("sync", "0007_shards"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("due_at__isnull", True), ("state", "pending")),
                fields=["connection", "kind", "object_id"],
                name="sync_delivery_asleep",
            ),
        ),
    ]
