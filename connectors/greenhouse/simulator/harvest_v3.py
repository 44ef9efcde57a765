"""Harvest v3 of simulated Greenhouse: lists for Site Admins, and the PATCH that closes an opening.

greenhouse.md 2 and 3.3. Order of checks: routing, token, scope, acting user, parameters.
"""

from __future__ import annotations

import re
from typing import Any

from connectors.base.simulation import Document, SimulatedAnswer, SimulatedRequest, World, json_answer
from connectors.greenhouse.simulator.accounts import Accounts
from connectors.greenhouse.simulator.edits import V3_FIELDS, Edits, Unfit, body_of
from connectors.greenhouse.simulator.limits import Limits
from connectors.greenhouse.simulator.listing import Filters, Listing, flag, ids, one_of, text
from connectors.greenhouse.simulator.positions import Positions
from connectors.greenhouse.simulator.tokens import Caller, Tokens
from connectors.greenhouse.simulator.wire import error, refuse, unprocessable

OPENING = re.compile(r"/v3/openings/(\d+)")
LIST = re.compile(r"/v3/([a-z_]+)")


class HarvestV3:
    """The v3 endpoints that closing a job needs."""

    def __init__(
        self, world: World, *, accounts: Accounts, positions: Positions, tokens: Tokens, edits: Edits, limits: Limits
    ) -> None:
        self._world = world
        self._accounts = accounts
        self._positions = positions
        self._tokens = tokens
        self._edits = edits
        self._limits = limits
        self._lists = {listing.name: listing for listing in self._listings()}

    def answer(self, request: SimulatedRequest, *, url: str) -> SimulatedAnswer:
        self._limits.take("v3", self._tokens.client_of(request))
        listing, opening = LIST.fullmatch(request.route), OPENING.fullmatch(request.route)
        if request.method == "GET" and listing and listing.group(1) in self._lists:
            return self._list(request, self._lists[listing.group(1)], url=url)
        if request.method == "PATCH" and opening:
            return self._patch(request, int(opening.group(1)))
        raise refuse(404)

    def _list(self, request: SimulatedRequest, listing: Listing, *, url: str) -> SimulatedAnswer:
        caller = self._allowed(request, f"harvest:{listing.name}:list")
        if caller.user is None or not caller.user["site_admin"]:
            # 8, row 15: the guide says "no results", practice says 403.
            if self._world.settings["not_site_admin"] == "empty":
                return json_answer(200, [])
            raise refuse(403)
        return listing.answer(request, account=caller.account, url=url)

    def _patch(self, request: SimulatedRequest, opening_id: int) -> SimulatedAnswer:
        caller = self._allowed(request, "harvest:openings:update")
        opening = self._positions.opening(opening_id, account=caller.account)
        if opening is None:
            raise refuse(404)
        if caller.user is None or not caller.user["may_edit_jobs"]:
            raise refuse(403)
        body = body_of(request)
        if body is None:
            return error(400)
        try:
            return json_answer(200, _opening(self._edits.apply(opening, body, fields=V3_FIELDS)))
        except Unfit as unfit:
            raise unprocessable({unfit.field: unfit.sentence}) from unfit

    def _allowed(self, request: SimulatedRequest, scope: str) -> Caller:
        caller = self._tokens.caller(request)
        if scope not in caller.credential["scopes"]:
            raise refuse(403)
        return caller

    def _listings(self) -> list[Listing]:
        status = one_of("open", "draft", "closed")
        job_filters = {"ids": ids, "requisition_id": text, "status": status, "confidential": flag}
        opening_filters = {"ids": ids, "job_ids": ids, "open": flag, "opening_id": text, "close_reason_ids": ids}
        user_filters = {"ids": ids, "primary_email": text, "deactivated": flag, "show_service_accounts": flag}
        return [
            Listing(name="jobs", filters=job_filters, rows=self._jobs, shown=_job),
            Listing(name="openings", filters=opening_filters, rows=self._openings, shown=_opening),
            Listing(name="close_reasons", filters={"ids": ids}, rows=self._close_reasons, shown=_close_reason),
            Listing(name="users", filters=user_filters, rows=self._users, shown=_user),
        ]

    def _jobs(self, account: str, wanted: Filters) -> list[Document]:
        if "ids" in wanted:
            rows = [job for number in wanted["ids"] if (job := self._positions.job(number, account=account))]
        elif "requisition_id" in wanted:
            rows = self._positions.jobs_with(wanted["requisition_id"], account=account)
        else:
            rows = self._positions.jobs(account)
        return [job for job in rows if _fits(_job(job), wanted, ("requisition_id", "status", "confidential"))]

    def _openings(self, account: str, wanted: Filters) -> list[Document]:
        if "ids" in wanted:
            found = [self._positions.opening(number, account=account) for number in wanted["ids"]]
            rows = [opening for opening in found if opening]
        elif "job_ids" in wanted:
            rows = [opening for number in wanted["job_ids"] for opening in self._positions.openings_of(number)]
        else:
            rows = self._positions.openings(account)
        mine = [row for row in rows if row["account"] == account and _fits(row, wanted, ("open", "opening_id"))]
        jobs, reasons = wanted.get("job_ids"), wanted.get("close_reason_ids")
        return [
            row
            for row in mine
            if (jobs is None or row["job_id"] in jobs) and (reasons is None or row["close_reason_id"] in reasons)
        ]

    def _close_reasons(self, account: str, wanted: Filters) -> list[Document]:
        return _with_ids(self._accounts.close_reasons(account), wanted)

    def _users(self, account: str, wanted: Filters) -> list[Document]:
        rows = _with_ids(self._accounts.users(account), wanted)
        if not wanted.get("show_service_accounts"):
            rows = [user for user in rows if not user["is_service"]]
        return [user for user in rows if _fits(_user(user), wanted, ("primary_email", "deactivated"))]


def _fits(row: Document, wanted: Filters, names: tuple[str, ...]) -> bool:
    return all(row[name] == wanted[name] for name in names if name in wanted)


def _with_ids(rows: list[Document], wanted: Filters) -> list[Document]:
    return [row for row in rows if "ids" not in wanted or row["id"] in wanted["ids"]]


def _job(job: Document) -> Document:
    names = ("id", "name", "requisition_id", "status", "opened_at", "closed_at", "created_at", "updated_at")
    nothing: dict[str, Any] = {"department_id": None, "office_ids": [], "notes": None, "copied_from_id": None}
    return (
        {name: job[name] for name in names}
        | nothing
        | {"confidential": False, "is_template": False, "custom_fields": {}}
    )


def _opening(opening: Document) -> Document:
    return {name: value for name, value in opening.items() if name != "account"}


def _close_reason(reason: Document) -> Document:
    return {name: reason[name] for name in ("id", "name", "created_at", "updated_at")}


def _user(user: Document) -> Document:
    first, _, last = str(user["name"]).partition(" ")
    shown = {"id": user["id"], "first_name": first, "last_name": last, "name": user["name"]}
    address = f"user-{user['id']}@example.com"
    shown.update(primary_email=address, emails=[address], deactivated=user["deactivated"])
    return {
        **shown,
        "site_admin": user["site_admin"],
        "created_at": user["created_at"],
        "updated_at": user["created_at"],
    }
