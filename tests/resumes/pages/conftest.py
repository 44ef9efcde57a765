"""A candidate of a customer with a Recruiter contract, and a recruiter who is logged in."""

from __future__ import annotations

from tests.people_admin.conftest import rosa  # noqa: F401  (fixtures)
from tests.resumes.sending.conftest import *  # noqa: F403  (fixtures)
