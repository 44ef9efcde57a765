"""Where a file may be sent: only to an allowed host, and to no other by any trick of spelling (DESIGN 8)."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.linkedin.uploads import Uploads, host_of
from tests.connectors.linkedin.builders import Tokens

SIGNED = "https://www.linkedin.com/ambry/?x-li-ambry-ep=AQEvzZSZ-canary_1XFGyS"


def uploads(*hosts: str) -> Uploads:
    return Uploads(hosts=hosts, tokens=Tokens())


def led_to(url: str, *hosts: str) -> str:
    address = uploads(*hosts).address(url)
    return "" if address is None else address.base_url + address.target


def test_the_documented_address_is_used_as_it_was_signed() -> None:
    assert led_to(SIGNED, "www.linkedin.com") == SIGNED


@pytest.mark.parametrize(
    ("url", "hosts", "base_url"),
    [
        ("https://www.linkedin.com:443/ambry/?a=b", ["www.linkedin.com"], "https://www.linkedin.com"),
        ("https://www.linkedin.com/ambry/?a=b", ["www.linkedin.com:443"], "https://www.linkedin.com"),
        ("https://WWW.LinkedIn.com/ambry/?a=b", ["www.linkedin.COM"], "https://www.linkedin.com"),
        ("https://files.example:8443/?a=b", ["other.example", "files.example:8443"], "https://files.example:8443"),
        ("http://127.0.0.1:8900/linkedin-www/ambry/?a=b", ["127.0.0.1:8900"], "http://127.0.0.1:8900"),
        ("http://localhost:8900/?a=b", ["localhost:8900"], "http://localhost:8900"),
        ("http://[::1]:8900/?a=b", ["[::1]:8900"], "http://[::1]:8900"),
    ],
)
def test_an_allowed_host_is_allowed(url: str, hosts: list[str], base_url: str) -> None:
    address = uploads(*hosts).address(url)
    assert address is not None
    assert address.base_url == base_url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "/ambry/?a=b",
        "//www.linkedin.com/ambry/?a=b",
        "http://www.linkedin.com/ambry/?a=b",
        "ftp://www.linkedin.com/ambry/?a=b",
        "https://www.linkedin.com:8443/ambry/?a=b",
        "https://www.linkedin.com:80/ambry/?a=b",
        "https://linkedin.com/ambry/?a=b",
        "https://evil.www.linkedin.com/ambry/?a=b",
        "https://www.linkedin.com.evil.example/ambry/?a=b",
        "https://www.linkedin.com./ambry/?a=b",
        "https://user@www.linkedin.com/ambry/?a=b",
        "https://user:secret@www.linkedin.com/ambry/?a=b",
        "https://www.linkedin.com@evil.example/ambry/?a=b",
        "https://www.linkedin.com:443@evil.example/ambry/?a=b",
        "https://evil.example\\@www.linkedin.com/ambry/?a=b",
        "https://www.linkedin.com\\@evil.example/ambry/?a=b",
        "https://www.linkedin.com/am\\bry/?a=b",
        "https://www.linkedin.com#@evil.example/?a=b",
        "https://www.linkedin.com/ambry/?a=b#c",
        "https://www.linkedin.com?a=b",
        "https://www.linkedin.com/am bry/?a=b",
        "https://www.linkedin.com/ambry/?a=b\r\nX-Other: 1",
        "https://www.linkedin.com/ambry/?a=b\n",
        "https://www.linkedin.com/ämbry/?a=b",
        "https://www.linkedin.com\u2024evil.example/?a=b",
        "https:///ambry/?a=b",
        "https://[www.linkedin.com]/?a=b",
        "https://www%2elinkedin.com/?a=b",
    ],
)
def test_any_other_address_leads_nowhere(url: str) -> None:
    assert led_to(url, "www.linkedin.com") == ""


def test_plain_http_is_for_this_machine_alone_even_where_the_host_is_listed() -> None:
    assert led_to("http://files.example/?a=b", "files.example:80", "files.example") == ""
    assert led_to("http://127.0.0.1:8900/?a=b", "127.0.0.1:8901", "127.0.0.1") == ""


def test_without_a_list_nothing_is_allowed() -> None:
    assert led_to(SIGNED) == ""


ODD = "/\\\"'?&=#%+;:.,@()[]{}<>|*~ \t\n\r\x00\u200f\u202e\u00adäß€漢😀"
NAMES = st.text(st.sampled_from(ODD) | st.characters(exclude_categories=["Cs"]), min_size=1, max_size=255)


@settings(max_examples=200, deadline=None)
@given(name=NAMES)
def test_any_name_is_percent_encoded_and_read_back(name: str) -> None:
    address = uploads("www.linkedin.com").address(SIGNED)
    assert address is not None
    before, mark, written = address.named(name).rpartition("&x-ambry-filename=")
    assert (before, mark) == ("/ambry/?x-li-ambry-ep=AQEvzZSZ-canary_1XFGyS", "&x-ambry-filename=")
    assert unquote(written, errors="strict") == name
    assert not set(written) & set("&=?#/+ ")
    assert written.isascii()


def test_an_address_without_a_query_gets_one() -> None:
    address = uploads("www.linkedin.com").address("https://www.linkedin.com/ambry/signed-canary")
    assert address is not None
    assert address.named("a b.pdf") == "/ambry/signed-canary?x-ambry-filename=a%20b.pdf"


def test_half_a_letter_in_a_name_stops_nothing() -> None:
    address = uploads("www.linkedin.com").address(SIGNED)
    assert address is not None
    assert address.named("a\ud800.pdf").endswith("=a%3F.pdf")


@pytest.mark.parametrize(
    "words",
    [
        SIGNED,
        "the address /ambry/?x-li-ambry-ep=AQEvzZSZ-canary_1XFGyS is old",
        "no AQEvzZSZ-canary_1XFGyS",
        "no AQEvzZSZ%2Dcanary_1XFGyS",
    ],
)
def test_words_that_give_an_address_away_are_known(words: str) -> None:
    address = uploads("www.linkedin.com").address(SIGNED)
    assert address is not None
    assert address.is_told_by(words)
    assert not address.is_told_by("The upload URL has expired")


def test_an_address_does_not_show_itself() -> None:
    assert "canary" not in repr(uploads("www.linkedin.com").address(SIGNED))


def test_of_a_foreign_address_the_host_alone_is_named() -> None:
    assert host_of("https://Media.example/a/?secret=1") == "media.example"
    assert host_of("https://secret@media.example/") == ""
