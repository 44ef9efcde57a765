"""A clock over one whole call: status line, headers and body must be there when it ends, however they dribble.

A socket's timeout starts anew with every byte that arrives, so that an answer may take for ever without any read
being slow. Here every read, and every write of a long body, gets only what is left of the call. The clock also notes
whether anything was sent: a failure before that cannot have been applied.
"""

from __future__ import annotations

import http.client
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from io import BufferedReader, RawIOBase
from typing import Any

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection


@dataclass(kw_only=True)
class Clock:
    """One call's end, as `time.monotonic`, and whether the vendor may have seen anything of it."""

    ends: float
    has_sent: bool = False

    @property
    def remaining(self) -> float:
        return self.ends - time.monotonic()

    @contextmanager
    def ticking(self) -> Iterator[None]:
        """Let every connection used in this context obey the clock."""
        token = _CURRENT.set(self)
        try:
            yield
        finally:
            _CURRENT.reset(token)


_CURRENT: ContextVar[Clock | None] = ContextVar("clock of the call", default=None)


def note_sent() -> None:
    """Note that the vendor may have seen the call."""
    if (clock := _CURRENT.get()) is not None:
        clock.has_sent = True


def keep_time(pools: urllib3.PoolManager) -> None:
    """Let this manager's connections obey the clock of the call."""
    pools.pool_classes_by_scheme = {"http": _PlainPool, "https": _SecurePool}


def _left(clock: Clock) -> float:
    """The seconds that the call may still take. Raises `TimeoutError` when there are none."""
    remaining = clock.remaining
    if remaining <= 0:
        raise TimeoutError("the call's time is over")
    return remaining


class _Punctual(RawIOBase):
    """Reads from a socket for as long as the call may still take."""

    def __init__(self, raw: RawIOBase, sock: socket.socket, clock: Clock) -> None:
        self._raw, self._sock, self._clock = raw, sock, clock
        self.is_at_end = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._sock.settimeout(_left(self._clock))
        read = self._raw.readinto(buffer)
        self.is_at_end = read == 0
        return read

    def fileno(self) -> int:
        return self._raw.fileno()

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Answer(http.client.HTTPResponse):
    """An answer that is read by the clock, and whose head must be there to its last line."""

    _source: _Punctual | None = None

    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        if (clock := _CURRENT.get()) is not None:
            self._source = _Punctual(self.fp.detach(), sock, clock)
            self.fp: Any = BufferedReader(self._source)

    def begin(self) -> None:
        super().begin()
        if self._source is not None and self._source.is_at_end:
            # http.client takes the end of the connection for the end of the head, and half an answer for a whole one
            raise http.client.HTTPException("the head of the answer broke off")


class _PlainConnection(HTTPConnection):
    """A connection that notes when a call's first byte leaves; connecting (and a proxy's CONNECT) is not sending."""

    response_class = _Answer
    _is_connecting = False

    def connect(self) -> None:
        self._is_connecting = True
        try:
            super().connect()
        finally:
            self._is_connecting = False

    def send(self, data: Any) -> None:
        if self.sock is None:
            self.connect()
        if not self._is_connecting:
            self._allow_what_is_left()
            note_sent()
        super().send(data)

    def _allow_what_is_left(self) -> None:
        if (clock := _CURRENT.get()) is not None:
            self.sock.settimeout(_left(clock))


class _SecureConnection(_PlainConnection, HTTPSConnection):
    pass


class _PlainPool(urllib3.HTTPConnectionPool):
    ConnectionCls = _PlainConnection


class _SecurePool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _SecureConnection
