"""What an alert says: on its page, in a mail, in a chat. Made from our own names alone."""

from __future__ import annotations

from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from talentsync.core import heartbeats
from talentsync.monitoring.models import Alert
from talentsync.sync import kinds, presenting
from talentsync.sync.states import Operation


def of(alert: Alert) -> str:
    """One sentence."""
    facts = {**alert.facts, "concerns": _concerns(alert)}
    match alert.condition:
        case Alert.Condition.HELD if not facts["what"]:
            return _("All sending is stopped.")
        case Alert.Condition.HELD if facts["concerns"]:
            return _("Stopped: %(what)s, %(concerns)s.") % facts
        case Alert.Condition.HELD:
            return _("Stopped: %(what)s.") % facts
        case Alert.Condition.LATE:
            return _("Waits for more than 15 minutes: %(what)s, %(concerns)s.") % facts
        case Alert.Condition.LIMIT:
            return _("%(percent)s %% of today's limit was used: %(what)s, %(endpoint)s.") % facts
    return str(heartbeats.words(facts["part"]))


def page(path: str) -> str:
    """The address of a page, for who reads it elsewhere."""
    return f"{settings.SITE_URL}{path}"


def _concerns(alert: Alert) -> str:
    """Record type and action, as people call them."""
    kind, operation = alert.facts.get("kind", ""), alert.facts.get("operation", "")
    declared = {each.name: each for each in kinds.all_kinds()}
    noun = capfirst(presenting.noun(declared[kind], 2)) if kind in declared else kind
    action = str(Operation(operation).label) if operation in Operation.values else operation
    return " · ".join(filter(None, [noun, action]))
