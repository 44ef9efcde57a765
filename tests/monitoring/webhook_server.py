"""A receiver of alerts, such as a chat: takes what is posted and answers as it is told."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True, kw_only=True)
class Post:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return json.loads(self.body)["text"]


@dataclass
class Receiver:
    port: int = 0
    answers: int = 200
    posts: list[Post] = field(default_factory=list)


class Handler(BaseHTTPRequestHandler):
    receiver: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        if self.receiver.answers == 200:
            self.receiver.posts.append(Post(path=self.path, headers=headers, body=body))
        self.send_response(self.receiver.answers)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_: object) -> None:
        """Tests read what was posted."""


@contextmanager
def served() -> Iterator[Receiver]:
    receiver = Receiver()
    handler = type("HandlerOfOneReceiver", (Handler,), {"receiver": receiver})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        receiver.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield receiver
        finally:
            server.shutdown()
            thread.join()
