"""Simulated Greenhouse: its doors, versions, moods, and what tests and controls may ask of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
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
)
from connectors.greenhouse.simulator import wire
from connectors.greenhouse.simulator.accounts import ACCOUNT, CLOSING_SCOPES, Accounts
from connectors.greenhouse.simulator.edits import Edits
from connectors.greenhouse.simulator.harvest_v1 import HarvestV1, caller_of
from connectors.greenhouse.simulator.harvest_v3 import HarvestV3
from connectors.greenhouse.simulator.limits import TOKEN_WINDOW_SECONDS, Limits
from connectors.greenhouse.simulator.positions import Positions
from connectors.greenhouse.simulator.tokens import Tokens

RESOURCE = re.compile(r"/v[13]/(?:jobs/\d+/)?([a-z_]+)(?:/\d+)?")


class Greenhouse(Simulator):
    """Greenhouse Harvest v3 and v1 in practice; see `Simulator` for moods, clock and calls.

    `job`, `openings` and `open_openings` ask it; `seed_…`, `add_opening`, `close_opening` and `revoke_tokens` tell it.
    Everything belongs to an account; whoever seeds without naming one works in `practice`.
    """

    name: ClassVar[str] = "greenhouse"
    # The same names in both versions.
    endpoints: ClassVar[Sequence[str]] = ("token", "jobs", "openings", "close_reasons", "users")
    doors: ClassVar[Mapping[str, Door]] = {
        "api": Door(prefix="/greenhouse", url="https://harvest.greenhouse.io"),
        "auth": Door(prefix="/greenhouse-auth", url="https://auth.greenhouse.io"),
    }
    defaults: ClassVar[Mapping[str, Any]] = {
        "v3_limit": 75,  # greenhouse.md 2.4
        "v3_window_seconds": 30,
        "v1_limit": 50,  # 1.3
        "v1_window_seconds": 10,
        "token_limit": 60,
        "token_window_seconds": TOKEN_WINDOW_SECONDS,
        "closed_twice": "accept",  # or "refuse": 3.4
        "not_site_admin": "refuse",  # or "empty": 8, row 15
        "expiry_field": "expires_at",  # or "expires_in" or "expires": 8, row 10
    }
    own_moods: ClassVar[Mapping[str, str]] = {
        "token_revoked": "the caller's token has been revoked",
        "missing_scope": "403: the credential or key lacks the right to this call",
    }

    def __init__(self, store: Store | None = None, **settings: Any) -> None:
        super().__init__(store, **settings)
        # Links of lists lead here; a test that mounts the vendor elsewhere says where.
        self.url = self.doors["api"].url
        self._accounts = Accounts(self.world)
        self._positions = Positions(self.world)
        self._tokens = Tokens(self.world, self._accounts)
        self._limits = Limits(self.world)
        edits = Edits(self.world, self._accounts, self._positions)
        self._v3 = HarvestV3(
            self.world,
            accounts=self._accounts,
            positions=self._positions,
            tokens=self._tokens,
            edits=edits,
            limits=self._limits,
        )
        self._v1 = HarvestV1(
            self.world, accounts=self._accounts, positions=self._positions, edits=edits, limits=self._limits
        )

    # What tests and controls say and ask.

    def seed_credential(
        self,
        *,
        client_id: str = "sim-client",
        client_secret: str = "sim-secret",
        account: str = ACCOUNT,
        scopes: Iterable[str] = CLOSING_SCOPES,
        acting_users: Iterable[int] = (4410027,),
    ) -> None:
        """Make a v3 credential known, or change it; the acting users become Site Admins of the account if new."""
        with self.world.store.transaction():
            self._accounts.put_credential(
                client_id=client_id, client_secret=client_secret, account=account, scopes=scopes
            )
            self._add_users(acting_users, account)

    def seed_key(
        self,
        *,
        api_key: str = "sim-key",
        account: str = ACCOUNT,
        permissions: Iterable[str] = CLOSING_SCOPES,
        acting_users: Iterable[int] = (4410027,),
    ) -> None:
        """Make a v1 key known, or change it."""
        with self.world.store.transaction():
            self._accounts.put_key(api_key=api_key, account=account, permissions=permissions)
            self._add_users(acting_users, account)

    def seed_user(self, user_id: int, *, account: str = ACCOUNT, **options: Any) -> None:
        """Add a user or change one. Options: `name`, `site_admin`, `may_edit_jobs`, `deactivated`."""
        with self.world.store.transaction():
            self._accounts.put_user(user_id, account=account, **options)

    def seed_close_reason(self, reason_id: int, name: str, *, account: str = ACCOUNT) -> None:
        with self.world.store.transaction():
            self._accounts.put_close_reason(reason_id, name, account=account)

    def seed_job(
        self,
        requisition_id: str | None,
        *,
        openings: int = 3,
        closed_openings: int = 0,
        name: str = "",
        status: str = "open",
        account: str = ACCOUNT,
        live_posts: int = 1,
        active_applications: int = 2,
        unless_known: bool = False,
    ) -> int:
        """Add a job and answer its id; with `unless_known` a job of that requisition id is left as it is."""
        with self.world.store.transaction():
            known = self._positions.jobs_with(str(requisition_id), account=account) if unless_known else []
            if known:
                return int(known[0]["id"])
            job = self._positions.add_job(
                requisition_id,
                account=account,
                name=name or f"Job {requisition_id}",
                status=status,
                n_posts=live_posts,
                n_applications=active_applications,
            )
            for _ in range(closed_openings):
                self._positions.add_opening(job, is_open=False, reason_id=512)
            for _ in range(openings):
                self._positions.add_opening(job)
            return int(job["id"])

    def add_opening(self, job_id: int) -> int:
        """Somebody opens one more seat meanwhile."""
        with self.world.store.transaction():
            job = self._positions.job(job_id)
            if job is None:
                raise ValueError(f"there is no job {job_id}")
            return int(self._positions.add_opening(job)["id"])

    def close_opening(self, opening_id: int, *, reason_id: int = 513) -> None:
        """Somebody else closes a seat meanwhile, as a hire does."""
        with self.world.store.transaction():
            opening = self._positions.opening(opening_id)
            if opening is None:
                raise ValueError(f"there is no opening {opening_id}")
            self._positions.close(opening, reason_id=reason_id)

    def job(self, job_id: int) -> Document | None:
        """The job with `status`, `closed_at`, `posts` (each `live` or not) and `active_applications`."""
        return self._positions.job(job_id)

    def openings(self, job_id: int) -> list[Document]:
        return self._positions.openings_of(job_id)

    def open_openings(self, job_id: int) -> list[Document]:
        return [opening for opening in self.openings(job_id) if opening["open"]]

    def revoke_tokens(self, client_id: str = "sim-client") -> None:
        with self.world.store.transaction():
            self._tokens.revoke(client_id)

    # The one function's parts.

    def endpoint_of(self, request: SimulatedRequest, door: str) -> str:
        if request.route == "/token":
            return "token"
        found = RESOURCE.fullmatch(request.route)
        return found.group(1) if found else ""

    def respond(self, request: SimulatedRequest, raw: SimulatedRequest, *, endpoint: str, door: str) -> SimulatedAnswer:
        if endpoint == "token" and door in ("", "auth") and request.method == "POST":
            self._limits.take("token", "")
            return self._tokens.mint(request)
        if door == "auth":
            raise wire.refuse(404)
        if request.route.startswith("/v1/"):
            return self._v1.answer(request, url=request.origin or self.url)
        return self._v3.answer(request, url=request.origin or self.url)

    def in_mood(self, mood: Mood, request: SimulatedRequest, endpoint: str) -> SimulatedAnswer | None:
        if mood.kind == "token_revoked":
            self._tokens.revoke(self._tokens.client_of(request))
            return None
        if mood.kind == "missing_scope":
            return wire.error(403)
        return super().in_mood(mood, request, endpoint)

    def error(self, status: int, *, message: str = "", code: int | None = None) -> SimulatedAnswer:
        if status == 422 and message:
            return wire.unprocessable(message).answer
        return wire.error(status, message)

    def common_headers(self, request: SimulatedRequest) -> dict[str, str]:
        told = super().common_headers(request)
        if request.route.startswith("/v1/"):
            return {**told, **self._limits.headers("v1", caller_of(request))}
        if request.route == "/token":
            return {**told, **self._limits.headers("token", "")}
        return {**told, **self._limits.headers("v3", self._tokens.client_of(request))}

    def records_in(self, request: SimulatedRequest, sent: Any) -> int:
        return 1 if request.method == "PATCH" else 0

    def state(self, *, limit: int = 100) -> Document:
        with self.world.store.transaction():
            names = ("client_id", "account", "scopes", "service_user")
            credentials = [{name: one[name] for name in names} for one in self._accounts.credentials()]
            jobs = [self._shown(job) for job in self._positions.latest_jobs(limit)]
        return {**super().state(limit=limit), "credentials": credentials, "jobs": jobs}

    def seed(self, content: Mapping[str, Any]) -> Document:
        """`{"settings": {…}, "credentials": […], "keys": […], "users": […], "close_reasons": […], "jobs": […]}`.

        Each entry holds the arguments of the `seed_…` function of its name (for a user `user_id`, for a close reason
        `reason_id` and `name`, for a job `requisition_id`); all are optional. Answers the ids of the jobs.
        """
        seeds: dict[str, Callable[..., None]] = {
            "credentials": self.seed_credential,
            "keys": self.seed_key,
            "users": self.seed_user,
            "close_reasons": self.seed_close_reason,
        }
        unknown = sorted(set(content) - {"settings", "jobs", *seeds})
        if unknown:
            raise ValueError(f"Greenhouse cannot be seeded with {', '.join(unknown)}")
        self.configure(**content.get("settings", {}))
        for name, seed in seeds.items():
            for entry in content.get(name, []):
                seed(**entry)
        return {"jobs": [self.seed_job(**entry) for entry in content.get("jobs", [])]}

    def tables(self, *, limit: int = 50) -> list[Table]:
        jobs = [
            (
                str(job["requisition_id"] or "none"),
                job["name"],
                job["status"],
                f"{job['open_openings']} of {job['openings']}",
                "yes" if job["is_on_boards"] else "no",
                str(job["active_applications"]),
                job["account"],
            )
            for job in self.state(limit=limit)["jobs"]
        ]
        columns = ("Requisition", "Job", "Status", "Open openings", "On boards", "Active candidates", "Account")
        return [Table(title="Jobs", columns=columns, rows=jobs, empty="No jobs have been put in yet.")]

    def _add_users(self, user_ids: Iterable[int], account: str) -> None:
        for user_id in user_ids:
            if self._accounts.user(user_id, account=account) is None:
                self._accounts.put_user(user_id, account=account)

    def _shown(self, job: Document) -> Document:
        openings = self._positions.openings_of(job["id"])
        n_open = sum(1 for opening in openings if opening["open"])
        names = ("id", "account", "requisition_id", "name", "status", "closed_at", "active_applications")
        live = any(post["live"] for post in job["posts"])
        shown = {name: job[name] for name in names}
        return {**shown, "open_openings": n_open, "openings": len(openings), "is_on_boards": live}
