"""What the page says and asks before jobs are posted, updated, renewed, closed, tried again or checked.

`kinds.py` hands these to its actions, whose `tally` gives the counts that are spoken of here. What the forms add to a
run's options:

    close   close_reasons  {connection's primary key as text: Greenhouse's close reason}
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Min, Q, QuerySet
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminRadioSelectWidget, UnfoldAdminSelectWidget

from talentsync.customers.models import Availability, Connection, Destination
from talentsync.jobs import records, services
from talentsync.jobs.models import GreenhouseJob, GreenhouseStatus, Job, Status
from talentsync.sync.confirming import ConfirmForm
from talentsync.sync.kinds import Forecast
from talentsync.sync.models import Delivery
from talentsync.sync.states import Operation

Sentences = Sequence[str]


# --- titles: the button, and the name of the request in lists ---------------------------------------------------------


def title_post(number: int) -> str:
    return ngettext("Post %(n)s job", "Post %(n)s jobs", number) % _number(number)


def title_update(number: int) -> str:
    return ngettext("Update %(n)s job", "Update %(n)s jobs", number) % _number(number)


def title_renew(number: int) -> str:
    return ngettext("Renew %(n)s job", "Renew %(n)s jobs", number) % _number(number)


def title_close(number: int) -> str:
    return ngettext("Close %(n)s job", "Close %(n)s jobs", number) % _number(number)


def title_retry(number: int) -> str:
    return ngettext("Try %(n)s job again", "Try %(n)s jobs again", number) % _number(number)


def title_check(number: int) -> str:
    return ngettext("Check %(n)s job", "Check %(n)s jobs", number) % _number(number)


def title_history(number: int) -> str:
    return gettext("Send all history to LinkedIn")


CLOSES = _("Closes at %(time)s.")


# --- what will happen -------------------------------------------------------------------------------------------------


def describe_post(forecast: Forecast) -> Sentences:
    posted = ngettext("%(n)s job is posted at LinkedIn.", "%(n)s jobs are posted at LinkedIn.", forecast.n_applies)
    told = [posted % _number(forecast.n_applies), *_pages(forecast.connections), *_visibility(forecast)]
    if premium := forecast.tally.get("premium", 0):
        words = ngettext(
            "%(n)s of them is premium: it uses one slot of the contract and is public.",
            "%(n)s of them are premium: each uses one slot of the contract and is public.",
            premium,
        )
        alone = gettext("It is premium: it uses one slot of the contract and is public.")
        told.append(_of_all(forecast, alone, words) % _number(premium))
    if paid := forecast.tally.get("with_budget", 0):
        words = ngettext(
            "%(n)s of them has a budget: LinkedIn promotes it and may spend that much.",
            "%(n)s of them have budgets: LinkedIn promotes them and may spend that much.",
            paid,
        )
        alone = gettext("It has a budget: LinkedIn promotes it and may spend that much.")
        told.append(_of_all(forecast, alone, words) % _number(paid))
    if anew := forecast.tally.get("posted_anew", 0):
        told.append(
            ngettext(
                "%(n)s was closed or has expired at LinkedIn: it becomes a new post with a new address.",
                "%(n)s were closed or have expired at LinkedIn: they become new posts with new addresses.",
                anew,
            )
            % _number(anew)
        )
    if forecast.is_partial:
        told.append(
            gettext(
                "Among the rest, premium jobs use one slot of the contract each and are public, and what was closed "
                "or has expired at LinkedIn becomes a new post with a new address."
            )
        )
    if forecast.tally.get("first_for_customer", 0) or forecast.is_partial:
        told += _first_posts(forecast.connections)
    return told


def describe_update(forecast: Forecast) -> Sentences:
    number = forecast.n_applies
    words = ngettext(
        "%(n)s live post at LinkedIn is brought up to date.",
        "%(n)s live posts at LinkedIn are brought up to date.",
        number,
    )
    return [words % _number(number), *_changes_of_update(forecast)]


def _changes_of_update(forecast: Forecast) -> Sentences:
    """What an update means beside the text; what is not named stays as it is."""
    told = []
    if public := forecast.tally.get("public", 0):
        words = ngettext(
            "%(n)s becomes public: listed on LinkedIn for everyone.",
            "%(n)s become public: listed on LinkedIn for everyone.",
            public,
        )
        told.append(words % _number(public))
    if premium := forecast.tally.get("premium", 0):
        words = ngettext(
            "%(n)s becomes premium: it uses one slot of the contract, and ends 30 days from now unless the job says "
            "otherwise.",
            "%(n)s become premium: each uses one slot of the contract, and ends 30 days from now unless the job says "
            "otherwise.",
            premium,
        )  # linkedin.md 3.2: an upgrade resets the end
        told.append(words % _number(premium))
    if paid := forecast.tally.get("budget", 0):
        words = ngettext(
            "%(n)s gets another budget: LinkedIn promotes it and may spend that much.",
            "%(n)s get another budget: LinkedIn promotes them and may spend that much.",
            paid,
        )
        told.append(words % _number(paid))
    if moves := forecast.tally.get("moves_end", 0):
        words = ngettext(
            "The end of %(n)s moves to what the job says now.",
            "The ends of %(n)s move to what the jobs say now.",
            moves,
        )
        told.append(words % _number(moves))
    if forecast.is_partial:
        told.append(
            gettext(
                "Among the rest, jobs may become public, become premium and use one slot of the contract each, or end "
                "when they say now."
            )
        )
    return told or [gettext("Their visibility and their end stay as they are.")]


def describe_renew(forecast: Forecast) -> Sentences:
    number = forecast.n_applies
    words = ngettext(
        "%(n)s live post at LinkedIn stays 30 days longer.", "%(n)s live posts at LinkedIn stay 30 days longer.", number
    )  # linkedin.md 3.2: RENEW extends the expiry by 30 days
    return [words % _number(number)]


def describe_close(forecast: Forecast) -> Sentences:
    if forecast.destination == Destination.LINKEDIN:
        return _close_at_linkedin(forecast)
    return _close_at_greenhouse(forecast)


def describe_history(forecast: Forecast) -> Sentences:
    """Of all jobs of the customers: who will see them, what they cost, and what becomes of closed ones."""
    jobs = Job.objects.filter(customer__in={each.customer_id for each in forecast.connections})
    counts = {status: jobs.filter(status=status) for status in Status}
    n_open, n_closed = counts[Status.OPEN].count(), counts[Status.CLOSED].count()
    told: list[str] = []
    if n_open:
        words = ngettext(
            "%(n)s open job: posted, unless LinkedIn has it already.",
            "%(n)s open jobs: posted, unless LinkedIn has them already.",
            n_open,
        )
        told = [words % _number(n_open), *_seen_by(counts[Status.OPEN], forecast), *_pages(forecast.connections)]
        told += _first_posts(forecast.connections)
    if n_closed:
        words = ngettext(
            "%(n)s job that is closed in your ATS: made known to LinkedIn as closed. Nobody sees it or applies there.",
            "%(n)s jobs that are closed in your ATS: made known to LinkedIn as closed. Nobody sees them or applies "
            "there.",
            n_closed,
        )
        told.append(words % _number(n_closed))
    return told


def _seen_by(jobs: QuerySet[Job], forecast: Forecast) -> Sentences:
    """Premium, private and public among the open jobs, as each job or its customer chose."""
    premium = jobs.filter(listing_type="PREMIUM").count()
    private = Q(availability=Availability.PRIVATE)
    if any(each.customer.default_availability == Availability.PRIVATE for each in forecast.connections):
        private |= Q(availability="")
    counts = {Availability.PRIVATE: jobs.exclude(listing_type="PREMIUM").filter(private).count()}
    counts[Availability.PUBLIC] = jobs.count() - premium - counts[Availability.PRIVATE]
    told = [_VISIBILITY[each](number) % _number(number) for each, number in counts.items() if number]
    if premium:
        words = ngettext(
            "%(n)s is premium: it uses one slot of the contract and is public.",
            "%(n)s are premium: each uses one slot of the contract and is public.",
            premium,
        )
        told.append(words % _number(premium))
    return told


def describe_retry(forecast: Forecast) -> Sentences:
    number = forecast.n_applies
    words = ngettext(
        "What failed for %(n)s job is asked for again.", "What failed for %(n)s jobs is asked for again.", number
    )
    return [words % _number(number), gettext("Where the outcome is not certain, the vendor is asked first.")]


def describe_check(forecast: Forecast) -> Sentences:
    number = forecast.n_applies
    vendor = Destination(forecast.destination).label
    words = ngettext(
        "%(vendor)s is asked what it shows of %(n)s job.", "%(vendor)s is asked what it shows of %(n)s jobs.", number
    )
    return [words % (_number(number) | {"vendor": vendor}), gettext("Nothing is changed there.")]


def _close_at_linkedin(forecast: Forecast) -> Sentences:
    number = forecast.n_applies
    told = [
        ngettext(
            "%(n)s job is taken off LinkedIn: nobody can see it or apply there any more.",
            "%(n)s jobs are taken off LinkedIn: nobody can see them or apply there any more.",
            number,
        )
        % _number(number)
    ]
    if unposted := forecast.tally.get("unknown_there", 0):
        words = ngettext(
            "%(n)s of them was not posted from here: LinkedIn is asked first whether it is live.",
            "%(n)s of them were not posted from here: LinkedIn is asked first whether they are live.",
            unposted,
        )
        alone = gettext("It was not posted from here: LinkedIn is asked first whether it is live.")
        told.append(_of_all(forecast, alone, words) % _number(unposted))
    if premium := forecast.tally.get("premium", 0):
        words = ngettext(
            "%(n)s is premium: its slot of the contract is free again.",
            "%(n)s are premium: their slots of the contract are free again.",
            premium,
        )
        told.append(words % _number(premium))
    return told


def _close_at_greenhouse(forecast: Forecast) -> Sentences:
    number = forecast.n_applies
    first = ngettext(
        "%(n)s job is closed in Greenhouse by closing all its open openings.",
        "%(n)s jobs are closed in Greenhouse by closing all their open openings.",
        number,
    )
    return [
        first % _number(number),
        *_openings(forecast),
        gettext("Their posts vanish from all job boards, and nobody can fill in scorecards for them any more."),
        gettext("Active candidates stay active in Greenhouse: reject or move them there."),
        *_acting_users(forecast.connections),
    ]


def _openings(forecast: Forecast) -> Sentences:
    """The open openings as they were last seen, and how long ago that was."""
    told = []
    openings, unknown = forecast.tally.get("open_openings", 0), forecast.tally.get("openings_unknown", 0)
    if unknown < forecast.n_applies and (oldest := _oldest_look(forecast)):
        words = ngettext(
            "%(n)s opening was open when we last looked, at most %(ago)s ago.",
            "%(n)s openings were open when we last looked, at most %(ago)s ago.",
            openings,
        )
        told.append(words % (_number(openings) | {"ago": timesince(oldest, timezone.now())}))
    if unknown:
        words = ngettext(
            "How many openings %(n)s job has is not known yet: Greenhouse is asked first.",
            "How many openings %(n)s jobs have is not known yet: Greenhouse is asked first.",
            unknown,
        )
        told.append(words % _number(unknown))
    return told


def _oldest_look(forecast: Forecast) -> datetime | None:
    chosen = forecast.run.items.filter(connection__in=forecast.connections).values("object_id")
    known = GreenhouseJob.objects.filter(connection__in=forecast.connections, job__in=chosen)
    oldest: datetime | None = known.exclude(status=GreenhouseStatus.CLOSED).aggregate(oldest=Min("checked_at"))[
        "oldest"
    ]
    return oldest


def _acting_users(connections: Sequence[Connection]) -> Sentences:
    words = gettext("Greenhouse shows %(customer)s's acting user, number %(user)s there, as the one who closed them.")
    return [words % {"user": each.acting_user_id, "customer": each.customer} for each in connections]


def _pages(connections: Sequence[Connection]) -> Sentences:
    words = gettext("On the company page of %(page)s.")
    return [words % {"page": records.page_of(each)} for each in connections]


def _visibility(forecast: Forecast) -> Sentences:
    """Public and private among the basic jobs; the page's answer counts where nobody has chosen for the job."""
    counts = {each: forecast.tally.get(each.value, 0) for each in Availability}
    open_ones = forecast.tally.get("availability_not_chosen", 0)
    defaults = {each.customer.default_availability for each in forecast.connections}
    chosen = forecast.options.get("availability", "")
    if chosen and len(defaults) == 1:
        counts[Availability(defaults.pop())] -= open_ones
        counts[Availability(chosen)] += open_ones
    return [_VISIBILITY[each](number) % _number(number) for each, number in counts.items() if number > 0]


_VISIBILITY: Mapping[Availability, Callable[[int], str]] = {
    Availability.PRIVATE: lambda number: ngettext(
        "%(n)s is private: visible in Recruiter only.", "%(n)s are private: visible in Recruiter only.", number
    ),
    Availability.PUBLIC: lambda number: ngettext(
        "%(n)s is public: listed on LinkedIn for everyone.",
        "%(n)s are public: listed on LinkedIn for everyone.",
        number,
    ),
}


def _first_posts(connections: Sequence[Connection]) -> Sentences:
    """Once the first job has come this way, LinkedIn takes the customer's public jobs from nowhere else."""
    posted = Delivery.objects.filter(kind="job", connection__in=connections, settled_operation=Operation.UPSERT)
    known = set(posted.order_by().values_list("connection_id", flat=True).distinct())
    words = gettext(
        "This is the first post for %(customer)s from here. From then on all its open public jobs must be posted from "
        "here: LinkedIn no longer takes them from a feed or from the career site."
    )  # linkedin.md 3.1, onboarding rule
    return [words % {"customer": each.customer} for each in connections if each.pk not in known]


def _of_all(forecast: Forecast, alone: str, words: str) -> str:
    """Of a request for one job nobody says "of them"."""
    return alone if forecast.n_applies == 1 else words


def _number(number: int) -> dict[str, str]:
    return {"n": f"{number:,}"}


# --- what is asked ----------------------------------------------------------------------------------------------------


class PostForm(ConfirmForm):
    """Who may see the jobs for which nobody has chosen yet; the answer stays with the jobs."""

    availability = forms.ChoiceField(
        label=_("Who may see the jobs for which nobody has chosen"),
        required=False,
        choices=[("", _("As the customer chose")), *Availability.choices],
        widget=UnfoldAdminRadioSelectWidget,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unchosen = Job.objects.filter(pk__in=self.run.items.values("object_id"), availability="").not_promoted()
        if not unchosen.exists():
            del self.fields["availability"]

    def options(self) -> dict[str, Any]:
        chosen = self.cleaned_data.get("availability", "")
        return {"availability": chosen} if chosen else {}

    def carry_out(self) -> None:
        if chosen := self.cleaned_data.get("availability", ""):
            services.choose_availability(self.run, chosen)


class CloseForm(ConfirmForm):
    """Greenhouse's close reason, from each connection's own list."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._asked = [each for each in self.connections_at(Destination.GREENHOUSE) if each.close_reasons]
        for connection in self._asked:
            self.fields[_field_of(connection)] = self._reasons(connection)

    def options(self) -> dict[str, Any]:
        answers = {str(each.pk): self.cleaned_data[_field_of(each)] for each in self._asked}
        return {"close_reasons": {key: reason for key, reason in answers.items() if reason is not None}}

    def _reasons(self, connection: Connection) -> forms.TypedChoiceField:
        label = gettext("Close reason in Greenhouse")
        if len(self.connections_at(Destination.GREENHOUSE)) > 1:
            label = gettext("Close reason in Greenhouse for %(customer)s") % {"customer": connection.customer}
        return forms.TypedChoiceField(
            label=label,
            required=False,
            coerce=int,
            empty_value=None,
            initial=connection.default_close_reason_id,
            choices=[
                ("", _("As each job says, else none")),
                *((each["id"], each["name"]) for each in connection.close_reasons),
            ],
            widget=UnfoldAdminSelectWidget,
        )


def _field_of(connection: Connection) -> str:
    return f"close_reason_{connection.pk}"
