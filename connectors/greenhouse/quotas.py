"""What Greenhouse allows: nothing that could be counted beforehand.

https://developers.greenhouse.io/harvest.html#rate-limiting

Windows of 10 s (v1) and 30 s (v3) whose size is published nowhere: each answer says how much is left, and a 429 when
to come again (greenhouse.md 1.3, 2.4). There are no limits by the day or by the record, so the mapping is empty.
"""

from __future__ import annotations

from collections.abc import Mapping

from connectors.base.quota import Quota

QUOTAS: Mapping[str, Quota] = {}
