"""Rows of boxes for what a candidate has several of."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from connectors.linkedin import choices
from talentsync.core.admin.fields import Part, RowsField


class PhonesField(RowsField):
    """Phone numbers, as LinkedIn divides them (linkedin.md 4.2)."""

    parts = (Part(name="number", label=_("Number")), Part(name="extension", label=_("Extension")))


class AddressesField(RowsField):
    """Postal addresses, under LinkedIn's names of their parts (linkedin.md 4.2)."""

    parts = (
        Part(name="line1", label=_("Street"), wide=True),
        Part(name="line2", label=_("Second line"), wide=True),
        Part(name="postalCode", also="postal_code", label=_("Postal code")),
        Part(name="city", label=_("City")),
        Part(name="geographicArea", also="geographic_area", label=_("Area code")),
        Part(
            name="geographicAreaType",
            also="geographic_area_type",
            label=_("Area is a"),
            choices=choices.GEOGRAPHIC_AREA_TYPES,
        ),
        Part(name="country", label=_("Country code")),
    )
