"""Encryption at rest and blind indexes (rule 98).

Values are sealed with AES-256-GCM under the first key of ``LINBANG_ENCRYPTION_KEYS``; older
keys of the ring still open what they sealed. Equality look-up goes through a keyed hash under
``LINBANG_INDEX_KEY``, so a stolen dump shows neither the value nor a dictionary of it.

Layout of a sealed value: version (1 byte) · key id length (1) · key id · nonce (12) · ciphertext.
"""

import base64
import hashlib
import hmac
import os
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models

_VERSION = 1
_NONCE_BYTES = 12


class CannotOpen(Exception):
    """The value was sealed with a key that is not in the ring, or it was tampered with."""


@lru_cache
def _cipher(key_id: str) -> AESGCM:
    ring: dict[str, str] = settings.LINBANG_ENCRYPTION_KEYS
    if key_id not in ring:
        raise CannotOpen(f"no encryption key {key_id!r} in the ring")
    return AESGCM(base64.b64decode(ring[key_id]))


def current_key_id() -> str:
    """Return the id of the key that seals new values: the first of the ring."""
    return next(iter(settings.LINBANG_ENCRYPTION_KEYS))


def seal(plain: str, *, context: str) -> bytes:
    """Encrypt a value; ``context`` (the column's name) is authenticated with it."""
    key_id = current_key_id()
    nonce = os.urandom(_NONCE_BYTES)
    name = key_id.encode()
    ciphertext = _cipher(key_id).encrypt(nonce, plain.encode(), context.encode())
    return bytes([_VERSION, len(name)]) + name + nonce + ciphertext


def key_id_of(sealed: bytes) -> str:
    """Return the id of the key that sealed the value."""
    return sealed[2 : 2 + sealed[1]].decode()


def unseal(sealed: bytes, *, context: str) -> str:
    """Decrypt a value. Raises CannotOpen if key, context or content do not match."""
    start = 2 + sealed[1]
    nonce, ciphertext = sealed[start : start + _NONCE_BYTES], sealed[start + _NONCE_BYTES :]
    try:
        return _cipher(key_id_of(sealed)).decrypt(nonce, ciphertext, context.encode()).decode()
    except InvalidTag as error:
        raise CannotOpen(f"a value of {context} does not open") from error


def blind_index(value: str, *, purpose: str) -> str:
    """Return the keyed hash of a normalised value: 32 hex digits, equal for equal values.

    ``purpose`` keeps the indexes of different columns unlinkable.
    """
    key = base64.b64decode(settings.LINBANG_INDEX_KEY)
    return hmac.new(key, f"{purpose}\0{value}".encode(), hashlib.sha256).hexdigest()[:32]


class SealedTextField(models.Field):
    """A text column that is encrypted at rest; reads and writes plain ``str``."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", "")
        super().__init__(*args, **kwargs)

    @property
    def context(self) -> str:
        """The column's name, authenticated with each value so that none can change place."""
        return f"{self.model._meta.label_lower}.{self.name}"

    def get_internal_type(self) -> str:
        return "BinaryField"

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if isinstance(value, str):
            value = seal(value, context=self.context) if value else b""
        return connection.Database.Binary(value) if value is not None else None

    def from_db_value(self, value: Any, *_: Any) -> str | None:
        if value is None:
            return None
        return unseal(bytes(value), context=self.context) if value else ""

    def value_to_string(self, obj: models.Model) -> str:
        raise TypeError("sealed columns are not serialised")
