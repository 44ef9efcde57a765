"""A log formatter that keeps each record on one line, tracebacks too, so that lines of several processes never mix."""

from __future__ import annotations

import logging
import time


class OneLineFormatter(logging.Formatter):
    """`2026-11-21T10:07:00Z INFO talentsync.sync.engine: words`, with line ends written as `\\n`."""

    def __init__(self) -> None:
        super().__init__("{asctime}Z {levelname} {name}: {message}", datefmt="%Y-%m-%dT%H:%M:%S", style="{")
        self.converter = time.gmtime

    def format(self, record: logging.LogRecord) -> str:
        return "\\n".join(super().format(record).splitlines())
