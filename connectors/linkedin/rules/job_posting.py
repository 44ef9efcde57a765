"""What LinkedIn accepts in a job: linkedin.md 3.3-3.6 with the decisions of 10.1, for posting and updating.

Inferred, not documented: of a description all characters count towards 25,000 and only those outside tags towards
100; `expireAt` is measured from now; an apply address needs a host with a dot; a location without a comma is a country
alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator

from connectors.base.words import gettext_noop as _
from connectors.linkedin import choices, urns
from connectors.linkedin.records import JobPosting
from connectors.linkedin.rules import onsite_apply, pay, promotion
from connectors.linkedin.rules.problem import Problem
from connectors.linkedin.rules.shapes import counted, is_country, is_email, is_public_address

KEPT_TAGS = ("b", "strong", "u", "i", "br", "p", "ul", "li")  # linkedin.md 3.6; of others only the text stays
MAX_ID = 75  # 10.1, row 2
MAX_TITLE = 200
MIN_DESCRIPTION, MAX_DESCRIPTION = 100, 25_000
MAX_SKILLS = 4_000
MAX_CATEGORIES = 3
MAX_LOCATIONS = 7  # the main one included
MIN_MOMENT = 10**12  # smaller numbers are seconds (10.1, row 7)
DAY = 24 * 3600 * 1000
MIN_LIFE = DAY
MAX_LIFE = {"BASIC": 180 * DAY, "PREMIUM": 90 * DAY}  # 10.1, row 15


Rule = Callable[[JobPosting, int], Iterator[Problem]]


def problems(posting: JobPosting, *, now_ms: int) -> Iterator[Problem]:
    for rule in _RULES:
        yield from rule(posting, now_ms)


def visible(html: str) -> str:
    """The text without its tags."""
    return re.sub(r"<[^<>]+>", "", html).strip()


def _identity(posting: JobPosting, now_ms: int) -> Iterator[Problem]:
    if not posting.external_job_posting_id.strip():
        yield Problem(field="external_job_posting_id", rule=_("Enter the ID that the job has in your ATS."))
    if counted(posting.external_job_posting_id) > MAX_ID:
        yield Problem(field="external_job_posting_id", rule=_("LinkedIn takes IDs of at most 75 characters."))


def _texts(posting: JobPosting, now_ms: int) -> Iterator[Problem]:
    if not posting.title.strip():
        yield Problem(field="title", rule=_("Enter a title."))
    if counted(posting.title) > MAX_TITLE:
        yield Problem(field="title", rule=_("Write a title of at most 200 characters."))
    if counted(posting.description) > MAX_DESCRIPTION:
        yield Problem(field="description", rule=_("Write at most 25,000 characters, formatting included."))
    if len(visible(posting.description)) < MIN_DESCRIPTION:
        yield Problem(field="description", rule=_("Write at least 100 characters."))
    if counted(posting.skills_description) > MAX_SKILLS:
        yield Problem(field="skills_description", rule=_("Write at most 4,000 characters."))


def _company(posting: JobPosting, now_ms: int) -> Iterator[Problem]:
    if not (posting.integration_context or posting.company_page_url or posting.company_name):
        yield Problem(field="integration_context", rule=_("The connection names no company page: tell Support."))
    if posting.integration_context and not urns.is_organization(posting.integration_context):
        yield Problem(field="integration_context", rule=_("An organization is written urn:li:organization:1234."))
    if posting.company_page_url and not _is_company_page(posting.company_page_url):
        yield Problem(
            field="company_page_url", rule=_("Enter an address like https://www.linkedin.com/company/example/.")
        )


def _addresses(posting: JobPosting, now_ms: int) -> Iterator[Problem]:
    if not is_public_address(posting.company_apply_url):
        yield Problem(
            field="company_apply_url",
            rule=_("Enter the whole address where candidates apply, beginning with https:// or http://."),
        )
    if posting.tracking_pixel_url and not is_public_address(posting.tracking_pixel_url):
        yield Problem(
            field="tracking_pixel_url", rule=_("Enter the whole address, beginning with https:// or http://.")
        )


def _places(posting: JobPosting, now_ms: int) -> Iterator[Problem]:
    has_codes = bool(posting.availability and posting.country_code and posting.postal_code)
    is_remote = posting.workplace_types == ("Remote",) or posting.work_remote_allowed
    if not posting.location.strip() and not has_codes:
        yield Problem(field="location", rule=_("Enter city and country, for example Graz, Austria."))
    if posting.location.strip() and "," not in posting.location and not is_remote:
        yield Problem(field="location", rule=_("A country alone is for remote jobs: enter city and country."))
    if posting.alternate_locations and posting.availability:
        yield Problem(field="alternate_locations", rule=_("A job with a visibility in Recruiter has one location."))
    if len(posting.alternate_locations) + 1 > MAX_LOCATIONS:
        yield Problem(
            field="alternate_locations", rule=_("LinkedIn takes at most seven locations, the main one included.")
        )
    if any(not place.strip() for place in posting.alternate_locations):
        yield Problem(field="alternate_locations", rule=_("A location is empty."))


def _choices(posting: JobPosting, now_ms: int) -> Iterator[Problem]:
    offered: tuple[tuple[str, Container[str]], ...] = (
        ("employment_status", choices.EMPLOYMENT_STATUSES),
        ("experience_level", choices.EXPERIENCE_LEVELS),
        ("availability", choices.AVAILABILITIES),
        ("state", choices.STATES),
    )
    for field, values in offered:
        if (value := getattr(posting, field)) and value not in values:
            yield Problem(field=field, rule=_("Choose one of the values offered."))
    if posting.listing_type not in choices.LISTING_TYPES:
        yield Problem(field="listing_type", rule=_("Choose basic or premium."))
    if len(posting.workplace_types) > 1 or not set(posting.workplace_types) <= set(choices.WORKPLACE_TYPES):
        yield Problem(field="workplace_types", rule=_("Choose exactly one: On-site, Hybrid or Remote."))


def _functions(posting: JobPosting, now_ms: int) -> Iterator[Problem]:
    if len(posting.categories) > MAX_CATEGORIES:
        yield Problem(field="categories", rule=_("Choose at most three job functions."))
    if not all(re.fullmatch(r"[a-z]{2,5}", code) for code in posting.categories):
        yield Problem(field="categories", rule=_("A job function is a code of LinkedIn's, for example eng or sale."))
    if not all(urns.is_industry(urn) for urn in posting.industries):
        yield Problem(field="industries", rule=_("An industry is written urn:li:industry:55."))


def _moments(posting: JobPosting, now_ms: int) -> Iterator[Problem]:
    if posting.listed_at is None:
        yield Problem(field="listed_at", rule=_("Enter the day the job was opened."))
    elif posting.listed_at <= MIN_MOMENT:
        yield Problem(field="listed_at", rule=_("The day the job was opened is too long ago to be right."))
    elif posting.listed_at > now_ms:
        yield Problem(field="listed_at", rule=_("The day the job was opened cannot lie in the future."))
    if posting.expire_at is not None and posting.expire_at < now_ms + MIN_LIFE:
        yield Problem(field="expire_at", rule=_("A job must stay open for at least a day from now."))
    life = MAX_LIFE.get(posting.listing_type, MAX_LIFE["BASIC"])
    if posting.expire_at is not None and posting.expire_at > now_ms + life:
        yield Problem(field="expire_at", rule=_("A basic job stays open for at most 180 days, a premium job for 90."))


def _people(posting: JobPosting, now_ms: int) -> Iterator[Problem]:
    if not posting.poster_email:  # 10.1, row 17
        yield Problem(field="poster_email", rule=_("Enter the e-mail address of the recruiter who posts the job."))
    for field in ("poster_email", "requisition_owner_email"):
        if (value := getattr(posting, field)) and not is_email(value):
            yield Problem(field=field, rule=_("Enter an e-mail address like name@example.com."))


def _premium(posting: JobPosting, now_ms: int) -> Iterator[Problem]:
    if (posting.is_premium or posting.availability == "INTERNAL") and not posting.contract:
        yield Problem(field="contract", rule=_("The connection has no job contract, which such a job needs."))
    if posting.contract and not urns.is_contract(posting.contract):
        yield Problem(field="contract", rule=_("A contract is written urn:li:contract:1234."))
    if not posting.is_premium:
        return
    for field in posting.recruiter_fields:
        yield Problem(field=field, rule=_("A premium job is public and has no Recruiter fields: leave this empty."))


def _recruiter(posting: JobPosting, now_ms: int) -> Iterator[Problem]:
    if posting.recruiter_fields and not (posting.availability or posting.is_premium or posting.budget):
        yield Problem(field="availability", rule=_("Choose whether the job is public or private."))
    if posting.country_code and not is_country(posting.country_code):
        yield Problem(field="country_code", rule=_("A country code has two letters, for example AT."))


def _is_company_page(url: str) -> bool:
    return bool(re.fullmatch(r"https://www\.linkedin\.com/company/[^/\s?#]+/?", url))


_RULES: tuple[Rule, ...] = (
    _identity,
    _texts,
    _company,
    _addresses,
    _places,
    _choices,
    _functions,
    _moments,
    _people,
    _premium,
    _recruiter,
    pay.problems,
    promotion.problems,
    onsite_apply.problems,
)
