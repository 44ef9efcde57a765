"""What the page says and asks before records about a person are sent, deleted, fetched or linked. The same words for
all six kinds: candidates, their notes, applications, and what hangs on those.

What the answers and `forget` add to a run's options:

    send, send_all   may_erase  True where somebody agreed to erase what LinkedIn holds and is empty here
                     seen_at    when the page was made on which they did
    unlink           unlinks    True: the person that was linked here is forgotten by now
    erase            at_once    True where nobody wants to wait for LinkedIn before it goes here

Trying again asks nothing: it goes by what was agreed to for what failed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminRadioSelectWidget, UnfoldAdminTextInputWidget, UnfoldBooleanSwitchWidget

from connectors.linkedin import urns
from talentsync.candidates import linking
from talentsync.candidates.models import Candidate, Match
from talentsync.sync import presenting, runs
from talentsync.sync.agreements import MAY_ERASE, SEEN_AT
from talentsync.sync.confirming import ConfirmForm
from talentsync.sync.kinds import Forecast
from talentsync.sync.models import Run, RunItem

Sentences = Sequence[str]

STARTS = _("It is deleted at %(time)s.")


# --- what will happen -------------------------------------------------------------------------------------------------


def describe_send(forecast: Forecast) -> Sentences:
    told = [gettext("%(what)s: all that is filled in here is sent.") % {"what": presenting.counted(forecast.by_kind)}]
    if forecast.tally.get("not_compared"):
        told.append(
            gettext(
                "What LinkedIn holds of some of them is not known yet: it is read first. A record that would lose "
                "something there is not sent and needs attention."
            )
        )
    elif forecast.is_partial:
        told.append(
            gettext(
                "Where it is not known yet what LinkedIn holds, that is read first. A record that would lose something "
                "there is not sent and needs attention."
            )
        )
    if unposted := forecast.tally.get("job_not_posted", 0):
        words = ngettext(
            "%(n)s application is for a job that was never posted from here: LinkedIn takes it only if it knows the "
            "job from elsewhere.",
            "%(n)s applications are for jobs that were never posted from here: LinkedIn takes them only if it knows "
            "the jobs from elsewhere.",
            unposted,
        )
        told.append(words % {"n": f"{unposted:,}"})
    return told


def describe_send_again(forecast: Forecast) -> Sentences:
    words = gettext("%(what)s: sent to LinkedIn again, as if for the first time.")
    return [words % {"what": presenting.counted(forecast.by_kind)}]


def describe_delete(forecast: Forecast) -> Sentences:
    """What goes, and what cannot be undone (linkedin.md 5: every copy of the data is removed)."""
    return [
        gettext("Deleted from LinkedIn: %(what)s.") % {"what": presenting.counted(forecast.by_kind)},
        gettext("LinkedIn removes every copy. That cannot be undone there."),
        gettext("Everything stays here and in your ATS, and stays out of LinkedIn until somebody uses Send again."),
    ]


def describe_fetch(forecast: Forecast) -> Sentences:
    number = forecast.n_applies
    words = ngettext(
        "LinkedIn is asked which of its members the candidate is, and what it holds.",
        "LinkedIn is asked which of its members the %(n)s candidates are, and what it holds.",
        number,
    )
    return [words % {"n": f"{number:,}"}, gettext("Nothing is changed there.")]


def describe_erase(forecast: Forecast) -> Sentences:
    """What goes, where, and when (DESIGN 8)."""
    number = settings.ERASURE_LOCAL_AFTER_DAYS
    days = ngettext("%(n)s day", "%(n)s days", number) % {"n": number}
    if forecast.options.get("at_once"):
        when = gettext("TalentSync removes them at once, and goes on asking LinkedIn until it has accepted.")
    else:
        when = gettext(
            "TalentSync removes them as soon as LinkedIn has accepted and no longer shows them; after %(days)s even if "
            "LinkedIn could not be reached."
        )
    return [
        gettext("Deleted from LinkedIn and from TalentSync: %(what)s.")
        % {"what": presenting.counted(forecast.by_kind)},
        when % {"days": days},
        *_unconnected(forecast.tally.get("unconnected", 0)),
        gettext(
            "What was sent, what LinkedIn answered and what people changed goes, too. A receipt without names stays."
        ),
        gettext("Everything stays in your ATS. Once it has started, nothing of this can be undone."),
    ]


def _unconnected(number: int) -> Sentences:
    if not number:
        return []
    words = ngettext(
        "%(n)s belongs to a customer without a connection to LinkedIn in use: LinkedIn is asked only where TalentSync "
        "may have sent it before.",
        "%(n)s belong to a customer without a connection to LinkedIn in use: LinkedIn is asked only where TalentSync "
        "may have sent them before.",
        number,
    )
    return [words % {"n": f"{number:,}"}]


def describe_link(forecast: Forecast) -> Sentences:
    return [gettext("LinkedIn shows the candidate on that person's profile. Every later update says so again.")]


def describe_unlink(forecast: Forecast) -> Sentences:
    return [gettext("LinkedIn is told that no person is linked. It may still find the profile by itself.")]


def describe_retry(forecast: Forecast) -> Sentences:
    return [gettext("Asked for again: %(what)s.") % {"what": presenting.counted(forecast.by_kind)}]


# --- what is asked ----------------------------------------------------------------------------------------------------


class SendForm(ConfirmForm):
    """Whether values that LinkedIn holds may be erased."""

    may_erase = forms.BooleanField(
        label=_("Erase at LinkedIn what is empty here"),
        help_text=_(
            "Without this, a record that would lose something at LinkedIn is not sent and needs attention: its page "
            "then names what would be lost."
        ),
        required=False,
        widget=UnfoldBooleanSwitchWidget,
    )

    seen_at = forms.CharField(required=False, widget=forms.HiddenInput, initial=lambda: timezone.now().isoformat())

    def clean_seen_at(self) -> str:
        """Whoever sends something else agrees to what there is when it is confirmed."""
        found = parsed(self.cleaned_data["seen_at"])
        return found.isoformat() if found is not None and timezone.is_aware(found) else ""

    def options(self) -> dict[str, Any]:
        """What is agreed to is what the page has shown: nothing that was edited, or came to LinkedIn, since then."""
        if not self.cleaned_data.get("may_erase"):
            return {}
        seen_at = self.cleaned_data["seen_at"]
        return {MAY_ERASE: True, **({SEEN_AT: seen_at} if seen_at else {})}


def parsed(text: str) -> datetime | None:
    try:
        return parse_datetime(text)
    except ValueError:
        return None


class EraseForm(ConfirmForm):
    """Whether LinkedIn is waited for."""

    at_once = forms.BooleanField(
        label=_("Remove here at once, even if LinkedIn cannot be reached yet"),
        help_text=_(
            "Of each record only what its delete needs is kept, encrypted, until LinkedIn has accepted it. Without "
            "this, what LinkedIn refuses stays here, and its page says why."
        ),
        required=False,
        widget=UnfoldBooleanSwitchWidget,
    )

    def options(self) -> dict[str, Any]:
        return {"at_once": True} if self.cleaned_data.get("at_once") else {}


class LinkForm(ConfirmForm):
    """Which member of LinkedIn the candidate is."""

    found = forms.ChoiceField(label=_("Found by LinkedIn"), required=False, widget=UnfoldAdminRadioSelectWidget)
    person = forms.CharField(
        label=_("Another person"),
        help_text=_("As LinkedIn writes it: urn:li:person:Ab12."),
        required=False,
        max_length=100,
        widget=UnfoldAdminTextInputWidget,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = self._members()
        field = self.fields["found"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(urn, urn) for urn in members]
        if not members:
            del self.fields["found"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        chosen = cleaned.get("person") or cleaned.get("found") or ""
        if not chosen:
            self.add_error("person", gettext("Choose a person, or enter one."))
        elif not urns.is_person(chosen):
            self.add_error("person", gettext("A LinkedIn person is written urn:li:person:Ab12."))
        return {**cleaned, "chosen": chosen}

    def carry_out(self) -> None:
        linking.link(taking_part(self.run), self.cleaned_data["chosen"])

    def _members(self) -> list[str]:
        chosen = self.run.items.values("object_id")
        matches = Match.objects.filter(candidate__in=chosen, connection__in=self.connections)
        return sorted({urn for match in matches for urn in match.matched_members})


def taking_part(run: Run) -> QuerySet[Candidate]:
    """Those of its candidates that are not passed over: the others keep whom they are linked to."""
    runs.pass_over(run, timezone.now())
    return Candidate.objects.filter(pk__in=run.items.filter(state=RunItem.State.DRAFTED).values("object_id"))


def forget(run: Run) -> dict[str, Any]:
    """Whoever is unlinked is so here as well, or the next update would say the contrary."""
    linking.link(taking_part(run), "")
    return {"unlinks": True}
