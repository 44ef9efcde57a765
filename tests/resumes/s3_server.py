"""A small, strict S3: one bucket, five calls, by the letter of AWS Signature Version 4. The standard library alone.

It answers as other makers' stores do that know the protocol of 2006 and nothing newer: a body in chunks of its own
(`aws-chunked`), checksums and multipart uploads are refused.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, quote, unquote, urlsplit
from xml.sax.saxutils import escape

BUCKET, REGION, ACCESS_KEY, SECRET_KEY = "resumes-of-acme", "eu-test-1", "AKTEST", "a-secret-of-this-test"
PAGE = 3  # keys in one answer, so that lists have pages
AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/s3/aws4_request, "
    r"SignedHeaders=([\w;-]+), Signature=([0-9a-f]{64})"
)


@dataclass
class Stored:
    content: bytes
    headers: dict[str, str]
    modified: datetime

    @property
    def tag(self) -> str:
        return f'"{hashlib.md5(self.content).hexdigest()}"'


@dataclass
class Store:
    url: str = ""
    objects: dict[str, Stored] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    store: Store

    def log_message(self, *_: object) -> None:
        """Quiet."""

    def handle_any(self) -> None:
        self.store.calls.append(self.command)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = urlsplit(self.path)
        bucket, _, key = unquote(parts.path).removeprefix("/").partition("/")
        if not self._is_signed(body):
            return self._fail(403, "SignatureDoesNotMatch")
        if bucket != BUCKET:
            return self._fail(404, "NoSuchBucket")
        return getattr(self, f"_{self.command.lower()}")(key, dict(parse_qsl(parts.query)), body)

    do_GET = do_HEAD = do_PUT = do_DELETE = do_POST = handle_any

    def _put(self, key: str, query: dict[str, str], body: bytes) -> None:
        newer = [name for name in self.headers if name.lower().startswith(("x-amz-checksum", "x-amz-sdk-checksum"))]
        if query or newer or "Transfer-Encoding" in self.headers or "aws-chunked" in str(self.headers):
            return self._fail(501, "NotImplemented")
        kept = {name: self.headers[name] for name in ("Content-Type", "Content-Disposition") if name in self.headers}
        self.store.objects[key] = Stored(body, kept, datetime.now(UTC))
        return self._answer(200, headers={"ETag": self.store.objects[key].tag})

    def _get(self, key: str, query: dict[str, str], body: bytes) -> None:
        if not key:
            return self._list(query)
        stored = self.store.objects.get(key)
        if stored is None:
            return self._fail(404, "NoSuchKey")
        if self.headers.get("If-Match", stored.tag) != stored.tag:
            return self._fail(412, "PreconditionFailed")
        known = {"ETag": stored.tag, "Last-Modified": format_datetime(stored.modified, usegmt=True)}
        if not (wanted := re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))):
            return self._answer(200, stored.content, {**stored.headers, **known})
        first, whole = int(wanted[1]), len(stored.content)
        part = stored.content[first : int(wanted[2] or whole) + 1]
        known["Content-Range"] = f"bytes {first}-{first + len(part) - 1}/{whole}"
        return self._answer(206, part, {**stored.headers, **known})

    _head = _get

    def _delete(self, key: str, query: dict[str, str], body: bytes) -> None:
        self.store.objects.pop(key, None)
        self._answer(204)

    def _post(self, key: str, query: dict[str, str], body: bytes) -> None:
        self._fail(501, "NotImplemented")

    def _list(self, query: dict[str, str]) -> None:
        if query.get("list-type") != "2":
            return self._fail(501, "NotImplemented")
        after = query.get("continuation-token", "")
        keys = sorted(key for key in self.store.objects if key.startswith(query.get("prefix", "")) and key > after)
        entries = "".join(f"<Contents><Key>{escape(key)}</Key></Contents>" for key in keys[:PAGE])
        more = f"<NextContinuationToken>{keys[PAGE - 1]}</NextContinuationToken>" if len(keys) > PAGE else ""
        cut = str(bool(more)).lower()
        return self._answer(
            200, f"<ListBucketResult><IsTruncated>{cut}</IsTruncated>{more}{entries}</ListBucketResult>".encode()
        )

    def _answer(self, status: int, content: bytes = b"", headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {**(headers or {}), "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def _fail(self, status: int, code: str) -> None:
        self._answer(status, f"<Error><Code>{code}</Code><Message>canary</Message></Error>".encode())

    def _is_signed(self, body: bytes) -> bool:
        found = AUTHORIZATION.fullmatch(self.headers.get("Authorization", ""))
        if not found or (found[1], found[3]) != (ACCESS_KEY, REGION):
            return False
        if self.headers["x-amz-content-sha256"] != hashlib.sha256(body).hexdigest():
            return False
        names = found[4].split(";")
        parts = urlsplit(self.path)
        query = sorted((quote(k, safe="~"), quote(v, safe="~")) for k, v in parse_qsl(parts.query, True))
        request = [
            self.command,
            parts.path,
            "&".join(f"{name}={value}" for name, value in query),
            *(f"{name}:{' '.join(self.headers[name].split())}" for name in names),
            "",
            found[4],
            self.headers["x-amz-content-sha256"],
        ]
        hashed = hashlib.sha256("\n".join(request).encode()).hexdigest()
        scope = f"{found[2]}/{REGION}/s3/aws4_request"
        text = "\n".join(["AWS4-HMAC-SHA256", self.headers["x-amz-date"], scope, hashed])
        key = f"AWS4{SECRET_KEY}".encode()
        for part in (*scope.split("/"), text):
            key = hmac.digest(key, part.encode(), "sha256")
        return hmac.compare_digest(key.hex(), found[5])


@contextmanager
def served() -> Iterator[Store]:
    store = Store()
    handler = type("HandlerOfOneStore", (Handler,), {"store": store})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        store.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield store
        finally:
            server.shutdown()
            thread.join()
