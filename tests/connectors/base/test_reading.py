from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.base.reading import json_of, keepable

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=20)  # halves of characters among them
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXT, inner, max_size=3),
    max_leaves=10,
)


@pytest.mark.parametrize(
    ("body", "content"),
    [
        (b'{"a": "plain"}', {"a": "plain"}),
        (b'"cut \\ud83d"', "cut �"),
        (b'"cut \\uD83D"', "cut �"),
        (b'"the other half \\ude00"', "the other half �"),
        (b'"both \\ud83d\\ude00"', "both \N{GRINNING FACE}"),
        (b'"in bytes \xed\xa0\xbd"', "in bytes �"),
        ("한국어".encode().join([b'"', b'"']), "한국어"),
        (b'"a \\u0000 b"', "a � b"),
        (b'"an escaped backslash \\\\ud83d"', "an escaped backslash \\ud83d"),
        (b'{"\\u0000": [1, {"\\udfff": "\\ud800"}]}', {"�": [1, {"�": "�"}]}),
        ('"\ud83d"'.encode("utf-16", "surrogatepass"), "�"),
    ],
)
def test_what_cannot_be_kept_is_replaced_and_the_rest_stays(body: bytes, content: Any) -> None:
    assert json_of(body) == content


@given(content=ANY_JSON, escaped=st.booleans())
def test_every_text_that_is_read_can_be_kept(content: Any, escaped: bool) -> None:
    body = json.dumps(content, ensure_ascii=escaped).encode("utf-8", "surrogatepass")
    kept = json.dumps(json_of(body), ensure_ascii=False)
    kept.encode()
    assert "\\u0000" not in kept


@pytest.mark.parametrize("body", [b"", b"<html>", b'"broken', b'"\xff"', b'"a \x00 b"'])
def test_what_is_no_json_is_said_so(body: bytes) -> None:
    with pytest.raises((json.JSONDecodeError, UnicodeDecodeError)):
        json_of(body)


def test_a_text_without_json_can_be_kept_too() -> None:
    assert keepable("a\x00b\ud83dc") == "a�b�c"
