"""Every error of the tree has a sentence, every sentence can be met, and each says what to do."""

from __future__ import annotations

import pytest

from connectors.base import errors
from connectors.base.results import Exchange
from talentsync.customers.models import Connection
from talentsync.customers.sentences import PASSING, SENTENCES, Situation, sentence, situation

LINKEDIN = Connection(destination="linkedin", environment="live")
V3 = Connection(destination="greenhouse", environment="live", api_version="v3")
V1 = Connection(destination="greenhouse", environment="live", api_version="v1")


def at(path: str) -> Exchange:
    return Exchange(method="POST", path=path, status=401, milliseconds=1)


CASES = [
    (LINKEDIN, errors.Unauthorized(code="invalid_client", exchange=at("/oauth/v2/accessToken")), "wrong_credentials"),
    (V3, errors.Unauthorized(code="token_invalid_client", exchange=at("/token")), "wrong_credentials"),
    (V1, errors.Unauthorized(code="v1_refused"), "wrong_api_key"),
    (LINKEDIN, errors.Unauthorized(code="access_denied", exchange=at("/oauth/v2/accessToken")), "not_enabled"),
    (LINKEDIN, errors.Unauthorized(code="65600", exchange=at("/v2/jobPostingStatus")), "token_refused"),
    (V3, errors.Unauthorized(code="v3_refused", exchange=at("/v3/jobs")), "token_refused"),
    (LINKEDIN, errors.Forbidden(words="Caller is not authorized to access the jobs for contract: …"), "wrong_contract"),
    (LINKEDIN, errors.Forbidden(words="Not enough permissions to access: GET /jobPostingStatus"), "no_product"),
    (V3, errors.Forbidden(code="harvest:openings:list"), "no_scope"),
    (V1, errors.Forbidden(code="the permission to list jobs"), "no_scope"),
    (LINKEDIN, errors.Unreachable(), "no_network"),
    (LINKEDIN, errors.Unreachable(code="tls"), "no_tls"),
    (LINKEDIN, errors.Unanswered(), "no_answer"),
    (LINKEDIN, errors.Unanswered(status=503), "vendor_down"),
    (LINKEDIN, errors.Unanswered(status=200), "not_their_answer"),
    (LINKEDIN, errors.Throttled(retry_after=3), "throttled"),
    (LINKEDIN, errors.Throttled(daily=True), "daily_limit"),
    (LINKEDIN, errors.Rejected(status=400), "refused"),
    (LINKEDIN, errors.Refused(status=418), "refused"),
    (LINKEDIN, errors.Misconfigured(), "incomplete"),
    (V1, errors.Misconfigured(code="legacy_gone"), "legacy_gone"),
    (V3, errors.TokenBusy(), "being_tested"),
    (LINKEDIN, errors.Unmappable(""), "our_fault"),
    (LINKEDIN, errors.WouldErase(["prefix"]), "our_fault"),
    (LINKEDIN, errors.TooLong(), "our_fault"),
    (LINKEDIN, errors.NotSent(), "our_fault"),
]


def tree(kind: type) -> set[type]:
    return {kind}.union(*(tree(child) for child in kind.__subclasses__()))


@pytest.mark.parametrize(("connection", "error", "expected"), CASES)
def test_an_error_has_its_sentence(connection, error, expected):
    assert situation(error, connection) == expected


def test_the_cases_cover_every_error_and_every_sentence():
    assert tree(errors.ConnectorError) - {errors.ConnectorError} == {type(error) for _, error, _ in CASES}
    assert set(Situation) == {expected for *_, expected in CASES} | {Situation.WORKS}


def test_every_situation_has_a_sentence_that_says_what_to_do():
    assert set(SENTENCES) == set(Situation)
    for found in set(Situation) - {Situation.WORKS}:
        assert SENTENCES[found].remedy, found


def test_sentences_name_the_vendor_and_the_missing_right_and_leave_no_gap():
    assert "LinkedIn" in sentence(Situation.NO_NETWORK, LINKEDIN)
    assert "harvest:openings:list" in sentence(Situation.NO_SCOPE, V3, needs="harvest:openings:list")
    assert not any("%(" in sentence(found, V3, needs="x") for found in Situation)


def test_only_what_passes_by_itself_leaves_the_health_alone():
    assert {"throttled", "daily_limit", "being_tested"} == PASSING
