"""What our own codes mean for records about a person: why a click passes one over, and why one stopped though LinkedIn
did not refuse it.

The reviewed tables of this app and of applications; a test holds that no code is without its sentence.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from connectors.base.explain import Explanation, Verdict, Who
from connectors.base.words import gettext_noop

REASONS: Mapping[str, str | Promise] = {
    "agree_first": _("It would erase values at LinkedIn. Use Send: the page shows them and asks whether you agree."),
    "being_deleted": _("It is being deleted from LinkedIn."),
    "being_sent": _("Somebody has asked for it already; it goes with that request."),
    "incomplete": _("Something that LinkedIn asks for is missing or wrong. Its page says what."),
    "kept_out": _("The candidate is marked to be kept out of LinkedIn."),
    "not_linked": _("No person is linked."),
    "not_removed": _("It was not removed from LinkedIn. Use Send."),
    "not_sent": _("LinkedIn does not know it yet. Send it first."),
    "not_there": _("It is not at LinkedIn."),
    "nothing_changed": _("Nothing has changed since it was last sent."),
    "nothing_failed": _("Nothing failed here."),
    "send_first": _(
        "It has changes that LinkedIn does not know yet, or an update of it needs attention. Send it first."
    ),
    "removed": _("It was removed from LinkedIn and stays out until somebody uses Send again."),
}


def _own(code: str, meaning: str, remedy: str, *, who: Who = Who.RECRUITER) -> Explanation:
    return Explanation(
        pattern=f"^{code}$", where=frozenset({"code"}), meaning=meaning, remedy=remedy, verdict=Verdict.REJECT, who=who
    )


STOPS: Mapping[str, Explanation] = {
    row.pattern.strip("^$"): row
    for row in (
        _own(
            "not_sent",
            gettext_noop("LinkedIn does not know the candidate, so nobody can be linked."),
            gettext_noop("Send the candidate first, then link the person again."),
        ),
        _own(
            "unmappable",
            gettext_noop("The record cannot be sent as it is. Nothing was sent."),
            gettext_noop("Correct the field that is named here, then use Try again."),
        ),
        _own(
            "unconfirmed",
            gettext_noop(
                "LinkedIn holds, or may hold, values that this update would erase, and nobody has agreed to that. "
                "Nothing was sent."
            ),
            gettext_noop("Fill in what is named here, or use Send: its page asks whether the values may go."),
        ),
        _own(
            "still_there",
            gettext_noop("LinkedIn accepted the delete days ago and still shows the record."),
            gettext_noop("Use Try again: it is deleted once more. If LinkedIn shows it after that, tell LinkedIn."),
        ),
        _own(
            "not_live",
            gettext_noop("LinkedIn took the record, but does not show it."),
            gettext_noop("Use Try again; if it fails once more, tell Support."),
        ),
        _own(
            "unknown_outcome",
            gettext_noop("Within a day LinkedIn did not say what became of it."),
            gettext_noop("Use Try again: LinkedIn is asked first what it holds."),
        ),
        _own(
            "exhausted",
            gettext_noop("It was tried for a day and a half without success."),
            gettext_noop("Use Try again; if it fails once more, tell Support."),
        ),
        _own(
            "internal",
            gettext_noop("TalentSync made a mistake of its own. Nothing is wrong with the record."),
            gettext_noop("Tell Support: the log says more."),
            who=Who.SUPPORT,
        ),
    )
}
"""Codes of ours that end a delivery: the refusals of `kinds`, and every `Failure` that is no refusal of LinkedIn's."""
