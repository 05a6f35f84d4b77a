"""Sealing text at rest: AES-GCM, the key's id in the value, the row's id as associated data.

A sealed value reads `key-id:base64(nonce || ciphertext)`. It opens only for the row it was sealed
for, so a ciphertext copied into another row is worthless. Keys come from `NOTE_KEYS`, newest
first; older ones stay listed until everything was sealed anew.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

NONCE_BYTES = 12


class CannotOpen(Exception):
    """The value was sealed for another row, with a key we no longer have, or was altered."""


@lru_cache(maxsize=8)
def _keys(listed: tuple[str, ...]) -> dict[str, bytes]:
    keys = {}
    for entry in listed:
        key_id, _, encoded = entry.strip().partition(":")
        key = base64.b64decode(encoded)
        if not key_id or len(key) not in {16, 24, 32}:
            raise ImproperlyConfigured("NOTE_KEYS lists keys as id:base64 of 32 random bytes, newest first.")
        keys[key_id] = key
    if not keys:
        raise ImproperlyConfigured("NOTE_KEYS holds no key.")
    return keys


def keys() -> dict[str, bytes]:
    return _keys(tuple(settings.NOTE_KEYS))


def seal(text: str, row: object) -> str:
    """Seal `text` for the row with this id, with the newest key."""
    key_id, key = next(iter(keys().items()))
    nonce = os.urandom(NONCE_BYTES)
    sealed = AESGCM(key).encrypt(nonce, text.encode(), str(row).encode())
    return f"{key_id}:{base64.b64encode(nonce + sealed).decode()}"


def unseal(value: str, row: object) -> str:
    """The text that was sealed for this row; raises `CannotOpen`."""
    key_id, _, encoded = value.partition(":")
    try:
        raw = base64.b64decode(encoded)
        return AESGCM(keys()[key_id]).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], str(row).encode()).decode()
    except (KeyError, ValueError, InvalidTag) as error:
        raise CannotOpen("This text cannot be opened with the keys at hand.") from error


def seal_bytes(data: bytes, row: object) -> bytes:
    """As `seal`, for what is no text: `key-id:` and the bytes as they are."""
    key_id, key = next(iter(keys().items()))
    nonce = os.urandom(NONCE_BYTES)
    return key_id.encode() + b":" + nonce + AESGCM(key).encrypt(nonce, data, str(row).encode())


def unseal_bytes(value: bytes, row: object) -> bytes:
    """The bytes that were sealed for this row; raises `CannotOpen`."""
    key_id, _, raw = value.partition(b":")
    try:
        return AESGCM(keys()[key_id.decode()]).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], str(row).encode())
    except (KeyError, ValueError, InvalidTag) as error:
        raise CannotOpen("This file cannot be opened with the keys at hand.") from error


def fingerprint(text: str) -> str:
    """A keyed hash of a text: equal texts agree, and nothing of the text can be guessed from it."""
    return hmac.new(hashlib.sha256(settings.SECRET_KEY.encode()).digest(), text.encode(), "sha256").hexdigest()
