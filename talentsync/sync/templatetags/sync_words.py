"""What templates of this app need beside Django's own: what was said of a record, JSON to read, stops of a customer."""

from __future__ import annotations

import json
from typing import Any

from django import template
from django.http import HttpRequest
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from talentsync.customers.models import Customer
from talentsync.sync import presenting, stopping, why

register = template.Library()


@register.simple_tag
def news_badge(news: str) -> SafeString:
    return _badge(*presenting.NEWS.get(news, (news, "plain")))


@register.simple_tag
def task_badge(status: str) -> SafeString:
    """How far one of LinkedIn's tasks is; a word of theirs that is new to us is shown as it came."""
    return _badge(*presenting.TASKS.get(status, (status, "plain")))


def _badge(words: presenting.Sentence, colour: str) -> SafeString:
    return format_html('<span class="ts-badge ts-{}">{}</span>', colour, words)


@register.filter
def pretty_json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False, sort_keys=True)


@register.inclusion_tag("admin/sync/_stops_of_customer.html", takes_context=True)
def stops_of(context: Context, customer: Customer) -> dict[str, Any]:
    """What is stopped for a customer, and the way to stop it."""
    request: HttpRequest = context["request"]
    concerned = list(customer.connections.all())
    holds = [
        hold
        for hold in stopping.visible_holds(request.user)
        if hold.customer_id == customer.pk or any(why.covers(hold, connection) for connection in concerned)
    ]
    return {
        "customer": customer,
        "holds": holds,
        "may_stop": request.user.has_perm("sync.add_hold"),
        "may_look": request.user.has_perm("sync.view_hold"),
    }
