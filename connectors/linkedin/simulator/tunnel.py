"""Query tunneling of simulated LinkedIn: the call that travels inside a POST (linkedin.md 7.2 and 7.3, seed 003).

A form body is the query of a call without body. Two parts of multipart/mixed are query and body of a call that has
one; it is read to the byte, because a client that is a line end off meets the same at the real door.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from connectors.base.simulation import Refused, SimulatedRequest
from connectors.linkedin.simulator.wire import FORM, refuse

OVERRIDE = "x-http-method-override"
MULTIPART = "multipart/mixed"
# 7.3: what Rest.li lets travel inside a POST. There is no PATCH in Rest.li.
VERBS = {"GET", "POST", "PUT", "DELETE", "OPTIONS"}
BOUNDARY = re.compile(r';\s*boundary=(?:"([^"]{1,70})"|([^\s";]{1,70}))\s*(?:;|$)', re.IGNORECASE)
PART_HEADER = re.compile(r"([A-Za-z0-9-]+):[ \t]*(\S.*)")


@dataclass(frozen=True, kw_only=True)
class Part:
    """One part of a multipart body."""

    content_type: str
    content: bytes

    @property
    def is_query(self) -> bool:
        return self.content_type.partition(";")[0].strip().lower() == FORM


def is_tunneled(raw: SimulatedRequest) -> bool:
    return bool(raw.header(OVERRIDE))


def understood(raw: SimulatedRequest) -> SimulatedRequest:
    """The call that travels inside, or the call itself where there is none or it cannot be read."""
    try:
        return opened(raw)
    except Refused:
        return raw


def opened(raw: SimulatedRequest) -> SimulatedRequest:
    """The call that travels inside; refused where the tunnel is not as the page says."""
    if not is_tunneled(raw):
        return raw
    verb = raw.header(OVERRIDE).strip().upper()
    if raw.method != "POST":
        raise refuse(400, f"X-HTTP-Method-Override is only allowed on POST, not on {raw.method}")
    if verb not in VERBS:
        raise refuse(400, f"Invalid HTTP method override: {verb}")
    if raw.media_type == FORM:
        return _inside(raw, verb, query=raw.body)
    if raw.media_type == MULTIPART:
        query, content = _query_and_content(_parts(raw))
        return _inside(raw, verb, query=query.content, content=content)
    if not raw.media_type:
        raise refuse(400, "Tunneled request is missing its Content-Type")
    raise refuse(415, f"Unsupported Content-Type of a tunneled request: {raw.media_type}")


def _inside(raw: SimulatedRequest, verb: str, *, query: bytes, content: Part | None = None) -> SimulatedRequest:
    """The query joins one that is already there; the override is gone before anybody looks at the call."""
    try:
        whole = "&".join(part for part in (raw.query, query.decode("ascii" if content else "utf-8")) if part)
    except UnicodeDecodeError:
        raise refuse(400, "The tunneled query cannot be read") from None
    dropped = {OVERRIDE, "content-type", "content-length"}
    headers = {name: value for name, value in raw.headers.items() if name.lower() not in dropped}
    if content is not None:
        headers["content-type"] = content.content_type
    path = f"{raw.route}?{whole}" if whole else raw.route
    return replace(raw, method=verb, path=path, headers=headers, body=content.content if content else b"")


def _query_and_content(parts: list[Part]) -> tuple[Part, Part]:
    """The first form part and the first other one, in whichever order; surplus parts are ignored (7.3)."""
    query = next((part for part in parts if part.is_query), None)
    content = next((part for part in parts if not part.is_query), None)
    if query is None or content is None:
        raise _malformed("a query part and a body part are needed")
    return query, content


def _parts(raw: SimulatedRequest) -> list[Part]:
    found = BOUNDARY.search(raw.header("content-type"))
    if found is None:
        raise _malformed("no boundary is named")
    boundary = (found[1] or found[2]).encode("ascii", "replace")
    opening, end = b"--" + boundary + b"\r\n", b"\r\n--" + boundary + b"--"
    body = raw.body.removesuffix(b"\r\n")
    if not body.startswith(opening) or not body.endswith(end):
        raise _malformed("it does not start and end with its boundary")
    inside = body[len(opening) : -len(end)].split(b"\r\n--" + boundary + b"\r\n")
    if any(boundary in piece for piece in inside):
        raise _malformed("the boundary occurs inside a part")
    return [_part(piece) for piece in inside]


def _part(piece: bytes) -> Part:
    head, blank_line, content = piece.partition(b"\r\n\r\n")
    lines = [PART_HEADER.fullmatch(line) for line in head.decode("latin-1").split("\r\n")]
    if not blank_line or not all(lines):
        raise _malformed("a part's head is not made of header lines that end with CRLF")
    headers = {line[1].lower(): line[2] for line in lines if line}
    if "content-type" not in headers:
        raise _malformed("a part does not name its Content-Type")
    return Part(content_type=headers["content-type"], content=content)


def _malformed(why: str) -> Refused:
    return refuse(400, f"Malformed multipart/mixed body of a tunneled request: {why}")
