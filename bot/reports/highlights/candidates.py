"""The choice of an answer that everyone might like to read: by rules alone, and never one that somebody keeps to themselves.

Of the answers of the last weeks that moderators can read, those with thanks come first, then those that are neither a word
nor a page. Nobody is asked twice within two months, and no answer that was reported or comes from a private prompt is chosen.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, Integer, and_, case, cast, exists, func, or_, select

from bot.people.audience import Reader
from bot.reflections.answers.tables import IS_GIVEN, SHARED, Answer, answer, load_answers, part
from bot.reflections.conversations.thanks import thanks
from bot.reflections.moderation.tables import answer_report
from bot.reflections.schedule.asked_prompts import WHOLE, asked_from, asking
from bot.reports.highlights.tables import highlight

RECENT = timedelta(days=14)
"""Prompts that closed within this time."""
REST = timedelta(days=60)
"""Nobody is asked again before."""
SHORTEST, LONGEST = 60, 900
"""Characters of an answer that can be read in one go and says more than a word."""
CHOICES = 5


def list_candidates(conn: Connection, reader: Reader, now: datetime) -> list[Answer]:
    """Up to five answers, the best first; each can be read by moderators, and nobody was asked about it."""
    recent = conn.execute(
        select(*WHOLE).where(asking.c.community_id == reader.community_id, asking.c.closed_at > now - RECENT)
    )
    open_ids = [here.id for here in map(asked_from, recent) if not (here.prompt.audience or here.anonymous)]
    thanked = (
        select(func.count())
        .select_from(thanks)
        .where(thanks.c.answer_id == answer.c.id, thanks.c.member_id != answer.c.member_id)
        .correlate(answer)
        .scalar_subquery()
    )
    said = part.alias("said")
    length = (
        select(func.coalesce(func.sum(func.length(said.c.text)), 0))
        .where(said.c.answer_id == answer.c.id, said.c.value.is_(None))
        .correlate(answer)
        .scalar_subquery()
    )
    asked = exists().where(
        or_(
            highlight.c.answer_id == answer.c.id,
            and_(highlight.c.author_id == answer.c.member_id, highlight.c.asked_at > now - REST),
        )
    )
    reported = exists().where(answer_report.c.answer_id == answer.c.id)
    fits = case((length.between(SHORTEST, LONGEST), 1), else_=0)
    found = conn.execute(
        select(answer.c.id)
        .where(
            answer.c.occurrence_id.in_(open_ids), or_(*reader.circles(SHARED)), IS_GIVEN, ~asked, ~reported,
            length >= SHORTEST,
        )
        .order_by(thanked.desc(), cast(fits, Integer).desc(), answer.c.first_at, answer.c.id)
        .limit(CHOICES)
    )  # fmt: skip
    ids = list(found.scalars())
    whole = {one.id: one for one in load_answers(conn, answer.c.id.in_(ids))}
    return [whole[number] for number in ids]


def has_thanks(conn: Connection, answer_id: int) -> bool:
    """Whether somebody else thanked for an answer."""
    given = select(thanks.c.answer_id).join(answer, answer.c.id == thanks.c.answer_id)
    others = given.where(thanks.c.answer_id == answer_id, thanks.c.member_id != answer.c.member_id)
    return conn.execute(others.limit(1)).first() is not None
