"""What LinkedIn allows one application on each endpoint; days end at 00:00 UTC.

https://learn.microsoft.com/linkedin/shared/api-guide/concepts/rate-limits
https://learn.microsoft.com/linkedin/talent/job-postings/api/sync-premium-api-jobs
https://learn.microsoft.com/linkedin/talent/job-postings/api/check-job-taskstatus
https://learn.microsoft.com/linkedin/talent/job-postings/api/check-job-posting-status
https://learn.microsoft.com/linkedin/talent/middleware-platform

https://learn.microsoft.com/linkedin/talent/crm-connect

Each page of the Middleware Platform names its own 100,000 calls and 10,000 records, and so does that of resumes. No
header says what is left. For `hireMediaUrl` and the uploads themselves nothing is published: they are not counted,
because a number of our own would stop what LinkedIn takes; a 429 stops them as it stops everything.
"""

from __future__ import annotations

from collections.abc import Mapping

from connectors.base.quota import Quota

_MIDDLEWARE = Quota(calls_per_day=100_000, records_per_minute=10_000)

QUOTAS: Mapping[str, Quota] = {
    "simpleJobPostings": Quota(calls_per_day=100_000, records_per_day=60_000, records_per_minute=2_000),
    "simpleJobPostingTasks": Quota(calls_per_day=300_000),
    "jobPostingStatus": Quota(calls_per_day=1_000_000),
    "atsCandidates": _MIDDLEWARE,
    "atsCandidates/notes": _MIDDLEWARE,
    "atsApplications": _MIDDLEWARE,
    "atsApplications/notes": _MIDDLEWARE,
    "atsApplications/stages": _MIDDLEWARE,
    "atsApplications/interviewFeedback": _MIDDLEWARE,
    "tcrmCandidateResumes": _MIDDLEWARE,
}
