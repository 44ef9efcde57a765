"""For how long LinkedIn keeps a file of a resume: what cannot be chosen of that."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from connectors.linkedin.records import Timespan, TimeUnit

SHORTEST_AGAIN = timedelta(hours=1)  # uploaded again and again sooner than this, a file would do nothing else
TOO_SHORT = _("A file that is to be uploaded again must be kept for an hour at least.")


def is_too_short_for_again(keep_for: int | None, unit: str) -> bool:
    if keep_for is None:
        return False
    try:
        return Timespan(duration=keep_for, unit=TimeUnit(unit)).shortest < SHORTEST_AGAIN
    except (OverflowError, ValueError):  # longer than any calendar, or no unit: that is told by itself
        return False
