"""LinkedIn Talent Solutions: the client, its dialect, the record types and what its refusals mean."""
