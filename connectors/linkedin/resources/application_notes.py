"""/atsApplications/{application}/notes: notes on one application, another thing than notes on its candidate.

https://learn.microsoft.com/linkedin/talent/middleware-platform/sync-application-notes
"""

from __future__ import annotations

from connectors.linkedin.resources.middleware import MiddlewareRecords


class ApplicationNotes(MiddlewareRecords):
    name = "atsApplications/notes"
