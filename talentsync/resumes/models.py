"""Resumes of candidates, the files that they are, and where LinkedIn keeps those."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID, uuid4

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from connectors.linkedin.records import Timespan
from connectors.linkedin.records import TimeUnit as Unit
from talentsync.candidates.models import Candidate, PersonRecord, of_person
from talentsync.candidates.querysets import HangingQuerySet
from talentsync.customers.models import OnExpiry, TimeUnit
from talentsync.sync.models import SyncedModel, unique_id

AGAIN_BEFORE = timedelta(days=1)  # a file that is kept for long is uploaded again so long before its time is over


def new_id() -> str:
    return str(uuid4())


def is_ours(external_id: str) -> bool:
    """Whether an ID was made here: it tells people nothing."""
    try:
        return str(UUID(external_id)) == external_id
    except ValueError:
        return False


class ResumeFile(SyncedModel):
    """A file that was checked and stored; what is in it never changes. `stored_as` is its name in private storage.

    Without `keep_for` LinkedIn keeps it for ever, else so many of `keep_unit` from its upload on.
    """

    candidate = models.ForeignKey(Candidate, models.CASCADE, related_name="resume_files", verbose_name=_("candidate"))
    name = models.CharField(_("file"), max_length=255)
    content_type = models.CharField(_("type"), max_length=50)
    size = models.PositiveIntegerField(_("size"))
    sha256 = models.CharField(max_length=64)
    stored_as = models.CharField(max_length=100, unique=True)
    checked_at = models.DateTimeField(_("checked"), default=timezone.now)
    was_scanned = models.BooleanField(_("scanned for viruses"), default=False)
    keep_for = models.PositiveBigIntegerField(_("remove after"), null=True, blank=True)
    keep_unit = models.CharField(_("unit"), max_length=11, choices=TimeUnit, blank=True)

    class Meta:
        constraints = [
            unique_id(),
            models.CheckConstraint(
                condition=Q(keep_for__isnull=True, keep_unit="") | Q(keep_for__gt=0, keep_unit__in=TimeUnit.values),
                name="resumes_file_kept",
            ),
        ]
        indexes = [
            models.Index(fields=["candidate", "sha256"], name="resumefile_same"),
            models.Index(fields=["customer", "id"], name="resumefile_customer"),
        ]
        verbose_name = _("file")
        verbose_name_plural = _("files")

    def __str__(self) -> str:
        return self.name

    @classmethod
    def stored_names(cls) -> Iterable[str]:
        """In order, for whoever looks for orphans."""
        return cls.objects.order_by("stored_as").values_list("stored_as", flat=True).iterator()

    @property
    def kept(self) -> Timespan | None:
        return None if self.keep_for is None else Timespan(duration=self.keep_for, unit=Unit(self.keep_unit))


class Resume(PersonRecord):
    """A resume of a candidate; its ID is its own below the candidate, and stays when the file is replaced."""

    UNDER = "candidate"

    candidate = models.ForeignKey(Candidate, models.CASCADE, related_name="resumes", verbose_name=_("candidate"))
    file = models.OneToOneField(ResumeFile, models.RESTRICT, related_name="resume", verbose_name=_("file"))
    ats_created_at = models.DateTimeField(_("created in your ATS"), default=timezone.now)
    on_expiry = models.CharField(
        _("when LinkedIn has removed the file"), max_length=6, choices=OnExpiry, default=OnExpiry.DELETE
    )

    objects = HangingQuerySet.as_manager()

    class Meta:
        constraints = [unique_id("candidate")]
        indexes = of_person("resume")
        verbose_name = _("resume")
        verbose_name_plural = _("resumes")
        permissions = [("download_resume", _("Can download resumes"))]

    def __str__(self) -> str:
        return self.file.name


class FileReference(models.Model):
    """Where LinkedIn keeps a file that went through a connection. Written by `looks.absorb_files` alone.

    `renew_at` is when it must be uploaded again at the latest, if that is wished; `asked_at` when what happens at
    expiry was asked for.
    """

    file = models.ForeignKey(ResumeFile, models.CASCADE, related_name="references")
    connection = models.ForeignKey("customers.Connection", models.CASCADE)
    urn = models.CharField(_("file reference"), max_length=600)
    uploaded_at = models.DateTimeField(_("uploaded"))
    expires_at = models.DateTimeField(_("removed there"), null=True)
    renew_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("file reference")
        verbose_name_plural = _("file references")
        constraints = [models.UniqueConstraint(fields=["file", "connection"], name="resumes_reference_once")]
        indexes = [
            models.Index(
                fields=["renew_at"],
                name="resumes_reference_ends",
                condition=Q(renew_at__isnull=False, asked_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"reference of file {self.file_id}"


class ReplacedFile(models.Model):
    """A file that LinkedIn has and that no `FileReference` tells of any more, because it was replaced here or uploaded
    once more: its time there goes on. `renew_at` as of `FileReference`, `asked_at` also when nothing was to be asked,
    because LinkedIn is known to name another file with the resume. Written by `replaced` alone, but for `asked_at`.
    """

    resume = models.ForeignKey(Resume, models.CASCADE, related_name="replaced_files")
    connection = models.ForeignKey("customers.Connection", models.CASCADE)
    urn = models.CharField(_("file reference"), max_length=600)
    expires_at = models.DateTimeField(_("removed there"), null=True)
    renew_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("replaced file")
        verbose_name_plural = _("replaced files")
        constraints = [models.UniqueConstraint(fields=["resume", "connection", "urn"], name="resumes_replaced_each")]
        indexes = [
            models.Index(
                fields=["renew_at"],
                name="resumes_replaced_ends",
                condition=Q(renew_at__isnull=False, asked_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"replaced file of resume {self.resume_id}"
