"""LinkedIn as one connection sees it: token, headers, tunneling, and one door for every call.

It keeps no state but what it was given, never retries except once after a refused token, and never sleeps.

Inferred, not documented: `jobPostingStatus` for an id nobody uses is a harmless call that still needs a working token
and the job posting product; whether it answers an empty result or an error about that id, the connection works.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping

from connectors.base.errors import Rejected, after
from connectors.base.quota import Quota
from connectors.base.resource import Resource, TestResult
from connectors.base.results import Exchange
from connectors.base.tokens import TokenProvider
from connectors.base.transport import Request, Response, Transport
from connectors.linkedin.answers import content_of
from connectors.linkedin.endpoints import V2
from connectors.linkedin.quotas import QUOTAS
from connectors.linkedin.resources.application_notes import ApplicationNotes
from connectors.linkedin.resources.application_stages import ApplicationStages
from connectors.linkedin.resources.applications import Applications
from connectors.linkedin.resources.candidate_notes import CandidateNotes
from connectors.linkedin.resources.candidates import Candidates
from connectors.linkedin.resources.interview_feedback import InterviewFeedbackRecords
from connectors.linkedin.resources.job_postings import JobPostings
from connectors.linkedin.resources.resume_files import ResumeFiles
from connectors.linkedin.resources.resumes import Resumes
from connectors.linkedin.restli import Call, Reply, batch_get
from connectors.linkedin.tunnel import fitted
from connectors.linkedin.uploads import Uploads

UNUSED_ID = "talentsync-connection-test"


class LinkedInClient:
    """One customer's application at LinkedIn; safe to share between threads."""

    quotas: Mapping[str, Quota] = QUOTAS

    def __init__(
        self,
        *,
        transport: Transport,
        tokens: TokenProvider,
        organization_urn: str,
        job_contract_urn: str = "",
        recruiter_contract_urn: str = "",
        upload_hosts: Collection[str] = (),
        open_transport: Callable[[str], Transport] = Transport,
    ) -> None:
        """`upload_hosts` are those that files may be sent to, each `host` or `host:port`; `open_transport` gives the
        way to one of them by its base URL.
        """
        self._transport, self._tokens = transport, tokens
        uploads = Uploads(hosts=upload_hosts, tokens=tokens, open_transport=open_transport)
        self._resources: dict[str, Resource] = {
            "job_postings": JobPostings(wire=self, organization_urn=organization_urn, contract_urn=job_contract_urn),
            "candidates": Candidates(wire=self, organization_urn=organization_urn),
            "candidate_notes": CandidateNotes(wire=self, organization_urn=organization_urn),
            "applications": Applications(wire=self, organization_urn=organization_urn),
            "application_notes": ApplicationNotes(wire=self, organization_urn=organization_urn),
            "application_stages": ApplicationStages(wire=self, organization_urn=organization_urn),
            "interview_feedback": InterviewFeedbackRecords(wire=self, organization_urn=organization_urn),
            "resume_files": ResumeFiles(wire=self, uploads=uploads, contract_urn=recruiter_contract_urn),
            "resumes": Resumes(wire=self, organization_urn=organization_urn),
        }

    @property
    def resources(self) -> Mapping[str, Resource]:
        return self._resources

    def test(self) -> TestResult:
        """Ask for the status of a job nobody has. Raises `Unauthorized` for wrong credentials, `Forbidden` without
        the product.
        """
        try:
            self.call(batch_get(V2["jobPostingStatus"], [UNUSED_ID]))
        except Rejected as error:
            if error.status != 404 or error.words.startswith(
                "Resource "
            ):  # "Resource … does not exist": a wrong address
                raise
        return TestResult()

    def call(self, call: Call) -> Reply:
        """Carry one Rest.li call. Raises a `ConnectorError` about the whole call, `TooLong` before anything is sent."""
        token = self._tokens.get()
        response = self._send(call, token)
        if response.status != 401:
            return _reply(call, response)
        with after(response.exchange):
            return _reply(call, self._send(call, self._tokens.replace(token)), response.exchange)

    def _send(self, call: Call, token: str) -> Response:
        return self._transport.call(fitted(_request(call, token), base_url=self._transport.base_url))


def _reply(call: Call, response: Response, *earlier: Exchange) -> Reply:
    content = content_of(response, may_be_empty=call.makes_one)
    return Reply(content=content, headers=response.headers, exchanges=(*earlier, response.exchange))


def _request(call: Call, token: str) -> Request:
    headers = {"Authorization": f"Bearer {token}", "Accept": "application/json", **call.endpoint.headers}
    if call.rest_method:
        headers["X-RestLi-Method"] = call.rest_method
    body = None
    if call.content is not None:
        headers["Content-Type"] = "application/json"
        body = json.dumps(call.content, ensure_ascii=False, separators=(",", ":")).encode()
    path = call.path + (f"?{call.query}" if call.query else "")
    return Request(method=call.method, path=path, headers=headers, body=body, shown_path=call.endpoint.path)
