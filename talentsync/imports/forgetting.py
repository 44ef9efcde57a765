"""Uploaded files that wait for somebody's confirmation and name a record that is being erased: they go, too."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from talentsync.customers.models import Customer
from talentsync.imports import bundles, files, services
from talentsync.imports.columns import SHEETS
from talentsync.imports.mistakes import BadFile
from talentsync.imports.models import Import

BLOCK = 1_000_000  # bytes in memory at a time


def forget(customer: Customer, kind: str, external_ids: Sequence[str]) -> None:
    """Discard the customer's imports that have loaded nothing and in whose file one of these IDs stands, in whatever
    column: notes and applications name whom they are about. Of a zip the table is looked at, and the names of its
    files. A file that holds the same letters by chance has to be uploaded again, which is little compared with a person
    who stays behind.
    """
    wanted = [external_id.encode() for external_id in external_ids if external_id]
    for each in Import.objects.filter(customer=customer, state__in=services.LOADED_NOTHING).exclude(stored_as=""):
        if _names_any(each, wanted):
            services.discard(each)


def _names_any(run: Import, wanted: Sequence[bytes]) -> bool:
    path = files.path_of(run.stored_as)
    if not SHEETS[run.kind].in_zip:
        return names_any(path, wanted)
    try:
        with bundles.zipped(path, table=files.table_path(run.stored_as)) as bundle:
            named = "\n".join(bundle.names).encode()
            return names_any(bundle.table, wanted) or any(each in named for each in wanted)
    except (BadFile, FileNotFoundError):  # what cannot be read goes with its check
        return False


def names_any(path: Path, wanted: Sequence[bytes]) -> bool:
    """Whether one of these stands in the file; as JSON may escape what is not plain, and CSV doubles quotation
    marks, those spellings count, too.
    """
    spellings = {*wanted, *(_escaped(each) for each in wanted), *(each.replace(b'"', b'""') for each in wanted)}
    overlap = max((len(each) for each in spellings), default=0)
    try:
        with path.open("rb") as file:
            tail = b""
            while block := file.read(BLOCK):
                if any(each in tail + block for each in spellings):
                    return True
                tail = (tail + block)[-overlap:]
    except FileNotFoundError:
        pass
    return False


def _escaped(text: bytes) -> bytes:
    return json.dumps(text.decode())[1:-1].encode()
