"""What a vendor wrote, in characters that can be kept.

Two cannot: half of a character, as a text has it that was cut inside an emoji (JSON may say it, UTF-8 cannot), and NUL,
which no text of PostgreSQL holds. Each becomes a replacement character where an answer comes in, so that nobody behind
this door meets them.
"""

from __future__ import annotations

import json
import re
from typing import Any

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

_UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")
_UNKEEPABLE_IN_BYTES = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])|\xed[\xa0-\xbf]|\x00")
_SIGNS = (b"\\u", b"\xed", b"\x00")  # a NUL: the body is not UTF-8, and nothing in it looks as it does here


def keepable(text: str) -> str:
    return _UNKEEPABLE.sub(REPLACEMENT, text)


def json_of(body: bytes) -> Any:
    """The JSON of an answer. Raises `ValueError` where it is none, and `RecursionError` where it is nested too deep.

    Nearly every body is clean, and only its bytes are looked over.
    """
    content = json.loads(body)
    return content if _is_clean(body) else _kept(content)


def _is_clean(body: bytes) -> bool:
    """Signs first: to look for them costs nothing beside reading JSON, and the pattern costs as much as that."""
    return not any(sign in body for sign in _SIGNS) or _UNKEEPABLE_IN_BYTES.search(body) is None


def _kept(content: Any) -> Any:
    match content:
        case str():
            return keepable(content)
        case list():
            return [_kept(each) for each in content]
        case dict():
            return {keepable(name): _kept(value) for name, value in content.items()}
    return content
