"""Celery's doors: what beat asks for about resumes."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from talentsync.resumes import expiry, replaced, services


@shared_task(name="resumes.expire")
def expire() -> dict[str, int]:
    return {"asked": expiry.carry_on(timezone.now())}


@shared_task(name="resumes.tidy")
def tidy() -> dict[str, int]:
    return {"tidied": services.sweep(), "forgotten": replaced.forget(timezone.now())}
