"""Simulated LinkedIn: its doors, routes, moods, and what tests and controls may ask of it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, ClassVar

from connectors.base.simulation import (
    Document,
    Door,
    Mood,
    SimulatedAnswer,
    SimulatedRequest,
    Simulator,
    Store,
    Table,
    World,
)
from connectors.base.simulation.line import Line
from connectors.linkedin.simulator import ambry, dialects, media, posters, status, tasks, tempers, tunnel, wire
from connectors.linkedin.simulator.ambry import Ambry
from connectors.linkedin.simulator.applications import CRM, JOBS, Applications
from connectors.linkedin.simulator.batches import METHODS
from connectors.linkedin.simulator.board import Board
from connectors.linkedin.simulator.crm import Crm
from connectors.linkedin.simulator.exhibits import Exhibits
from connectors.linkedin.simulator.holdings import Holdings
from connectors.linkedin.simulator.matches import Matches, checked
from connectors.linkedin.simulator.media import SignedAddresses
from connectors.linkedin.simulator.middleware import Middleware
from connectors.linkedin.simulator.postings import Postings
from connectors.linkedin.simulator.resources import APPLICATIONS, RESOURCES, Address, endpoint_in
from connectors.linkedin.simulator.status import PostingStatus
from connectors.linkedin.simulator.tasks import Tasks
from connectors.linkedin.simulator.throttle import Throttle
from connectors.linkedin.simulator.tokens import Tokens, oauth_error

TOKEN_PATH = "/oauth/v2/accessToken"
PRODUCTS = {media.ENDPOINT: CRM, **{endpoint: resource.product for endpoint, resource in RESOURCES.items()}}
Answerer = Callable[[SimulatedRequest, Document], SimulatedAnswer]


class Linkedin(Simulator):
    """LinkedIn Talent Solutions in practice; see `Simulator` for moods, clock and calls.

    `posting`, `tasks_of`, `record`, `count`, `warnings`, `live_tokens` ask; `seed_…`, `finish_tasks`, `remove`,
    `match`, `revoke_tokens` tell.
    """

    name: ClassVar[str] = "linkedin"
    endpoints: ClassVar[Sequence[str]] = (
        "token",
        JOBS,
        tasks.ENDPOINT,
        status.ENDPOINT,
        *RESOURCES,
        media.ENDPOINT,
        ambry.ENDPOINT,
    )
    unnoted: ClassVar[Sequence[str]] = ("token", ambry.ENDPOINT)
    doors: ClassVar[Mapping[str, Door]] = {
        "api": Door(prefix="/linkedin", url=wire.API_URL),
        "www": Door(prefix="/linkedin-www", url="https://www.linkedin.com"),
    }
    defaults: ClassVar[Mapping[str, Any]] = {
        "task_seconds": 60.0,  # usually within five minutes (3.9); the served door says two seconds
        "task_lifetime_seconds": 86_400,  # 10.1, row 1: the shorter of the two
        "close_conflict": "call",  # or "task": 10.1, row 26
        "unknown_status": "not_listed",  # or "missing" or "error": 3.11 does not say
        "poster_email_required": True,  # 10.1, row 17
        "expires_in_as_text": False,  # 1.2
        "apply_connect": True,  # whether the agreement lets people apply at LinkedIn (3.4)
        "pay_for_performance": True,  # whether the customer has opted in to budgets (3.8)
        "lifetime_budget": None,  # what all budgets of a contract together may come to (3.8)
        "match_seconds": 60.0,  # from a sync to LinkedIn's own match; the served door says two seconds
        "unknown_links": "error",  # or "accept" applications without job or candidate: 4.1 leaves it open
        "unknown_record": "error",  # or "missing": what a batch_get says of an unknown key is not documented
        "raw_keys": [APPLICATIONS.endpoint],  # 2.3: composite keys that answers write unencoded
        "tcrm_candidates": "known",  # or "unknown": the CRM sends its candidates by another way than ours
        "address_seconds": 900.0,  # 11: for how long a signed address works is not documented
        "address_uses": 1,
        "upload_url": "",  # where clients find the host of uploads, when no door can tell
        "address_header": "x-linkedin-id",  # or "x-restli-id" or "location": 10.1, row 12
        "upload_bytes_per_second": None,  # of all files together, by the served door; None: as fast as they come
        "too_large_status": 413,  # or 400: 11
        "unknown_file_status": 422,  # or 404: what a resume without its file is told is not documented
        "calls_per_day": {
            JOBS: 100_000,
            tasks.ENDPOINT: 300_000,
            status.ENDPOINT: 1_000_000,
            **dict.fromkeys(RESOURCES, 100_000),
        },  # 8.3
        "records_per_minute": {JOBS: 2_000, **dict.fromkeys(RESOURCES, 10_000)},
        "records_per_day": {JOBS: 60_000},
    }
    own_moods: ClassVar[Mapping[str, str]] = {
        "token_revoked": "the caller's token has been revoked",
        "missing_permission": "403: not enough permissions to access this resource",
        "wrong_contract": "403: the application is not on this contract (message = the contract URN)",
        "reject": "refuse one record inside a 200 (match = external id or part of a posting's title; status, message)",
        "refuse_read": "refuse to show one record inside a 200 (match = external id; status, message)",
        "forget": "leave one record out of the answer (match = external id)",
        "stock_validator": "422 for a whole batch_update with a bad record (match = id of one that is taken for bad)",
        "task_failed": "the posting task fails (match = external id or part of the title; message)",
        "task_processed": "the posting task ends as PROCESSED and is not live (match as above; message)",
        "stale_address": "the signed address for a file is too old when it is given out",
        "file_gone": "the file of a resume is not there any more (match = external id)",
        "unknown_tcrm_candidate": "the CRM side does not know the candidate of a resume (match = the candidate's id)",
        "slow_tasks": "the posting task takes longer (match as above; seconds)",
    }

    def __init__(self, store: Store | None = None, **settings: Any) -> None:
        super().__init__(store, **settings)
        world: World = self.world
        self._applications = Applications(world)
        self._tokens = Tokens(world, self._applications)
        self._throttle = Throttle(world)
        self._line = Line(lambda: world.settings["upload_bytes_per_second"])
        self._board = Board(world)
        self._tasks = Tasks(world, self._board)
        self._status = PostingStatus(world, self._board, self._tasks)
        postings = Postings(world, self._board, self._tasks, self._throttle)
        self._matches = Matches(world)
        self._holdings = Holdings(world, self._matches)
        self._exhibits = Exhibits(self._holdings, self._matches)
        self._addresses = SignedAddresses(
            world,
            api_prefix=self.doors["api"].prefix,
            www_prefix=self.doors["www"].prefix,
            www_url=self.doors["www"].url,
        )
        self._ambry = Ambry(world, self._addresses)
        self._crm = Crm(world, self._ambry)
        middleware = Middleware(world, self._board, self._throttle, self._holdings, self._matches, self._crm)
        self._routes: dict[tuple[str, str], Answerer] = {
            ("POST", JOBS): postings.answer,
            ("GET", tasks.ENDPOINT): self._tasks.answer,
            ("GET", status.ENDPOINT): self._status.answer,
            ("POST", media.ENDPOINT): self._addresses.answer,
        }
        for endpoint, resource in RESOURCES.items():
            self._routes.update({(verb, endpoint): partial(middleware.answer, resource) for verb in METHODS})

    # What tests and controls say and ask.

    def seed_application(
        self,
        *,
        client_id: str = "sim-client",
        client_secret: str = "sim-secret",
        organizations: Iterable[str] = ("urn:li:organization:77",),
        **options: Any,
    ) -> None:
        """Make an application known, or change it.

        Options: `contracts`, `job_contracts` (a list, or URN to number of premium slots), `products`, `is_parent`,
        `may_mint`, `fed_by_xml` (every task ends as PROCESSED).
        """
        with self.world.store.transaction():
            self._applications.put(
                client_id=client_id, client_secret=client_secret, organizations=organizations, **options
            )

    def seed_posting(self, external_id: str, *, client_id: str = "", **fields: Any) -> None:
        """Put up a live posting as if another system had posted it; `fields` override the payload."""
        with self.world.store.transaction():
            payload = {**_payload(external_id, self.world.clock.milliseconds()), **fields}
            self._board.apply(client_id or self._only_client(), payload)

    def posting(self, external_id: str, *, client_id: str = "") -> Document | None:
        """The posting as it is now (`status` LISTED, EXPIRED, CLOSED or REMOVED; `fields` as sent), or None."""
        with self.world.store.transaction():
            self._tasks.settle()
            found = self._board.find(client_id or self._only_client(), external_id)
            return self._board.seen(found) if found else None

    def tasks_of(self, external_id: str) -> list[Document]:
        """The posting's tasks, oldest first."""
        with self.world.store.transaction():
            self._tasks.settle()
            return self._tasks.of(external_id)

    def finish_tasks(self) -> None:
        """Finish every task now, without moving the clock."""
        with self.world.store.transaction():
            self._tasks.settle(all_of_them=True)

    def remove(self, external_id: str, *, client_id: str = "", reason: str = "The job was manually taken down") -> None:
        """LinkedIn removes a posting on its own account."""
        with self.world.store.transaction():
            self._tasks.settle()
            self._board.remove(client_id or self._only_client(), external_id, reason=reason)

    def seed_record(
        self,
        endpoint: str,
        external_id: str,
        *,
        parent: str = "",
        organization: str = "",
        client_id: str = "",
        fields: Mapping[str, Any] | None = None,
    ) -> None:
        """Put in a record of the Middleware Platform as if it had been synced before; no rule is asked."""
        with self.world.store.transaction():
            client_id = client_id or self._only_client()
            address = self._address(endpoint, external_id, parent, organization or self._organization_of(client_id))
            self._holdings.replace(RESOURCES[endpoint], address, fields or {}, client_id=client_id)

    def tell_tcrm_candidate(self, external_id: str, *, known: bool, organization: str = "") -> None:
        """Say whether the CRM side knows a candidate, whatever the setting `tcrm_candidates` says."""
        with self.world.store.transaction():
            organization = organization or self._organization_of(self._only_client())
            self._crm.tell(organization, external_id, known=known)

    def remove_file(self, location: str) -> None:
        """LinkedIn loses an uploaded file, named by its location or URN."""
        with self.world.store.transaction():
            self._ambry.remove(location)

    @property
    def files(self) -> list[Document]:
        """The uploaded files, oldest first, with `status` KEPT or EXPIRED; of what was in them size and digest."""
        return self._ambry.all()

    def match(self, external_id: str, *, members: Sequence[str] | None, organization: str = "") -> None:
        """Say whom LinkedIn takes a candidate for; no list leaves it to the built-in rule again."""
        with self.world.store.transaction():
            organization = organization or self._organization_of(self._only_client())
            self._holdings.match(Address(organization=organization, external_id=external_id), checked(members))

    def record(self, endpoint: str, external_id: str, *, parent: str = "", organization: str = "") -> Document | None:
        """A record of the Middleware Platform with `fields` and what the controls' state says of it, or None."""
        with self.world.store.transaction():
            organization = organization or self._organization_of(self._only_client())
            address = self._address(endpoint, external_id, parent, organization)
            kept = self._holdings.get(RESOURCES[endpoint], address)
            return self._exhibits.shown(RESOURCES[endpoint], kept) if kept else None

    def count(self, endpoint: str) -> int:
        """How many records of the Middleware Platform are held."""
        return self._holdings.count(RESOURCES[endpoint])

    def revoke_tokens(self, client_id: str = "") -> None:
        with self.world.store.transaction():
            self._tokens.revoke(client_id or self._only_client())

    def live_tokens(self, client_id: str = "") -> int:
        return len(self._tokens.live(client_id or self._only_client()))

    @property
    def warnings(self) -> list[str]:
        """What a good client would not do: more than one fresh token at a time."""
        return self._tokens.warnings()

    # The one function's parts.

    def understood(self, request: SimulatedRequest) -> SimulatedRequest:
        return tunnel.understood(request)

    def endpoint_of(self, request: SimulatedRequest, door: str) -> str:
        if request.route == TOKEN_PATH:
            return "token"
        if request.route.startswith(media.AMBRY_PATH):
            return ambry.ENDPOINT
        return endpoint_in(request.route.removeprefix("/v2/")) if request.route.startswith("/v2/") else ""

    def respond(self, request: SimulatedRequest, raw: SimulatedRequest, *, endpoint: str, door: str) -> SimulatedAnswer:
        if endpoint == "token" and door in ("", "www"):
            return self._tokens.mint(raw)
        wire.check_sizes(raw)
        tunnel.opened(raw)
        if endpoint == ambry.ENDPOINT and door in ("", "www"):
            return self._ambry.answer(request, self._tokens.application_of(request))
        if door == "www" or endpoint in ("", "token", ambry.ENDPOINT):
            raise wire.refuse(404, f"Resource {request.route} does not exist", code=wire.CODE_NOT_FOUND)
        return self._of_api(request, endpoint)

    def _of_api(self, request: SimulatedRequest, endpoint: str) -> SimulatedAnswer:
        application = self._tokens.application_of(request)
        if endpoint not in {resource for _, resource in self._routes}:
            raise wire.refuse(404, f"Resource {endpoint} does not exist", code=wire.CODE_NOT_FOUND)
        answerer = self._routes.get((request.method, endpoint))
        product = PRODUCTS.get(endpoint, JOBS)
        if answerer is None or application["is_parent"] or product not in application["products"]:
            raise wire.no_permission(request.method, endpoint)
        dialects.dialect_of(request)
        self._throttle.count_call(application["client_id"], endpoint)
        self._tasks.settle()
        return answerer(request, application)

    def in_mood(self, mood: Mood, request: SimulatedRequest, endpoint: str) -> SimulatedAnswer | None:
        if mood.kind == "token_revoked":
            self._tokens.revoke(self._tokens.application_of(request)["client_id"])
            return None
        if mood.kind == "missing_permission":
            return wire.no_permission(request.method, endpoint).answer
        if mood.kind == "wrong_contract":
            contract = mood.message or "urn:li:contract:0"
            return wire.error(403, f"Caller is not authorized to access the jobs for contract: {contract}", code=65600)
        if endpoint == "token" and mood.kind == "status":
            return oauth_error(mood.status, mood.message or "temporarily_unavailable", "").answer
        return super().in_mood(mood, request, endpoint)

    def error(self, status: int, *, message: str = "", code: int | None = None) -> SimulatedAnswer:
        return wire.error(status, message, code=code)

    def kinds_about_records(self) -> set[str]:
        about_resumes = {"stale_address", "file_gone", "unknown_tcrm_candidate"}
        return {"task_failed", "task_processed", "slow_tasks", *tempers.KINDS, *about_resumes}

    def path_noted(self, request: SimulatedRequest) -> str:
        return ambry.path_noted(request)

    def line_of(self, request: SimulatedRequest, *, door: str) -> Line | None:
        return self._line if door == "www" and self.endpoint_of(request, door) == ambry.ENDPOINT else None

    def common_headers(self, request: SimulatedRequest) -> dict[str, str]:
        number = uuid.uuid4().hex.upper()
        version = dialects.spoken_version(request)
        return {"x-li-uuid": number, "x-li-request-id": number, "X-RestLi-Protocol-Version": version}

    def dressed(self, answer: SimulatedAnswer, request: SimulatedRequest) -> SimulatedAnswer:
        """2.2: the header that marks an error has another name under protocol 2.0.0."""
        marker = wire.ERROR_MARKERS[dialects.spoken_version(request)]
        headers = {marker if name == wire.ERROR_MARKER else name: value for name, value in answer.headers.items()}
        return super().dressed(replace(answer, headers=headers), request)

    def records_in(self, request: SimulatedRequest, sent: Any) -> int:
        if isinstance(sent, dict) and isinstance(sent.get("elements"), list):
            return len(sent["elements"])
        if isinstance(sent, dict) and isinstance(sent.get("entities"), dict):
            return len(sent["entities"])
        resource = RESOURCES.get(self.endpoint_of(request, ""))
        return dialects.count_ids(request, composite=resource is not None and resource.parent is None)

    def state(self, *, limit: int = 100) -> Document:
        with self.world.store.transaction():
            self._tasks.settle()
            applications = [self._shown(application) for application in self._applications.all()]
            postings = [posters.shown(posting) for posting in self._board.latest(limit)]
            own: Document = {"applications": applications, "postings": postings, "tasks": self._tasks.latest(limit)}
            own["records"] = self._exhibits.state(limit)
            own["files"] = self._ambry.latest(limit)
        return {**super().state(limit=limit), **own, "warnings": self.warnings}

    def seed(self, content: Mapping[str, Any]) -> Document:
        """`{"settings": {…}, "applications": […], "postings": […], "removed": […], "records": […], "matches": […],
        "tcrm_candidates": […]}`.

        All optional; the entries are arguments of `seed_application`, `seed_posting`, `remove`, `seed_record`, `match`,
        `tell_tcrm_candidate`.
        """
        known: dict[str, Callable[..., None]] = {
            "applications": self.seed_application,
            "postings": self.seed_posting,
            "removed": self.remove,
            "records": self.seed_record,
            "matches": self.match,
            "tcrm_candidates": self.tell_tcrm_candidate,
        }
        unknown = sorted(set(content) - {"settings", *known})
        if unknown:
            raise ValueError(f"LinkedIn cannot be seeded with {', '.join(unknown)}")
        self.configure(**content.get("settings", {}))
        for name, put_in in known.items():
            for entry in content.get(name, []):
                put_in(**entry)
        return {name: len(content.get(name, [])) for name in known}

    def tables(self, *, limit: int = 50) -> list[Table]:
        held = self.state(limit=limit)
        return [
            posters.postings_table(held["postings"]),
            posters.tasks_table(held["tasks"]),
            *self._exhibits.tables(limit),
            self._ambry.table(limit),
        ]

    def _shown(self, application: Document) -> Document:
        hidden = {name: value for name, value in application.items() if name != "secret_digest"}
        return {**hidden, "live_tokens": len(self._tokens.live(application["client_id"]))}

    def _address(self, endpoint: str, external_id: str, parent: str, organization: str) -> Address:
        if endpoint not in RESOURCES:
            raise ValueError(f"no such endpoint: {endpoint}; there are {', '.join(RESOURCES)}")
        resource = RESOURCES[endpoint]
        if bool(parent) != bool(resource.parent or resource.parent_name):
            raise ValueError(f"{endpoint} wants {'no ' if parent else 'a '}parent")
        return Address(organization=organization, external_id=external_id, parent_id=parent)

    def _organization_of(self, client_id: str) -> str:
        application = self._applications.get(client_id)
        if application is None:
            raise ValueError(f"there is no application {client_id}")
        return str(application["organizations"][0])

    def _only_client(self) -> str:
        known = self._applications.all()
        if len(known) != 1:
            raise ValueError(f"say which client_id: there are {len(known)} applications")
        return str(known[0]["client_id"])


def _payload(external_id: str, now_ms: int) -> Document:
    return {
        "jobPostingOperationType": "CREATE",
        "externalJobPostingId": external_id,
        "title": f"Posting {external_id}",
        "description": "A posting that came to LinkedIn by another way. " * 3,
        "location": "Graz, Austria",
        "listedAt": now_ms,
        "companyApplyUrl": "https://careers.example.com/apply",
        "companyName": "Example",
    }
