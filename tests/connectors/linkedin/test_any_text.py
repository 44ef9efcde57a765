"""Whatever stands in an ID or a text reaches LinkedIn unharmed, in both protocols and through both tunnels.

What was sent is read back with the standard library alone, so that one mistake cannot hide another.
"""

from __future__ import annotations

import email
import json
import re
from email.message import Message
from typing import Any
from urllib.parse import parse_qsl, unquote

from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.base.transport import Arrived, Transport
from connectors.linkedin.client import LinkedInClient
from connectors.linkedin.endpoints import PARENT, Endpoint, KeyShape
from connectors.linkedin.keys import CompositeKey, in_body, in_path, parsed, recognised
from connectors.linkedin.restli import Call, Patch, batch_delete, batch_get, batch_partial_update, batch_update
from tests.connectors.base.sockets import Peer, far_socket
from tests.connectors.linkedin.builders import ORGANIZATION, FarEnd, Tokens, client_of, says

ODD = " &=+%/:,()'\"\\?#[]{}<>~.;@!*$|^`-_\t\n\r\u200f\u202e\u00ad\u0000äß€漢😀👩‍🚀"
TEXTS = st.text(st.sampled_from(ODD) | st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200)
BATCHES = st.lists(TEXTS, min_size=1, max_size=4, unique=True)
MANY = 60  # copies of a batch, so that its query is longer than any URL may be

CANDIDATE = KeyShape(own="atsCandidateId", data_provider="ATS")
FIRST = Endpoint(path="/v2/atsCandidates", key=CANDIDATE)
SECOND = Endpoint(path="/rest/candidates", protocol="2.0.0", version="202603", key=KeyShape(own="externalCandidateId"))
NOTES = Endpoint(path=f"/v2/atsCandidates/{PARENT}/notes", parent=CANDIDATE)
NOTES_2 = Endpoint(path=f"/rest/atsCandidates/{PARENT}/notes", protocol="2.0.0", parent=CANDIDATE)


def carried(call: Call) -> Arrived:
    far = FarEnd(says({"results": {}}))
    client_of(far).call(call)
    return far.last


def opened(arrived: Arrived) -> tuple[str, str, str, Any]:
    """Method, path, query and JSON as a server sees them once it has undone the tunnel."""
    path, _, query = arrived.path.partition("?")
    kind = arrived.headers.get("content-type", "")
    method = arrived.headers.get("x-http-method-override", arrived.method)
    if kind.startswith("multipart/mixed"):
        message = email.message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + arrived.body)
        form, content = message.get_payload()
        assert isinstance(form, Message)
        assert isinstance(content, Message)
        assert [part.get_content_type() for part in (form, content)] == [
            "application/x-www-form-urlencoded",
            "application/json",
        ]
        return method, path, plain(form), json.loads(plain(content))
    if kind == "application/x-www-form-urlencoded":
        return method, path, arrived.body.decode(), None
    return method, path, query, json.loads(arrived.body) if arrived.body else None


def plain(part: Message) -> str:
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload.decode()


def ids_of(query: str) -> list[dict[str, str]]:
    """`ids[0].a=…` and `ids=List((a:…))`, read by hand."""
    if query.startswith("ids=List("):
        tuples = re.findall(r"\(([^()]*)\)", query.removeprefix("ids=List("))
        return [{k: unquote(v) for k, v in (pair.split(":") for pair in each.split(","))} for each in tuples]
    found: dict[str, dict[str, str]] = {}
    for name, value in parse_qsl(query, keep_blank_values=True, strict_parsing=True):
        index, _, part = name.removeprefix("ids[").partition("].")
        found.setdefault(index, {})[part] = value
    return list(found.values())


def named(texts: list[str], copies: int) -> list[str]:
    return [f"{text}{number}" for number in range(copies) for text in texts]


def keys_of(endpoint: Endpoint, ids: list[str]) -> list[CompositeKey]:
    keys = [endpoint.key_of(each, organization=ORGANIZATION) for each in ids]
    return [key for key in keys if isinstance(key, CompositeKey)]


ENDPOINTS = st.sampled_from([FIRST, SECOND])
COPIES = st.sampled_from([1, MANY])


@settings(max_examples=150, deadline=None)
@given(texts=BATCHES, endpoint=ENDPOINTS, protocol=st.sampled_from(["", "1.0.0", "2.0.0"]))
def test_a_key_is_read_back_as_it_was_written(texts: list[str], endpoint: Endpoint, protocol: str) -> None:
    keys = keys_of(endpoint, texts)
    for key in keys:
        assert parsed(in_body(key, protocol=protocol)) == key
        assert parsed(in_path(key, protocol=protocol)) == key
    for write in (in_body, in_path):
        said = {write(key, protocol=protocol): key for key in keys}
        assert recognised(said, keys) == said


@settings(max_examples=80, deadline=None)
@given(texts=BATCHES, endpoint=ENDPOINTS, copies=COPIES, is_delete=st.booleans())
def test_ids_arrive_without_a_body(texts: list[str], endpoint: Endpoint, copies: int, is_delete: bool) -> None:
    ids = named(texts, copies)
    keys = keys_of(endpoint, ids)
    arrived = carried(batch_delete(endpoint, keys) if is_delete else batch_get(endpoint, keys))
    method, path, query, content = opened(arrived)
    assert (method, path, content) == ("DELETE" if is_delete else "GET", endpoint.path, None)
    assert ids_of(query) == [dict(key.parts) for key in keys]


@settings(max_examples=80, deadline=None)
@given(texts=BATCHES, note=TEXTS, endpoint=ENDPOINTS, copies=COPIES, is_patch=st.booleans())
def test_ids_and_texts_arrive_beside_a_body(
    texts: list[str], note: str, endpoint: Endpoint, copies: int, is_patch: bool
) -> None:
    keys = keys_of(endpoint, named(texts, copies))
    records = {key: {"firstName": note} for key in keys}
    patches = {key: Patch(set=record) for key, record in records.items()}
    arrived = carried(batch_partial_update(endpoint, patches) if is_patch else batch_update(endpoint, records))
    method, path, query, content = opened(arrived)
    assert (method, path) == ("POST" if is_patch else "PUT", endpoint.path)
    assert arrived.headers["x-restli-method"] == ("batch_partial_update" if is_patch else "batch_update")
    assert ids_of(query) == [dict(key.parts) for key in keys]
    record = {"patch": {"$set": {"firstName": note}}} if is_patch else {"firstName": note}
    assert list(content["entities"].values()) == [record] * len(keys)
    assert [body_key(text) for text in content["entities"]] == [dict(key.parts) for key in keys]


def body_key(text: str) -> dict[str, str]:
    if text.startswith("("):
        return {k: unquote(v) for k, v in (pair.split(":") for pair in text[1:-1].split(","))}
    return {k: unquote(v) for k, v in (pair.split("=") for pair in text.split("&"))}


@settings(max_examples=80, deadline=None)
@given(texts=BATCHES, parent=TEXTS, note=TEXTS, endpoint=st.sampled_from([NOTES, NOTES_2]), copies=COPIES)
def test_a_parents_id_arrives_in_the_path_and_simple_ids_beside_it(
    texts: list[str], parent: str, note: str, endpoint: Endpoint, copies: int
) -> None:
    ids = named(texts, copies)
    whose = endpoint.parent_key(parent, organization=ORGANIZATION)
    arrived = carried(batch_update(endpoint, {each: {"note": note} for each in ids}, parent=whose))
    method, path, query, content = opened(arrived)
    _, _, _, segment, name = path.split("/")
    assert (method, name) == ("PUT", "notes")
    assert body_key(segment) == {"atsCandidateId": parent, "dataProvider": "ATS", "integrationContext": ORGANIZATION}
    assert simple_ids(query) == ids
    assert content == {"entities": {each: {"note": note} for each in ids}}


def test_what_is_measured_is_what_leaves() -> None:
    """The HTTP library escapes what no URL may hold, brackets among it, after the query was measured."""
    heads: list[bytes] = []

    def answer(peer: Peer) -> None:
        heads.append(peer.request())
        peer.say(b"HTTP/1.1 200 OK\r\nContent-Length: 14\r\nConnection: close\r\n\r\n", b'{"results":{}}')

    below = batch_get(NOTES, [ODD], parent=NOTES.parent_key(ODD, organization=ORGANIZATION))
    calls = [below, batch_get(FIRST, keys_of(FIRST, [ODD])), batch_get(SECOND, keys_of(SECOND, [ODD]))]
    with far_socket(answer) as far:
        client = LinkedInClient(transport=Transport(far.url), tokens=Tokens(), organization_urn=ORGANIZATION)
        for call in calls:
            client.call(call)
    assert [head.split(b" ")[1].decode() for head in heads] == [f"{call.path}?{call.query}" for call in calls]


def simple_ids(query: str) -> list[str]:
    if query.startswith("ids=List("):
        return [unquote(each) for each in query.removeprefix("ids=List(").removesuffix(")").split(",")]
    return [value for name, value in parse_qsl(query, strict_parsing=True) if name == "ids"]
