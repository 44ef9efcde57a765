"""Raw calls to the simulators, as a stranger would make them. Nothing of the clients is used here."""

from __future__ import annotations

import base64
import json
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from connectors.base.simulation import SimulatedAnswer, SimulatedRequest
from connectors.greenhouse.simulator import Greenhouse
from connectors.linkedin.simulator import Linkedin

FORM = {"content-type": "application/x-www-form-urlencoded"}
CREATE_METHOD = {"x-restli-method": "batch_create"}
ORGANIZATION = "urn:li:organization:77"
CONTRACT = "urn:li:contract:55501"
DESCRIPTION = "We look after three hundred people through the night and would like to do it with you. " * 2


def job(external_id: str, operation: str = "CREATE", **fields: Any) -> dict[str, Any]:
    """A posting that breaks no rule; a field set to ... is left out."""
    content = {
        "integrationContext": ORGANIZATION,
        "companyApplyUrl": "https://careers.example.com/apply/1",
        "externalJobPostingId": external_id,
        "jobPostingOperationType": operation,
        "title": "Night nurse",
        "description": DESCRIPTION,
        "listedAt": int(time.time() * 1000) - 60_000,
        "location": "Graz, Austria",
        "posterEmail": "poster@example.com",
        **fields,
    }
    return {name: value for name, value in content.items() if value is not ...}


def premium(external_id: str, operation: str = "CREATE", **fields: Any) -> dict[str, Any]:
    return job(external_id, operation, **{"listingType": "PREMIUM", "contract": CONTRACT, **fields})


def in_recruiter(external_id: str, operation: str = "CREATE", **fields: Any) -> dict[str, Any]:
    rsc = {"availability": "PRIVATE_TO_ATS_INTEGRATION", "state": "LISTED", "accessRestricted": False}
    return job(external_id, operation, **{**rsc, **fields})


@dataclass
class LinkedinCaller:
    """Somebody with a token of simulated LinkedIn."""

    vendor: Linkedin
    token: str = ""

    def ask_token(self, **changes: str) -> SimulatedAnswer:
        form = {"grant_type": "client_credentials", "client_id": "sim-client", "client_secret": "sim-secret", **changes}
        body = urlencode(form).encode()
        request = SimulatedRequest(method="POST", path="/oauth/v2/accessToken", headers=FORM, body=body)
        return self.vendor.handle(request)

    def log_in(self) -> None:
        self.token = self.ask_token().json()["access_token"]

    def call(
        self, method: str, path: str, *, headers: dict[str, str] | None = None, body: bytes = b""
    ) -> SimulatedAnswer:
        every = {"authorization": f"Bearer {self.token}", **(headers or {})}
        return self.vendor.handle(SimulatedRequest(method=method, path=path, headers=every, body=body))

    def get(self, path: str, **headers: str) -> SimulatedAnswer:
        return self.call("GET", path, headers=headers)

    def send(self, *jobs: dict[str, Any], headers: dict[str, str] | None = None) -> SimulatedAnswer:
        wanted = CREATE_METHOD if headers is None else headers
        body = json.dumps({"elements": jobs}).encode()
        return self.call("POST", "/v2/simpleJobPostings", headers=wanted, body=body)

    def elements(self, *jobs: dict[str, Any]) -> list[dict[str, Any]]:
        answer = self.send(*jobs)
        assert answer.status == 200, answer.body
        found: list[dict[str, Any]] = answer.json()["elements"]
        return found

    def post(self, *jobs: dict[str, Any]) -> list[str]:
        """Send, and let LinkedIn finish; the tasks' URNs."""
        urns = [element["id"] for element in self.elements(*jobs)]
        self.vendor.finish_tasks()
        return urns

    def task(self, urn: str) -> dict[str, Any]:
        found: dict[str, Any] = self.get(f"/v2/simpleJobPostingTasks?{urlencode({'ids': urn})}").json()["results"][urn]
        return found

    def status(self, external_id: str) -> dict[str, Any]:
        answer = self.get(f"/v2/jobPostingStatus?{urlencode({'ids': external_id})}")
        found: dict[str, Any] = answer.json()["results"][external_id]
        return found


@dataclass
class GreenhouseCaller:
    """Somebody with a token (v3) or a key (v1) of simulated Greenhouse."""

    vendor: Greenhouse
    token: str = ""
    key: str = "sim-key"

    def ask_token(
        self, *, client: str = "sim-client:sim-secret", headers: dict[str, str] | None = None, **form: str
    ) -> SimulatedAnswer:
        credentials = {"authorization": f"Basic {base64.b64encode(client.encode()).decode()}"}
        sent = {"grant_type": "client_credentials", **form}
        body = urlencode({name: value for name, value in sent.items() if value}).encode()
        wanted = {**FORM, **(credentials if headers is None else headers)}
        return self.vendor.handle(SimulatedRequest(method="POST", path="/token", headers=wanted, body=body))

    def log_in(self, **form: str) -> None:
        self.token = self.ask_token(**form).json()["access_token"]

    def call(self, method: str, path: str, *, content: object = None, **headers: str) -> SimulatedAnswer:
        body = b"" if content is None else json.dumps(content).encode()
        kind = {"content-type": "application/json"} if body else {}
        every = {"authorization": f"Bearer {self.token}", **kind, **headers}
        return self.vendor.handle(SimulatedRequest(method=method, path=path, headers=every, body=body))

    def get(self, path: str) -> SimulatedAnswer:
        return self.call("GET", path)

    def rows(self, path: str) -> list[dict[str, Any]]:
        answer = self.get(path)
        assert answer.status == 200, answer.body
        found: list[dict[str, Any]] = answer.json()
        return found

    def patch(self, opening_id: int, /, **content: object) -> SimulatedAnswer:
        return self.call("PATCH", f"/v3/openings/{opening_id}", content=content)

    def v1(self, method: str, path: str, *, content: object = None, **headers: str) -> SimulatedAnswer:
        basic = base64.b64encode(f"{self.key}:".encode()).decode()
        return self.call(method, path, content=content, **{"authorization": f"Basic {basic}", **headers})

    def v1_patch(self, job_id: int, opening_id: int, /, *, user: str = "4410027", **content: object) -> SimulatedAnswer:
        path = f"/v1/jobs/{job_id}/openings/{opening_id}"
        return self.v1("PATCH", path, content=content, **({"on-behalf-of": user} if user else {}))


def next_path(answer: SimulatedAnswer, relation: str = "next") -> str:
    """The path of a Link relation, or an empty text."""
    for part in answer.header("link").split(", "):
        address, _, named = part.partition("; ")
        if named == f'rel="{relation}"':
            return address.strip("<>").removeprefix("https://harvest.greenhouse.io")
    return ""
