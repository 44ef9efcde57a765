"""Who applies to the invented customers. Data only; nobody in here exists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Paper:
    """What a resume says below its head, and what LinkedIn is to do with the file."""

    ending: str  # pdf or txt
    lines: tuple[str, ...]
    keep_for: int | None = None
    keep_unit: str = ""
    on_expiry: str = "delete"


@dataclass(frozen=True, kw_only=True)
class Applicant:
    """One person with at most one application: `job` is its place among the offers, `stages` what it went through.

    Who is not `in_crm` is unknown to CRM Connect at LinkedIn, which refuses their resume.
    """

    first_name: str
    last_name: str
    title: str
    employer: str = ""
    job: int = 0
    source: str = "Career site"
    stages: tuple[str, ...] = ("Application received",)
    note: str = ""
    feedback: str = ""
    rating: str = ""
    paper: Paper | None = None
    in_crm: bool = True
    more: tuple[tuple[str, Any], ...] = ()  # further columns of the candidate

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def email(self) -> str:
        return f"{self.first_name}.{self.last_name}@example.com".lower()


DRIVERS = (
    Applicant(
        first_name="Mirela",
        last_name="Hollerer",
        title="Forklift driver",
        employer="Donau Logistics",
        job=2,
        stages=("Application received", "Phone interview", "Trial day"),
        note="Asked for the early shift. Licence valid until 2029.",
        feedback="Calm on the ramp, precise with the mast. Would hire.",
        rating="5/5",
        paper=Paper(
            ending="pdf",
            lines=(
                "2019 to now   Donau Logistics, Linz: reach trucks up to nine metres, early shift",
                "2015 to 2019   Timber yard Traun: side loaders and the saw line",
                "Licences   forklift classes 1 to 4, crane, valid until 2029",
                "Languages   German, Romanian",
            ),
        ),
    ),
    Applicant(
        first_name="Tobias",
        last_name="Ennsgruber",
        title="Warehouse assistant",
        job=2,
        source="Referral",
        stages=("Application received", "Phone interview"),
        note="Referred by the night shift.",
        paper=Paper(
            ending="txt",
            lines=(
                "2022 to now   Sorting at night, in three halls",
                "2020 to 2022   School of logistics, Enns",
                "Looking for   days, and a forklift",
            ),
        ),
    ),
    Applicant(
        first_name="Adaeze",
        last_name="Okwori",
        title="Route planner",
        employer="Kurierbund",
        job=1,
        paper=Paper(
            ending="pdf",
            lines=(
                "2018 to now   Kurierbund: the routes of sixty vans, every morning before five",
                "2016 to 2018   Timetables for the buses of Graz",
                "Studies   transport planning, Vienna",
            ),
            keep_for=72,
            keep_unit="HOUR",
            on_expiry="again",
        ),
    ),
    Applicant(
        first_name="Jonas",
        last_name="Wallisch",
        title="Customs clerk",
        job=3,
        more=(("do_not_contact", True),),
        note="Prefers letters to telephone calls.",
        paper=Paper(
            ending="pdf",
            lines=(
                "2011 to now   Customs agency at the Villach freight yard",
                "Languages   German, Slovene, Italian, English, some Croatian",
            ),
        ),
        in_crm=False,
    ),
    Applicant(first_name="Petra", last_name="", title="Dispatcher", note="The family name was cut off in the ATS."),
    Applicant(
        first_name="Ferdinand",
        last_name="Ploner",
        title="Night sorter",
        more=(("do_not_send", True),),
        paper=Paper(ending="txt", lines=("Please keep this between us: my employer does not know that I am looking.",)),
    ),
)

NURSES = (
    Applicant(
        first_name="Selin",
        last_name="Karadeniz",
        title="Registered nurse",
        employer="Clinic on the Hill",
        job=1,
        stages=("Application received", "Interview on the ward"),
        feedback="Explains well to patients. A little hesitant with the infusion pump.",
        rating="4/5",
        note="Can start in March.",
        paper=Paper(
            ending="pdf",
            lines=(
                "2017 to now   Clinic on the Hill: surgical ward, since 2021 as deputy ward manager",
                "2014 to 2017   School of nursing, Salzburg",
                "Further training   wound care, teaching on the ward",
            ),
        ),
    ),
    Applicant(
        first_name="Karl",
        last_name="Moosbrugger",
        title="Radiographer",
        job=2,
        source="Referral",
        paper=Paper(
            ending="txt",
            lines=(
                "2009 to now   X-ray, CT and MRI at the hospital of Schwarzach",
                "Can start   with two months' notice",
            ),
            keep_for=10,
            keep_unit="MINUTE",
        ),
    ),
)
