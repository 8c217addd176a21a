"""Deliveries of a course host: each is signed with its time and its id, and is taken in once.

What is recorded and sent again by somebody else must change nothing: an old delivery is refused by its time, a recent
one is known by its id. docs/course-hooks.md says how a host signs.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Column, Connection, ForeignKey, Integer, Table, Text, select

from bot.store.dialect import insert
from bot.store.retention import Retention, old_rows
from bot.store.schema import metadata
from bot.store.types import UtcDateTime

SIGNATURE, TIMESTAMP, DELIVERY = "X-Tilth-Signature", "X-Tilth-Timestamp", "X-Tilth-Delivery"
UNKNOWN = "unknown hook or wrong secret, or the signature is of something else"
WINDOW = timedelta(minutes=5)
"""How far the time of a delivery may lie from ours, either way."""
REMEMBERED = timedelta(hours=1)
"""How long an id is kept: far beyond the window, behind which its delivery is refused by its time."""

hook_delivery = Table(
    "hook_delivery",
    metadata,
    Column("community_id", Integer, ForeignKey("community.id"), primary_key=True),
    Column("hook", Text, primary_key=True),
    Column("delivery", Text, primary_key=True),
    Column("taken_at", UtcDateTime, nullable=False, index=True),
)
"""Deliveries that were taken in lately."""


class DeliveryRefused(Exception):
    """The error of a call that is not, or no longer, from the host; its words are for whoever sends."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A call that knows the secret. `id` and `at` are as signed; None where only the bare secret came with it."""

    id: str | None = None
    at: datetime | None = None


def authenticate(headers: Mapping[str, str], body: bytes, secret: str, now: datetime) -> Delivery:
    """Whose call this is, compared in constant time; raises `DeliveryRefused`."""
    if SIGNATURE not in headers:
        given = headers.get("Authorization", "").removeprefix("Bearer ")
        if not _same(secret, given):
            raise DeliveryRefused(UNKNOWN)
        return Delivery()
    stamp, id = headers.get(TIMESTAMP, ""), headers.get(DELIVERY, "")
    if not re.fullmatch(r"[0-9]{1,12}", stamp):
        raise DeliveryRefused(f"{TIMESTAMP} must hold the time in seconds since 1970")
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,100}", id):
        raise DeliveryRefused(f"{DELIVERY} must hold an id of letters, digits, - and _, up to 100 of them")
    wanted = hmac.new(secret.encode(), f"{stamp}.{id}.".encode() + body, hashlib.sha256).hexdigest()
    if not _same(f"sha256={wanted}", headers[SIGNATURE]):
        raise DeliveryRefused(UNKNOWN)
    age = now - datetime(1970, 1, 1, tzinfo=UTC) - timedelta(seconds=int(stamp))
    if abs(age) > WINDOW:
        raise DeliveryRefused(
            f"{TIMESTAMP} must be within five minutes of this server's clock, which says {int(now.timestamp())}"
        )
    return Delivery(id, now - age)


def _same(wanted: str, given: str) -> bool:
    return hmac.compare_digest(wanted.encode(), given.encode("utf-8", "surrogateescape"))


def is_taken(conn: Connection, community_id: int, hook: str, id: str) -> bool:
    """Whether a delivery has been taken in."""
    c = hook_delivery.c
    mine = select(c.delivery).where(c.community_id == community_id, c.hook == hook, c.delivery == id)
    return conn.execute(mine).first() is not None


def record_delivery(conn: Connection, community_id: int, hook: str, id: str, now: datetime) -> None:
    """Remember that a delivery has been taken in."""
    row = {"community_id": community_id, "hook": hook, "delivery": id, "taken_at": now}
    conn.execute(insert(hook_delivery).values(row).on_conflict_do_nothing())


def retention() -> Retention:
    """Deliveries that would be refused by their time anyway."""
    return old_rows("deliveries", REMEMBERED, hook_delivery, lambda before: hook_delivery.c.taken_at < before)
