"""Signatures that anybody can verify, without asking us: Ed25519 under a key ring.

The first key of ``LINBANG_SIGNING_KEYS`` signs. The public halves are published for ever by who
signs with them: taking an old key off the ring ends what it may sign, not what it has signed.
"""

import base64
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings


@lru_cache
def _private_key(seed: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(base64.b64decode(seed))


def current_key_id() -> str:
    """Return the id of the key that signs: the first of the ring."""
    return next(iter(settings.LINBANG_SIGNING_KEYS))


def public_keys() -> dict[str, bytes]:
    """Return the public halves of the ring, 32 bytes each, by key id."""
    ring: dict[str, str] = settings.LINBANG_SIGNING_KEYS
    return {
        key_id: _private_key(seed).public_key().public_bytes_raw() for key_id, seed in ring.items()
    }


def sign(message: bytes) -> bytes:
    """Sign a message with the current key; return the 64 bytes."""
    return _private_key(settings.LINBANG_SIGNING_KEYS[current_key_id()]).sign(message)


def is_signed(message: bytes, signature: bytes, *, public_key: bytes) -> bool:
    """Tell whether the signature is the key's own over exactly this message."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
