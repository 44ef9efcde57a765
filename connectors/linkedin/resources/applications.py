"""/atsApplications: candidates' applications for jobs.

https://learn.microsoft.com/linkedin/talent/middleware-platform/sync-applications
"""

from __future__ import annotations

from connectors.linkedin.resources.middleware import MiddlewareRecords


class Applications(MiddlewareRecords):
    name = "atsApplications"
