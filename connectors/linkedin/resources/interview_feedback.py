"""/atsApplications/{application}/interviewFeedback: what interviewers made of one application.

https://learn.microsoft.com/linkedin/talent/middleware-platform/sync-application-interview-feedback
"""

from __future__ import annotations

from connectors.linkedin.resources.middleware import MiddlewareRecords


class InterviewFeedbackRecords(MiddlewareRecords):
    name = "atsApplications/interviewFeedback"
