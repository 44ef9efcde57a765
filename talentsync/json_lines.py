"""A log formatter for programs: each record is one line of JSON, with the ids that are known."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import Any

from talentsync.core import known
from talentsync.core.logs import redact

IDS = (
    *("request_id", "run", "lane", "delivery", "deliveries", "runs", "connection"),
    *("vendor_request", "records", "milliseconds"),
)
"""What a line may hold beside its words. Anything else that somebody attaches, Celery its arguments, stays out."""


class JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, tz=UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        said = {**known.now(), **vars(record)}
        line |= {name: _plain(said[name]) for name in IDS if name in said}
        if record.exc_info or record.exc_text:
            line["traceback"] = record.exc_text or self.formatException(record.exc_info)  # type: ignore[arg-type]
        return json.dumps(line, ensure_ascii=False)


def _plain(value: object) -> object:
    """Numbers as they are; a text may be a vendor's."""
    return redact(value) if isinstance(value, str) else value
