"""Answers that wait: nobody has thanked for them or replied in private, and moderators can read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, exists, func, or_, select

from bot.chat.models import Role
from bot.people.audience import Reader
from bot.reflections.answers.tables import IS_GIVEN, SHARED, Answer, answer, load_answers
from bot.reflections.answers.turnout import HAS_WORDS
from bot.reflections.conversations.tables import conversation
from bot.reflections.conversations.thanks import thanks
from bot.reflections.schedule.asked_prompts import asking

SINCE = timedelta(weeks=4)
"""Only answers to prompts that are open, or closed within this time, are looked for."""
SETTLED = timedelta(days=1)
"""An answer waits once it is as old as this: before that, nobody had a day to say anything."""
COUNTED = 99
"""More are not told apart."""


@dataclass(frozen=True, slots=True)
class WaitingPlace:
    """A place in the list, newest first: of an answer."""

    at: datetime
    id: int


def moderators_of(community_id: int, member_id: int | None = None) -> Reader:
    """A moderator as a reader, whatever teams they are in; None: any of them."""
    return Reader(community_id, member_id, Role.MODERATOR)


def count_waiting(conn: Connection, reader: Reader, now: datetime) -> int:
    """How many answers wait; more than `COUNTED` are not told apart."""
    few = select(answer.c.id).where(_waits(conn, reader, now)).limit(COUNTED + 1).subquery()
    found: int = conn.execute(select(func.count()).select_from(few)).scalar_one()
    return found


def list_waiting(
    conn: Connection, reader: Reader, now: datetime, before: WaitingPlace | None, limit: int
) -> list[Answer]:
    """Answers that wait, the newest first, after a place in the list."""
    conditions: list[ColumnElement[bool]] = [_waits(conn, reader, now)]
    if before is not None:
        same = and_(answer.c.first_at == before.at, answer.c.id < before.id)
        conditions.append(or_(answer.c.first_at < before.at, same))
    newest = (answer.c.first_at.desc(), answer.c.id.desc())
    ids: Any = (
        conn.execute(select(answer.c.id).where(*conditions).order_by(*newest).limit(limit)).scalars().all()
    )
    return load_answers(conn, answer.c.id.in_(ids))


def _waits(conn: Connection, reader: Reader, now: datetime) -> ColumnElement[bool]:
    """The condition that an answer waits, for whoever may read it."""
    recent = select(asking.c.occurrence_id).where(
        asking.c.community_id == reader.community_id,
        or_(asking.c.closed_at.is_(None), asking.c.closed_at > now - SINCE),
    )
    thanked = exists().where(thanks.c.answer_id == answer.c.id, thanks.c.member_id != answer.c.member_id)
    replied = exists().where(
        conversation.c.answer_id == answer.c.id, conversation.c.reader_id != answer.c.member_id
    )
    return and_(
        answer.c.occurrence_id.in_(list(conn.execute(recent).scalars())),
        or_(*reader.circles(SHARED)), answer.c.first_at < now - SETTLED, IS_GIVEN, HAS_WORDS, ~thanked, ~replied,
    )  # fmt: skip
