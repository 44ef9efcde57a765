"""A far end on a real loopback socket that behaves as badly as it is told, byte by byte."""

from __future__ import annotations

import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

PATIENCE_SECONDS = 10.0  # no test waits longer for the far end


class Peer:
    """One accepted connection, as a script sees it."""

    def __init__(self, sock: socket.socket, stopped: threading.Event) -> None:
        self._sock, self._stopped = sock, stopped

    def request(self) -> bytes:
        """The next request, head and body; empty when the client has gone."""
        head = self._until(b"\r\n\r\n")
        length = next(
            (int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0
        )
        body = b""
        while len(body) < length and (chunk := self._sock.recv(length - len(body))):
            body += chunk
        return head + body

    def hear(self) -> None:
        """Wait until something of a request is there, and read nothing."""
        self._sock.recv(1, socket.MSG_PEEK)

    def _until(self, end: bytes) -> bytes:
        """Byte by byte, so that nothing of the next request is taken."""
        got = b""
        while not got.endswith(end) and (byte := self._sock.recv(1)):
            got += byte
        return got

    def say(self, *parts: bytes) -> None:
        for part in parts:
            self._sock.sendall(part)

    def dribble(self, what: bytes, *, every: float) -> None:
        """The same bytes again and again until the client hangs up or patience ends."""
        for _ in range(int(PATIENCE_SECONDS / every)):
            if self._stopped.wait(every):
                return
            self._sock.sendall(what)

    def wait(self) -> None:
        """Say nothing until the test is over or patience ends."""
        self._stopped.wait(PATIENCE_SECONDS)

    def reset(self) -> None:
        """Close so that the client sees a reset and not an end."""
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


class FarSocket:
    """Accepts connections and lets the script handle each; counts them."""

    def __init__(self, script: Callable[[Peer], None], *, certificate: Path | None = None) -> None:
        self._script, self._context = script, _server_context(certificate) if certificate else None
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(PATIENCE_SECONDS)
        self._stopped, self._threads = threading.Event(), [threading.Thread(target=self._accept)]
        self._accepted: list[socket.socket] = []
        self.connections = 0
        scheme = "https" if certificate else "http"
        self.url = f"{scheme}://127.0.0.1:{self._listener.getsockname()[1]}"

    def start(self) -> None:
        self._threads[0].start()

    def stop(self) -> None:
        self._stopped.set()
        for sock in (self._listener, *self._accepted):
            with suppress(OSError):  # the client may have gone; close() alone would not wake who waits for it
                sock.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in list(self._threads):
            thread.join(PATIENCE_SECONDS)

    def _accept(self) -> None:
        while not self._stopped.is_set():
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._accepted.append(sock)
            sock.settimeout(PATIENCE_SECONDS)
            thread = threading.Thread(target=self._serve, args=(sock,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, sock: socket.socket) -> None:
        try:
            with self._context.wrap_socket(sock, server_side=True) if self._context else sock as spoken:
                self._script(Peer(spoken, self._stopped))
        except OSError:
            sock.close()  # the client hung up, as some tests want it to


@contextmanager
def far_socket(script: Callable[[Peer], None], **options: Any) -> Iterator[FarSocket]:
    far = FarSocket(script, **options)
    far.start()
    try:
        yield far
    finally:
        far.stop()


def self_signed(folder: Path) -> Path:
    """A certificate nobody trusts, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    path = folder / "self-signed.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(secret + certificate.public_bytes(serialization.Encoding.PEM))
    return path


def _server_context(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context
