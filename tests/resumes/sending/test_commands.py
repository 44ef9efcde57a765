"""`request_sync`, `sync_run` and `sync_status` for resumes: files come along, and nobody asks for one by itself."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from connectors.linkedin.simulator import Linkedin
from talentsync.candidates.models import Candidate, LinkedInStatus
from talentsync.customers.models import Connection, Customer
from talentsync.resumes.models import Resume
from talentsync.sync.models import Delivery, Run
from tests.candidates import making as people
from tests.candidates.making import make_candidate, make_candidates
from tests.resumes.sending.making import ENDPOINT, ask, fresh, held, how, reference, replace, resume_of
from tests.sync import driving
from tests.sync.driving import work

pytestmark = pytest.mark.django_db

DONE = ["done"] * 4


def command(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def request(*arguments: str) -> str:
    return command("request_sync", "resume", "--customer=Acme", *arguments)


def refused(*arguments: str) -> tuple[int, str]:
    with pytest.raises(CommandError) as caught:
        request(*arguments)
    return caught.value.returncode, str(caught.value)


def unsent(candidate: Candidate, external_id: str = "R-1") -> Resume:
    return resume_of(candidate, external_id, external_id=external_id, send=False)


# asking


def test_an_upsert_uploads_and_attaches(candidate: Candidate, linkedin: Linkedin) -> None:
    resume = unsent(candidate)
    assert "send at linkedin: 1" in request("--external-id=R-1", "--operation=upsert")
    work()
    assert how(resume) == DONE


def test_an_upsert_asks_for_what_is_new_there(candidate: Candidate, linkedin: Linkedin) -> None:
    resume = unsent(candidate)
    request("--all", "--operation=upsert")
    work()
    assert refused("--all", "--operation=upsert") == (1, "Nothing could be asked.")
    replace(resume, send=False)
    request("--all", "--operation=upsert")
    work()
    assert held(linkedin, resume)["resumeFile"] == reference(resume).urn
    assert len(linkedin.files) == 2


def test_the_same_id_below_two_candidates_is_told_apart_by_the_parent(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    first, second = (unsent(make_candidate(acme, name)) for name in ("C-1", "C-2"))
    request("--external-id=R-1", "--parent=C-2", "--operation=upsert")
    work()
    assert held(linkedin, first) is None
    assert held(linkedin, second)


def test_a_delete_of_all_needs_the_number(acme: Customer, at_linkedin: Connection, linkedin: Linkedin) -> None:
    resumes = [unsent(each) for each in make_candidates(acme, 3)]
    people.ask("send", resumes)
    work()
    words = "This deletes 3 records. Say --yes-count 3 if you mean it."
    assert refused("--all", "--operation=delete") == (2, words)
    assert refused("--all", "--operation=delete", "--yes-count=2") == (2, words)
    assert "delete at linkedin: 3" in request("--all", "--operation=delete", "--dry-run")
    work()
    assert linkedin.count(ENDPOINT) == 3
    assert "delete at linkedin: 3" in request("--all", "--operation=delete", "--yes-count=3")
    work()
    assert linkedin.count(ENDPOINT) == 0
    assert {fresh(each).linkedin_status for each in resumes} == {LinkedInStatus.REMOVED}
    assert len(linkedin.files) == 3  # no call deletes them


def test_a_delete_below_one_candidate_counts_that_ones_alone(
    acme: Customer, at_linkedin: Connection, linkedin: Linkedin
) -> None:
    first, second = (unsent(make_candidate(acme, name)) for name in ("C-1", "C-2"))
    people.ask("send", [first, second])
    work()
    request("--all", "--parent=C-1", "--operation=delete", "--yes-count=1")
    work()
    assert held(linkedin, first) is None
    assert held(linkedin, second)


def test_what_was_deleted_stays_out(candidate: Candidate, linkedin: Linkedin) -> None:
    resume = unsent(candidate)
    request("--all", "--operation=upsert")
    work()
    ask("delete", resume)
    work()
    assert refused("--all", "--operation=upsert")[0] == 1
    assert held(linkedin, resume) is None


@pytest.mark.parametrize("operation", ["renew", "close", "link", "unlink"])
def test_what_nobody_does_with_a_resume_cannot_be_asked(candidate: Candidate, operation: str) -> None:
    unsent(candidate)
    assert refused("--external-id=R-1", f"--operation={operation}") == (1, "Nothing could be asked.")
    assert not Run.objects.exists()


def test_an_id_that_is_not_there_is_a_usage_error(candidate: Candidate) -> None:
    assert refused("--external-id=R-9", "--operation=upsert") == (2, "Not found: R-9.")


def test_without_a_contract_nothing_can_be_asked(candidate: Candidate) -> None:
    unsent(candidate)
    Connection.objects.update(recruiter_contract_urn="")
    assert refused("--all", "--operation=upsert")[0] == 1
    assert "1 no_contract" in request("--all", "--operation=upsert", "--dry-run")


def test_nobody_asks_for_a_file_by_itself(candidate: Candidate) -> None:
    with pytest.raises(CommandError, match="invalid choice: 'resume_file'"):
        command("request_sync", "resume_file", "--customer=Acme", "--all", "--operation=upsert")


# working


def test_a_run_of_resumes_takes_their_files_along(candidate: Candidate, linkedin: Linkedin) -> None:
    people.ask("send", candidate)
    resume = resume_of(make_candidate(candidate.customer, "C-2"))
    said = command("sync_run", "--kind=resume", "--until-settled")
    assert said == "2 records travelled, 0 need attention.\n"
    assert how(resume) == DONE
    assert linkedin.count("atsCandidates") == 0


def test_a_run_waits_for_the_second_try_of_a_file(
    candidate: Candidate, linkedin: Linkedin, monkeypatch: pytest.MonkeyPatch
) -> None:
    linkedin.next("hang_up", endpoint="ambry", applied=True)
    resume = resume_of(candidate)
    monkeypatch.setattr("threading.Event.wait", lambda _, seconds: driving.clock.shift(timedelta(seconds=seconds)))
    command("sync_run", "--kind=resume", "--until-settled")
    assert how(resume) == DONE
    assert len(linkedin.files) == 2
    assert linkedin.count(ENDPOINT) == 1


@pytest.mark.parametrize("step", ["ambry", ENDPOINT])
def test_a_run_that_ends_with_a_refusal_says_so(candidate: Candidate, linkedin: Linkedin, step: str) -> None:
    """The resume of a file that was refused goes on waiting for it: nobody waits for that here."""
    if step == "ambry":
        linkedin.next("status", endpoint="ambry", status=415)
    else:
        linkedin.tell_tcrm_candidate("C-1", known=False)
    resume = resume_of(candidate)
    with pytest.raises(CommandError) as caught:
        command("sync_run", "--kind=resume", "--until-settled")
    assert caught.value.returncode == 1
    assert how(resume)[1 if step == "ambry" else 3] == "failed"


def test_files_of_a_customer_are_not_sent_with_those_of_another(candidate: Candidate, linkedin: Linkedin) -> None:
    resume = resume_of(candidate)
    Customer.objects.create(name="Umbrella")
    assert command("sync_run", "--customer=Umbrella", "--kind=resume", "--until-settled").startswith("0 records")
    assert how(resume) == ["done", "waiting", "waiting", "waiting"]


# looking


def status() -> dict[str, object]:
    return json.loads(command("sync_status", "--customer=Acme", "--json"))


def test_files_are_counted_beside_their_resumes(candidate: Candidate, linkedin: Linkedin) -> None:
    resume_of(candidate)
    told = status()
    assert told["deliveries"] == {"linkedin": {"resume": {"pending": 1}, "resume_file": {"pending": 1}}}
    assert told["due"] == 1  # the resume waits for its file
    work()
    assert status()["deliveries"] == {"linkedin": {"resume": {"synced": 1}, "resume_file": {"synced": 1}}}
    assert "linkedin    resume_file             synced              1" in command("sync_status")


def test_a_file_that_is_refused_is_seen_where_it_failed(candidate: Candidate, linkedin: Linkedin) -> None:
    linkedin.next("status", endpoint="ambry", status=413)
    resume_of(candidate)
    work()
    told = status()
    assert told["deliveries"] == {"linkedin": {"resume": {"pending": 1}, "resume_file": {"failed": 1}}}
    assert told["due"] == 0


def test_a_file_that_was_replaced_is_counted_no_more(candidate: Candidate, linkedin: Linkedin) -> None:
    resume = resume_of(candidate)
    work()
    replace(resume)
    assert Delivery.objects.filter(kind="resume_file").count() == 1
    assert status()["deliveries"]["linkedin"]["resume_file"] == {"pending": 1}
