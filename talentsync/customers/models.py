"""Customers, who may see them, their connections to the vendors, and the access tokens that connections share.

What a connection may do right now (holds) and what it has to do (deliveries) is not here: that is `sync`.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from talentsync.core.fields import EncryptedTextField
from talentsync.customers import keeping, validators

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User


class Destination(models.TextChoices):
    LINKEDIN = "linkedin", "LinkedIn"
    GREENHOUSE = "greenhouse", "Greenhouse"


class Environment(models.TextChoices):
    LIVE = "live", _("Live")
    SIMULATOR = "simulator", _("Practice")


class Availability(models.TextChoices):
    """Who sees a basic job at LinkedIn. The values are ours; `jobs` puts them into LinkedIn's words."""

    PRIVATE = "private", _("Private: visible in Recruiter only")
    PUBLIC = "public", _("Public: listed on LinkedIn")


class TimeUnit(models.TextChoices):
    """LinkedIn's own units of how long it keeps a file (linkedin.md 6.2)."""

    MILLISECOND = "MILLISECOND", _("milliseconds")
    SECOND = "SECOND", _("seconds")
    MINUTE = "MINUTE", _("minutes")
    HOUR = "HOUR", _("hours")
    DAY = "DAY", _("days")
    WEEK = "WEEK", _("weeks")
    MONTH = "MONTH", _("months")
    YEAR = "YEAR", _("years")


class OnExpiry(models.TextChoices):
    """What becomes of a resume whose file LinkedIn removes."""

    DELETE = "delete", _("The resume is deleted from LinkedIn")
    AGAIN = "again", _("The file is uploaded again before that")


class GreenhouseApi(models.TextChoices):
    V3 = "v3", _("Harvest v3")
    V1 = "v1", _("Harvest v1 (legacy)")


class Health(models.TextChoices):
    UNKNOWN = "unknown", _("Not tested")
    OK = "ok", _("Works")
    FAILING = "failing", _("Does not work")


class CustomerQuerySet(models.QuerySet["Customer"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Superusers see every customer, everyone else those they are a member of."""
        if user.is_active and user.is_superuser:
            return self
        if not user.is_active or user.pk is None:
            return self.none()
        return self.filter(pk__in=Membership.objects.filter(user_id=user.pk).values("customer_id"))


class Customer(models.Model):
    """One organisation that we sync for."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    default_availability = models.CharField(
        _("new LinkedIn posts are"),
        max_length=10,
        choices=Availability.choices,
        default=Availability.PRIVATE,
        help_text=_("What the posting page suggests. A person can choose otherwise for each post."),
    )
    sends_changes = models.BooleanField(
        _("automatic sync"), default=False, editable=False
    )  # switched on and off on a page of its own, which shows first what would be sent
    resumes_kept_for = models.PositiveBigIntegerField(
        _("LinkedIn removes files of resumes after"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Empty: LinkedIn keeps them. What the upload page suggests; a person can choose otherwise."),
    )
    resumes_kept_unit = models.CharField(_("unit"), max_length=11, choices=TimeUnit.choices, blank=True)
    resumes_on_expiry = models.CharField(
        _("when LinkedIn has removed a file"), max_length=6, choices=OnExpiry.choices, default=OnExpiry.DELETE
    )
    created = models.DateTimeField(_("created"), auto_now_add=True, editable=False)

    objects = CustomerQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("customer")
        verbose_name_plural = _("customers")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if (self.resumes_kept_for is None) != (not self.resumes_kept_unit):
            words = _("Enter a number and a unit, or leave both empty: then LinkedIn keeps the files.")
            raise ValidationError({"resumes_kept_unit": words})
        is_again = self.resumes_on_expiry == OnExpiry.AGAIN
        if is_again and keeping.is_too_short_for_again(self.resumes_kept_for, self.resumes_kept_unit):
            raise ValidationError({"resumes_on_expiry": keeping.TOO_SHORT})


class Membership(models.Model):
    """A user who may see a customer."""

    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("customer")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("user")
    )

    class Meta:
        ordering = ["customer__name", "user__username"]
        verbose_name = _("member")
        verbose_name_plural = _("members")
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "user"],
                name="customers_membership_once",
                violation_error_message=_("This user is already a member of this customer."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.customer}"


class Connection(models.Model):
    """A customer at a destination, in one environment, through one credential.

    What makes its identity never changes: everything that was sent through it was sent to *that* account.
    """

    _stored_identity: tuple[Any, ...] | None = None

    IDENTITY = ("customer_id", "destination", "environment", "client_id", "organization_urn")

    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, related_name="connections", verbose_name=_("customer")
    )
    destination = models.CharField(_("vendor"), max_length=20, choices=Destination.choices)
    environment = models.CharField(_("live or practice"), max_length=20, choices=Environment.choices)
    is_current = models.BooleanField(
        _("in use"), default=True, help_text=_("Clicks and summaries use only the connection that is in use.")
    )

    client_id = models.CharField(_("client ID"), max_length=200, blank=True)
    client_secret = EncryptedTextField(_("client secret"), blank=True, default="")
    organization_urn = models.CharField(
        _("company page"), max_length=100, blank=True, validators=[validators.organization_urn]
    )
    recruiter_contract_urn = models.CharField(
        _("Recruiter contract"),
        max_length=100,
        blank=True,
        validators=[validators.contract_urn],
        help_text=_("Needed for resumes."),
    )
    job_contract_urn = models.CharField(
        _("job posting contract"),
        max_length=100,
        blank=True,
        validators=[validators.contract_urn],
        help_text=_("Needed for premium job slots."),
    )
    api_version = models.CharField(_("Greenhouse API"), max_length=2, choices=GreenhouseApi.choices, blank=True)
    api_key = EncryptedTextField(_("API key"), blank=True, default="")
    acting_user_id = models.CharField(
        _("acting user"),
        max_length=20,
        blank=True,
        validators=[validators.acting_user_id],
        help_text=_("The number of the Greenhouse user who closes the jobs. It must be a Site Admin."),
    )

    health = models.CharField(
        _("health"), max_length=10, choices=Health.choices, default=Health.UNKNOWN, editable=False
    )
    health_words = models.TextField(_("last test"), blank=True, editable=False)
    last_tested_at = models.DateTimeField(_("last tested"), null=True, editable=False)
    close_reasons = models.JSONField(_("close reasons"), default=list, editable=False)
    close_reasons_at = models.DateTimeField(_("close reasons read"), null=True, editable=False)
    default_close_reason_id = models.BigIntegerField(_("default close reason"), null=True, blank=True)
    created = models.DateTimeField(_("created"), auto_now_add=True, editable=False)

    class Meta:
        ordering = ["customer__name", "destination", "-is_current", "pk"]
        verbose_name = _("connection")
        verbose_name_plural = _("connections")
        permissions = [("test_connection", _("Can test a connection"))]
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "destination"],
                condition=Q(is_current=True),
                name="customers_connection_one_current",
                violation_error_message=_("Another connection of this customer is in use at this vendor."),
            ),
            models.CheckConstraint(
                condition=Q(destination__in=Destination.values), name="customers_connection_destination"
            ),
            models.CheckConstraint(
                condition=Q(environment__in=Environment.values), name="customers_connection_environment"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer} · {self.get_destination_display()} ({self.get_environment_display()})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Raises `ValidationError` when the identity would change."""
        if errors := self._identity_errors():
            raise ValidationError(errors)
        super().save(*args, **kwargs)
        self._stored_identity = self.identity

    @property
    def is_practice(self) -> bool:
        return self.environment == Environment.SIMULATOR

    @property
    def identity(self) -> tuple[Any, ...]:
        return tuple(getattr(self, name) for name in self.IDENTITY)

    @classmethod
    def from_db(cls, db: str | None, field_names: Collection[str], values: Collection[Any], **options: Any) -> Self:
        connection = super().from_db(db, field_names, values, **options)
        if set(cls.IDENTITY) <= set(field_names):
            connection._stored_identity = connection.identity
        return connection

    def clean(self) -> None:
        errors = self._identity_errors() | self._needs() | self._leftovers() | self._close_reason_errors()
        errors |= self._acting_user_errors() | self._shared_client_errors()
        if errors:
            raise ValidationError(errors)

    def _identity_errors(self) -> dict[str, Any]:
        stored = self._stored_identity
        if self._state.adding or stored is None:
            return {}
        sentence = _("This never changes. Make a new connection instead; everything on it starts as not sent.")
        changed = [name for name, was, now in zip(self.IDENTITY, stored, self.identity, strict=True) if was != now]
        return {name.removesuffix("_id") if name == "customer_id" else name: sentence for name in changed}

    def _needs(self) -> dict[str, Any]:
        return {name: sentence for name, sentence in _NEEDED[self._dialect()].items() if not getattr(self, name)}

    def _leftovers(self) -> dict[str, Any]:
        sentence = _("This does not belong to a connection of this kind; leave it empty.")
        return {name: sentence for name in _FOREIGN[self._dialect()] if getattr(self, name)}

    def _close_reason_errors(self) -> dict[str, Any]:
        chosen = self.default_close_reason_id
        if chosen is None or chosen in {reason["id"] for reason in self.close_reasons}:
            return {}
        return {"default_close_reason_id": _("Choose one of the close reasons that Greenhouse gave at the last test.")}

    def _shared_client_errors(self) -> dict[str, Any]:
        """LinkedIn gives every customer an application of its own (linkedin.md 1.5): token and limits hang on it."""
        if self.destination != Destination.LINKEDIN or not self.client_id:
            return {}
        others = Connection.objects.filter(
            destination=self.destination, environment=self.environment, client_id=self.client_id
        ).exclude(customer=self.customer_id)
        if not others.exists():
            return {}
        return {"client_id": _("Another customer uses this application. Each customer has one of its own at LinkedIn.")}

    def _acting_user_errors(self) -> dict[str, Any]:
        """A credential's one shared token is made for one user (greenhouse.md 2.2: another one may revoke it)."""
        if self._dialect() != "greenhouse-v3":
            return {}
        same = Connection.objects.exclude(pk=self.pk).filter(
            destination=self.destination, environment=self.environment, client_id=self.client_id
        )
        if not same.exclude(acting_user_id=self.acting_user_id).exists():
            return {}
        return {"acting_user_id": _("This client ID already acts for another user. One credential acts for one user.")}

    def _dialect(self) -> str:
        if self.destination == Destination.GREENHOUSE:
            return f"greenhouse-{self.api_version or GreenhouseApi.V3}"
        return str(self.destination or Destination.LINKEDIN)


_CLIENT = {
    "client_id": _("The vendor's client ID is needed."),
    "client_secret": _("The vendor's client secret is needed."),
}
_ACTING = {
    "api_version": _("Choose the Greenhouse API; v3 unless Greenhouse told you otherwise."),
    "acting_user_id": _("Greenhouse closes jobs in the name of a user: give the number of a Site Admin."),
}
_NEEDED: dict[str, dict[str, Any]] = {
    "linkedin": _CLIENT | {"organization_urn": _("LinkedIn files everything under a company page: give its URN.")},
    "greenhouse-v3": _CLIENT | _ACTING,
    "greenhouse-v1": _ACTING | {"api_key": _("Harvest v1 needs its API key.")},
}
_URNS = ("organization_urn", "recruiter_contract_urn", "job_contract_urn")
_FOREIGN: dict[str, tuple[str, ...]] = {
    "linkedin": ("api_version", "api_key", "acting_user_id", "default_close_reason_id"),
    "greenhouse-v3": (*_URNS, "api_key"),
    "greenhouse-v1": (*_URNS, "client_id", "client_secret"),
}


class AccessToken(models.Model):
    """The one token of a credential, shared by every worker. `tokens.SharedToken` alone reads and writes it."""

    environment = models.CharField(max_length=20, choices=Environment.choices)
    destination = models.CharField(max_length=20, choices=Destination.choices)
    client_id = models.CharField(max_length=200)
    token = EncryptedTextField(blank=True, default="")
    expires_at = models.DateTimeField(null=True)
    lease_name = models.CharField(max_length=40, blank=True, default="")
    lease_ends_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["environment", "destination", "client_id"], name="customers_token_once")
        ]

    def __str__(self) -> str:
        return f"{self.get_destination_display()} ({self.get_environment_display()})"
