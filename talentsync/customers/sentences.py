"""What *Test connection* says: each thing that can go wrong, what it means, and what to do about it.

The vendor's own words are not quoted: they may hold data, and they help Support rather than a recruiter.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum, auto

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from connectors.base import errors
from connectors.base.errors import ConnectorError
from talentsync.customers.models import Connection, GreenhouseApi

TOKEN_PATHS = {"/oauth/v2/accessToken", "/token"}  # LinkedIn's and Greenhouse's


class Situation(StrEnum):
    """What is the matter with a connection."""

    WORKS = auto()
    WRONG_CREDENTIALS = auto()
    WRONG_API_KEY = auto()
    NOT_ENABLED = auto()
    TOKEN_REFUSED = auto()
    WRONG_CONTRACT = auto()
    NO_PRODUCT = auto()
    NO_SCOPE = auto()
    NO_NETWORK = auto()
    NO_TLS = auto()
    NO_ANSWER = auto()
    VENDOR_DOWN = auto()
    NOT_THEIR_ANSWER = auto()
    THROTTLED = auto()
    DAILY_LIMIT = auto()
    REFUSED = auto()
    INCOMPLETE = auto()
    LEGACY_GONE = auto()
    BEING_TESTED = auto()
    OUR_FAULT = auto()


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """What it means, and what to do. `%(vendor)s` is the vendor's name, `%(needs)s` the right that is missing."""

    meaning: str | Promise
    remedy: str | Promise = ""


SENTENCES: dict[Situation, Sentence] = {
    Situation.WORKS: Sentence(meaning=_("The connection to %(vendor)s works.")),
    Situation.WRONG_CREDENTIALS: Sentence(
        meaning=_("%(vendor)s does not accept the client ID and the client secret."),
        remedy=_("Copy the secret again from the application's page at %(vendor)s; it may have been renewed."),
    ),
    Situation.WRONG_API_KEY: Sentence(
        meaning=_("%(vendor)s does not accept the API key."),
        remedy=_("Copy the Harvest key again from Greenhouse, under Configure, Dev Center, API Credential Management."),
    ),
    Situation.NOT_ENABLED: Sentence(
        meaning=_("%(vendor)s knows the application but does not let it work without a person."),
        remedy=_("Ask the LinkedIn partner contact to enable the client credentials flow for this application."),
    ),
    Situation.TOKEN_REFUSED: Sentence(
        meaning=_("%(vendor)s gave access and took it back: the application or its access was revoked."),
        remedy=_("Ask the customer's administrator at %(vendor)s whether it was switched off, then test again."),
    ),
    Situation.WRONG_CONTRACT: Sentence(
        meaning=_("%(vendor)s says that this application does not belong to the contract."),
        remedy=_("Compare the contract on this page with the one in the customer's Recruiter settings."),
    ),
    Situation.NO_PRODUCT: Sentence(
        meaning=_("%(vendor)s does not let this application post jobs."),
        remedy=_("Use the customer's own application, and ask LinkedIn to add the job posting product to it."),
    ),
    Situation.NO_SCOPE: Sentence(
        meaning=_("Greenhouse does not allow what we need: %(needs)s."),
        remedy=_("Add it to the API credential in Greenhouse, and make the acting user a Site Admin."),
    ),
    Situation.NO_NETWORK: Sentence(
        meaning=_("%(vendor)s cannot be reached from this machine."),
        remedy=_("Check the network, the proxy and the firewall; if they are fine, wait: nothing is lost meanwhile."),
    ),
    Situation.NO_TLS: Sentence(
        meaning=_("The secure connection to %(vendor)s failed: its certificate cannot be trusted."),
        remedy=_("Check this machine's clock, and ask whether a proxy replaces certificates."),
    ),
    Situation.NO_ANSWER: Sentence(
        meaning=_("%(vendor)s did not answer in time, or the answer broke off."),
        remedy=_("Wait a few minutes and test again: nothing is lost meanwhile."),
    ),
    Situation.VENDOR_DOWN: Sentence(
        meaning=_("%(vendor)s has a problem of its own."),
        remedy=_("Wait and test again later: nothing is lost meanwhile."),
    ),
    Situation.NOT_THEIR_ANSWER: Sentence(
        meaning=_("What came back was not written by %(vendor)s."),
        remedy=_("A proxy or a login page stands in between, or the address is wrong. Ask your network administrator."),
    ),
    Situation.THROTTLED: Sentence(
        meaning=_("%(vendor)s asks us to slow down."),
        remedy=_("Nothing is wrong with the connection. Test again in a few minutes."),
    ),
    Situation.DAILY_LIMIT: Sentence(
        meaning=_("The daily limit at %(vendor)s is used up."),
        remedy=_("Nothing is wrong with the connection. It goes on at midnight UTC."),
    ),
    Situation.REFUSED: Sentence(
        meaning=_("%(vendor)s answered, but refused what it was asked."),
        remedy=_("Tell Support; the fault is most likely ours or in the address of the service."),
    ),
    Situation.INCOMPLETE: Sentence(
        meaning=_("The connection is not complete, or its address is not allowed."),
        remedy=_("Look at the fields of this page; each says what it needs."),
    ),
    Situation.LEGACY_GONE: Sentence(
        meaning=_("Greenhouse has switched Harvest v1 off."),
        remedy=_("Ask the customer for a Harvest v3 credential and make a new connection with it."),
    ),
    Situation.BEING_TESTED: Sentence(
        meaning=_("Someone else is logging in to %(vendor)s with this connection right now."),
        remedy=_("Test again in a minute."),
    ),
    Situation.OUR_FAULT: Sentence(
        meaning=_("The test could not be sent to %(vendor)s."),
        remedy=_("Tell Support: this is our fault."),
    ),
}  # fmt: skip

# They say nothing about the connection: its health stays what it was.
PASSING = {Situation.THROTTLED, Situation.DAILY_LIMIT, Situation.BEING_TESTED}


def sentence(situation: Situation, connection: Connection, *, needs: str = "") -> str:
    words = SENTENCES[situation]
    facts = {"vendor": connection.get_destination_display(), "needs": needs}
    return f"{str(words.meaning) % facts} {str(words.remedy) % facts}".strip()


def situation(error: ConnectorError, connection: Connection) -> Situation:
    """What an error of a test means for the connection."""
    match error:
        case errors.TokenBusy():
            return Situation.BEING_TESTED
        case errors.Misconfigured():
            return Situation.LEGACY_GONE if error.code == "legacy_gone" else Situation.INCOMPLETE
        case errors.NotSent():
            return Situation.OUR_FAULT
        case errors.Unreachable():
            return Situation.NO_TLS if error.code == "tls" else Situation.NO_NETWORK
        case errors.Unanswered():
            return _unanswered(error)
        case errors.Unauthorized():
            return _unauthorized(error, connection)
        case errors.Forbidden():
            return _forbidden(error, connection)
        case errors.Throttled():
            return Situation.DAILY_LIMIT if error.daily else Situation.THROTTLED
    return Situation.REFUSED


def _unanswered(error: ConnectorError) -> Situation:
    if error.status is None:
        return Situation.NO_ANSWER
    return Situation.VENDOR_DOWN if error.status >= 500 else Situation.NOT_THEIR_ANSWER


def _unauthorized(error: ConnectorError, connection: Connection) -> Situation:
    if connection.api_version == GreenhouseApi.V1:
        return Situation.WRONG_API_KEY
    if error.code == "access_denied":
        return Situation.NOT_ENABLED
    from_token_endpoint = error.exchange is not None and error.exchange.path in TOKEN_PATHS
    return Situation.WRONG_CREDENTIALS if from_token_endpoint else Situation.TOKEN_REFUSED


def _forbidden(error: ConnectorError, connection: Connection) -> Situation:
    if connection.api_version:
        return Situation.NO_SCOPE
    return Situation.WRONG_CONTRACT if "contract" in error.words.lower() else Situation.NO_PRODUCT
