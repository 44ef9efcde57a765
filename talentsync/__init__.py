"""TalentSync: jobs and candidates to LinkedIn and Greenhouse, with nothing lost or silently wrong."""

from __future__ import annotations

from talentsync import checks
from talentsync.celery import app as celery_app

__all__ = ["celery_app", "checks"]  # importing the package binds tasks to our app and registers our system checks
