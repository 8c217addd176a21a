"""A notice: what a member is told unasked that is no reminder, in a free hour of theirs, never together with something else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.people.hours import hours_of
from bot.people.reach import writable_account
from bot.reminders.budget import next_turn

GRACE = timedelta(hours=2)
"""How long a notice may be on its way; then it waits for the next free hour, so that none comes at night."""
MOMENT = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class NoticeTurn:
    """Where a member is told something (`space`, `person`), and when: `at`, until it `expires`; None: look again then."""

    space: str
    person: str
    at: datetime
    expires: datetime | None


def find_notice_turn(conn: Connection, community_id: int, member_id: int, now: datetime) -> NoticeTurn | None:
    """When a member can be told something; None where the bot may not write to them, or never can."""
    to = writable_account(conn, community_id, member_id)
    hours = hours_of(conn, community_id, member_id, now)
    free = hours.free_from(next_turn(conn, member_id, now, counted=False))
    if to is None or free is None:
        return None
    expires = now + hours.free_for(now, GRACE)
    if free > now or expires <= now + MOMENT:
        return NoticeTurn(*to, max(free, now + MOMENT), None)
    return NoticeTurn(*to, now + MOMENT, expires)
