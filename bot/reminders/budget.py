"""The budget of everything that a member is told unasked: at most so much in a week, and never two things at once.

It counts what is in the outbox, whoever queued it: direct messages of the bot's own accord (prompts, lessons, reminders,
thanks, notices). What the bot posts in a member's channels is not counted; nothing else is said at the same time, though.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, exists, func, or_, select

from bot.delivery.facts import OutboxState, Verb
from bot.delivery.tables import IS_POST, outbox
from bot.people.accounts import account
from bot.people.channel_members import presence
from bot.people.tables import space
from bot.schedules.model import OccurrenceState
from bot.schedules.tables import occurrence, schedule_place

WEEKLY = 4
"""Direct messages of the bot's own accord in any seven days."""
WEEK = timedelta(days=7)
SPACING = timedelta(minutes=15)
"""Between two of them, and between one and what is posted in the member's channels."""
OWN_ACCORD = (2, 3)
"""The priorities of what the bot says of its own accord: prompts and lessons, reminders and notices."""
_LATE = timedelta(hours=2)

_o = outbox.c
_SAID = func.coalesce(_o.sent_at, _o.not_before)
_STANDS = _o.state.not_in((OutboxState.FAILED, OutboxState.DROPPED))


def next_turn(conn: Connection, member_id: int, now: datetime, *, counted: bool = True) -> datetime:
    """When a member may next be told something unasked: now, or later.

    What is not `counted` may come in a full week, too, but never together with something else.
    """
    told = _direct_times(conn, member_id, now)
    at, week = now, [one for one in told if now - WEEK < one <= now]
    if counted and len(week) >= WEEKLY:
        at = week[-WEEKLY] + WEEK
    for one in sorted((*told, *_channel_times(conn, member_id, at))):
        if abs(one - at) < SPACING:
            at = one + SPACING
    return at


def _direct_times(conn: Connection, member_id: int, now: datetime) -> list[datetime]:
    """When the bot wrote, or will write, to a member of its own accord, oldest first."""
    rows = conn.execute(
        select(_SAID)
        .join(account, and_(account.c.space == _o.space, account.c.person == _o.person))
        .where(
            account.c.member_id == member_id,
            _o.verb == Verb.DIRECT,
            _o.priority.in_(OWN_ACCORD),
            _o.part == 0,
            _STANDS,
            now - WEEK < _SAID,
            now + SPACING > _SAID,
        )
    )
    return sorted(rows.scalars())


def _channel_times(conn: Connection, member_id: int, at: datetime) -> list[datetime]:
    """When something was or will be posted about then where a member reads it."""
    mine = account.c.member_id == member_id
    there = and_(mine, account.c.left_at.is_(None))
    posts = (
        select(_SAID)
        .join(account, account.c.space == _o.space)
        .join(space, space.c.key == account.c.space)
        .where(
            there,
            IS_POST,
            _o.not_before > at - SPACING - _LATE,
            _o.not_before < at + SPACING,
            _STANDS,
            or_(space.c.sees_people.is_(False), _reads(_o.space, _o.channel)),
        )
    )
    o, p = occurrence.c, schedule_place.c
    planned = (
        select(o.fire_at)
        .join(schedule_place, p.schedule_id == o.schedule_id)
        .join(account, account.c.space == p.space)
        .join(space, space.c.key == account.c.space)
        .where(
            there,
            o.community_id == account.c.community_id,
            o.state == OccurrenceState.PLANNED,
            o.fire_at > at - SPACING,
            o.fire_at < at + SPACING,
            or_(space.c.sees_people.is_(False), _reads(p.space, p.channel)),
        )
    )
    return [*conn.execute(posts).scalars(), *conn.execute(planned).scalars()]


def _reads(in_space: ColumnElement[Any], channel: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether a channel is one of the account's."""
    return exists().where(
        presence.c.space == in_space, presence.c.channel == channel, presence.c.person == account.c.person
    )
