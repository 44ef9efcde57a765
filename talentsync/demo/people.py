"""Who applies to the invented customers. Data only; nobody in here exists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Applicant:
    """One person with at most one application: `job` is its place among the offers, `stages` what it went through."""

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
    more: tuple[tuple[str, Any], ...] = ()  # further columns of the candidate

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
    ),
    Applicant(
        first_name="Tobias",
        last_name="Ennsgruber",
        title="Warehouse assistant",
        job=2,
        source="Referral",
        stages=("Application received", "Phone interview"),
        note="Referred by the night shift.",
    ),
    Applicant(first_name="Adaeze", last_name="Okwori", title="Route planner", employer="Kurierbund", job=1),
    Applicant(
        first_name="Jonas",
        last_name="Wallisch",
        title="Customs clerk",
        job=3,
        more=(("do_not_contact", True),),
        note="Prefers letters to telephone calls.",
    ),
    Applicant(first_name="Petra", last_name="", title="Dispatcher", note="The family name was cut off in the ATS."),
    Applicant(first_name="Ferdinand", last_name="Ploner", title="Night sorter", more=(("do_not_send", True),)),
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
    ),
    Applicant(first_name="Karl", last_name="Moosbrugger", title="Radiographer", job=2, source="Referral"),
)
