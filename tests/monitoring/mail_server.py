"""A small mail server: as much of RFC 5321 as a client needs to hand over a mail."""

from __future__ import annotations

import email
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from email.policy import default


@dataclass(frozen=True, kw_only=True)
class Mail:
    sender: str
    to: list[str]
    message: Message

    @property
    def text(self) -> str:
        return self.message.get_content()


@dataclass
class Mailbox:
    port: int = 0
    refuses: bool = False
    mails: list[Mail] = field(default_factory=list)


class Session(socketserver.StreamRequestHandler):
    mailbox: Mailbox

    def handle(self) -> None:
        self._say("220 ready")
        sender, to = "", []
        while line := self.rfile.readline().decode().strip():
            command = line.upper()
            if command.startswith("MAIL FROM:"):
                sender = line[10:].strip("<> ")
                self._say("250 ok")
            elif command.startswith("RCPT TO:"):
                to.append(line[8:].strip("<> "))
                self._say("550 no such mailbox" if self.mailbox.refuses else "250 ok")
            elif command == "DATA":
                self._say("354 go on")
                message = email.message_from_bytes(self._data(), policy=default)
                self.mailbox.mails.append(Mail(sender=sender, to=to, message=message))
                self._say("250 taken")
            elif command == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _data(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        return b"".join(lines)

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


@contextmanager
def served(port: int = 0) -> Iterator[Mailbox]:
    mailbox = Mailbox()
    with Server(("127.0.0.1", port), type("SessionOfOneMailbox", (Session,), {"mailbox": mailbox})) as server:
        mailbox.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield mailbox
        finally:
            server.shutdown()
            thread.join()
