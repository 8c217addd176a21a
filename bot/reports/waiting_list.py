"""Answers that wait: nobody has thanked for them or replied in private, and moderators can read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, exists, func, or_, select, true

from bot.chat.models import Role
from bot.people.audience import Reader
from bot.reflections.answers.tables import IS_GIVEN, SHARED, Answer, answer, load_answers
from bot.reflections.answers.turnout import HAS_WORDS
from bot.reflections.conversations.tables import conversation
from bot.reflections.conversations.thanks import is_thanked
from bot.reflections.schedule.asked_prompts import asking
from bot.reports.newest_answers import list_newest

SINCE = timedelta(weeks=4)
"""Only answers to prompts that are open, or closed within this time, are looked for."""
SETTLED = timedelta(days=1)
"""An answer waits once it is shared as long as this: before that, nobody had a day to say anything."""
COUNTED = 99
"""More are not told apart."""


@dataclass(frozen=True, slots=True)
class WaitingPlace:
    """A place in the list, the latest first: since when moderators have an answer, and which one it is."""

    at: datetime
    id: int


@dataclass(frozen=True, slots=True)
class WaitingAnswer:
    """An answer that waits, with its place in the list."""

    answer: Answer
    position: WaitingPlace


def moderators_of(community_id: int, member_id: int | None = None) -> Reader:
    """A moderator as a reader, whatever teams they are in; None: any of them."""
    return Reader(community_id, member_id, Role.MODERATOR)


def count_waiting(conn: Connection, reader: Reader, now: datetime) -> int:
    """How many answers wait; more than `COUNTED` are not told apart."""
    recent = answer.c.occurrence_id.in_(_recent_prompts(conn, reader.community_id, now))
    few = select(answer.c.id).where(recent, or_(*reader.circles(SHARED)), _waits(now)).limit(COUNTED + 1)
    found: int = conn.execute(select(func.count()).select_from(few.subquery())).scalar_one()
    return found


def list_waiting(
    conn: Connection, reader: Reader, now: datetime, before: WaitingPlace | None, limit: int
) -> list[WaitingAnswer]:
    """Answers that wait, the latest shared first, after a place in the list."""
    at, number = answer.c.shared_at, answer.c.id
    after: ColumnElement[bool] = true()
    if before is not None:
        after = or_(at < before.at, and_(at == before.at, number < before.id))
    prompts = _recent_prompts(conn, reader.community_id, now)
    newest = list_newest(conn, reader, prompts, and_(after, _waits(now)), limit)
    whole = {one.id: one for one in load_answers(conn, number.in_([one for _at, one in newest]))}
    return [WaitingAnswer(whole[one], WaitingPlace(since, one)) for since, one in newest]


def _recent_prompts(conn: Connection, community_id: int, now: datetime) -> list[int]:
    """The prompts that are open, or closed not long ago."""
    lately = or_(asking.c.closed_at.is_(None), asking.c.closed_at > now - SINCE)
    ours = select(asking.c.occurrence_id).where(asking.c.community_id == community_id, lately)
    return list(conn.execute(ours).scalars())


def _waits(now: datetime) -> ColumnElement[bool]:
    """The condition that an answer waits."""
    replied = exists().where(
        conversation.c.answer_id == answer.c.id, conversation.c.reader_id != answer.c.member_id
    )
    return and_(answer.c.shared_at < now - SETTLED, IS_GIVEN, HAS_WORDS, ~is_thanked(), ~replied)
