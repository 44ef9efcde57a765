from __future__ import annotations

import pytest

from connectors.base.retry_after import retry_after

NOON = 1_784_548_800.0  # Mon, 20 Jul 2026 12:00:00 GMT


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": " 0 "}, 0.0),
        ({"retry-after": "1.5"}, 1.5),
        ({"retry-after": "Mon, 20 Jul 2026 12:01:30 GMT"}, 90.0),
        ({"retry-after": "Mon, 20 Jul 2026 11:00:00 GMT"}, 0.0),
        ({"retry-after": "Mon, 20 Jul 2026 15:00:30 GMT", "date": "Mon, 20 Jul 2026 15:00:00 GMT"}, 30.0),
        ({"retry-after": "999999999"}, 86_400.0),
        ({"retry-after": "Fri, 31 Dec 9999 23:59:59 GMT", "date": "Sat, 01 Jan 2000 00:00:00 GMT"}, 86_400.0),
        ({}, None),
        ({"retry-after": ""}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "1e400"}, None),
        ({"retry-after": "9" * 40}, None),
    ],
)
def test_the_time_to_wait_is_a_number_or_a_date(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers, now=NOON) == seconds
