"""A page as somebody sees it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from tests.browser_flows.visiting import Visit

RECRUITER, SUPPORT, ROOT, NOBODY = "recruiter", "support", "administrator", ""


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A page as somebody sees it; `act` is what they do there before we look."""

    name: str
    who: str
    path: str
    act: Callable[[Visit], Any] | None = None


def scene(name: str, who: str, page: str, *args: object, query: str = "", act: Any = None) -> Scene:
    return Scene(name=name, who=who, path=reverse(f"admin:{page}", args=args) + query, act=act)
