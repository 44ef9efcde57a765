"""A small ClamAV daemon: the command zINSTREAM over a socket, by the letter of clamd's manual."""

from __future__ import annotations

import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

# In two halves, so that no scanner takes this file for what it looks for.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}" + rb"$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@dataclass
class Daemon:
    where: str = ""
    largest: int = 25 * 1024 * 1024  # StreamMaxLength
    says: bytes | None = None  # instead of what it finds
    is_mute: bool = False
    streams: list[bytes] = field(default_factory=list)
    let_go: threading.Event = field(default_factory=threading.Event)


class Session(socketserver.StreamRequestHandler):
    daemon: Daemon

    def handle(self) -> None:
        command = self.rfile.read(10)
        if command != b"zINSTREAM\0":
            self._say(b"UNKNOWN COMMAND")
            return
        stream = b""
        while length := struct.unpack("!L", self.rfile.read(4))[0]:
            stream += self.rfile.read(length)
            if len(stream) > self.daemon.largest:
                self._say(b"INSTREAM size limit exceeded. ERROR")
                return
        self.daemon.streams.append(stream)
        if self.daemon.is_mute:
            self.daemon.let_go.wait(30)
            return
        found = b"stream: Eicar-Signature FOUND" if EICAR in stream else b"stream: OK"
        self._say(found if self.daemon.says is None else self.daemon.says)

    def _say(self, answer: bytes) -> None:
        self.wfile.write(answer + b"\0")


class Unix(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True


class Tcp(socketserver.ThreadingTCPServer):
    daemon_threads = True


class Tcp6(Tcp):
    address_family = socketserver.socket.AF_INET6


@contextmanager
def served(server_class: type[socketserver.BaseServer], address: object) -> Iterator[Daemon]:
    daemon = Daemon()
    with server_class(address, type("SessionOfOneDaemon", (Session,), {"daemon": daemon})) as server:
        bound = server.server_address
        daemon.where = bound if isinstance(bound, str) else f"[{bound[0]}]:{bound[1]}"
        if server_class is Tcp:
            daemon.where = daemon.where.replace("[", "").replace("]", "")
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield daemon
        finally:
            daemon.let_go.set()
            server.shutdown()
            thread.join()


@contextmanager
def on_a_path(folder: Path) -> Iterator[Daemon]:
    with served(Unix, str(folder / "clamd.ctl")) as daemon:
        yield daemon
