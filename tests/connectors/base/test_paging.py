from __future__ import annotations

from collections.abc import Callable

import pytest

from connectors.base.errors import Unanswered
from connectors.base.paging import next_link, pages


def listing(*found: tuple[list[int], str | None]) -> Callable[[str], tuple[list[int], str | None]]:
    """A list of pages that are called /1, /2, …"""
    return lambda path: found[int(path.strip("/")) - 1]


def test_rows_come_page_by_page_until_there_is_no_next() -> None:
    assert list(pages("/1", listing(([1, 2], "/2"), ([], "/3"), ([3], None)))) == [[1, 2], [], [3]]


def test_a_list_that_turns_in_circles_is_no_answer() -> None:
    with pytest.raises(Unanswered):
        list(pages("/1", listing(([1], "/2"), ([2], "/1"))))


def test_a_list_that_does_not_end_is_no_answer() -> None:
    with pytest.raises(Unanswered):
        list(pages("/1", lambda path: ([1], f"/{int(path.strip('/')) + 1}")))


def test_an_error_on_a_later_page_is_raised_and_not_taken_for_the_end() -> None:
    def fetch(path: str) -> tuple[list[int], str | None]:
        if path == "/2":
            raise Unanswered("broken")
        return [1], "/2"

    got = pages("/1", fetch)
    assert next(got) == [1]
    with pytest.raises(Unanswered):
        next(got)


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ('<https://a.example/v3?cursor=x>; rel="next"', "https://a.example/v3?cursor=x"),
        ("</v3?cursor=a%2Cb>; rel=next", "/v3?cursor=a%2Cb"),
        ('<https://a.example/1>; rel="first", <https://a.example/3>; rel="next"', "https://a.example/3"),
        ('<https://a.example/3>; rel="next"; title="more", <https://a.example/9>; rel="last"', "https://a.example/3"),
        ('<https://a.example/1>; rel="prev"', None),
    ],
)
def test_the_next_page_is_the_link_that_says_so(link: str, url: str | None) -> None:
    assert next_link({"link": link}) == url


def test_no_link_header_means_the_last_page() -> None:
    assert next_link({}) is None


@pytest.mark.parametrize("link", ["nonsense", "<https://a.example/2>", 'https://a.example/2; rel="next"'])
def test_a_link_header_that_cannot_be_read_is_no_answer(link: str) -> None:
    with pytest.raises(Unanswered):
        next_link({"link": link})
