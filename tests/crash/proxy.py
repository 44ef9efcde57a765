"""A line to a server, on loopback. It can be cut and mended: to whoever uses it, the server was restarted. And it can
fall silent: to whoever uses it, the server's host is gone.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Lock, Thread
from urllib.parse import urlsplit, urlunsplit

PIECE = 64 * 1024


class Line:
    """From a port of its own to the host and port of a URL."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        assert parts.hostname
        assert parts.port
        self._target = (parts.hostname, parts.port)
        self._open: set[socket.socket] = set()
        self._lock = Lock()
        self._is_silent = False
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._port = self._listener.getsockname()[1]
        user = f"{parts.netloc.rpartition('@')[0]}@" if "@" in parts.netloc else ""
        self.url = urlunsplit(parts._replace(netloc=f"{user}127.0.0.1:{self._port}"))
        self._serve()

    def cut(self) -> None:
        """End what is connected, and refuse what comes."""
        with suppress(OSError):  # else a thread that waits in accept holds it open
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            for each in self._open:
                with suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)
            self._open.clear()

    def mend(self) -> None:
        self._is_silent = False
        self._listener = socket.create_server(("127.0.0.1", self._port))
        self._serve()

    def fall_silent(self) -> None:
        """Keep all connections, take new ones, and let nothing through."""
        self._is_silent = True

    def _serve(self) -> None:
        Thread(target=self._accept, args=[self._listener], daemon=True).start()

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):  # it was cut
            while True:
                near, _ = listener.accept()
                far = socket.create_connection(self._target)
                with self._lock:
                    if listener.fileno() < 0:  # it is being cut, and whoever does so may have looked already
                        near.close()
                        far.close()
                        return
                    self._open |= {near, far}
                for source, drain in ((near, far), (far, near)):
                    Thread(target=self._carry, args=[source, drain], daemon=True).start()

    def _carry(self, source: socket.socket, drain: socket.socket) -> None:
        with suppress(OSError):
            while piece := source.recv(PIECE):
                if not self._is_silent:
                    drain.sendall(piece)
        for each in (source, drain):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        with self._lock:
            self._open -= {source, drain}
        source.close()


@contextmanager
def line_to(url: str) -> Iterator[Line]:
    line = Line(url)
    try:
        yield line
    finally:
        line.cut()
