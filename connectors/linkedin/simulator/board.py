"""The postings that simulated LinkedIn holds, and what each finished operation does to them (linkedin.md 3.2, 3.3).

A posting belongs to the application that posted it. It expires by the virtual clock, without anybody doing anything.
"""

from __future__ import annotations

from dataclasses import dataclass

from connectors.base.simulation import DAY_SECONDS, Document, World
from connectors.linkedin.simulator.vetting import plain

FIRST_POSTING = 4_000_000_001
LIFETIME_DAYS = {"BASIC": 180, "PREMIUM": 30}  # 3.3, expireAt
RENEWAL_DAYS = 30  # 3.2

# 3.10: the words that the documents give for these failures.
ALREADY_EXISTS = "A job with the same partnerIdentifier already exists; this looks like a duplicate creation request"
NOT_EXISTING = "Operation type {operation} is not allowed for a non-existing job"
ALREADY_CLOSED = "Cannot close job which is already closed or does not exist"
NOT_AN_UPGRADE = "Only a job with a single location can be upgraded"  # 3.2; the words are ours
NOT_AN_UPDATE = (
    "Availability cannot change from PUBLIC to PRIVATE_TO_ATS_INTEGRATION: close the job and create it again"
)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of an operation: the words of its failure, or the URN of the posting."""

    failure: str = ""
    posting_urn: str = ""


class Board:
    """Postings by application and external id."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._kept = world.collection("postings")

    def find(self, client_id: str, external_id: str) -> Document | None:
        return self._kept.get(key_of(client_id, external_id))

    def latest(self, limit: int) -> list[Document]:
        return [self.seen(posting) for posting in self._kept.latest(limit)]

    def all(self) -> list[Document]:
        return self._kept.all()

    def seen(self, posting: Document) -> Document:
        """The posting with its status as of now: LISTED, EXPIRED, CLOSED or REMOVED."""
        return {**posting, "status": self.status_of(posting)}

    def status_of(self, posting: Document) -> str:
        over = posting["state"] == "LISTED" and posting["expire_at"] <= self._world.clock.milliseconds()
        return "EXPIRED" if over else str(posting["state"])

    def is_live(self, client_id: str, external_id: str) -> bool:
        posting = self.find(client_id, external_id)
        return posting is not None and self.status_of(posting) == "LISTED"

    def premium_in_use(self, contract: str) -> int:
        """How many slots of the contract live premium postings take."""
        return sum(
            1 for posting in self.all() if posting["contract"] == contract and self.status_of(posting) == "LISTED"
        )

    def remove(self, client_id: str, external_id: str, *, reason: str) -> None:
        """LinkedIn takes a posting down on its own account."""
        posting = self.find(client_id, external_id)
        if posting is None:
            raise ValueError(f"there is no posting {external_id}")
        self._put({**posting, "state": "REMOVED", "removed_because": reason})

    def apply(self, client_id: str, element: Document) -> Outcome:
        """Carry out a finished task."""
        operation, external_id = element["jobPostingOperationType"], element["externalJobPostingId"]
        if operation == "CREATE":
            return self._create(client_id, external_id, element)
        posting = self.find(client_id, external_id)
        if posting is None or self.status_of(posting) != "LISTED":
            missing = ALREADY_CLOSED if operation == "CLOSE" else NOT_EXISTING.format(operation=operation)
            return Outcome(failure=missing)
        if operation == "UPDATE":
            return self._update(posting, element)
        if operation == "RENEW":
            posting["expire_at"] += RENEWAL_DAYS * DAY_SECONDS * 1000
        else:
            posting.update(state="CLOSED", closed_at=self._world.clock.milliseconds())
        return self._put(posting)

    def _create(self, client_id: str, external_id: str, element: Document) -> Outcome:
        if self.is_live(client_id, external_id):
            return Outcome(failure=ALREADY_EXISTS)
        number = self._world.next_number("postings", first=FIRST_POSTING)
        posting = {"client_id": client_id, "external_id": external_id, "number": number, "state": "LISTED"}
        posting.update(self._content(element), expire_at=self._expiry(element))
        if element.get("state") == "CLOSED":  # 3.13: how a job that is over already is made known
            posting["state"] = "CLOSED"
        return self._put(posting)

    def _update(self, posting: Document, element: Document) -> Outcome:
        if posting["availability"] == "PUBLIC" and element.get("availability", "PUBLIC") != "PUBLIC":
            return Outcome(failure=NOT_AN_UPDATE)
        content = self._content(element)
        upgraded = (posting["listing_type"], content["listing_type"]) == ("BASIC", "PREMIUM")
        if upgraded and (element.get("alternateLocations") or posting["fields"].get("alternateLocations")):
            return Outcome(failure=NOT_AN_UPGRADE)
        # An upgrade starts the premium time anew (3.2); any other update keeps the end unless it names one.
        if content["listing_type"] != posting["listing_type"] or "expireAt" in element:
            content["expire_at"] = self._expiry(element)
        if element.get("state") == "CLOSED":
            content["state"] = "CLOSED"
        return self._put({**posting, **content})

    def _content(self, element: Document) -> Document:
        return {
            "title": element["title"],
            "location": element.get("location", ""),
            "listing_type": element.get("listingType", "BASIC"),
            "contract": element.get("contract", "") if element.get("listingType") == "PREMIUM" else "",
            "availability": element.get("availability", "PUBLIC"),
            "organization": element.get("integrationContext", ""),
            "listed_at": element["listedAt"],
            "fields": {**element, "description": plain(element["description"])},
        }

    def _expiry(self, element: Document) -> int:
        days = LIFETIME_DAYS[element.get("listingType", "BASIC")]
        usual = self._world.clock.milliseconds() + days * DAY_SECONDS * 1000
        return int(element.get("expireAt") or usual)

    def _put(self, posting: Document) -> Outcome:
        self._kept.put(key_of(posting["client_id"], posting["external_id"]), posting)
        return Outcome(posting_urn=urn_of(posting))


def key_of(client_id: str, external_id: str) -> str:
    return f"{client_id}|{external_id}"


def urn_of(posting: Document) -> str:
    return f"urn:li:jobPosting:{posting['number']}"
