"""What is checked before anything starts: that files of resumes can be kept and scanned as the settings say."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.utils.module_loading import import_string

from talentsync.core.checks import SETTINGS
from talentsync.resumes import clamd


@register(SETTINGS)
def check_scanner(app_configs: object, **_: Any) -> Sequence[CheckMessage]:
    """A scanner that is named wrongly would refuse every file, and two of them would hide one."""
    if settings.RESUME_SCANNER and settings.CLAMAV_SOCKET:
        return [Error("RESUME_SCANNER and CLAMAV_SOCKET are both set: choose one.", id="resumes.E001")]
    if settings.RESUME_SCANNER and not _can_be_called(settings.RESUME_SCANNER):
        hint = "Write the module and the function: package.module.function."
        return [Error("RESUME_SCANNER names no function that can be imported.", hint=hint, id="resumes.E002")]
    if settings.CLAMAV_SOCKET and not _is_address(settings.CLAMAV_SOCKET):
        hint = "Write an absolute path, host:port or [IPv6]:port."
        return [Error("CLAMAV_SOCKET is neither a path nor host:port.", hint=hint, id="resumes.E003")]
    return []


@register(SETTINGS)
def check_bucket(app_configs: object, **_: Any) -> Sequence[CheckMessage]:
    if settings.RESUMES_S3_BUCKET and not (find_spec("storages") and find_spec("boto3")):
        hint = "Install requirements/ops.txt, or leave RESUMES_S3_BUCKET empty."
        return [Error("RESUMES_S3_BUCKET is set, and what it needs is not installed.", hint=hint, id="resumes.E004")]
    if bool(settings.RESUMES_S3_ACCESS_KEY) != bool(settings.RESUMES_S3_SECRET_KEY):
        return [Error("Of RESUMES_S3_ACCESS_KEY and RESUMES_S3_SECRET_KEY one is empty.", id="resumes.E005")]
    return []


def _can_be_called(dotted: str) -> bool:
    try:
        return callable(import_string(dotted))
    except Exception:  # a module of the operator's may fail in any way
        return False


def _is_address(setting: str) -> bool:
    try:
        clamd.address(setting)
    except ValueError:
        return False
    return True
