"""What our own codes mean for resumes, beside those of all records about people."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from talentsync.candidates import sentences
from talentsync.resumes.records import NO_CONTRACT

REASONS: Mapping[str, str | Promise] = {**sentences.REASONS, "no_contract": NO_CONTRACT}

NOT_DELETED = _(
    "LinkedIn offers no call that deletes an uploaded file itself. One that it was to remove after a time vanishes "
    "then; any other stays there, without a resume that names it."
)
