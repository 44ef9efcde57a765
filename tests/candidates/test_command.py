"""`request_sync` for records about people."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from connectors.linkedin.simulator import Linkedin
from talentsync.customers.models import Connection, Customer
from talentsync.sync.states import Failure
from tests.candidates.making import ENDPOINTS, ask, change, fresh, held, make_candidate, make_everything, make_note
from tests.sync.driving import work

pytestmark = pytest.mark.django_db


def request(kind: str, *arguments: str) -> str:
    out = StringIO()
    call_command("request_sync", kind, "--customer=Acme", *arguments, stdout=out)
    return out.getvalue()


def refused(kind: str, *arguments: str) -> tuple[int, str]:
    with pytest.raises(CommandError) as caught:
        request(kind, *arguments)
    return caught.value.returncode, str(caught.value)


@pytest.fixture
def everything(acme: Customer, at_linkedin: Connection, linkedin: Linkedin) -> dict[str, Any]:
    return make_everything(acme, linkedin)


def test_kinds_can_be_asked_for_in_any_order(everything: dict[str, Any], linkedin: Linkedin) -> None:
    for kind in reversed(ENDPOINTS):
        assert "send at linkedin: 1" in request(kind, "--all", "--operation=upsert")
    work()
    for kind, record in everything.items():
        assert held(linkedin, kind, record), kind


def test_a_delete_of_all_needs_the_number(everything: dict[str, Any], linkedin: Linkedin) -> None:
    ask("send_all", everything["candidate"])
    work()
    code, words = refused("candidate", "--all", "--operation=delete")
    assert (code, words) == (2, "This deletes 1 records. Say --yes-count 1 if you mean it.")
    request("candidate", "--all", "--operation=delete", "--yes-count=1")
    work()
    assert [linkedin.count(endpoint) for endpoint in ENDPOINTS.values()] == [0] * 6


def test_what_hangs_on_one_record_is_named_by_its_parent(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    """Two candidates may each have a note N-1."""
    first, second = (make_note(make_candidate(acme, name)) for name in ("C-1", "C-2"))
    ask("send", [first.candidate, second.candidate])
    request("candidate_note", "--external-id=N-1", "--parent=C-2", "--operation=upsert")
    work()
    assert held(linkedin, "candidate_note", first) is None
    assert held(linkedin, "candidate_note", second)
    assert refused("candidate", "--all", "--parent=C-2", "--operation=upsert")[0] == 2


def test_nobody_can_tick_so_what_would_be_erased_needs_attention(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    candidate = make_candidate(acme, prefix="Dr.")
    request("candidate", "--all", "--operation=upsert")
    work()
    change(candidate, prefix="")
    request("candidate", "--all", "--operation=upsert")
    work()
    assert fresh(candidate).sync_trouble == Failure.UNCONFIRMED
    request("candidate", "--all", "--operation=upsert", "--may-erase")
    work()
    assert fresh(candidate).sync_trouble == ""
    assert "prefix" not in held(linkedin, "candidate", candidate)


def test_what_a_command_may_erase_is_of_its_own_run(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    candidate = make_candidate(acme, prefix="Dr.", suffix="Jr.")
    request("candidate", "--all", "--operation=upsert")
    work()
    change(candidate, prefix="")
    linkedin.next("reject", match="C-1", status=422, message="ERROR :: /firstName :: is not acceptable")
    request("candidate", "--all", "--operation=upsert", "--may-erase")
    work()
    change(candidate, suffix="")
    ask("try_again", candidate)
    work()
    assert fresh(candidate).sync_trouble == Failure.UNCONFIRMED
    assert held(linkedin, "candidate", candidate)["suffix"] == "Jr."


def test_what_was_removed_is_not_sent_by_a_command(everything: dict[str, Any], linkedin: Linkedin) -> None:
    request("candidate", "--external-id=C-1", "--operation=delete")
    work()
    assert refused("candidate", "--external-id=C-1", "--operation=upsert")[0] == 1


def test_a_link_to_nobody_is_not_sent(acme: Customer, at_linkedin: Connection, linkedin: Linkedin) -> None:
    candidate = make_candidate(acme)
    ask("send", candidate)
    work()
    request("candidate", "--all", "--operation=link")
    work()
    assert fresh(candidate).sync_trouble == Failure.UNMAPPABLE


def test_who_is_unlinked_by_a_command_stays_unlinked(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    candidate = make_candidate(acme, manual_matched_member="urn:li:person:Cd34")
    ask("send", candidate)
    work()
    assert "unlink at linkedin: 1" in request("candidate", "--external-id=C-1", "--operation=unlink")
    work()
    change(candidate, current_job_title="Gardener")
    ask("send", candidate)
    work()
    assert held(linkedin, "candidate", candidate)["currentJobTitle"] == "Gardener"
    assert not held(linkedin, "candidate", candidate).get("manualMatchedMember")
