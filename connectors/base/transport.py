"""The one door to the network: one request, one answer, within a wall deadline and a size cap.

It never retries, never follows a redirect (a token must not travel to another address), never logs a header, query or
body. The test seam is a `requests` adapter: `FunctionAdapter` answers from a function instead of a socket.
"""

from __future__ import annotations

import ipaddress
import logging
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from io import BufferedReader, BytesIO, RawIOBase
from typing import Any, cast
from urllib.parse import urlsplit

import requests
import urllib3
from requests.adapters import BaseAdapter, HTTPAdapter

from connectors.base.content import Content, FileChanged, FileTrouble, Streamed
from connectors.base.deadline import Clock, keep_time, note_sent
from connectors.base.errors import ConnectorError, Misconfigured, Unanswered, Unmappable, Unreachable
from connectors.base.reading import keepable
from connectors.base.results import Exchange
from connectors.base.words import gettext_noop as _

CONNECT_TIMEOUT_SECONDS = 5.0
WALL_DEADLINE_SECONDS = 30.0  # LinkedIn's own SDK reads for 30 s (linkedin.md 8.2)
MAX_ANSWER_BYTES = 10 * 1024 * 1024  # a page of 500 Greenhouse jobs is about 1 MB
POOL_SIZE = 16  # threads of one worker
CHUNK_BYTES = 64 * 1024

# urllib3 logs whole URLs, and their queries name people and jobs.
logging.getLogger("urllib3").setLevel(logging.CRITICAL)


@dataclass(frozen=True, kw_only=True, repr=False)
class Request:
    """One HTTP request. `path` is relative to the transport's base URL and carries its query, already
    percent-encoded. A file travels as `content`, in place of a body.
    """

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    content: Content | None = None
    tunneled: bool = False
    of_token: bool = False
    shown_method: str = ""  # what to show of a tunneled call; default: `method`
    shown_path: str = ""  # what to show of a path that names a record; default: `path` without its query


@dataclass(frozen=True, kw_only=True, repr=False)
class Response:
    """One complete answer; header names are lower-case."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    exchange: Exchange


class Transport:
    """A pooled connection to one base URL; safe to share between threads."""

    def __init__(
        self,
        base_url: str,
        *,
        connect_timeout: float = CONNECT_TIMEOUT_SECONDS,
        wall_deadline: float = WALL_DEADLINE_SECONDS,
        max_answer_bytes: int = MAX_ANSWER_BYTES,
        request_id_headers: tuple[str, ...] = ("x-li-uuid", "x-request-id"),
        adapter: BaseAdapter | None = None,
    ) -> None:
        """Raises `Misconfigured` for an address that is neither https nor plain http to loopback."""
        self.base_url = _allowed(base_url)
        self._origin = urlsplit(self.base_url)[:2]
        self._timeout, self._deadline, self._cap = connect_timeout, wall_deadline, max_answer_bytes
        self._request_id_headers = request_id_headers
        self._session = _Session()
        own = adapter or _PunctualAdapter(pool_connections=1, pool_maxsize=POOL_SIZE, max_retries=0)
        self._session.mount("https://", own)
        self._session.mount("http://", own)

    def call(self, request: Request, *, wall_deadline: float | None = None) -> Response:
        """Send one request and read its whole answer, whatever its status.

        `wall_deadline` can only shorten the transport's own, but of a request that carries a file it is the deadline.

        Raises `Unreachable` when no connection could be made, `Unanswered` when the answer did not come whole within
        the deadline and the size cap, or is a redirect; `Unmappable` when the file is gone or has another size, and
        what its storage raises when it cannot be read.
        """
        started = time.monotonic()
        clock = Clock(ends=started + self._allowed(request, wall_deadline))
        try:
            with clock.ticking(), self._send(request, clock) as raw:
                status = raw.status_code
                headers = {name.lower(): keepable(value) for name, value in raw.headers.items()}
                body = b"".join(self._read(raw, clock))
        except FileTrouble as trouble:
            raise _of_the_file(trouble) from None
        except requests.RequestException as error:
            raise _explained(error, clock, self._exchange(request, started)) from None  # the cause quotes URLs
        except (_TooSlow, urllib3.exceptions.ReadTimeoutError):
            raise Unanswered("The answer took too long.", exchange=self._exchange(request, started)) from None
        except urllib3.exceptions.HTTPError:
            raise Unanswered("The answer broke off.", exchange=self._exchange(request, started)) from None
        except _TooBig:
            raise Unanswered("The answer is too big.", exchange=self._exchange(request, started)) from None
        exchange = self._exchange(request, started, status=status, headers=headers)
        if 300 <= status < 400:
            raise Unanswered(
                "The vendor points to another address; that is not followed.", status=status, exchange=exchange
            )
        return Response(status=status, headers=headers, body=body, exchange=exchange)

    def _allowed(self, request: Request, wall_deadline: float | None) -> float:
        if wall_deadline is None:
            return self._deadline
        return wall_deadline if request.content else min(wall_deadline, self._deadline)

    def path_of(self, url: str) -> str:
        """The path and query of a URL to follow. Raises `Unanswered` when it leads to another origin."""
        parts = urlsplit(url)
        base_path = urlsplit(self.base_url).path
        if (parts.scheme or parts.netloc) and parts[:2] != self._origin:
            raise Unanswered("The vendor's next page lies at another address; that is not followed.")
        path = parts.path.removeprefix(base_path) if parts.path.startswith(f"{base_path}/") else parts.path
        return path + (f"?{parts.query}" if parts.query else "")

    def _send(self, request: Request, clock: Clock) -> requests.Response:
        url = self.base_url + request.path
        body: Any = Streamed(request.content) if request.content else request.body
        prepared = self._session.prepare_request(
            requests.Request(request.method, self.base_url, headers=dict(request.headers), data=body)
        )
        prepared.url = url  # requests would re-quote it; only what no URL may hold is still escaped on the way
        settings: dict[str, Any] = {"proxies": {}, "stream": True, "verify": True, "cert": None}
        if not is_loopback(urlsplit(url).hostname or ""):
            settings = dict(self._session.merge_environment_settings(url, {}, True, None, None))
        remaining = max(0.001, clock.remaining)
        try:
            return self._session.send(
                prepared, allow_redirects=False, timeout=(min(self._timeout, remaining), remaining), **settings
            )
        finally:
            if isinstance(body, Streamed):
                body.close()

    def _read(self, raw: requests.Response, clock: Clock) -> Iterator[bytes]:
        """The body as it arrives; `read1` returns what is there, so that a dribble cannot outlive the deadline."""
        size = 0
        while chunk := raw.raw.read1(CHUNK_BYTES, decode_content=True):
            size += len(chunk)
            if size > self._cap:
                raise _TooBig
            if clock.remaining <= 0:
                raise _TooSlow
            yield chunk

    def _exchange(
        self, request: Request, started: float, *, status: int | None = None, headers: Mapping[str, str] | None = None
    ) -> Exchange:
        ids = [value for name in self._request_id_headers if (value := (headers or {}).get(name))]
        return Exchange(
            method=request.shown_method or request.method,
            path=request.shown_path or request.path.partition("?")[0],
            status=status,
            milliseconds=round((time.monotonic() - started) * 1000),
            request_id=ids[0][:100] if ids else "",
            tunneled=request.tunneled,
            of_token=request.of_token,
        )


class _Session(requests.Session):
    """A session that follows nothing, remembers nothing and adds nothing of this machine's to a request."""

    def __init__(self) -> None:
        super().__init__()
        self.auth = lambda prepared: prepared  # a ~/.netrc must not replace our Authorization header
        # One session serves many customers: a cookie of one call must not travel with another.
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """Nowhere: even when it is not to follow, requests reads a redirect's whole body to learn where it would go."""
        return None


class _PunctualAdapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        keep_time(self.poolmanager)

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(*args, **kwargs)
        keep_time(manager)
        return manager


class _TooSlow(Exception):
    pass


class _TooBig(Exception):
    pass


def _explained(error: requests.RequestException, clock: Clock, exchange: Exchange) -> ConnectorError:
    """What a failure means: before the first byte left, nothing was applied; after it, nobody knows."""
    if isinstance(error, (requests.exceptions.InvalidURL, requests.exceptions.InvalidHeader)):
        return Misconfigured("The address or a header is not valid.", exchange=exchange)
    is_late = isinstance(error, requests.Timeout) or clock.remaining <= 0
    if clock.has_sent:
        detail = "No answer in time." if is_late else "The connection broke before the answer was complete."
        return Unanswered(detail, exchange=exchange)
    if isinstance(error, requests.exceptions.SSLError):
        return Unreachable("The secure connection could not be made (TLS).", code="tls", exchange=exchange)
    if is_late:
        return Unreachable("The connection took too long.", exchange=exchange)
    return Unreachable("No connection could be made.", exchange=exchange)


def _of_the_file(trouble: FileTrouble) -> Exception:
    """What is wrong with the file: for good, or only now."""
    match trouble.__cause__:
        case FileNotFoundError():
            return Unmappable(_("The file is no longer there: upload it again."), field="file")
        case FileChanged():
            return Unmappable(_("The file is not the one that was checked: upload it again."), field="file")
        case Exception() as cause:
            return cause
    return trouble


def _allowed(base_url: str) -> str:
    parts = urlsplit(base_url)
    loopback = is_loopback(parts.hostname or "")
    if not parts.hostname or parts.scheme not in {"https", "http"} or (parts.scheme == "http" and not loopback):
        raise Misconfigured("A vendor's address must be https, or http to this machine.")
    if parts.username or parts.query or parts.fragment:
        raise Misconfigured("A vendor's address holds only scheme, host, port and path.")
    return base_url.rstrip("/")


def is_loopback(host: str) -> bool:
    """Whether a host is this machine, by its name or address alone."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, kw_only=True, repr=False)
class Arrived:
    """A request as it arrives at the far end; `path` carries the query and lacks the base URL."""

    method: str
    path: str
    headers: Mapping[str, str]  # names lower-case
    body: bytes


class FunctionAdapter(BaseAdapter):
    """Answers from a function: the seam through which tests reach the simulators without a socket.

    `handle(Arrived)` returns an object with `status`, `headers`, `body` and `endless` (the body repeats for ever). An
    exception whose class is named `HangUp` or `Stall` becomes a broken connection or a timeout, as on a socket.
    """

    def __init__(self, base_url: str, handle: Callable[[Any], Any]) -> None:
        super().__init__()
        self._prefix, self._handle = base_url.rstrip("/"), handle

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        note_sent()
        try:
            return _as_response(request, self._handle(self._arrived(request)))
        except Exception as error:
            match type(error).__name__:
                case "HangUp":
                    raise requests.ConnectionError("connection reset") from error
                case "Stall":
                    raise requests.ReadTimeout("no answer") from error
            raise

    def close(self) -> None:
        """Nothing to close."""

    def _arrived(self, request: requests.PreparedRequest) -> Arrived:
        return Arrived(
            method=request.method or "GET",
            path=(request.url or "").removeprefix(self._prefix),
            headers={name.lower(): value for name, value in request.headers.items()},
            body=_whole(request.body),
        )


def _whole(body: Any) -> bytes:
    if isinstance(body, Streamed):
        return b"".join(body)
    return body.encode() if isinstance(body, str) else body or b""


def _as_response(request: requests.PreparedRequest, answer: Any) -> requests.Response:
    source = BufferedReader(_Endless(answer.body)) if answer.endless else BytesIO(answer.body)
    raw = urllib3.HTTPResponse(
        body=cast(Any, source),
        headers=dict(answer.headers),
        status=answer.status,
        preload_content=False,
        decode_content=False,
    )
    response = requests.Response()
    response.status_code, response.raw, response.url = answer.status, raw, request.url or ""
    response.headers.update(answer.headers)
    response.request = request
    return response


class _Endless(RawIOBase):
    def __init__(self, body: bytes) -> None:
        self._body = body or b" "

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        chunk = (self._body * (len(buffer) // len(self._body) + 1))[: len(buffer)]
        buffer[:] = chunk
        return len(chunk)
