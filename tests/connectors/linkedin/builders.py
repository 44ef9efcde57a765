"""What the tests of the LinkedIn connector build: payloads, clients against the simulator, and a far end that says
anything.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from connectors.base.content import Content
from connectors.base.resource import Entry
from connectors.base.transport import Arrived, FunctionAdapter, Transport
from connectors.linkedin.client import LinkedInClient
from connectors.linkedin.records import JobPosting

API = "https://api.linkedin.example"
ORGANIZATION = "urn:li:organization:77"
CONTRACT = "urn:li:contract:55501"
TASK = "urn:li:simpleJobPostingTask:5d0c0f6e-1111-4222-8333-a1b2c3d4e5f6"

BASIC = JobPosting(
    external_job_posting_id="TS-1",
    title="Engineer",
    description="<p>We build bridges.</p>",
    company_apply_url="https://careers.example.com/apply/1",
    location="Graz, Austria",
    listed_at=1_700_000_000_000,
    integration_context=ORGANIZATION,
    poster_email="poster@example.com",
)


@dataclass(frozen=True, kw_only=True)
class Said:
    """What the far end answers."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    endless: bool = False


class HangUp(Exception):
    """The far end resets the connection; known to the adapter by its name."""


class Stall(Exception):
    """The far end never answers; known to the adapter by its name."""


class FarEnd:
    """Answers from a script, the last line again and again, and remembers what arrived."""

    def __init__(self, *script: Said | Exception) -> None:
        self._script = list(script)
        self.arrived: list[Arrived] = []

    def handle(self, arrived: Arrived) -> Said:
        self.arrived.append(arrived)
        said = self._script.pop(0) if len(self._script) > 1 else self._script[0]
        if isinstance(said, Exception):
            raise said
        return said

    @property
    def last(self) -> Arrived:
        return self.arrived[-1]

    @property
    def sent(self) -> Any:
        return json.loads(self.last.body)


class Tokens:
    """A token provider that counts its replacements."""

    def __init__(self) -> None:
        self.refused: list[str] = []

    def get(self) -> str:
        return f"token-{len(self.refused)}"

    def replace(self, refused: str) -> str:
        self.refused.append(refused)
        return self.get()


def says(content: Any, *, status: int = 200, **headers: str) -> Said:
    return Said(
        status=status, headers={"Content-Type": "application/json", **headers}, body=json.dumps(content).encode()
    )


def page(*, status: int) -> Said:
    """A gateway's HTML."""
    return Said(status=status, headers={"Content-Type": "text/html"}, body=b"<html><body>Bad gateway</body></html>")


def transport_to(handle: Callable[[Any], Any], *, base_url: str = API) -> Transport:
    return Transport(base_url, adapter=FunctionAdapter(base_url, handle))


def content_of(data: bytes, *, size: int | None = None) -> Content:
    """A file in memory, of which a size may be said that is not its own."""
    return Content(size=len(data) if size is None else size, open=lambda: BytesIO(data))


def file_entry(key: str = "F-1", data: bytes = b"%PDF-1.7 of nobody", **fields: Any) -> Entry:
    """A file of a resume; a field set to ... is left out."""
    said = {"contentType": "application/pdf", "fileName": "Nobody.pdf", **fields}
    payload = {name: value for name, value in said.items() if value is not ...}
    return Entry(key=key, verb="UPLOAD", payload=payload, content=content_of(data))


def client_of(far: FarEnd, *, tokens: Tokens | None = None, **options: Any) -> LinkedInClient:
    given = {"organization_urn": ORGANIZATION, **options}
    return LinkedInClient(transport=transport_to(far.handle), tokens=tokens or Tokens(), **given)


def payload(key: str = "TS-1", **fields: Any) -> dict[str, Any]:
    return {
        "externalJobPostingId": key,
        "integrationContext": ORGANIZATION,
        "title": "Engineer",
        "description": "We build bridges that last for a hundred years and more. " * 3,
        "companyApplyUrl": "https://careers.example.com/apply/1",
        "listedAt": 1_700_000_000_000,
        "location": "Graz, Austria",
        "posterEmail": "poster@example.com",
        **fields,
    }


def entry(key: str = "TS-1", *, verb: str = "CREATE", **fields: Any) -> Entry:
    return Entry(key=key, verb=verb, payload=payload(key, **fields))
