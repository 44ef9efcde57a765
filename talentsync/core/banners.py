"""What every admin page says at its top: a dead worker, a stopped customer. Apps register what they have to say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise

from talentsync.core import heartbeats


class Tone(StrEnum):
    DANGER = "danger"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, kw_only=True)
class Banner:
    """One line: what is the matter, and what to do: a command to type, or a link to follow."""

    words: str | Promise
    tone: Tone = Tone.DANGER
    command: str = ""
    link: str = ""
    link_words: str | Promise = ""
    since: object = None


Provider = Callable[[HttpRequest], Iterable[Banner]]

_providers: list[Provider] = []


def register_banner(provider: Provider) -> Provider:
    """Ask `provider` for its banners on every admin page of a person who is logged in. Usable as a decorator."""
    if provider not in _providers:
        _providers.append(provider)
    return provider


@register_banner
def silent_parts(_: HttpRequest) -> Sequence[Banner]:
    return [
        Banner(words=part.words, command=part.command, since=part.since) for part in heartbeats.silent(timezone.now())
    ]


def banners(request: HttpRequest) -> dict[str, object]:
    """The context processor. Lazy: pages that show no banner ask nothing."""
    return {"banners": lambda: _banners(request)}


def _banners(request: HttpRequest) -> list[Banner]:
    user = getattr(request, "user", None)
    if user is None or not (user.is_active and user.is_staff):
        return []
    return [banner for provider in _providers for banner in provider(request)]
