"""Greenhouse Recruiting: closing a job through the Harvest API, v3 and (legacy) v1."""
