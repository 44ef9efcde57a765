"""/tcrmCandidateResumes: uploaded files as resumes of candidates.

https://learn.microsoft.com/linkedin/talent/crm-connect/sync-crm-candidate-resumes

The key names the candidate, so that one call may be about many: there, `Entry.key` tells the entries apart and
`external_id` is the resume's own. The candidate must exist on the side of the CRM, where we do not make it.

Inferred, not documented: resumes can be read by key, as the records of the Middleware Platform can.
"""

from __future__ import annotations

from connectors.linkedin.resources.middleware import MiddlewareRecords


class Resumes(MiddlewareRecords):
    name = "tcrmCandidateResumes"
