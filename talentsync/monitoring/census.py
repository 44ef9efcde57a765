"""How many records are in which state, and how many of each lane are due: counted now and then, and kept.

Counting millions of rows takes seconds, so no page does it: whoever keeps watch does, at most for one second in a
hundred, and every page reads the same numbers with the time at which they were true.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from django.db.models import Count, Q

from talentsync.monitoring.models import Watch
from talentsync.sync.models import Delivery

SPARED = 100  # how much longer than it took a count is kept


def take(watch: Watch, now: datetime) -> None:
    """Count anew, unless the last count was costly and is young."""
    if watch.census_at is not None and now < watch.census_at + SPARED * timedelta(seconds=watch.census_seconds):
        return
    started = time.monotonic()
    # The state first: by the index that begins with the connection, SQLite would look up a million rows one by one.
    counted = Delivery.objects.current().order_by().values_list("state", "failure", "connection", "kind")
    due = Count("pk", filter=Q(due_at__lte=now))
    rows = [list(row) for row in counted.annotate(records=Count("pk"), due=due)]
    Watch.objects.filter(pk=watch.pk).update(
        census=rows, census_at=now, census_seconds=round(time.monotonic() - started, 3)
    )
