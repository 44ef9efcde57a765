"""Marks sentences for translation where Django is out of reach.

Connectors hold the playbooks (what a vendor's message means, what to do). The sentences are extracted by gettext like
any other and translated where they are shown.
"""

from __future__ import annotations


def gettext_noop(sentence: str) -> str:
    return sentence
