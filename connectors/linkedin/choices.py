"""The values LinkedIn knows for fields, with words for the form that offers them (linkedin.md 3.3-3.5, 4.2, 4.5).

Inferred, not documented here: the job function codes beyond `acct`, `sale` and `eng` are those of LinkedIn's older
public API; they are offered, and any other code of the same shape is let through.
"""

from __future__ import annotations

from collections.abc import Mapping

from connectors.base.words import gettext_noop as _

OPERATIONS = ("CREATE", "UPDATE", "RENEW", "CLOSE")  # linkedin.md 10.1, row 3

LISTING_TYPES: Mapping[str, str] = {"BASIC": _("Basic"), "PREMIUM": _("Premium")}

AVAILABILITIES: Mapping[str, str] = {
    "PUBLIC": _("Public"),
    "PRIVATE_TO_ATS_INTEGRATION": _("Private: visible in Recruiter only"),
    "INTERNAL": _("Internal: for employees only"),
}

STATES: Mapping[str, str] = {"LISTED": _("Listed"), "CLOSED": _("Closed")}

WORKPLACE_TYPES: Mapping[str, str] = {"On-site": _("On-site"), "Hybrid": _("Hybrid"), "Remote": _("Remote")}

EMPLOYMENT_STATUSES: Mapping[str, str] = {
    "FULL_TIME": _("Full-time"),
    "PART_TIME": _("Part-time"),
    "CONTRACT": _("Contract"),
    "INTERNSHIP": _("Internship"),
    "TEMPORARY": _("Temporary"),
    "VOLUNTEER": _("Volunteer"),
    "OTHER": _("Other"),  # never sent: the schema does not know it (linkedin.md 10.1, row 16)
}

EXPERIENCE_LEVELS: Mapping[str, str] = {
    "INTERNSHIP": _("Internship"),
    "ENTRY_LEVEL": _("Entry level"),
    "ASSOCIATE": _("Associate"),
    "MID_SENIOR_LEVEL": _("Mid-senior level"),
    "DIRECTOR": _("Director"),
    "EXECUTIVE": _("Executive"),
    "NOT_APPLICABLE": _("Not applicable"),
}

COMPENSATION_TYPES: Mapping[str, str] = {
    "BASE_SALARY": _("Base salary"),
    "TIPS": _("Tips"),
    "COMMISSION": _("Commission"),
    "PROFIT_SHARING": _("Profit sharing"),
    "STOCK_OPTIONS": _("Stock options"),
    "STOCK": _("Stock"),
    "BONUS": _("Bonus"),
    "SIGN_ON_BONUS": _("Sign-on bonus"),
    "OVER_TIME": _("Overtime"),
    "OTHER": _("Other"),
}

COMPENSATION_PERIODS: Mapping[str, str] = {
    "YEARLY": _("per year"),
    "MONTHLY": _("per month"),
    "SEMIMONTHLY": _("twice a month"),
    "BIWEEKLY": _("every two weeks"),
    "WEEKLY": _("per week"),
    "DAILY": _("per day"),
    "HOURLY": _("per hour"),
}

APPLICATION_QUESTIONS: Mapping[str, str] = {
    "contactInformationQuestions": _("Contact details"),
    "resumeQuestions": _("Resume"),
    "coverLetterQuestions": _("Cover letter"),
    "workQuestions": _("Work experience"),
    "educationQuestions": _("Education"),
    "voluntarySelfIdentificationQuestions": _("Voluntary self-identification"),
    "additionalQuestions": _("Questions of your own"),
}
"""The sections of `onsiteApplyConfiguration.questions`."""

JOB_FUNCTIONS: Mapping[str, str] = {
    "acct": _("Accounting"),
    "adm": _("Administrative"),
    "advr": _("Advertising"),
    "anls": _("Analyst"),
    "art": _("Art and creative"),
    "bd": _("Business development"),
    "cnsl": _("Consulting"),
    "cust": _("Customer service"),
    "dist": _("Distribution"),
    "dsgn": _("Design"),
    "edu": _("Education"),
    "eng": _("Engineering"),
    "fin": _("Finance"),
    "genb": _("General business"),
    "hr": _("Human resources"),
    "it": _("Information technology"),
    "lgl": _("Legal"),
    "mgmt": _("Management"),
    "mnfc": _("Manufacturing"),
    "mrkt": _("Marketing"),
    "othr": _("Other"),
    "pr": _("Public relations"),
    "prch": _("Purchasing"),
    "prdm": _("Product management"),
    "prjm": _("Project management"),
    "prod": _("Production"),
    "qa": _("Quality assurance"),
    "rsch": _("Research"),
    "sale": _("Sales"),
    "sci": _("Science"),
    "stra": _("Strategy and planning"),
    "supl": _("Supply chain"),
    "trng": _("Training"),
    "wrt": _("Writing and editing"),
}

GEOGRAPHIC_AREA_TYPES: Mapping[str, str] = {"STATE": _("State"), "PROVINCE": _("Province")}

INTERVIEW_TYPES: Mapping[str, str] = {"PHONE_SCREEN": _("Phone screen"), "ONSITE": _("On-site")}
