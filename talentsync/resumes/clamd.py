"""Speaks with ClamAV's daemon: the command INSTREAM, by which the file's bytes travel and no path does."""

from __future__ import annotations

import re
import socket
import struct
from time import monotonic
from typing import BinaryIO

SECONDS = 60.0  # for the whole of it
PIECE = 64 * 1024
LONGEST_ANSWER = 4096
HOST_AND_PORT = re.compile(r"(?:\[(?P<six>[0-9a-fA-F:]+)\]|(?P<host>[\w.-]+)):(?P<port>\d{1,5})")
FOUND = re.compile(r"stream: (.+) FOUND", re.DOTALL)
Address = str | tuple[str, int]


class Unsure(Exception):
    """The daemon could not be asked, or did not say whether the file is clean."""


def address(setting: str) -> Address:
    """A path, or host and port. Raises ValueError."""
    if setting.startswith("/"):
        return setting
    if (found := HOST_AND_PORT.fullmatch(setting)) and 0 < int(found["port"]) < 65536:
        return found["six"] or found["host"], int(found["port"])
    raise ValueError("neither a path nor host:port")


def found_in(file: BinaryIO, where: Address, *, seconds: float = SECONDS) -> str:
    """The name of what was found; nothing if the file is clean. Raises `Unsure`."""
    end = monotonic() + seconds
    try:
        with _connected(where, end) as connection:
            _send(connection, file, end)
            return _understood(_answer(connection, end))
    except OSError as error:
        raise Unsure(f"clamd could not be asked ({type(error).__name__})") from None


def _connected(where: Address, end: float) -> socket.socket:
    if not isinstance(where, str):
        return socket.create_connection(where, timeout=_left(end))
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.settimeout(_left(end))
        connection.connect(where)
    except OSError:
        connection.close()
        raise
    return connection


def _send(connection: socket.socket, file: BinaryIO, end: float) -> None:
    try:
        _sendall(connection, b"zINSTREAM\0", end)
        while piece := file.read(PIECE):
            _sendall(connection, struct.pack("!L", len(piece)) + piece, end)
        _sendall(connection, struct.pack("!L", 0), end)
    except (BrokenPipeError, ConnectionResetError):
        pass  # it hangs up on a file that is too large for it, and has said so before


def _sendall(connection: socket.socket, data: bytes, end: float) -> None:
    connection.settimeout(_left(end))
    connection.sendall(data)  # its timeout counts for all of it


def _answer(connection: socket.socket, end: float) -> str:
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < LONGEST_ANSWER:
        connection.settimeout(_left(end))
        if not (piece := connection.recv(LONGEST_ANSWER)):
            break
        answer += piece
    return answer.decode("utf-8", errors="replace").strip("\0\n")


def _understood(answer: str) -> str:
    if answer == "stream: OK":
        return ""
    if found := FOUND.fullmatch(answer):
        return found[1]
    raise Unsure("clamd could not scan it: see its log, and its StreamMaxLength, which must be more than 10M")


def _left(end: float) -> float:
    if (left := end - monotonic()) <= 0:
        raise TimeoutError
    return left
