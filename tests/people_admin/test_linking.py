"""Linking and unlinking people from a list: nothing is written down for whoever is passed over."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from connectors.linkedin.simulator import Linkedin
from talentsync.candidates.models import Candidate
from talentsync.customers.models import Connection, Customer
from talentsync.sync import kinds, runs
from talentsync.sync.models import Run
from tests.candidates.making import ask, fresh, held, make_candidates
from tests.sync.driving import work

pytestmark = pytest.mark.django_db

PERSON = "urn:li:person:Cd34"


@pytest.fixture
def pair(acme: Customer, at_linkedin: Connection, linkedin: Linkedin) -> Sequence[Candidate]:
    """Two whom LinkedIn holds and whom somebody linked there."""
    pair = make_candidates(acme, 2)
    Candidate.objects.update(manual_matched_member=PERSON)
    ask("send", pair)
    work()
    return pair


def confirmed(action: str, rosa: User, client: Client, **answers: str) -> Run:
    """Both are chosen in the list."""
    kind = kinds.get("candidate")
    run = runs.draft(kind, kind.action(action), Candidate.objects.all(), by=rosa, now=timezone.now())
    client.post(reverse("admin:sync_run_confirm", args=[run.pk]), answers)
    work()
    run.refresh_from_db()
    return run


def test_whoever_is_passed_over_is_not_linked(pair: Sequence[Candidate], rosa: User, client: Client) -> None:
    one, other = pair
    Candidate.objects.filter(pk=other.pk).update(do_not_send=True)
    run = confirmed("link", rosa, client, person="urn:li:person:Ef56")
    assert (fresh(one).manual_matched_member, fresh(other).manual_matched_member) == ("urn:li:person:Ef56", PERSON)
    assert (run.state, run.total, run.n_done, run.n_skipped) == (Run.State.DONE, 2, 1, 1)
    assert run.items.get(object_id=other.pk).reason == "kept_out"


def test_whoever_is_passed_over_is_not_unlinked_there(
    pair: Sequence[Candidate], rosa: User, client: Client, linkedin: Linkedin
) -> None:
    """The other one is linked at LinkedIn alone, as the page has said."""
    one, other = pair
    Candidate.objects.filter(pk=other.pk).update(manual_matched_member="")
    run = confirmed("unlink", rosa, client)
    assert fresh(one).manual_matched_member == ""
    assert not held(linkedin, "candidate", one).get("manualMatchedMember")
    assert held(linkedin, "candidate", other)["manualMatchedMember"] == PERSON
    assert (run.state, run.n_done, run.n_skipped) == (Run.State.DONE, 1, 1)


def test_where_everybody_is_passed_over_the_request_is_done(
    pair: Sequence[Candidate], rosa: User, client: Client
) -> None:
    Candidate.objects.update(do_not_send=True)
    run = confirmed("link", rosa, client, person="urn:li:person:Ef56")
    assert (run.state, run.n_skipped) == (Run.State.DONE, 2)
    assert set(Candidate.objects.values_list("manual_matched_member", flat=True)) == {PERSON}
