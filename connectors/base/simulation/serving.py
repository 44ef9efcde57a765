"""The served door: simulators behind one loopback port, for practice, browser tests and tests of real processes.

Misbehaviour is real here: a hang-up resets the connection, a stall keeps it open until the client leaves.
"""

from __future__ import annotations

import logging
import select
import socket
import struct
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import Any
from urllib.parse import urlsplit

from connectors.base.simulation.controls import PREFIX, Controls
from connectors.base.simulation.exchange import (
    HangUp,
    SimulatedAnswer,
    SimulatedRequest,
    Stall,
    json_answer,
    swallow,
)
from connectors.base.simulation.forms import Forms
from connectors.base.simulation.line import Line
from connectors.base.simulation.simulator import Simulator

LOOPBACK = {"127.0.0.1", "::1", "localhost"}
# No client worth its name waits longer; a forgotten one must not hold a thread for ever.
LONGEST_STALL_SECONDS = 60
LARGEST_BODY_BYTES = 32 * 1024 * 1024

logger = logging.getLogger(__name__)


class PracticeServer(ThreadingHTTPServer):
    """One port for all simulators; refuses any address that is not loopback."""

    daemon_threads = True
    block_on_close = False
    # Fifty workers may knock at once.
    request_queue_size = 128

    def __init__(self, simulators: Sequence[Simulator], *, host: str, port: int) -> None:
        if host not in LOOPBACK:
            raise ValueError(f"simulators are served on loopback only, not on {host}")
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.simulators = list(simulators)
        self.controls = Controls(simulators)
        self.forms = Forms(simulators, self.controls)
        self.closing = threading.Event()
        super().__init__((host, port), PracticeHandler)

    @property
    def url(self) -> str:
        host, port = self.server_address[:2]
        name = f"[{host!s}]" if ":" in str(host) else str(host)
        return f"http://{name}:{port}"

    def server_bind(self) -> None:
        """Without the base class's look-up of the host's full name, which may ask a name server."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])

    def shutdown(self) -> None:
        self.closing.set()
        super().shutdown()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that has left in the middle is nobody's mistake."""
        if not isinstance(sys.exc_info()[1], (BrokenPipeError, ConnectionResetError)):
            super().handle_error(request, client_address)

    def answer(self, request: SimulatedRequest) -> SimulatedAnswer:
        """The vendors' doors by prefix, the controls, and the page."""
        if found := self._door(request):
            simulator, name, inside = found
            return simulator.answer(inside, door=name)
        if request.route.startswith(PREFIX):
            return self.controls.answer(request)
        return self.forms.answer(request)

    def line_of(self, request: SimulatedRequest) -> Line | None:
        found = self._door(request)
        return found[0].line_of(found[2], door=found[1]) if found else None

    def _door(self, request: SimulatedRequest) -> tuple[Simulator, str, SimulatedRequest] | None:
        for simulator in self.simulators:
            for name, door in simulator.doors.items():
                if request.path.startswith(f"{door.prefix}/"):
                    return simulator, name, _behind(door.prefix, request)
        return None


class PracticeHandler(BaseHTTPRequestHandler):
    """Translates between a socket and the simulators."""

    server: PracticeServer
    protocol_version = "HTTP/1.1"
    server_version = "PracticeVendors"
    # Head and body leave in one packet: otherwise each answer waits for the client's delayed acknowledgement.
    wbufsize = -1
    disable_nagle_algorithm = True
    timeout = 120

    def _serve(self) -> None:
        try:
            self._send(self._answer())
        except HangUp:
            self._hang_up()
        except Stall:
            self._stall()
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_HEAD = _serve

    def _answer(self) -> SimulatedAnswer:
        headers = {name.lower(): value for name, value in self.headers.items()}
        if urlsplit(f"//{headers.get('host', '')}").hostname not in LOOPBACK:
            return json_answer(403, {"error": "this is for this machine only"})
        length = headers.get("content-length", "0")
        if "transfer-encoding" in headers or not length.isdecimal() or int(length) > LARGEST_BODY_BYTES:
            self.close_connection = True
            return json_answer(411, {"error": "say how long the body is"})
        request = self._read(SimulatedRequest(method=self.command, path=self.path, headers=headers), int(length))
        try:
            return self.server.answer(request)
        except (HangUp, Stall):
            raise
        except Exception:
            logger.exception("a simulator failed")
            return json_answer(500, {"error": "the simulator itself failed; its log says why"})

    def _read(self, request: SimulatedRequest, length: int) -> SimulatedRequest:
        """The request with its body. A file is only counted, before anybody else has to wait for it."""
        if (line := self.server.line_of(request)) is not None:
            return replace(request, swallowed=swallow(self.rfile, length, line))
        return replace(request, body=self.rfile.read(length))

    def _send(self, answer: SimulatedAnswer) -> None:
        if not answer.endless and answer.pause_seconds:
            self.server.closing.wait(min(answer.pause_seconds, LONGEST_STALL_SECONDS))
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.endless:
            self.close_connection = True
            self.send_header("Connection", "close")
            self.end_headers()
            self._pour(answer)
            return
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)
        self.wfile.flush()

    def _pour(self, answer: SimulatedAnswer) -> None:
        ends_at = time.monotonic() + LONGEST_STALL_SECONDS
        while time.monotonic() < ends_at and not self.server.closing.wait(answer.pause_seconds):
            self.wfile.write(answer.body)
            self.wfile.flush()

    def _hang_up(self) -> None:
        """Reset the connection, so that the client sees it break and not end."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def _stall(self) -> None:
        self.close_connection = True
        ends_at = time.monotonic() + LONGEST_STALL_SECONDS
        while time.monotonic() < ends_at and not self.server.closing.is_set():
            readable, _, _ = select.select([self.connection], [], [], 0.2)
            if readable and not self.connection.recv(1, socket.MSG_PEEK):
                return

    def log_message(self, format: str, *arguments: Any) -> None:
        """The call log is on the page; lines on the terminal would only repeat it."""


def _behind(prefix: str, request: SimulatedRequest) -> SimulatedRequest:
    origin = f"http://{request.header('host')}{prefix}"
    return replace(request, path=request.path.removeprefix(prefix), origin=origin)


@contextmanager
def served(simulators: Sequence[Simulator], *, host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
    """Serve in a thread for the time of a block; yields the base URL. Port 0 finds a free one."""
    server = PracticeServer(simulators, host=host, port=port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server.url
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
