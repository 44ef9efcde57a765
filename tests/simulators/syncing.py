"""Raw calls to the Middleware endpoints of simulated LinkedIn: both protocols, plain and tunneled, with records that
break no rule. The encoding is this file's own."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote

from connectors.base.simulation import SimulatedAnswer
from tests.simulators.speaking import FORM, ORGANIZATION, LinkedinCaller

CANDIDATES, APPLICATIONS = "atsCandidates", "atsApplications"
CREATED_AT = 1_484_864_187_000
BOUNDARY = "part-of-a-call"
ID_NAMES = {CANDIDATES: "atsCandidateId", APPLICATIONS: "atsJobApplicationId"}
METHODS = {"PUT": "batch_update", "POST": "batch_partial_update"}

Content = dict[str, Any]


def without_dots(content: Content) -> Content:
    return {name: value for name, value in content.items() if value is not ...}


def candidate(**fields: Any) -> Content:
    """A candidate that breaks no rule and is matched by none; a field set to ... is left out."""
    content = {
        "firstName": "Test",
        "lastName": "Person",
        "emailAddresses": ["person@example.org"],
        "addresses": [],
        "phoneNumbers": [],
        "atsCreatedAt": CREATED_AT,
        "atsLastModifiedAt": CREATED_AT,
        "externalProfileUrl": "https://ats.example.org/candidates/1",
    }
    return without_dots({**content, **fields})


def application(**fields: Any) -> Content:
    content = {
        "atsCandidateId": "C-1",
        "atsJobPostingId": "J-1",
        "atsJobPostingName": "Night nurse",
        "candidateEmail": "person@example.org",
        "firstName": "Test",
        "lastName": "Person",
        "atsCreatedAt": CREATED_AT,
        "atsLastModifiedAt": CREATED_AT,
    }
    return without_dots({**content, **fields})


def note(**fields: Any) -> Content:
    author = {"firstName": "Test", "lastName": "Recruiter"}
    return without_dots({"note": "Called back.", "atsCreatedAt": CREATED_AT, "author": author, **fields})


def stage(**fields: Any) -> Content:
    return without_dots({"stage": "Phone screen", "atsCreatedAt": CREATED_AT, **fields})


def feedback(**fields: Any) -> Content:
    interviewer = {"firstName": "Test", "lastName": "Interviewer"}
    content = {
        "atsCreatedAt": CREATED_AT,
        "interviewer": interviewer,
        "evaluations": [{"attribute": "score", "result": "4/5"}],
        "feedback": "Calm at night.",
        "interviewType": "PHONE_SCREEN",
    }
    return without_dots({**content, **fields})


@dataclass(frozen=True)
class Below:
    """A resource under a record, as in `atsCandidates/C-1/notes`."""

    parent: str
    parent_id: str
    name: str


Place = str | Below


def notes_of(candidate_id: str) -> Below:
    return Below(CANDIDATES, candidate_id, "notes")


def under(application_id: str, name: str) -> Below:
    return Below(APPLICATIONS, application_id, name)


@dataclass(frozen=True)
class Tongue:
    """How somebody speaks: the protocol, and whether the query travels in the body."""

    caller: LinkedinCaller
    version: str = "1.0.0"
    tunneled: bool = False

    def put(self, place: Place, entities: dict[str, Content], **headers: str) -> SimulatedAnswer:
        return self.say("PUT", place, list(entities), entities=entities, headers=headers)

    def patch(self, entities: dict[str, Content]) -> SimulatedAnswer:
        patches = {external_id: {"patch": patch} for external_id, patch in entities.items()}
        return self.say("POST", CANDIDATES, list(entities), entities=patches)

    def get(self, place: Place, *ids: str, fields: str = "") -> SimulatedAnswer:
        return self.say("GET", place, list(ids), more=f"&fields={fields}" if fields else "")

    def delete(self, place: Place, *ids: str) -> SimulatedAnswer:
        return self.say("DELETE", place, list(ids))

    def say(
        self,
        verb: str,
        place: Place,
        ids: list[str],
        *,
        entities: dict[str, Content] | None = None,
        more: str = "",
        headers: dict[str, str] | None = None,
    ) -> SimulatedAnswer:
        told = {} if self.version == "1.0.0" else {"X-RestLi-Protocol-Version": self.version}
        body = b""
        if entities is not None:
            body = json.dumps(
                {"entities": {self.key(place, one): content for one, content in entities.items()}}
            ).encode()
            told.update({"content-type": "application/json", "x-restli-method": METHODS[verb]})
        return self.send(verb, self.path(place), self.query(place, ids) + more, body, {**told, **(headers or {})})

    def send(self, verb: str, path: str, query: str, body: bytes, headers: dict[str, str]) -> SimulatedAnswer:
        if not self.tunneled:
            return self.caller.call(verb, f"{path}?{query}", headers=headers, body=body)
        headers = {**headers, "X-HTTP-Method-Override": verb}
        if not body:
            return self.caller.call("POST", path, headers={**headers, **FORM}, body=query.encode())
        headers["content-type"] = f"multipart/mixed; boundary={BOUNDARY}"
        return self.caller.call("POST", path, headers=headers, body=multipart(query, body))

    def path(self, place: Place) -> str:
        if isinstance(place, str):
            return f"/v2/{place}"
        parts = {**parts_of(place.parent, place.parent_id)}
        if self.version == "1.0.0":
            key = "&".join(f"{name}={quote(value, safe='')}" for name, value in parts.items())
        else:
            key = "(" + ",".join(f"{name}:{quote(value, safe='')}" for name, value in parts.items()) + ")"
        return f"/v2/{place.parent}/{key}/{place.name}"

    def query(self, place: Place, ids: list[str]) -> str:
        if self.version == "1.0.0":
            if isinstance(place, Below):
                return "&".join(f"ids={quote(one, safe='')}" for one in ids)
            numbered = [
                f"ids[{number}].{name}={quote(value, safe='')}"
                for number, one in enumerate(ids)
                for name, value in parts_of(place, one).items()
            ]
            return "&".join(numbered)
        if isinstance(place, Below):
            return f"ids=List({','.join(quote(one, safe='') for one in ids)})"
        tuples = [
            "(" + ",".join(f"{name}:{quote(value, safe='')}" for name, value in parts_of(place, one).items()) + ")"
            for one in ids
        ]
        return f"ids=List({','.join(tuples)})"

    def key(self, place: Place, external_id: str) -> str:
        """The key in a body, in an order that is not the sorted one."""
        if isinstance(place, Below):
            return external_id
        if self.version == "1.0.0":
            return "&".join(f"{name}={quote(value, safe='')}" for name, value in parts_of(place, external_id).items())
        return "(" + ",".join(f"{name}:{escaped(value)}" for name, value in parts_of(place, external_id).items()) + ")"

    def id_in(self, place: Place, key: str) -> str:
        """The external id in a key of an answer."""
        if isinstance(place, Below):
            return key
        divide, equals = ("&", "=") if self.version == "1.0.0" else (",", ":")
        pairs = [pair.partition(equals) for pair in key.strip("()").split(divide)]
        return unquote({name: value for name, _, value in pairs}[ID_NAMES[place]])

    def results(self, place: Place, answer: SimulatedAnswer) -> dict[str, Any]:
        return {self.id_in(place, key): value for key, value in answer.json()["results"].items()}

    def errors(self, place: Place, answer: SimulatedAnswer) -> dict[str, Any]:
        return {self.id_in(place, key): value for key, value in answer.json()["errors"].items()}


def parts_of(place: str, external_id: str) -> dict[str, str]:
    return {"integrationContext": ORGANIZATION, ID_NAMES[place]: external_id, "dataProvider": "ATS"}


def escaped(text: str) -> str:
    return "".join(f"%{ord(sign):02X}" if sign in "%(),:'" else sign for sign in text)


def multipart(query: str, body: bytes, *, boundary: str = BOUNDARY) -> bytes:
    return (
        f"--{boundary}\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n{query}\r\n"
        f"--{boundary}\r\nContent-Type: application/json\r\n\r\n"
    ).encode() + (body + f"\r\n--{boundary}--".encode())
