"""What our own codes mean: why a click passes over a job, and why a delivery stopped though no vendor refused it.

The reviewed tables of this app; a test holds that no code is without its sentence.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from connectors.base.explain import Explanation, Verdict, Who
from connectors.base.words import gettext_noop

REASONS: Mapping[str, str | Promise] = {
    "already_closed": _("It is closed at LinkedIn already."),
    "already_live": _("It is live at LinkedIn already. Use Update to send what changed."),
    "being_closed": _("It is being closed already."),
    "being_sent": _("Somebody has asked for it already; it goes with that request."),
    "being_posted": _("It is being posted already."),
    "changed_since": _("It is live at LinkedIn, and has changed since it was sent. Use Update to send what changed."),
    "closed_at_greenhouse": _("Greenhouse says it is closed. If somebody has opened it again, use Check now first."),
    "closed_in_ats": _("It is closed in your ATS. Only open jobs are posted, updated and renewed."),
    "ended_there": _("LinkedIn has it as closed or expired, though it is open here. Use Post to show it again."),
    "incomplete": _("Something that LinkedIn asks for is missing or wrong. The job's page says what."),
    "known_there": _("LinkedIn knows it already, as it is."),
    "live_there": _("It is live at LinkedIn, though your ATS says that it is closed. Use Close…."),
    "no_reference": _("It has no requisition ID and no Greenhouse job ID. Without one, Greenhouse cannot find it."),
    "not_live": _("It is not live at LinkedIn. Use Post."),
    "nothing_changed": _("Nothing has changed since it was last sent."),
    "nothing_failed": _("Nothing failed here."),
    "opened_again": _("It is open in your ATS again. Use Post."),
    "post_instead": _("LinkedIn no longer has it. Use Post."),
    "several_places": _("LinkedIn makes only jobs with one location premium. Close it, then post it as premium."),
    "turns_private": _("It is live and public, and now marked private. Close it first, then post it again."),
}


def _own(code: str, meaning: str, remedy: str, *, who: Who = Who.RECRUITER) -> Explanation:
    return Explanation(
        pattern=f"^{code}$", where=frozenset({"code"}), meaning=meaning, remedy=remedy, verdict=Verdict.REJECT, who=who
    )


STOPS: Mapping[str, Explanation] = {
    row.pattern.strip("^$"): row
    for row in (
        _own(
            "closed_there",
            gettext_noop("The job is closed at LinkedIn, or LinkedIn removed it."),
            gettext_noop("Use Post if it should be shown again, as a new post."),
        ),
        _own(
            "nothing_to_renew",
            gettext_noop("The job is not live at LinkedIn, so there is nothing to renew."),
            gettext_noop("Use Post if it should be shown again."),
        ),
        _own(
            "live_there",
            gettext_noop("The job is live at LinkedIn, though your ATS says that it is closed. Nothing was changed."),
            gettext_noop("Use Close… if it should go, or open the job in your ATS."),
        ),
        _own(
            "unmappable",
            gettext_noop("The job cannot be sent as it is. Nothing was sent."),
            gettext_noop("Correct the field that is named here, then use Try again."),
        ),
        _own(
            "not_live",
            gettext_noop("The vendor took the job, but does not show what was asked for."),
            gettext_noop(
                "Most likely LinkedIn also gets this customer's jobs from a feed or the career site. "
                "Have that switched off at LinkedIn, then use Try again."
            ),
            who=Who.SUPPORT,
        ),
        _own(
            "unknown_outcome",
            gettext_noop("Within a day the vendor did not say what became of it."),
            gettext_noop("Use Try again: the vendor is asked first what it shows."),
        ),
        _own(
            "exhausted",
            gettext_noop("It was tried for a day and a half without success."),
            gettext_noop("Use Try again; if it fails once more, tell Support."),
        ),
        _own(
            "internal",
            gettext_noop("TalentSync made a mistake of its own. Nothing is wrong with the job."),
            gettext_noop("Tell Support: the log says more."),
            who=Who.SUPPORT,
        ),
    )
}
"""Codes of ours that end a delivery: the refusals of `kinds`, and every `Failure` that is no vendor's refusal."""
