from __future__ import annotations

import pytest

from connectors.base import errors
from connectors.base.errors import ConnectorError, Throttled, Unanswered, Unmappable, WouldErase
from connectors.base.results import Exchange
from connectors.base.tokens import FixedToken, Token

WORDS = "canary.person@example.com is not a valid poster"
EXCHANGE = Exchange(method="POST", path="/v2/jobs", status=500, milliseconds=3, request_id="R-1")
KINDS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, ConnectorError)]


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in {Unmappable, WouldErase}])
def test_no_error_shows_what_the_vendor_wrote(kind: type[ConnectorError]) -> None:
    error = kind("Ours.", words=WORDS, status=400, code="C", exchange=EXCHANGE)
    shown = f"{error} {error!r} {error.args}"
    assert WORDS not in shown
    assert str(error) == "[R-1] Ours. (HTTP 400)"


def test_an_error_without_a_detail_says_what_its_kind_means() -> None:
    assert str(Throttled()) == "Too many calls."


@pytest.mark.parametrize("kind", KINDS)
def test_only_what_was_sent_and_not_answered_may_have_been_applied(kind: type[ConnectorError]) -> None:
    assert kind.may_have_been_applied == (kind is Unanswered)


def test_the_repr_of_a_token_hides_it() -> None:
    token = Token(value="canary-token", expires_in=1800)
    assert "canary-token" not in f"{token} {token!r}"
    assert "canary-token" not in repr(FixedToken("canary-token"))


def test_the_error_tree_is_drawn_as_it_is() -> None:
    drawn = {line.split("──")[1].split()[0] for line in (errors.__doc__ or "").splitlines() if "──" in line}
    assert drawn == {kind.__name__ for kind in KINDS} - {"ConnectorError"}
