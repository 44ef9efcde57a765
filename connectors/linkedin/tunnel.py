"""Query tunneling: what LinkedIn refuses as too long in a URL travels in a POST body.

The four limits are of "Migration Guide - Updated API Request Maximum Length" (linkedin.md 7.1). Only the query can be
moved: a path that is too long is refused here, before anything is sent. Calls with a body of their own travel as they
are; their way through the tunnel (multipart/mixed) joins in `fitted`.

Inferred, not documented: a KB is 1024 bytes; tunnel from 4000 bytes of query on, as LinkedIn's own client does.
"""

from __future__ import annotations

from dataclasses import replace
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
    if request.body is None and _is_long(request, base_url):
        request = _tunneled(request)
    _refuse_what_is_too_long(request, base_url)
    return request


def _is_long(request: Request, base_url: str) -> bool:
    query = request.path.partition("?")[2]
    return bool(query) and (
        len(query.encode()) >= TUNNEL_FROM_BYTES
        or _url_bytes(request, base_url) > MAX_URL_BYTES
        or _head_bytes(request, base_url) > MAX_HEAD_BYTES
    )


def _tunneled(request: Request) -> Request:
    path, _, query = request.path.partition("?")
    headers = {**request.headers, "X-HTTP-Method-Override": request.method, "Content-Type": FORM}
    return replace(
        request,
        method="POST",
        path=path,
        headers=headers,
        body=query.encode(),
        tunneled=True,
        shown_method=request.method,
    )


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
