"""Jobs, and what the vendors say of them."""

from talentsync.jobs.models.facts import GreenhouseJob, Posting
from talentsync.jobs.models.job import GreenhouseStatus, Job, PostingStatus, Status

__all__ = ["GreenhouseJob", "GreenhouseStatus", "Job", "Posting", "PostingStatus", "Status"]
