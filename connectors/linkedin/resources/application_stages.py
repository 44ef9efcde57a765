"""/atsApplications/{application}/stages: the stages one application has reached.

https://learn.microsoft.com/linkedin/talent/middleware-platform/sync-application-stages
"""

from __future__ import annotations

from connectors.linkedin.resources.middleware import MiddlewareRecords


class ApplicationStages(MiddlewareRecords):
    name = "atsApplications/stages"
