"""The table behind the durable cache: rate limits and used codes survive a stopped Redis."""

from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies: list = []

    operations = [
        migrations.RunSQL(
            """
            CREATE TABLE durable_cache (
                cache_key varchar(255) PRIMARY KEY,
                value text NOT NULL,
                expires timestamptz NOT NULL
            );
            CREATE INDEX durable_cache_expires ON durable_cache (expires);
            """,
            "DROP TABLE durable_cache",
        )
    ]
