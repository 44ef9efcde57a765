"""An ID as a hash that tells it from others, and cannot be turned back into it (DESIGN 8)."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Sequence
from typing import Any

from django.conf import settings

from talentsync.sync.kinds import Key


def hashed(customer_id: int, kind: str, key: Key) -> str:
    """The same for the same ID of the same customer. Without the key of the settings nobody can try IDs out."""
    return keyed([customer_id, kind, *key])


def keyed(parts: Sequence[Any]) -> str:
    """The same for the same JSON values."""
    named = json.dumps(parts, ensure_ascii=True).encode()
    return hmac.new(settings.ERASURE_HASH_KEY.encode(), named, hashlib.sha256).hexdigest()
