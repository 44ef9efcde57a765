"""What PostgreSQL knows of a table's size while an import fills it.

It counts anew by itself, but a minute or more later. Until then it takes a table that was empty for small, and reads
all records of a customer each time that a thousand IDs are looked for: an import would get slower as it goes on.
"""

from __future__ import annotations

from django.db import connection, models

AT_LEAST = 1_000  # rows: of fewer nobody feels how they are read
KNOWN_AND_NEW = """
SELECT c.reltuples, s.n_mod_since_analyze
FROM pg_class AS c JOIN pg_stat_user_tables AS s ON s.relid = c.oid
WHERE c.oid = %s::regclass
"""


def keep_up(model: type[models.Model]) -> None:
    """Have the table counted if it may have doubled since it was counted last. SQLite needs none of it."""
    if connection.vendor != "postgresql":
        return
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(KNOWN_AND_NEW, [table])
        known, changed = cursor.fetchone() or (0, 0)
        if changed > max(AT_LEAST, known):
            cursor.execute(f"ANALYZE {table}")
