"""An amount of money, as LinkedIn writes it (linkedin.md 3.5)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Money:
    """The amount is a decimal number as text, the currency three capital letters."""

    amount: str = ""
    currency_code: str = ""
