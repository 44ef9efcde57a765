"""/hireMediaUrl and the upload it leads to: a file goes in, the URN of a blob comes out.

https://learn.microsoft.com/linkedin/talent/crm-connect/sync-crm-candidate-resumes

Two calls: LinkedIn signs an address, and the file is sent there at once. Nothing of the first is kept, so that a try
after a failure asks for a new address. An answer that is lost after the bytes have arrived costs a second blob, which
nothing refers to; the resume itself is another record.

Inferred, not documented: the second call's 4xx means that the address does not work any more, other than 413 (too
large), 415 (type) and 429; a token that is refused there twice is the address's fault, because it was good for the
first call. A location with scheme and host is the documented one when it leads to the same host; without its slash it
is none, and what it means is not guessed.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from connectors.base.content import Content, Pace
from connectors.base.errors import Unmappable, after
from connectors.base.resource import Entry, Step
from connectors.base.results import Answer, News, Outcome
from connectors.base.transport import WALL_DEADLINE_SECONDS
from connectors.base.words import gettext_noop as _
from connectors.linkedin import urns
from connectors.linkedin.answers import failure_of
from connectors.linkedin.endpoints import V2
from connectors.linkedin.restli import Wire, create, created_id
from connectors.linkedin.resume_failures import FILE_TYPE, TOO_LARGE, UPLOAD_ADDRESS, UPLOAD_LINK
from connectors.linkedin.rules.resume_file import MAX_BYTES
from connectors.linkedin.uploads import SignedAddress, Uploaded, Uploads, host_of

UPLOAD = "UPLOAD"
# Both calls as long as any other may take, and the bytes at 1 Mbit/s: 10 MB have 140 seconds.
PACE = Pace(base_seconds=2 * WALL_DEADLINE_SECONDS, bytes_per_second=128 * 1024)

_LOCATION = re.compile(r'/(?!/)[!"$->@-~]{1,500}')  # neither ? nor #, and nothing that is not of an address
_OF_THE_FILE = {413: TOO_LARGE, 415: FILE_TYPE}
_SIGNED_IN = "/hireMediaUrl/"


class ResumeFiles:
    """Files of resumes, one a call; an entry's payload is a `ResumeFile`'s, its content the file. The URN is the
    fact `blob_urn`.
    """

    limits: Mapping[Step, int] = dict.fromkeys(Step, 1)
    endpoints: Mapping[Step, str] = dict.fromkeys(Step, "hireMediaUrl")
    pace: Pace = PACE
    most_bytes: int = MAX_BYTES

    def __init__(self, *, wire: Wire, uploads: Uploads, contract_urn: str) -> None:
        self._wire, self._uploads, self._contract = wire, uploads, contract_urn

    def send(self, entries: Sequence[Entry]) -> Answer:
        """Ask for a signed address and upload. Raises `Unmappable` without a contract, or where the file is gone."""
        entry, content = _only(entries)
        ends = time.monotonic() + self.pace.seconds(content.size)
        asked = self._asked(entry)
        reply = self._wire.call(create(V2["hireMediaUrl"], asked))
        signed = _signed_url(reply.headers)
        if not signed:
            return Answer(outcomes={}, exchanges=reply.exchanges)
        address = self._uploads.address(signed)
        if address is None:
            refused = _refused(UPLOAD_ADDRESS, asked, words=host_of(signed))
            return Answer(outcomes={entry.key: refused}, exchanges=reply.exchanges)
        with after(*reply.exchanges):
            uploaded = self._uploads.send(
                address,
                name=entry.payload["fileName"],
                content_type=entry.payload["contentType"],
                content=content,
                seconds=ends - time.monotonic(),
            )
        with after(*reply.exchanges, *uploaded.exchanges[:-1]):
            outcome = _outcome(uploaded, address, asked)
        return Answer(
            outcomes={} if outcome is None else {entry.key: outcome}, exchanges=reply.exchanges + uploaded.exchanges
        )

    def poll(self, entries: Sequence[Entry]) -> Answer:
        """There are no remote tasks here."""
        return self.check(entries)

    def check(self, entries: Sequence[Entry]) -> Answer:
        """LinkedIn cannot be asked about an uploaded file: nothing is called, and nothing is said."""
        return Answer(outcomes={})

    def _asked(self, entry: Entry) -> dict[str, Any]:
        if not self._contract:
            raise Unmappable(
                _("The connection has no Recruiter contract: ask Support to enter it, then try again."),
                field="hiringContext",
            )
        said = {name: value for name, value in entry.payload.items() if name != "fileName"}
        return {"usageParameters": {"tcrmResumeParameters": {}}, **said, "hiringContext": self._contract}


def _only(entries: Sequence[Entry]) -> tuple[Entry, Content]:
    if len(entries) != 1 or entries[0].verb != UPLOAD or entries[0].content is None:
        raise ValueError(f"resume files: one {UPLOAD} with its content per call")
    return entries[0], entries[0].content


def _signed_url(headers: Mapping[str, str]) -> str:
    """The id that was made: LinkedIn names it in a header that is not its protocol's (linkedin.md 10.1, row 12), and
    once more, percent-encoded, in the location.
    """
    if named := created_id(headers):
        return named
    before, mark, encoded = headers.get("location", "").partition(_SIGNED_IN)
    return unquote(encoded).strip() if mark and not before.strip("/") else ""


def _outcome(uploaded: Uploaded, address: SignedAddress, asked: Mapping[str, Any]) -> Outcome | None:
    """What an answer means for the file, None where it settles nothing. Raises for a 429 and for 5xx."""
    response = uploaded.response
    if response.status < 300:
        location = response.headers.get("location", "").strip().removeprefix(address.base_url)
        if not _LOCATION.fullmatch(location):
            return None
        facts = {"blob_urn": urns.ambry_blob(location)}
        return Outcome(news=News.ACCEPTED, status=response.status, facts=facts, request=asked)
    if response.status == 429 or response.status >= 500:
        raise failure_of(response, {"message": uploaded.words})
    code = _OF_THE_FILE.get(response.status, UPLOAD_LINK)
    return _refused(code, asked, status=response.status, words=uploaded.words)


def _refused(code: str, asked: Mapping[str, Any], *, words: str, status: int | None = None) -> Outcome:
    return Outcome(news=News.REJECTED, status=status, code=code, words=words, request=asked)
