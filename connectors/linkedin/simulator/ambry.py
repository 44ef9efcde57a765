"""The upload of a file to simulated LinkedIn, and the files it keeps (linkedin.md 6.3, seed 002).

Of a file its size and digest are kept, not what is in it. One with a `blobTtl` is gone when its time is over by the
virtual clock; it stays on the page, marked so.
"""

from __future__ import annotations

import re
import secrets
from datetime import UTC, datetime
from urllib.parse import unquote_to_bytes

from connectors.base.simulation import Document, SimulatedAnswer, SimulatedRequest, Table, World
from connectors.linkedin.simulator.media import AMBRY_PATH, TYPES, SignedAddresses, signature_in
from connectors.linkedin.simulator.wire import not_supported, refuse

ENDPOINT = "ambry"
LONGEST_CELL = 80
MOST_BYTES = 10 * 1024 * 1024
FILE_NAME = re.compile(r"x-ambry-filename=((?:[A-Za-z0-9._~-]|%[0-9A-Fa-f]{2})+)")
SHOWN = (
    "location",
    "file_name",
    "content_type",
    "size",
    "sha256",
    "contract",
    "client_id",
    "uploaded_at",
    "expires_at",
)


class Ambry:
    """Files by their location."""

    def __init__(self, world: World, addresses: SignedAddresses) -> None:
        self._world = world
        self._addresses = addresses
        self._kept = world.collection("files")

    def answer(self, request: SimulatedRequest, application: Document) -> SimulatedAnswer:
        if request.method != "POST" or request.route != AMBRY_PATH:
            raise not_supported(request)
        signature, name = _read(request)
        size = request.file.size
        if size > MOST_BYTES:
            raise refuse(int(self._world.settings["too_large_status"]), f"The file has more than {MOST_BYTES} bytes")
        if not size:
            raise refuse(400, "The file is empty")
        address = self._addresses.used(signature, application["client_id"])
        location = f"/AAYU{secrets.token_urlsafe(24)}.{TYPES[address['content_type']]}"
        self._keep(location, name, request, address)
        return SimulatedAnswer(status=201, headers={"location": location, "Cache-Control": "no-cache, no-store"})

    def has(self, urn: object, client_id: str) -> bool:
        """Whether the file that a URN names is here now, and the application's own."""
        location = urn.removeprefix("urn:li:ambryBlob:") if isinstance(urn, str) else ""
        found = self._kept.get(location)
        return found is not None and found["client_id"] == client_id and not self._is_gone(found)

    def remove(self, location: str) -> None:
        """LinkedIn loses a file."""
        found = self._kept.get(location.removeprefix("urn:li:ambryBlob:"))
        if found is None:
            raise ValueError(f"there is no file {location}")
        self._kept.put(found["location"], {**found, "expires_at": self._world.clock.now()})

    def all(self) -> list[Document]:
        return [self._shown(kept) for kept in self._kept.all()]

    def latest(self, limit: int) -> list[Document]:
        return [self._shown(kept) for kept in self._kept.latest(limit)]

    def table(self, limit: int) -> Table:
        rows = [
            (
                one["file_name"][:LONGEST_CELL],
                one["content_type"],
                f"{one['size']:,}",
                _minute(one["expires_at"]),
                one["status"],
            )
            for one in self.latest(limit)
        ]
        return Table(
            title="Files of resumes",
            columns=("Name", "Type", "Bytes", "Removed", "Status"),
            rows=rows,
            empty="No file has been uploaded yet.",
        )

    def _keep(self, location: str, name: str, request: SimulatedRequest, address: Document) -> None:
        now, ttl_ms = self._world.clock.now(), address["ttl_ms"]
        kept = {
            "location": location,
            "file_name": name,
            "content_type": address["content_type"],
            "size": request.file.size,
            "sha256": request.file.sha256,
            "contract": address["contract"],
            "client_id": address["client_id"],
            "uploaded_at": now,
            "expires_at": None if ttl_ms is None else now + ttl_ms / 1000,
        }
        self._kept.put(location, kept)

    def _is_gone(self, kept: Document) -> bool:
        return kept["expires_at"] is not None and kept["expires_at"] <= self._world.clock.now()

    def _shown(self, kept: Document) -> Document:
        status = "EXPIRED" if self._is_gone(kept) else "KEPT"
        return {**{name: kept[name] for name in SHOWN}, "status": status}


def _read(request: SimulatedRequest) -> tuple[str, str]:
    """Signature and name of the query, in the form and order of the page's sample."""
    first, _, second = request.query.partition("&")
    signature, found = signature_in(first), FILE_NAME.fullmatch(second)
    if found is None:
        raise refuse(400, "The parameter x-ambry-filename is missing or not percent-encoded")
    try:
        return signature, unquote_to_bytes(found[1]).decode("utf-8")
    except UnicodeDecodeError:
        raise refuse(400, "The parameter x-ambry-filename is not UTF-8") from None


def path_noted(request: SimulatedRequest) -> str:
    """The address without its signature."""
    name = request.query.partition("&")[2]
    return f"{request.route}?{name}" if name.startswith("x-ambry-filename=") else request.route


def _minute(seconds: float | None) -> str:
    if seconds is None:
        return "never"
    try:
        return datetime.fromtimestamp(seconds, tz=UTC).strftime("%Y-%m-%d %H:%M")
    except (ValueError, OverflowError, OSError):
        return "beyond all calendars"
