"""What the invented customers advertise. Data only; nobody and nothing in here exists."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

RECRUITER, COLLEAGUE = "recruiter@demo.example", "colleague@demo.example"


@dataclass(frozen=True, kw_only=True)
class Offer:
    """One job: `about` completes its description, `openings` are its seats at Greenhouse."""

    title: str
    location: str
    about: str
    function: str
    level: str = "MID_SENIOR_LEVEL"
    workplace: str = "On-site"
    employment: str = "FULL_TIME"
    openings: int = 1
    owner: str = RECRUITER
    age: timedelta = timedelta(days=3)
    more: dict[str, Any] = field(default_factory=dict)  # further columns of the job

    def description(self, customer: str) -> str:
        return (
            f"<p>{customer} is looking for a {self.title.lower()} in {self.location.split(',')[0]}.</p>"
            f"<p>{self.about}</p>"
            "<p>What you can count on:</p>"
            "<ul><li>time to learn the work before it is yours</li>"
            "<li>a plan for the week that holds</li>"
            "<li>colleagues who explain and ask</li></ul>"
        )


def pay(start: str, end: str, *, currency: str = "EUR", period: str = "YEARLY") -> dict[str, Any]:
    entry = {"type": "BASE_SALARY", "period": period, "currency": currency, "exact": "", "start": start, "end": end}
    return {"compensation": [entry]}


PREMIUM = {"listing_type": "PREMIUM", "show_poster_info": True}

WAREHOUSES = (
    Offer(
        title="Shift lead, night sorting",
        location="Linz, Austria",
        about="You keep forty people and two kilometres of belt in step, from ten at night to six in the morning.",
        function="mnfc",
        openings=2,
        more=pay("46000", "52000"),
    ),
    Offer(
        title="Forklift driver",
        location="Linz, Austria",
        about="You move what does not fit on a belt: machines, windows and now and then a piano.",
        function="supl",
        level="ENTRY_LEVEL",
        openings=3,
        more=pay("17.20", "19.80", period="HOURLY"),
    ),
    Offer(
        title="Route planner",
        location="Graz, Austria",
        about="You draw the routes for ninety vans each morning and know which bridge is closed before the news does.",
        function="supl",
        workplace="Hybrid",
        openings=1,
    ),
    Offer(
        title="Customs clerk",
        location="Villach, Austria",
        about="You turn delivery notes in five languages into declarations that pass the first time.",
        function="adm",
        openings=2,
        owner=COLLEAGUE,
    ),
    Offer(
        title="Mechatronics technician, conveyor belts",
        location="Linz, Austria",
        about="When a belt stops you hear it before the alarm does, and you have the right bearing in your bag.",
        function="eng",
        openings=2,
        more=PREMIUM | pay("42000", "49000"),
    ),
    Offer(
        title="Warehouse software developer",
        location="Vienna, Austria",
        about="You write the programs that tell every parcel where to go, and watch them do it from the gallery.",
        function="it",
        workplace="Hybrid",
        openings=2,
        more=PREMIUM | pay("58000", "72000"),
    ),
    Offer(
        title="Data analyst, delivery times",
        location="Austria",
        about="You find out why Tuesdays are late, tell it so that everybody understands, and help to change it.",
        function="anls",
        workplace="Remote",
    ),
    Offer(
        title="Fleet mechanic",
        location="Graz, Austria",
        about="Ninety electric vans, twelve diesel lorries and one tractor are yours to keep on the road.",
        function="eng",
        openings=2,
        owner=COLLEAGUE,
    ),
    Offer(
        title="Team assistant, site management",
        location="Linz, Austria",
        about="You keep the diary, the visitors and the minutes of a site that never closes.",
        function="adm",
        employment="PART_TIME",
        level="ASSOCIATE",
    ),
    Offer(
        title="Safety officer",
        location="Wels, Austria",
        about="You walk every hall every week, and the number on the board by the gate is your report.",
        function="mgmt",
        owner=COLLEAGUE,
    ),
    Offer(
        title="Intern, returns desk",
        location="Linz, Austria",
        about="Half of what people send back tells a story. You sort it, count it, and tell us what it says.",
        function="cust",
        employment="INTERNSHIP",
        level="INTERNSHIP",
        openings=2,
    ),
    Offer(
        title="Buyer, packaging",
        location="Vienna, Austria",
        about="Cardboard, paper tape and nothing that has to be thrown away twice: you buy it by the lorry.",
        function="prch",
    ),
    Offer(
        title="Regional manager, east",
        location="Vienna, Austria",
        about="Four sites, three hundred people, and the one number that matters: parcels that arrived as promised.",
        function="mgmt",
        level="DIRECTOR",
        more=PREMIUM | pay("82000", "98000"),
    ),
    Offer(
        title="Dispatcher, weekend",
        location="Wels, Austria",
        about="Two days a week you answer the telephone that only rings when something has gone wrong.",
        function="supl",
        employment="PART_TIME",
        owner="",
        age=timedelta(days=40),
    ),
)

CLINICS = (
    Offer(
        title="Nurse, day clinic",
        location="Salzburg, Austria",
        about="Eight beds, regular hours, and time to sit down with the people who lie in them.",
        function="othr",
        openings=3,
    ),
    Offer(
        title="Physiotherapist",
        location="Salzburg, Austria",
        about="From the first steps after an operation to the first hike: you go along.",
        function="othr",
        openings=2,
        more=pay("39000", "45000"),
    ),
    Offer(
        title="Radiology assistant",
        location="Hallein, Austria",
        about="You take pictures that make the next question unnecessary, on machines that were bought last year.",
        function="sci",
    ),
    Offer(
        title="Front desk, evenings",
        location="Salzburg, Austria",
        about="You are the first voice people hear when they are worried, and the last when they are not any more.",
        function="cust",
        employment="PART_TIME",
        level="ENTRY_LEVEL",
        openings=2,
    ),
    Offer(
        title="Laboratory technician",
        location="Hallein, Austria",
        about="Two hundred samples a day, and each of them belongs to somebody who is waiting.",
        function="sci",
        openings=2,
        owner=COLLEAGUE,
    ),
    Offer(
        title="Practice manager",
        location="Bischofshofen, Austria",
        about="Doctors look after the patients, and you look after everything else.",
        function="mgmt",
        level="DIRECTOR",
    ),
    Offer(
        title="Medical secretary",
        location="Austria",
        about="Letters that patients understand, dictated today and sent today, from wherever you work best.",
        function="adm",
        workplace="Remote",
        owner=COLLEAGUE,
    ),
    Offer(
        title="Dietician",
        location="Salzburg, Austria",
        about="You know what people should eat, and better still what they will.",
        function="othr",
        employment="PART_TIME",
    ),
    Offer(
        title="Billing specialist",
        location="Salzburg, Austria",
        about="Eleven insurers with eleven opinions, and you know them all.",
        function="fin",
        workplace="Hybrid",
    ),
    Offer(
        title="House technician",
        location="Hallein, Austria",
        about="Heating, doors, lights and the lift that is only ever stuck on Fridays.",
        function="eng",
        owner="",
    ),
    Offer(
        title="Quality nurse",
        location="Bischofshofen, Austria",
        about="You look at how things are done here, and ask why until there is an answer.",
        function="qa",
        owner=COLLEAGUE,
    ),
    Offer(
        title="Trainee, medical assistance",
        location="Salzburg, Austria",
        about="Three years, four departments, and a place here when you have passed.",
        function="trng",
        level="ENTRY_LEVEL",
        openings=3,
        more={"description": "Three years, four departments."},  # too short for LinkedIn: the job's page says so
    ),
)
