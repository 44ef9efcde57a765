"""*Test connection*: what works is told with the close reasons, what is missing is named."""

from __future__ import annotations

import pytest

from connectors.base.errors import Forbidden, Misconfigured, Unanswered, Unauthorized
from connectors.greenhouse.errors import explain
from tests.connectors.greenhouse.far_end import FarEnd, said
from tests.connectors.greenhouse.practice import Practice, client_of, practice_of

V3_SCOPES = ["harvest:jobs:list", "harvest:openings:list", "harvest:close_reasons:list", "harvest:openings:update"]


def test_the_close_reasons_are_told(practice: Practice) -> None:
    practice.greenhouse.seed_job("R-1")
    practice.greenhouse.seed_close_reason(514, "On Hold")
    found = practice.client.test().facts["close_reasons"]
    assert {"id": 514, "name": "On Hold"} in found
    assert {tuple(reason) for reason in found} == {("id", "name")}


def test_it_only_reads(practice: Practice) -> None:
    practice.greenhouse.seed_job("R-1")
    practice.client.test()
    assert {call.method for call in practice.greenhouse.calls if call.endpoint != "token"} == {"GET"}
    assert len(practice.greenhouse.calls_to("openings")) == 1


def test_an_account_without_jobs_passes(practice: Practice) -> None:
    practice.client.test()


@pytest.mark.parametrize("missing", V3_SCOPES[:3])
def test_a_missing_scope_is_named(missing: str) -> None:
    practice = practice_of("v3")
    practice.greenhouse.seed_credential(scopes=[scope for scope in V3_SCOPES if scope != missing])
    with pytest.raises(Forbidden, match=missing) as caught:
        practice.client.test()
    assert missing in explain(status=caught.value.status, code=caught.value.code, words=caught.value.words).remedy


def test_a_missing_permission_of_the_v1_key_is_named() -> None:
    practice = practice_of("v1")
    practice.greenhouse.seed_job("R-1")
    practice.greenhouse.next("missing_scope", endpoint="openings")
    with pytest.raises(Forbidden, match="GET: List Openings For a Job"):
        practice.client.test()


def test_a_v1_key_made_as_the_vendors_article_says_passes_and_closes() -> None:
    """The article ticks three permissions; listing close reasons and fetching one job are not among them."""
    practice = practice_of("v1")
    practice.greenhouse.seed_job("R-1")
    practice.greenhouse.always("missing_scope", endpoint="close_reasons")
    practice.greenhouse.always("missing_scope", match="/v1/jobs/1", endpoint="jobs")
    assert practice.client.test().facts == {"close_reasons": []}
    assert practice.send().facts["status"] == "closed"


def test_an_acting_user_who_is_no_site_admin_is_refused_by_v3() -> None:
    practice = practice_of("v3")
    practice.greenhouse.seed_user(7, site_admin=False)
    with pytest.raises(Forbidden) as caught:
        client_of(practice.greenhouse, "v3", acting_user_id="7").test()
    assert "Site Admin" in explain(status=403, code=caught.value.code).remedy


def test_v1_refuses_an_acting_user_that_is_no_number_before_sending() -> None:
    practice = practice_of("v1")
    with pytest.raises(Misconfigured):
        client_of(practice.greenhouse, "v1", acting_user_id="ada@example.com").test()
    assert practice.greenhouse.calls_to("jobs") == []


def test_v1_names_the_acting_user_on_writes_only() -> None:
    practice = practice_of("v1")
    practice.greenhouse.seed_job("R-1", openings=1)
    practice.send()
    named = {
        (call.method, "on-behalf-of" in {name.lower() for name in call.headers}) for call in practice.greenhouse.calls
    }
    assert named == {("GET", False), ("PATCH", True)}


def test_a_wrong_secret_is_about_the_credentials() -> None:
    practice = practice_of("v3")
    practice.greenhouse.seed_credential(client_secret="another")
    with pytest.raises(Unauthorized) as caught:
        practice.client.test()
    assert caught.value.code == "token_invalid_client"


def test_a_wrong_key_is_about_the_credentials() -> None:
    practice = practice_of("v1")
    practice.greenhouse.reset()
    with pytest.raises(Unauthorized) as caught:
        practice.client.test()
    assert caught.value.code == "v1_refused"
    assert "v3" in explain(status=401, code=caught.value.code).remedy


def test_a_revoked_token_is_replaced_once() -> None:
    practice = practice_of("v3")
    practice.client.test()
    practice.greenhouse.revoke_tokens()
    practice.client.test()
    assert len(practice.greenhouse.calls_to("token")) == 2


def test_an_expired_token_is_replaced_once() -> None:
    practice = practice_of("v3")
    practice.client.test()
    practice.greenhouse.advance(3601)
    practice.client.test()
    assert len(practice.greenhouse.calls_to("token")) == 2


@pytest.mark.parametrize("kind", ["html", "empty", "garbled", "endless", "hang_up", "stall"])
@pytest.mark.parametrize("endpoint", ["jobs", "openings", "close_reasons"])
def test_a_list_that_is_none_does_not_pass(practice: Practice, endpoint: str, kind: str) -> None:
    practice.greenhouse.seed_job("R-1")
    practice.greenhouse.next(kind, endpoint=endpoint)
    with pytest.raises(Unanswered):
        practice.client.test()


def test_close_reasons_that_are_something_else_do_not_pass() -> None:
    with pytest.raises(Unanswered):
        FarEnd(said([{"id": 1, "title": "Filled"}])).client().test()


def test_only_the_two_versions_can_be_spoken() -> None:
    with pytest.raises(Misconfigured):
        FarEnd().client(api="v2")
