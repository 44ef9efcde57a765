"""`GET /v2/jobPostingStatus` of simulated LinkedIn: what is listed, independent of any task (linkedin.md 3.11)."""

from __future__ import annotations

from connectors.base.simulation import Document, SimulatedAnswer, SimulatedRequest, World, json_answer
from connectors.linkedin.simulator.board import Board
from connectors.linkedin.simulator.dialects import batch_keys
from connectors.linkedin.simulator.extensions import asks_twice, takes_applications, total_budget
from connectors.linkedin.simulator.tasks import Tasks
from connectors.linkedin.simulator.wire import check_method

ENDPOINT = "jobPostingStatus"
MOST_KEYS = 100

NOT_FOUND = {"errorCode": 1001, "errorType": "PARTNER_ERROR", "statusMessage": "No job posting was found for this id"}
CLOSED = {"errorCode": 1002, "errorType": "CUSTOMER_ERROR", "statusMessage": "The job posting was closed"}
ASKED_TWICE = {
    "errorCode": 2001,
    "errorType": "PARTNER_ERROR",
    "statusMessage": "Two questions have the same partnerQuestionIdentifier",
}
EXPIRED = {"errorCode": 1003, "errorType": "CUSTOMER_ERROR", "statusMessage": "The job posting has expired"}


class PostingStatus:
    """Answers from the board; an id that was never posted is NOT_LISTED, or missing where so configured."""

    def __init__(self, world: World, board: Board, tasks: Tasks) -> None:
        self._world = world
        self._board = board
        self._tasks = tasks

    def answer(self, request: SimulatedRequest, application: Document) -> SimulatedAnswer:
        check_method(request, "batch_get")
        results, errors = {}, {}
        for external_id in batch_keys(request, most=MOST_KEYS):
            if self._world.record_mood("forget", ENDPOINT, external_id=external_id):
                continue
            entry = self.of(application["client_id"], external_id)
            if entry is not None:
                results[external_id] = entry
            elif self._world.settings["unknown_status"] == "error":
                errors[external_id] = {"status": 404, "message": f"Job posting {external_id} does not exist"}
        return json_answer(200, {"results": results, "statuses": {}, "errors": errors})

    def of(self, client_id: str, external_id: str) -> Document | None:
        """The entry of one posting; None where unknown ids are not answered."""
        posting = self._board.find(client_id, external_id)
        posts = [one for one in self._tasks.working_on(client_id, external_id) if one == "CREATE"]
        if posting is None and not posts and self._world.settings["unknown_status"] != "not_listed":
            return None
        status = self._board.status_of(posting) if posting else "UNKNOWN"
        entry: Document = {"externalJobPostingId": external_id}
        entry["listingStatus"] = "LISTED" if status == "LISTED" else "IN_PROGRESS" if posts else "NOT_LISTED"
        entry["linkedInApplyStatus"] = "NOT_ENABLED"
        entry["promotionStatus"] = "NOT_PROMOTED"
        if entry["listingStatus"] == "NOT_LISTED":
            entry["listingStatusDetail"] = _why_not(status, posting)
        if posting is not None:
            entry.update(_facts(posting, listed=status == "LISTED"))
        return entry


def _why_not(status: str, posting: Document | None) -> Document:
    if status == "REMOVED" and posting is not None:
        return {"errorCode": 1004, "errorType": "LINKEDIN_ERROR", "statusMessage": posting["removed_because"]}
    return {"CLOSED": CLOSED, "EXPIRED": EXPIRED}.get(status, NOT_FOUND)


def _facts(posting: Document, *, listed: bool) -> Document:
    public = posting["availability"] == "PUBLIC"
    fields = posting["fields"]
    facts: Document = {
        "rawLocation": posting["location"],
        "jobPostingInfo": {
            "expireAt": posting["expire_at"],
            "listedAt": posting["listed_at"],
            "location": posting["location"],
            "alternateLocations": fields.get("alternateLocations", []),
            "companyDetails": {"name": fields.get("companyName", ""), "pageUrl": fields.get("companyPageUrl", "")},
            "visibilityTag": "PUBLIC" if public else "PRIVATE",
        },
    }
    if listed and (posting["listing_type"] == "PREMIUM" or total_budget(fields)):
        facts["promotionStatus"] = "PROMOTED"
    if listed and takes_applications(fields):
        facts["linkedInApplyStatus"] = "ENABLED"
    elif asks_twice(fields):
        facts["linkedInApplyStatusDetail"] = ASKED_TWICE
    if public:
        facts["jobPostingUrl"] = f"https://www.linkedin.com/jobs/view/{posting['number']}"
    return facts
