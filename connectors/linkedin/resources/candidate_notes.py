"""/atsCandidates/{candidate}/notes: notes on one candidate.

https://learn.microsoft.com/linkedin/talent/middleware-platform/sync-candidate-notes
"""

from __future__ import annotations

from connectors.linkedin.resources.middleware import MiddlewareRecords


class CandidateNotes(MiddlewareRecords):
    name = "atsCandidates/notes"
