"""What the vendors last said of a job, one row for each connection. Written by `looks.absorb` alone."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Posting(models.Model):
    """What LinkedIn shows of a job. Partners must show URL, listing, apply and promotion status (linkedin.md 3.11)."""

    job = models.ForeignKey("jobs.Job", models.CASCADE, related_name="postings")
    connection = models.ForeignKey("customers.Connection", models.CASCADE)
    urn = models.CharField(_("ID at LinkedIn"), max_length=100, blank=True)
    url = models.URLField(_("address"), max_length=500, blank=True)
    listing_status = models.CharField(_("listing"), max_length=30, blank=True)
    apply_status = models.CharField(_("apply"), max_length=30, blank=True)
    promotion_status = models.CharField(_("promotion"), max_length=30, blank=True)
    visibility = models.CharField(_("visibility"), max_length=30, blank=True)
    listed_at = models.DateTimeField(_("listed"), null=True)
    expire_at = models.DateTimeField(_("expires"), null=True)
    details = models.JSONField(
        default=dict
    )  # why a status is as it is, where LinkedIn lists the job, for which company
    checked_at = models.DateTimeField(_("checked"), null=True)

    class Meta:
        verbose_name = _("posting")
        verbose_name_plural = _("postings")
        constraints = [models.UniqueConstraint(fields=["job", "connection"], name="jobs_posting_once")]

    def __str__(self) -> str:
        return self.urn


class GreenhouseJob(models.Model):
    """What Greenhouse says of a job and its openings."""

    job = models.ForeignKey("jobs.Job", models.CASCADE, related_name="greenhouse_jobs")
    connection = models.ForeignKey("customers.Connection", models.CASCADE)
    greenhouse_id = models.BigIntegerField(_("ID at Greenhouse"), null=True)
    name = models.CharField(_("name at Greenhouse"), max_length=500, blank=True)
    status = models.CharField(_("status"), max_length=9, blank=True)  # of `GreenhouseStatus`
    open_openings = models.PositiveIntegerField(_("open openings"), null=True)
    total_openings = models.PositiveIntegerField(_("openings"), null=True)
    closed_at = models.DateTimeField(_("closed"), null=True)
    candidates = models.JSONField(default=list)  # the open jobs that share the requisition id, where there are several
    checked_at = models.DateTimeField(_("checked"), null=True)

    class Meta:
        verbose_name = _("job at Greenhouse")
        verbose_name_plural = _("jobs at Greenhouse")
        constraints = [models.UniqueConstraint(fields=["job", "connection"], name="jobs_greenhousejob_once")]

    def __str__(self) -> str:
        return self.name
