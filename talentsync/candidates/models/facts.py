"""What LinkedIn last said of a candidate, one row for each connection. Written by `looks.absorb` alone."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Match(models.Model):
    """Which members LinkedIn takes the candidate for (linkedin.md 4.2): found by itself, and linked by a person."""

    candidate = models.ForeignKey("candidates.Candidate", models.CASCADE, related_name="matches")
    connection = models.ForeignKey("customers.Connection", models.CASCADE)
    matched_members = models.JSONField(_("found by LinkedIn"), default=list)
    manual_matched_member = models.CharField(_("linked by a person"), max_length=100, blank=True)
    checked_at = models.DateTimeField(_("checked"))

    class Meta:
        verbose_name = _("match at LinkedIn")
        verbose_name_plural = _("matches at LinkedIn")
        constraints = [models.UniqueConstraint(fields=["candidate", "connection"], name="candidates_match_once")]

    def __str__(self) -> str:
        return f"match of candidate {self.candidate_id}"
