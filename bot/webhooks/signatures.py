"""Secrets and signatures of webhooks, as Standard Webhooks has them (https://www.standardwebhooks.com).

The secret of a webhook is an HMAC of its salt, with a key that is derived from the secret of the database: so no copy of the
database holds it. After the secret of the database was changed, everything is signed by the old one too.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime

PREFIX = "whsec_"
"""What a secret begins with that is shown to somebody; the rest is base64."""
ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"


def derive_secret(key: bytes, salt: str) -> bytes:
    """The secret of a webhook, 32 bytes."""
    return hmac.new(key, salt.encode(), hashlib.sha256).digest()


def write_secret(secret: bytes) -> str:
    """A secret as it is shown: `whsec_` and base64."""
    return PREFIX + base64.b64encode(secret).decode()


def sign_delivery(secrets: Sequence[bytes], id: str, at: datetime, body: bytes) -> Mapping[str, str]:
    """The headers of a delivery: its id, the time of this attempt in seconds since 1970, and `v1,…` for each secret.

    A signature is the base64 of HMAC-SHA256 over id, dot, timestamp, dot and body.
    """
    timestamp = str(int(at.timestamp()))
    signed = f"{id}.{timestamp}.".encode() + body
    made = (base64.b64encode(hmac.new(one, signed, hashlib.sha256).digest()).decode() for one in secrets)
    return {ID: id, TIMESTAMP: timestamp, SIGNATURE: " ".join(f"v1,{one}" for one in made)}
