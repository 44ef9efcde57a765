"""What goes on the wire: one frozen record per kind, in LinkedIn's words. What it may hold is said by `rules`."""

from connectors.linkedin.records.application import Application
from connectors.linkedin.records.candidate import Address, Candidate, Phone
from connectors.linkedin.records.interview_feedback import Evaluation, InterviewFeedback
from connectors.linkedin.records.job_posting import Budget, Compensation, JobPosting, OnsiteApplyConfiguration
from connectors.linkedin.records.money import Money
from connectors.linkedin.records.note import Note
from connectors.linkedin.records.person import Person
from connectors.linkedin.records.resume import Resume
from connectors.linkedin.records.resume_file import CONTENT_TYPES, ResumeFile
from connectors.linkedin.records.stage import Stage
from connectors.linkedin.records.timespan import Timespan, TimeUnit
from connectors.linkedin.records.wire import attribute_named, on_wire, wire_name

__all__ = [
    "CONTENT_TYPES",
    "Address",
    "Application",
    "Budget",
    "Candidate",
    "Compensation",
    "Evaluation",
    "InterviewFeedback",
    "JobPosting",
    "Money",
    "Note",
    "OnsiteApplyConfiguration",
    "Person",
    "Phone",
    "Resume",
    "ResumeFile",
    "Stage",
    "TimeUnit",
    "Timespan",
    "attribute_named",
    "on_wire",
    "wire_name",
]
