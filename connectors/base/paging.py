"""Paging by the `Link` header: follow what the vendor says, and never take a broken page for the last one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from connectors.base.errors import Unanswered

MAX_PAGES = 1000  # 500,000 rows; a list that goes on longer is a loop
_NEXT = re.compile(r'<([^>]*)>\s*;[^,]*\brel="?next"?')


def next_link(headers: Mapping[str, str]) -> str | None:
    """The URL of the next page, None on the last page. Raises `Unanswered` for a `Link` header that cannot be read."""
    link = headers.get("link", "").strip()
    if not link:
        return None
    if not re.search(r"<[^>]*>\s*;", link):
        raise Unanswered("The list's link to its next page cannot be read.")
    found = _NEXT.search(link)
    return found.group(1) if found else None


def pages(first: str, fetch: Callable[[str], tuple[list[Any], str | None]]) -> Iterator[list[Any]]:
    """Rows page by page. `fetch(path)` gives one page's rows and the next page's path.

    Raises whatever `fetch` raises, and `Unanswered` for a list that turns in circles: absence is never inferred from
    a list that ended early.
    """
    seen: set[str] = set()
    path: str | None = first
    while path is not None:
        if path in seen or len(seen) >= MAX_PAGES:
            raise Unanswered("The list does not end.")
        seen.add(path)
        rows, path = fetch(path)
        yield rows
