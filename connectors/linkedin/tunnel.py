"""Query tunneling: what LinkedIn refuses as too long in a URL travels in a POST body.

Limits and both forms are of "Migration Guide - Updated API Request Maximum Length" (linkedin.md 7). The query of a
call without a body becomes a form; the query of a call with one becomes a part beside it. `X-HTTP-Method-Override`
keeps the true method: LinkedIn's own client writes GET on every call without a body, and a delete would delete
nothing. Only the query can be moved: a path that is too long is refused here, before anything is sent.

Inferred, not documented: a KB is 1024 bytes; tunnel from 4000 bytes of query on, as LinkedIn's own client does. The
page prints a blank and a line break inside the second part's head, which no parser would read: the form here is that
of linkedin.md 7.3.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import count
from urllib.parse import urlsplit

from connectors.base.errors import TooLong
from connectors.base.transport import Request

MAX_URL_BYTES = 8 * 1024
MAX_QUERY_BYTES = 4 * 1024
MAX_HEAD_BYTES = 28 * 1024
MAX_SEGMENT_BYTES = 4 * 1024
TUNNEL_FROM_BYTES = 4000
ADDED_HEADERS_BYTES = 512  # Host, User-Agent, Accept-Encoding, Connection, Content-Length: written by the HTTP library

FORM = "application/x-www-form-urlencoded"


def fitted(request: Request, *, base_url: str) -> Request:
    """The request as it can be sent: unchanged where it fits, tunneled where that helps. Raises `TooLong` otherwise."""
    if _is_long(request, base_url):
        request = tunneled(request)
    _refuse_what_is_too_long(request, base_url)
    return request


def _is_long(request: Request, base_url: str) -> bool:
    query = request.path.partition("?")[2]
    return bool(query) and (
        len(query.encode()) >= TUNNEL_FROM_BYTES
        or _url_bytes(request, base_url) > MAX_URL_BYTES
        or _head_bytes(request, base_url) > MAX_HEAD_BYTES
    )


def tunneled(request: Request) -> Request:
    """The same call in the form that is never too long for its query."""
    path, _, query = request.path.partition("?")
    content_type, body = _form(query) if request.body is None else _parts(query, request.body, request.headers)
    headers = {**request.headers, "X-HTTP-Method-Override": request.method, "Content-Type": content_type}
    return replace(
        request,
        method="POST",
        path=path,
        headers=headers,
        body=body,
        tunneled=True,
        shown_method=request.method,
    )


def _form(query: str) -> tuple[str, bytes]:
    return FORM, query.encode()


def _parts(query: str, body: bytes, headers: Mapping[str, str]) -> tuple[str, bytes]:
    parts = ((FORM, query.encode()), (headers["Content-Type"], body))
    boundary = _boundary(part for _, part in parts)
    written = [f"--{boundary}\r\nContent-Type: {kind}\r\n\r\n".encode() + part + b"\r\n" for kind, part in parts]
    return f"multipart/mixed; boundary={boundary}", b"".join(written) + f"--{boundary}--".encode()


def _boundary(parts: Iterable[bytes]) -> str:
    """A delimiter that stands in none of the parts: the first of its kind, so that equal calls are equal bytes."""
    contents = tuple(parts)
    names = (f"talentsync-{number}" for number in count(1))
    return next(name for name in names if not any(name.encode() in content for content in contents))


def _refuse_what_is_too_long(request: Request, base_url: str) -> None:
    path, _, query = request.path.partition("?")
    segments = (urlsplit(base_url).path + path).split("/")
    if any(len(segment.encode()) > MAX_SEGMENT_BYTES for segment in segments):
        raise TooLong("An ID is too long for LinkedIn: a part of the address is over 4 KB.")
    if len(query.encode()) > MAX_QUERY_BYTES:
        raise TooLong("The call's query is too long for LinkedIn: over 4 KB.")
    if _url_bytes(request, base_url) > MAX_URL_BYTES:
        raise TooLong("The call's address is too long for LinkedIn: over 8 KB.")
    if _head_bytes(request, base_url) > MAX_HEAD_BYTES:
        raise TooLong("The call is too long for LinkedIn: address and headers are over 28 KB.")


def _url_bytes(request: Request, base_url: str) -> int:
    return len((base_url + request.path).encode())


def _head_bytes(request: Request, base_url: str) -> int:
    headers = sum(len(f"{name}: {value}\r\n".encode()) for name, value in request.headers.items())
    return _url_bytes(request, base_url) + headers + ADDED_HEADERS_BYTES
