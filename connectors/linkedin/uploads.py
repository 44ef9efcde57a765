"""The upload of a file to a signed address (linkedin.md 6.3).

A signed address is a key: whoever has it may upload in the customer's name. So it stands in no log, exception, attempt
or result, is used at once and never kept, and leads only to the hosts that were allowed beforehand: by https, or by
http on this machine. What LinkedIn says about an upload is left out where it repeats the address.

Inferred, not documented: `Content-Type` is that of the first call; an address that already carries a query is joined
with `&`, as in the page's sample, any other with `?`.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from urllib.parse import quote, unquote

from connectors.base.content import Content
from connectors.base.errors import after
from connectors.base.results import Exchange
from connectors.base.tokens import TokenProvider
from connectors.base.transport import Request, Response, Transport, is_loopback
from connectors.linkedin.answers import parsed
from connectors.linkedin.restli import refusal

SHOWN_PATH = "/ambry"  # of an upload only this much is ever shown
SHORTEST_SECRET = 8  # of a part of an address; shorter ones are words

_ADDRESS = re.compile(
    r"(?P<scheme>https?)://(?P<host>[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::(?P<port>[0-9]{1,5}))?"
    r"(?P<target>/[!-~]*|)"
)
_PORTS = {"https": "443", "http": "80"}


@dataclass(frozen=True, kw_only=True, repr=False)
class SignedAddress:
    """Where one file may be uploaded, at a host that is allowed."""

    base_url: str
    target: str  # path and query, as they were signed

    def named(self, name: str) -> str:
        """The target with the file's name, in the form that the page shows."""
        mark = "&" if "?" in self.target else "?"
        return f"{self.target}{mark}x-ambry-filename={quote(name, safe='', errors='replace')}"

    def is_told_by(self, words: str) -> bool:
        """Whether a text gives away any part of what was signed."""
        values = re.split(r"[/?&=]", self.target)
        secrets = [text for value in values for text in (value, unquote(value)) if len(text) >= SHORTEST_SECRET]
        said = (words, unquote(words))
        return any(secret in text for secret in secrets for text in said)


@dataclass(frozen=True, kw_only=True, repr=False)
class Uploaded:
    """A complete answer to an upload, whatever its status; `words` give nothing away."""

    response: Response
    words: str
    exchanges: tuple[Exchange, ...]


class Uploads:
    """The way to the hosts where LinkedIn takes files; `hosts` are of the form `host` or `host:port`."""

    def __init__(
        self,
        *,
        hosts: Collection[str],
        tokens: TokenProvider,
        open_transport: Callable[[str], Transport] = Transport,
    ) -> None:
        self._hosts, self._tokens, self._open = frozenset(host.lower() for host in hosts), tokens, open_transport

    def address(self, signed_url: str) -> SignedAddress | None:
        """The address as it may be used, None where it leads anywhere else than to an allowed host."""
        parts = _ADDRESS.fullmatch(signed_url)
        if parts is None or set(parts["target"]) & set("#\\"):
            return None
        scheme, host, port = parts["scheme"], parts["host"].lower(), parts["port"] or _PORTS[parts["scheme"]]
        allowed = {_with_port(each, scheme) for each in self._hosts}
        is_safe = scheme == "https" or is_loopback(host.strip("[]"))
        if not is_safe or f"{host}:{int(port)}" not in allowed:
            return None
        base_url = f"{scheme}://{host}" + ("" if port == _PORTS[scheme] else f":{int(port)}")
        return SignedAddress(base_url=base_url, target=parts["target"] or "/")

    def send(
        self, address: SignedAddress, *, name: str, content_type: str, content: Content, seconds: float
    ) -> Uploaded:
        """Upload once, and once more after a refused token. Raises what the transport raises, in `seconds` at most."""
        ends = time.monotonic() + seconds
        token = self._tokens.get()
        responses = [self._post(address, token, name, content_type, content, ends)]
        if responses[-1].status == 401:
            with after(responses[-1].exchange):
                fresh = self._tokens.replace(token)
                responses.append(self._post(address, fresh, name, content_type, content, ends))
        said = refusal(parsed(responses[-1].body)).words
        return Uploaded(
            response=responses[-1],
            words="" if address.is_told_by(said) else said,
            exchanges=tuple(response.exchange for response in responses),
        )

    def _post(
        self, address: SignedAddress, token: str, name: str, content_type: str, content: Content, ends: float
    ) -> Response:
        request = Request(
            method="POST",
            path=address.named(name),
            headers={"Authorization": f"Bearer {token}", "Content-Type": content_type},
            content=content,
            shown_path=SHOWN_PATH,
        )
        return self._open(address.base_url).call(request, wall_deadline=ends - time.monotonic())


def host_of(signed_url: str) -> str:
    """The host that an address names, for a person to read; empty where it names none."""
    parts = _ADDRESS.fullmatch(signed_url)
    return parts["host"][:255].lower() if parts else ""


def _with_port(host: str, scheme: str) -> str:
    return host if re.search(r":[0-9]+$", host) else f"{host}:{_PORTS[scheme]}"
