"""Columns whose content is encrypted at rest. They cannot be searched or sorted by.

The first key of FIELD_ENCRYPTION_KEYS encrypts, all of them decrypt. What no key opens raises `WrongKey`: ciphertext is
never handed out, because it would travel to a vendor as if it were a password.
"""

from __future__ import annotations

import json
import zlib
from contextlib import suppress
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Expression


class WrongKey(Exception):
    """None of FIELD_ENCRYPTION_KEYS opens this value."""


@lru_cache(maxsize=8)
def _cipher(keys: tuple[str, ...]) -> MultiFernet:
    try:
        return MultiFernet([Fernet(key) for key in keys])
    except ValueError:
        raise ImproperlyConfigured("FIELD_ENCRYPTION_KEYS is empty or holds something that is not a key.") from None


def encrypt(plain: bytes) -> str:
    return _cipher(tuple(settings.FIELD_ENCRYPTION_KEYS)).encrypt(plain).decode("ascii")


def decrypt(stored: str, *, column: str) -> bytes:
    """Raises `WrongKey`, which names the column and never the content."""
    try:
        return _cipher(tuple(settings.FIELD_ENCRYPTION_KEYS)).decrypt(stored)
    except InvalidToken:
        raise WrongKey(f"No key of FIELD_ENCRYPTION_KEYS opens {column}.") from None


def renewed(stored: str, *, column: str) -> str | None:
    """The same content under the first key; None where it is that already. Raises `WrongKey` like `decrypt`."""
    keys = tuple(settings.FIELD_ENCRYPTION_KEYS)
    with suppress(InvalidToken):
        _cipher(keys[:1]).decrypt(stored)
        return None
    try:
        return _cipher(keys).rotate(stored).decode("ascii")
    except InvalidToken:
        raise WrongKey(f"No key of FIELD_ENCRYPTION_KEYS opens {column}.") from None


class EncryptedField(models.TextField):
    """What both encrypted columns share: no lookup but `isnull`, no plain text in a data dump."""

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is encrypted and cannot be searched.")
        return super().get_lookup(lookup_name)

    def value_to_string(self, obj: models.Model) -> str:
        raise FieldError(f"{self.name} is encrypted and is not dumped; back up the database itself.")

    def _column(self) -> str:
        return f"{self.model._meta.db_table}.{self.column}"


class EncryptedTextField(EncryptedField):
    """Text, encrypted. The empty string stays empty: it says nothing."""

    def get_prep_value(self, value: Any) -> Any:
        text = super().get_prep_value(value)
        return encrypt(text.encode()) if text else text

    def from_db_value(self, value: str | None, _: Expression, __: BaseDatabaseWrapper) -> str | None:
        return decrypt(value, column=self._column()).decode() if value else value


class EncryptedJSONField(EncryptedField):
    """A JSON value, compressed and encrypted; `None` is NULL."""

    def get_prep_value(self, value: Any) -> str | None:
        if value is None:
            return None
        text = json.dumps(value, cls=DjangoJSONEncoder, separators=(",", ":"), ensure_ascii=False)
        return encrypt(zlib.compress(text.encode()))

    def from_db_value(self, value: str | None, _: Expression, __: BaseDatabaseWrapper) -> Any:
        return None if value is None else json.loads(zlib.decompress(decrypt(value, column=self._column())))

    def to_python(self, value: Any) -> Any:
        return value
