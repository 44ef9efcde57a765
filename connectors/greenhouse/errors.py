"""What Greenhouse's refusals mean in plain words: greenhouse.md 1.6 (v1), 2.2 (token), 2.6 (v3), and our own codes.

Nobody publishes the vendor's texts: those that were seen are rows of their own, and behind them every status has a row.
"""

from __future__ import annotations

from connectors.base.explain import Explanation, Verdict, Who, find
from connectors.base.words import gettext_noop as _


def explain(*, status: int | None = None, code: str = "", words: str = "") -> Explanation:
    """What an outcome or error with these three means; there always is a row."""
    by_code = find(TABLE, where="code", words=code) if code else None
    if by_code:
        return by_code
    places = [str(status), f"{status // 100}xx"] if status else []
    rows = (find(TABLE, where=place, words=words) for place in [*places, "unanswered"])
    return next(row for row in rows if row)


def _own(code: str, meaning: str, remedy: str, *, field: str = "", who: Who = Who.RECRUITER) -> Explanation:
    """A clear failure that we tell of ourselves before or after asking Greenhouse."""
    return Explanation(
        pattern=f"^{code}$",
        where=frozenset({"code"}),
        meaning=meaning,
        remedy=remedy,
        verdict=Verdict.REJECT,
        field=field,
        who=who,
    )


def _credentials(code: str, meaning: str, remedy: str) -> Explanation:
    return Explanation(
        pattern=f"^{code}$",
        where=frozenset({"code"}),
        meaning=meaning,
        remedy=remedy,
        verdict=Verdict.CREDENTIALS,
        who=Who.SUPPORT,
    )


def _right(code: str, meaning: str, remedy: str) -> Explanation:
    """A scope or permission that is missing; a write also needs the acting user's own right."""
    return Explanation(
        pattern=f"^{code}$",
        where=frozenset({"code"}),
        meaning=meaning,
        remedy=remedy,
        verdict=Verdict.HOLD_OPERATION,
        who=Who.ADMINISTRATOR,
    )


def _said(
    statuses: str,
    pattern: str,
    meaning: str,
    remedy: str,
    *,
    verdict: Verdict,
    field: str = "",
    who: Who = Who.RECRUITER,
) -> Explanation:
    return Explanation(
        pattern=pattern,
        where=frozenset(statuses.split()),
        meaning=meaning,
        remedy=remedy,
        verdict=verdict,
        field=field,
        who=who,
    )


_OURS = (
    _own(
        "job_not_found",
        _("Greenhouse has no job with this ID, or does not show it to us."),
        _(
            "Compare the requisition ID with Greenhouse. The acting user must be a Site Admin, "
            "and on the hiring team of a confidential job."
        ),
        field="requisition_id",
    ),
    _own(
        "several_jobs",
        _("Several open jobs at Greenhouse have this requisition ID."),
        _("Enter the Greenhouse job ID of the one you mean, then try again."),
        field="greenhouse_job_id",
    ),
    _own(
        "job_is_draft",
        _("The job is still a draft at Greenhouse."),
        _("Open it at Greenhouse or delete it there; a draft cannot be closed."),
    ),
    _own(
        "no_openings",
        _("The job has no openings at Greenhouse, so there is nothing that could close it."),
        _("Add an opening at Greenhouse and try again, or close the job there by hand."),
    ),
    _own(
        "job_stays_open",
        _("All openings of the job are closed, but Greenhouse still shows the job as open."),
        _("Check again in a few minutes. If it stays open, close it at Greenhouse by hand."),
    ),
    _own(
        "no_reference",
        _("The job has neither a requisition ID nor a Greenhouse job ID."),
        _("Enter one of the two, then try again."),
        field="requisition_id",
    ),
)

_TOKEN = (
    _credentials(
        "token_invalid_client",
        _("Greenhouse does not know this client ID with this client secret."),
        _("Enter both again from Greenhouse, Dev Center, API Credentials. A rotated secret dies within a week."),
    ),
    _credentials(
        "token_malformed_client_id",
        _("The client ID is not one that Greenhouse hands out."),
        _("Copy the client ID of a “Harvest V3 (OAuth)” credential. An old Harvest API key does not work here."),
    ),
    _credentials(
        "token_invalid_grant",
        _("Greenhouse no longer accepts the sign-in of this connection."),
        _("Create new credentials at Greenhouse and enter them here."),
    ),
    _credentials(
        "token_grant_type",
        _("These credentials may not sign in by themselves."),
        _("Use a “Harvest V3 (OAuth)” credential that the customer created for its own account."),
    ),
    _credentials(
        "token_refused",
        _("Greenhouse refuses to sign this connection in."),
        _("Check client ID, client secret, and that the acting user's number belongs to an active user."),
    ),
    _credentials(
        "v3_refused",
        _("Greenhouse has refused our access, also after signing in anew."),
        _("Check that the credential still exists, and that no other program signs in with it."),
    ),
    _credentials(
        "v1_refused",
        _("Greenhouse does not accept the API key. It is wrong or revoked, or the legacy API is switched off."),
        _("Create a “Harvest V3 (OAuth)” credential and connect again with v3."),
    ),
    _credentials(
        "legacy_gone",
        _("Greenhouse has switched off the legacy API (v1)."),
        _("Create a “Harvest V3 (OAuth)” credential and connect again with v3."),
    ),
)

_RIGHTS = (
    _right(
        "harvest:jobs:list",
        _("We may not list jobs at Greenhouse."),
        _("Give the credential the scope harvest:jobs:list. The acting user must be a Site Admin."),
    ),
    _right(
        "harvest:openings:list",
        _("We may not list the openings of jobs at Greenhouse."),
        _("Give the credential the scope harvest:openings:list. The acting user must be a Site Admin."),
    ),
    _right(
        "harvest:close_reasons:list",
        _("We may not list close reasons at Greenhouse."),
        _("Give the credential the scope harvest:close_reasons:list. The acting user must be a Site Admin."),
    ),
    _right(
        "harvest:openings:update",
        _("We may not close openings at Greenhouse."),
        _("Give the credential the scope harvest:openings:update. The acting user must be allowed to edit the job."),
    ),
    _right(
        "GET: List Jobs",
        _("The API key may not list jobs at Greenhouse."),
        _("Tick “GET: List Jobs” on the key."),
    ),
    _right(
        "GET: Retrieve Job",
        _("The API key may not look at a single job at Greenhouse."),
        _("Tick “GET: Retrieve Job” on the key, or give the job a requisition ID."),
    ),
    _right(
        "GET: List Openings For a Job",
        _("The API key may not list the openings of jobs at Greenhouse."),
        _("Tick “GET: List Openings For a Job” on the key."),
    ),
    _right(
        "PATCH: Edit job openings",
        _("The API key may not close openings at Greenhouse."),
        _("Tick “PATCH: Edit job openings” on the key. The acting user must be allowed to edit the job."),
    ),
)

_SEEN = (
    _said(
        "401",
        "refreshed or revoked|could not be decoded",
        _("Our access was replaced by a newer one, or it has ended."),
        _("We sign in again by ourselves. If it stays, no other program may sign in with the same credential."),
        verdict=Verdict.CREDENTIALS,
        who=Who.SUPPORT,
    ),
    _said(
        "422 400",
        "close_reason",
        _("Greenhouse does not accept the close reason."),
        _("Choose another close reason and try again."),
        verdict=Verdict.REJECT,
        field="close_reason_id",
    ),
    _said(
        "422 400",
        "status",
        _("Greenhouse does not accept the opening's new status."),
        _("Look at the opening at Greenhouse: an approval may be missing."),
        verdict=Verdict.REJECT,
        field="status",
    ),
    _said(
        "422",
        r"cursor|per_page|\bids\b",
        _("Greenhouse refuses the way we list its data."),
        _("Tell whoever looks after TalentSync; it is not about the job."),
        verdict=Verdict.REJECT,
        who=Who.SUPPORT,
    ),
    _said(
        "404",
        "resource not found",
        _("Greenhouse does not know what we asked for: the address, the acting user's number or the opening."),
        _("Check that the acting user's number belongs to a user of this Greenhouse account."),
        verdict=Verdict.REJECT,
        who=Who.SUPPORT,
    ),
    _said(
        "404",
        "not found",
        _("The opening is not there, or the acting user may not see it."),
        _("Check that the acting user may edit the job at Greenhouse."),
        verdict=Verdict.REJECT,
    ),
)

_BY_STATUS = (
    _said(
        "400",
        "",
        _("Greenhouse could not read what was sent."),
        _("Check the credentials of the connection; an incomplete key is answered this way."),
        verdict=Verdict.REJECT,
        who=Who.SUPPORT,
    ),
    _said(
        "401",
        "",
        _("Greenhouse does not accept the credentials."),
        _("Enter the credentials of the connection again."),
        verdict=Verdict.CREDENTIALS,
        who=Who.SUPPORT,
    ),
    _said(
        "403",
        "",
        _("Greenhouse does not allow this."),
        _("Check the scopes of the credential and the rights of the acting user."),
        verdict=Verdict.HOLD_OPERATION,
        who=Who.ADMINISTRATOR,
    ),
    _said(
        "404",
        "",
        _("Greenhouse does not find what we asked for."),
        _("Look at the job at Greenhouse, then try again."),
        verdict=Verdict.REJECT,
    ),
    _said(
        "409",
        "",
        _("Somebody changed the job at Greenhouse at the same moment."),
        _("Nothing to do: we look again."),
        verdict=Verdict.CHECK_STATUS,
        who=Who.NOBODY,
    ),
    _said(
        "422",
        "",
        _("Greenhouse does not accept the change."),
        _("Read Greenhouse's words, put it right at Greenhouse and try again."),
        verdict=Verdict.REJECT,
    ),
    _said(
        "429",
        "",
        _("We have asked Greenhouse too often for the moment."),
        _("Nothing to do: we go on when Greenhouse allows it."),
        verdict=Verdict.THROTTLE,
        who=Who.NOBODY,
    ),
    _said(
        "5xx",
        "",
        _("Greenhouse has a problem of its own."),
        _("Nothing to do: we try again. See status.greenhouse.io if it lasts."),
        verdict=Verdict.RETRY,
        who=Who.NOBODY,
    ),
    _said(
        "4xx",
        "",
        _("Greenhouse refuses the call."),
        _("Read Greenhouse's words; Support can look at request and answer."),
        verdict=Verdict.REJECT,
        who=Who.SUPPORT,
    ),
    _said(
        "unanswered",
        "",
        _("Greenhouse could not be reached, or gave no answer that we can read."),
        _("Nothing to do: we try again. If it lasts, ask whoever looks after the network."),
        verdict=Verdict.RETRY,
        who=Who.NOBODY,
    ),
)

TABLE: tuple[Explanation, ...] = _OURS + _TOKEN + _RIGHTS + _SEEN + _BY_STATUS

OWN_FAILURES = {row.pattern.strip("^$"): row for row in _OURS}
