"""Whatever stands in an ID, the client and simulated LinkedIn mean the same record by it: in both protocols, with
composite and with simple keys, tunneled and not. The simulator does its own decoding, by other eyes.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from connectors.base.resource import Entry
from connectors.base.results import News
from connectors.linkedin.auth import fetch_token
from connectors.linkedin.client import LinkedInClient
from connectors.linkedin.endpoints import V2
from connectors.linkedin.resources.application_stages import ApplicationStages
from connectors.linkedin.resources.applications import Applications
from connectors.linkedin.resources.candidate_notes import CandidateNotes
from connectors.linkedin.resources.candidates import Candidates
from connectors.linkedin.resources.middleware import MiddlewareRecords
from connectors.linkedin.simulator import Linkedin
from tests.connectors.linkedin.builders import API, ORGANIZATION, Tokens, transport_to
from tests.connectors.linkedin.test_any_text import ODD
from tests.simulators.syncing import application, candidate, note, stage

# None holds a NUL: no door of ours takes one, and no answer brings one.
SIGNS = st.sampled_from(ODD.replace("\0", "")) | st.characters(exclude_categories=["Cs"], exclude_characters="\0")
IDS = st.text(SIGNS, min_size=1, max_size=60)
LONG, MANY = "x" * 90, 50  # so that the query of a batch is longer than any URL may be, whatever the key

KINDS = {
    "candidates": (Candidates, candidate()),
    "notes": (CandidateNotes, note()),
    "applications": (Applications, application()),
    "stages": (ApplicationStages, stage()),
}
ABOVE = {"notes": "atsCandidates", "stages": "atsApplications"}


class Minted(Tokens):
    """A token of the simulator's own."""

    def __init__(self, linkedin: Linkedin) -> None:
        auth = transport_to(linkedin.handle, base_url="https://www.linkedin.example")
        self._token = fetch_token(auth, client_id="sim-client", client_secret="sim-secret").value

    def get(self) -> str:
        return self._token


def speaking(linkedin: Linkedin, kind: str, protocol: str) -> MiddlewareRecords:
    """The client as it is, but for the row of the dialect's table that names the protocol."""
    table = {name: replace(endpoint, protocol=protocol) for name, endpoint in V2.items()}
    wire = LinkedInClient(
        transport=transport_to(linkedin.handle, base_url=API), tokens=Minted(linkedin), organization_urn=ORGANIZATION
    )
    resource, _ = KINDS[kind]
    return resource(wire=wire, organization_urn=ORGANIZATION, dialect=table)


@pytest.mark.parametrize("is_long", [False, True], ids=["plain", "tunneled"])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("protocol", ["1.0.0", "2.0.0"])
@settings(max_examples=8, deadline=None)
@given(ids=st.lists(IDS, min_size=1, max_size=2, unique=True), parent=IDS)
@example(ids=["''", "%27%27"], parent="''")
@example(ids=["a:b", "a%3Ab"], parent="(a:b,c:d)")
@example(ids=["1+1", "1 1"], parent="x=1&y=2")
def test_what_is_written_is_read_and_deleted(
    protocol: str, kind: str, is_long: bool, ids: list[str], parent: str
) -> None:
    linkedin = Linkedin(unknown_links="accept")
    linkedin.seed_application(organizations=[ORGANIZATION])
    above = parent if kind in ABOVE else ""
    if above:
        linkedin.seed_record(ABOVE[kind], above)
    names = [f"{each}{LONG}{number}" for number in range(MANY) for each in ids] if is_long else ids
    resource = speaking(linkedin, kind, protocol)

    def entries(verb: str = "", payload: Any = None) -> list[Entry]:
        return [Entry(key=name, parent=above, verb=verb, payload=payload or {}) for name in names]

    _, content = KINDS[kind]
    assert said(resource.send(entries("UPSERT", content))) == dict.fromkeys(names, News.ACCEPTED)
    assert all(linkedin.record(resource.name, name, parent=above)["fields"] == content for name in names)  # type: ignore[index]
    assert linkedin.count(resource.name) == len(names)
    read = resource.check(entries())
    assert {name: outcome.answer for name, outcome in read.outcomes.items()} == dict.fromkeys(names, content)
    assert said(resource.send(entries("DELETE"))) == dict.fromkeys(names, News.ACCEPTED)
    assert linkedin.count(resource.name) == 0
    assert said(resource.check(entries())) == dict.fromkeys(names, News.GONE)
    assert all(bool(call.override) == is_long for call in linkedin.calls_to(resource.name))


def said(answer: Any) -> dict[str, News]:
    return {name: outcome.news for name, outcome in answer.outcomes.items()}
