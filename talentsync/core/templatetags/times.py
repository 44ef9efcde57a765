"""How long ago something was, in words."""

from __future__ import annotations

from datetime import datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext

register = template.Library()


@register.filter
def ago(moment: datetime | None) -> str:
    """ "5 minutes ago"; Django's own says "0 minutes" of what happened a moment ago."""
    if moment is None:
        return ""
    if timezone.now() - moment < timedelta(minutes=1):
        return gettext("just now")
    return gettext("%(span)s ago") % {"span": timesince(moment)}
