"""Addresses of feeds: a salt and its seal, which nobody can guess, and which the database alone does not give away."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence

from bot.feeds.tables import SALT

PATH = "/calendar/"
ENDING = ".ics"
SEAL = 16
"""Bytes of a seal: 128 bits."""
MOST = 100
"""Characters of what could be an address of ours at all."""


def _seal(key: bytes, salt: bytes) -> bytes:
    return hmac.new(key, b"calendar feed:" + salt, hashlib.sha256).digest()[:SEAL]


def write_token(key: bytes, salt: str) -> str:
    """What stands in the address for a feed: URL-safe letters, of the salt and its seal."""
    raw = bytes.fromhex(salt)
    return base64.urlsafe_b64encode(raw + _seal(key, raw)).rstrip(b"=").decode()


def read_token(keys: Sequence[bytes], token: str) -> str | None:
    """The salt of a token that was sealed with one of these keys; None for any other text."""
    if not token.isascii() or len(token) > MOST:
        return None
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    if len(raw) != SALT + SEAL:
        return None
    salt, seal = raw[:SALT], raw[SALT:]
    known = [hmac.compare_digest(_seal(key, salt), seal) for key in keys]
    return salt.hex() if any(known) else None
