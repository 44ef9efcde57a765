"""Files of resumes: the two calls, and what is made of their answers (linkedin.md 6.2, 6.3, seed 002)."""

from __future__ import annotations

import json
import logging
import traceback
import tracemalloc
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.base.content import Content
from connectors.base.errors import ConnectorError, Forbidden, Rejected, Throttled, Unanswered, Unmappable, Unreachable
from connectors.base.resource import Entry, FileResource, Step
from connectors.base.results import Answer, News, Outcome
from connectors.base.simulation.serving import served
from connectors.base.transport import Transport
from connectors.linkedin.auth import fetch_token
from connectors.linkedin.client import LinkedInClient
from connectors.linkedin.records import ResumeFile, Timespan, TimeUnit
from connectors.linkedin.resources.resume_files import ResumeFiles
from connectors.linkedin.simulator import Linkedin
from tests.connectors.linkedin.builders import (
    CONTRACT,
    ORGANIZATION,
    FarEnd,
    HangUp,
    Said,
    Stall,
    Tokens,
    client_of,
    file_entry,
    page,
    says,
    transport_to,
)
from tests.connectors.linkedin.conftest import MintedTokens

CANARY = "AQEvzZSZZQH75QAAAXhws9LWCtrppkjlS2oJyQOrJA-canary"
SIGNED = f"https://www.linkedin.com/ambry/?x-li-ambry-ep={CANARY}"
ENCODED = f"/hireMediaUrl/https%3A%2F%2Fwww.linkedin.com%2Fambry%2F%3Fx-li-ambry-ep={CANARY}"
GIVEN = Said(status=201, headers={"location": ENCODED, "x-linkedin-id": SIGNED})
STORED = Said(
    status=201, headers={"location": "/AAYUAgCvAAkAAQAAAAJFyLgwRkz_TmebRMrAixANdQ.pdf", "x-li-uuid": "HP2p=="}
)
URN = "urn:li:ambryBlob:/AAYUAgCvAAkAAQAAAAJFyLgwRkz_TmebRMrAixANdQ.pdf"


def far_client(far: FarEnd, tokens: Tokens | None = None, **options: Any) -> LinkedInClient:
    given = {
        "recruiter_contract_urn": CONTRACT,
        "upload_hosts": ["www.linkedin.com"],
        "open_transport": lambda base_url: transport_to(far.handle, base_url=base_url),
        **options,
    }
    return client_of(far, tokens=tokens, **given)


def send(client: LinkedInClient, entry: Entry | None = None) -> Answer:
    return client.resources["resume_files"].send([entry or file_entry()])


def said(*script: Said | Exception, entry: Entry | None = None) -> Answer:
    return send(far_client(FarEnd(*script)), entry)


def outcome(answer: Answer) -> Outcome:
    (only,) = answer.outcomes.values()
    return only


# The two calls, as the page shows them.


def test_the_first_call_is_the_pages_sample() -> None:
    far = FarEnd(GIVEN, STORED)
    send(far_client(far), file_entry(contentType="text/plain", fileName="Nobody.txt"))
    first = far.arrived[0]
    assert (first.method, first.path) == ("POST", "/v2/hireMediaUrl")
    wanted = {
        "authorization": "Bearer token-0",
        "accept": "application/json",
        "content-type": "application/json",
        "x-restli-protocol-version": "2.0.0",
    }
    assert wanted.items() <= first.headers.items()
    assert "x-restli-method" not in first.headers
    assert json.loads(first.body) == {
        "usageParameters": {"tcrmResumeParameters": {}},
        "contentType": "text/plain",
        "hiringContext": CONTRACT,
    }


def test_a_file_that_is_to_be_removed_says_after_how_long() -> None:
    file = ResumeFile(
        file_name="Nobody.doc",
        content_type="application/msword",
        size=1,
        blob_ttl=Timespan(duration=72, unit=TimeUnit.HOUR),
    )
    far = FarEnd(GIVEN, STORED)
    send(far_client(far), file_entry(**file.to_wire()))
    assert json.loads(far.arrived[0].body)["blobTtl"] == {"duration": 72, "unit": "HOUR"}
    assert "fileName" not in json.loads(far.arrived[0].body)


def test_the_second_call_is_the_pages_sample() -> None:
    far = FarEnd(GIVEN, STORED)
    send(far_client(far))
    second = far.arrived[1]
    assert (second.method, second.path) == (
        "POST",
        f"/ambry/?x-li-ambry-ep={CANARY}&x-ambry-filename=Nobody.pdf",
    )
    assert second.headers["authorization"] == "Bearer token-0"
    assert second.headers["content-type"] == "application/pdf"
    assert second.body == b"%PDF-1.7 of nobody"


def test_the_location_becomes_a_urn_with_its_leading_slash() -> None:
    answer = said(GIVEN, STORED)
    assert answer.outcomes["F-1"].news is News.ACCEPTED
    assert answer.outcomes["F-1"].facts == {"blob_urn": URN}
    shown = [(one.method, one.path, one.status, one.request_id) for one in answer.exchanges]
    assert shown == [("POST", "/v2/hireMediaUrl", 201, ""), ("POST", "/ambry", 201, "HP2p==")]


@pytest.mark.parametrize(
    "headers",
    [
        {"x-linkedin-id": SIGNED},
        {"x-restli-id": SIGNED},
        {"location": ENCODED},
        {"location": f"https://api.linkedin.com/v2{ENCODED}", "x-linkedin-id": SIGNED},
    ],
)
def test_the_signed_address_is_found_under_each_of_its_names(headers: dict[str, str]) -> None:
    """10.1, row 12."""
    far = FarEnd(Said(status=201, headers=headers), STORED)
    assert outcome(send(far_client(far))).news is News.ACCEPTED
    assert far.last.path.startswith(f"/ambry/?x-li-ambry-ep={CANARY}&")


def test_a_success_without_an_address_settles_nothing_and_uploads_nothing() -> None:
    far = FarEnd(Said(status=201))
    answer = send(far_client(far))
    assert (answer.outcomes, len(far.arrived)) == ({}, 1)


@pytest.mark.parametrize(
    ("location", "urn"),
    [
        ("/AAYUinvented.pdf", "urn:li:ambryBlob:/AAYUinvented.pdf"),
        ("https://www.linkedin.com/AAYUinvented.pdf", "urn:li:ambryBlob:/AAYUinvented.pdf"),
        (" /AAYU_-~%2F.pdf ", "urn:li:ambryBlob:/AAYU_-~%2F.pdf"),
        ("AAYUinvented.pdf", ""),
        ("https://elsewhere.example/AAYUinvented.pdf", ""),
        ("https://www.linkedin.com.evil.example/AAYU.pdf", ""),
        ("//elsewhere.example/AAYUinvented.pdf", ""),
        ("/AAYU.pdf?x=1", ""),
        ("/AAYU.pdf#x", ""),
        ("/", ""),
        ("", ""),
        ("/AA YU.pdf", ""),
        (f"/{'A' * 501}", ""),
    ],
)
def test_a_location_of_another_form_is_not_guessed_at(location: str, urn: str) -> None:
    """6.3 shows a slash and a name. The same with this very host is the same place; anything else settles nothing."""
    answer = said(GIVEN, Said(status=201, headers={"location": location}))
    found = [one.facts["blob_urn"] for one in answer.outcomes.values()]
    assert found == ([urn] if urn else [])


# What may go wrong.


@pytest.mark.parametrize("status", [400, 403, 404, 410, 422])
def test_an_address_that_no_longer_works_has_its_own_word(status: int) -> None:
    for refused in (says({"message": "no"}, status=status), page(status=status), Said(status=status)):
        found = outcome(said(GIVEN, refused))
        assert (found.news, found.code, found.status) == (News.REJECTED, "upload_link", status)


@pytest.mark.parametrize(("status", "code"), [(413, "file_too_large"), (415, "file_type")])
def test_what_is_wrong_with_the_file_itself_is_told_apart(status: int, code: str) -> None:
    found = outcome(said(GIVEN, page(status=status)))
    assert (found.news, found.code, found.status) == (News.REJECTED, code, status)


@pytest.mark.parametrize(
    ("second", "kind", "may_have_arrived"),
    [
        (says({"message": "slow down"}, status=429), Throttled, False),
        (page(status=502), Unanswered, True),
        (Said(status=500), Unanswered, True),
        (HangUp(), Unanswered, True),
        (Stall(), Unanswered, True),
        (Said(status=302, headers={"location": "https://evil.example/"}), Unanswered, True),
        (Said(body=b"x", endless=True), Unanswered, True),
    ],
)
def test_the_upload_fails_as_any_call_does(
    second: Said | Exception, kind: type[ConnectorError], *, may_have_arrived: bool
) -> None:
    far = FarEnd(GIVEN, second)
    with pytest.raises(kind) as caught:
        send(far_client(far))
    assert caught.value.may_have_been_applied is may_have_arrived
    assert len(far.arrived) == 2


@pytest.mark.parametrize(
    ("first", "kind"),
    [
        (says({"message": "Caller is not authorized to access the contract"}, status=403), Forbidden),
        (says({"message": "ERROR :: /contentType :: no"}, status=422), Rejected),
        (page(status=503), Unanswered),
        (says({"message": "Resource level throttle"}, status=429), Throttled),
        (page(status=201), Unanswered),
    ],
)
def test_without_an_address_nothing_is_uploaded(first: Said, kind: type[ConnectorError]) -> None:
    far = FarEnd(first)
    with pytest.raises(kind):
        send(far_client(far))
    assert len(far.arrived) == 1


def test_a_token_that_ended_between_the_calls_is_replaced_once_and_the_file_sent_from_its_start() -> None:
    far, tokens = FarEnd(GIVEN, says({}, status=401), STORED), Tokens()
    answer = send(far_client(far, tokens))
    assert tokens.refused == ["token-0"]
    assert [arrived.body for arrived in far.arrived[1:]] == [b"%PDF-1.7 of nobody"] * 2
    assert [one.status for one in answer.exchanges] == [201, 401, 201]
    assert outcome(answer).news is News.ACCEPTED


def test_a_try_that_failed_tells_of_all_its_calls() -> None:
    far = FarEnd(GIVEN, says({}, status=401), says({}, status=503))
    with pytest.raises(Unanswered) as caught:
        send(far_client(far))
    assert [one.status for one in caught.value.exchanges] == [201, 401, 503]


def test_a_token_refused_twice_is_taken_for_the_addresss_fault() -> None:
    """It was good enough for the first call; nobody else of the customer has to wait."""
    far = FarEnd(GIVEN, says({}, status=401))
    found = outcome(send(far_client(far)))
    assert (found.code, len(far.arrived)) == ("upload_link", 3)


@pytest.mark.parametrize("hosts", [[], ["files.example"], ["www.linkedin.com:8443"]])
def test_an_address_elsewhere_gets_no_file_and_says_which_host_it_was(hosts: list[str]) -> None:
    far = FarEnd(GIVEN)
    found = outcome(send(far_client(far, upload_hosts=hosts)))
    assert (found.news, found.code, found.words) == (News.REJECTED, "upload_address", "www.linkedin.com")
    assert len(far.arrived) == 1


def test_without_a_contract_nothing_is_sent() -> None:
    far = FarEnd(GIVEN)
    with pytest.raises(Unmappable, match="Recruiter contract") as caught:
        send(far_client(far, recruiter_contract_urn=""))
    assert (caught.value.field, far.arrived) == ("hiringContext", [])


def test_a_file_that_is_gone_needs_a_person() -> None:
    def gone() -> Any:
        raise FileNotFoundError("/private/canary")

    entry = Entry(key="F", verb="UPLOAD", payload=file_entry().payload, content=Content(size=1, open=gone))
    with pytest.raises(Unmappable, match="upload it again"):
        said(GIVEN, STORED, entry=entry)


def test_one_file_travels_per_call() -> None:
    resource = far_client(FarEnd(GIVEN)).resources["resume_files"]
    assert set(resource.limits.values()) == {1}
    for entries in ([], [file_entry("A"), file_entry("B")], [Entry(key="A", verb="UPLOAD")], [Entry(key="A")]):
        with pytest.raises(ValueError, match="one UPLOAD"):
            resource.send(entries)


def test_nothing_can_be_asked_about_a_file() -> None:
    far = FarEnd(GIVEN)
    resource = far_client(far).resources["resume_files"]
    assert (resource.check([file_entry()]).outcomes, resource.poll([file_entry()]).outcomes, far.arrived) == (
        {},
        {},
        [],
    )


def test_how_long_a_file_may_take_can_be_read_before_it_is_sent() -> None:
    resource: FileResource = ResumeFiles(wire=client_of(FarEnd(GIVEN)), uploads=None, contract_urn="")  # type: ignore[arg-type]
    assert resource.pace.seconds(10 * 1024 * 1024) == 140
    assert resource.endpoints[Step.SEND] == "hireMediaUrl"


# A signed address is nowhere.


QUOTING = [
    says({"message": f"The address {SIGNED} has expired"}, status=403),
    says({"message": f"{CANARY} is used up"}, status=404),
    says({"message": f"no: {ENCODED}"}, status=429),
    says({"message": f"no: {SIGNED}"}, status=500),
    Said(status=302, headers={"location": SIGNED}),
    Said(status=400, body=SIGNED.encode()),
    HangUp(),
    Stall(),
    STORED,
    Said(status=201),
]


@pytest.mark.parametrize("second", QUOTING)
def test_a_signed_address_stands_in_no_answer_exception_or_log(
    second: Said | Exception, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    try:
        shown = repr(said(GIVEN, second))
    except ConnectorError as error:
        shown = f"{error} {error!r} {error.args} {vars(error)!r} {traceback.format_exc()}"
    assert CANARY not in shown
    assert CANARY not in caplog.text


def test_a_foreign_signed_address_is_not_told_either() -> None:
    foreign = Said(status=201, headers={"x-linkedin-id": f"https://elsewhere.example/?x-li-ambry-ep={CANARY}"})
    assert CANARY not in repr(said(foreign))


def test_an_unreachable_host_does_not_tell_it(linkedin: Linkedin, client: LinkedInClient) -> None:
    """On a real socket, whose errors quote addresses."""
    far = FarEnd(Said(status=201, headers={"x-linkedin-id": f"http://127.0.0.1:9/?x-li-ambry-ep={CANARY}"}))
    with pytest.raises(Unreachable) as caught:
        send(far_client(far, upload_hosts=["127.0.0.1:9"], open_transport=Transport))
    assert CANARY not in f"{caught.value} {vars(caught.value)!r} {traceback.format_exception(caught.value)}"


def test_an_entry_does_not_show_its_file() -> None:
    assert "content=" not in repr(file_entry())


# Against practice.


def test_practice_takes_the_file_and_knows_it_by_the_urn(linkedin: Linkedin, client: LinkedInClient) -> None:
    found = outcome(send(client, file_entry(fileName="Lebenslauf Nobody ä/ö.pdf")))
    (kept,) = linkedin.files
    assert found.facts["blob_urn"] == f"urn:li:ambryBlob:{kept['location']}"
    assert kept["location"].startswith("/AAYU")
    assert (kept["file_name"], kept["size"]) == ("Lebenslauf Nobody ä/ö.pdf", 18)


@pytest.mark.parametrize("header", ["x-linkedin-id", "x-restli-id", "location"])
def test_practice_may_name_the_address_anywhere(linkedin: Linkedin, client: LinkedInClient, header: str) -> None:
    linkedin.configure(address_header=header)
    assert outcome(send(client)).news is News.ACCEPTED


def test_a_stale_address_is_asked_for_anew_by_the_next_try(linkedin: Linkedin, client: LinkedInClient) -> None:
    linkedin.next("stale_address")
    assert outcome(send(client)).code == "upload_link"
    assert outcome(send(client)).news is News.ACCEPTED


def test_a_lost_answer_costs_a_second_blob(linkedin: Linkedin, client: LinkedInClient) -> None:
    linkedin.next("hang_up", applied=True, endpoint="ambry")
    with pytest.raises(Unanswered):
        send(client)
    assert outcome(send(client)).news is News.ACCEPTED
    assert len(linkedin.files) == 2


def test_a_contract_of_somebody_else_is_forbidden(linkedin: Linkedin) -> None:
    linkedin.seed_application(client_id="sim-client", client_secret="s", organizations=[ORGANIZATION])
    auth = transport_to(linkedin.handle, base_url="https://www.linkedin.example")
    tokens = MintedTokens(lambda: fetch_token(auth, client_id="sim-client", client_secret="s").value)
    client = LinkedInClient(
        transport=transport_to(linkedin.handle),
        tokens=tokens,
        organization_urn=ORGANIZATION,
        recruiter_contract_urn=CONTRACT,
        upload_hosts=["www.linkedin.com"],
    )
    with pytest.raises(Forbidden) as caught:
        send(client)
    assert caught.value.words == f"Caller is not authorized to access the contract: {CONTRACT}"


UNITS = st.sampled_from(list(TimeUnit))
LETTERS = st.characters(exclude_categories=["Cs"]) | st.sampled_from("/\\\"'&=%+#?\u202e\u200f\n\x00")


@settings(max_examples=60, deadline=None)
@given(name=st.text(LETTERS, min_size=1, max_size=255), unit=UNITS, data=st.binary(min_size=1, max_size=300))
def test_any_name_and_any_bytes_reach_practice(name: str, unit: TimeUnit, data: bytes) -> None:
    linkedin = Linkedin()
    linkedin.seed_application(contracts=[CONTRACT])
    auth = transport_to(linkedin.handle, base_url="https://www.linkedin.example")
    client = LinkedInClient(
        transport=transport_to(linkedin.handle),
        tokens=MintedTokens(lambda: fetch_token(auth, client_id="sim-client", client_secret="sim-secret").value),
        organization_urn=ORGANIZATION,
        recruiter_contract_urn=CONTRACT,
        upload_hosts=["www.linkedin.com"],
        open_transport=lambda base_url: transport_to(linkedin.handle, base_url=base_url),
    )
    ttl = {"duration": 3, "unit": str(unit)}
    assert outcome(send(client, file_entry(data=data, fileName=name, blobTtl=ttl))).news is News.ACCEPTED
    (kept,) = linkedin.files
    assert (kept["file_name"], kept["size"], kept["expires_at"] is None) == (name, len(data), False)


def served_client(url: str, *, upload_hosts: list[str]) -> LinkedInClient:
    auth = Transport(f"{url}/linkedin-www")
    return LinkedInClient(
        transport=Transport(f"{url}/linkedin"),
        tokens=MintedTokens(lambda: fetch_token(auth, client_id="sim-client", client_secret="s/e=c+r&et").value),
        organization_urn=ORGANIZATION,
        recruiter_contract_urn=CONTRACT,
        upload_hosts=upload_hosts,
    )


class Zeros:
    """A file of ten million bytes that nobody holds."""

    def __init__(self, size: int) -> None:
        self._left = size

    def read(self, size: int, /) -> bytes:
        piece = bytes(min(size, self._left))
        self._left -= len(piece)
        return piece

    def close(self) -> None:
        """Nothing to close."""


def test_ten_megabytes_are_never_held_by_client_or_practice(linkedin: Linkedin) -> None:
    size = 10 * 1024 * 1024
    entry = Entry(
        key="F", verb="UPLOAD", payload=file_entry().payload, content=Content(size=size, open=lambda: Zeros(size))
    )
    with served([linkedin]) as url:
        client = served_client(url, upload_hosts=[url.removeprefix("http://")])
        send(client)  # connections, tables and modules are there
        tracemalloc.start()
        answer = send(client, entry)
        added = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert outcome(answer).news is News.ACCEPTED
    assert [kept["size"] for kept in linkedin.files] == [18, size]
    assert added < 2 * 1024 * 1024


def test_the_served_door_is_no_exception_to_the_list_of_hosts(linkedin: Linkedin) -> None:
    with served([linkedin]) as url:
        assert outcome(send(served_client(url, upload_hosts=["127.0.0.1:1"]))).code == "upload_address"
