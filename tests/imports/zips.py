"""Zips for the tests of resumes: a table, and the files that it names."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping

from tests.resumes.samples import small_pdf

HEAD = "candidate,file,external_id"


def pdf(text: str = "one") -> bytes:
    return small_pdf(front=f"%{text}\n".encode())


def large_pdf(size: int) -> bytes:
    return pdf("x" * (size - len(pdf(""))))


def a_zip(
    rows: Iterable[str], files: Mapping[str, bytes], *, head: str = HEAD, packed: int = zipfile.ZIP_DEFLATED
) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", packed) as archive:
        archive.writestr("table.csv", "\n".join([head, *rows]) + "\n", zipfile.ZIP_DEFLATED)
        for name, content in files.items():
            archive.writestr(name, content)
    return file.getvalue()
