"""What LinkedIn accepts as the file of a resume (linkedin.md 6.2, 6.3). What is in it is looked at before.

Inferred, not documented: a MB is 1024 × 1024 bytes; a file without a byte is none; a name has 255 characters at most,
as everywhere that files are kept.
"""

from __future__ import annotations

from collections.abc import Iterator

from connectors.base.words import gettext_noop as _
from connectors.linkedin.records import CONTENT_TYPES, ResumeFile
from connectors.linkedin.rules.problem import Problem

MAX_BYTES = 10 * 1024 * 1024
MAX_NAME = 255
MAX_DURATION = 2**63 - 1  # `long` on the page


def problems(file: ResumeFile) -> Iterator[Problem]:
    if file.content_type not in CONTENT_TYPES:
        yield Problem(field="content_type", rule=_("LinkedIn takes PDF, DOC and TXT files: save it as PDF."))
    if file.size <= 0:
        yield Problem(field="size", rule=_("The file is empty: choose another one."))
    if file.size > MAX_BYTES:
        yield Problem(field="size", rule=_("LinkedIn takes files of up to 10 MB: make it smaller."))
    if not 0 < len(file.file_name.strip()) <= MAX_NAME:
        yield Problem(field="file_name", rule=_("Give the file a name of up to 255 characters."))
    if file.blob_ttl is not None and not 0 < file.blob_ttl.duration <= MAX_DURATION:
        yield Problem(field="blob_ttl", rule=_("Say after how long LinkedIn removes the file, or choose to keep it."))
