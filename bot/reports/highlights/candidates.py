"""The choice of an answer that everyone might like to read: by rules alone, and never one that somebody keeps to themselves.

Of the answers of the last weeks that moderators can read and that are neither a word nor a page, those with thanks come first,
then the latest. Nobody is asked twice within two months, and no answer that was reported or comes from a private prompt is chosen.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, exists, func, or_, select

from bot.people.audience import Reader
from bot.reflections.answers.tables import IS_GIVEN, SHARED, Answer, answer, load_answers, part
from bot.reflections.conversations.thanks import is_thanked, thanks
from bot.reflections.moderation.tables import answer_report
from bot.reflections.schedule.asked_prompts import WHOLE, AskedPrompt, asked_from, asking, find_asked_prompt
from bot.reports.highlights.tables import highlight
from bot.reports.newest_answers import list_newest

RECENT = timedelta(days=14)
"""Prompts that closed within this time."""
REST = timedelta(days=60)
"""Nobody is asked again before."""
SHORTEST, LONGEST = 60, 900
"""Characters of an answer that can be read in one go and says more than a word."""
CHOICES, LOOKED = 5, 100
_said = part.alias("said")


def list_candidates(conn: Connection, reader: Reader, now: datetime) -> list[Answer]:
    """Up to five answers, the best first; each can be read by moderators, and nobody was asked about it."""
    recent = conn.execute(
        select(*WHOLE).where(asking.c.community_id == reader.community_id, asking.c.closed_at > now - RECENT)
    )
    prompts = [here.id for here in map(asked_from, recent) if not _is_private(here)]
    fit = _fits(now)
    ids = _thanked(conn, reader, prompts, fit)
    if len(ids) < CHOICES:
        ids += [one for _at, one in list_newest(conn, reader, prompts, fit, CHOICES) if one not in ids]
    whole = {one.id: one for one in load_answers(conn, answer.c.id.in_(ids[:CHOICES]))}
    return [whole[number] for number in ids[:CHOICES]]


def may_ask(conn: Connection, reader: Reader, number: int, now: datetime) -> bool:
    """Whether this answer may be asked about now, by the rules of the choice: much can have changed since it was shown."""
    readable = and_(answer.c.id == number, or_(*reader.circles(SHARED)), _fits(now))
    asked = conn.execute(select(answer.c.occurrence_id).where(readable)).scalar_one_or_none()
    here = None if asked is None else find_asked_prompt(conn, reader.community_id, asked)
    return here is not None and not _is_private(here)


def _is_private(here: AskedPrompt) -> bool:
    """Whether a prompt was asked for fewer than everyone, or takes answers without a name."""
    return bool(here.prompt.audience or here.anonymous)


def _thanked(conn: Connection, reader: Reader, prompts: Sequence[int], fit: ColumnElement[bool]) -> list[int]:
    """The answers with most thanks that fit; only those with thanks are looked at closely."""
    given = (
        select(answer.c.id)
        .join(thanks, and_(thanks.c.answer_id == answer.c.id, thanks.c.member_id != answer.c.member_id))
        .where(answer.c.occurrence_id.in_(prompts), or_(*reader.circles(SHARED)))
        .group_by(answer.c.id)
        .order_by(func.count().desc(), answer.c.id)
        .limit(LOOKED)
    )
    most = list(conn.execute(given).scalars())
    fitting = set(conn.execute(select(answer.c.id).where(answer.c.id.in_(most), fit)).scalars())
    return [one for one in most if one in fitting][:CHOICES]


def _fits(now: datetime) -> ColumnElement[bool]:
    """The condition that an answer stands, can be read in one go, and may be asked about."""
    length = (
        select(func.coalesce(func.sum(func.length(_said.c.text)), 0))
        .where(_said.c.answer_id == answer.c.id, _said.c.value.is_(None))
        .correlate(answer)
        .scalar_subquery()
    )
    lately = and_(highlight.c.author_id == answer.c.member_id, highlight.c.asked_at > now - REST)
    asked = exists().where(or_(highlight.c.answer_id == answer.c.id, lately))
    reported = exists().where(answer_report.c.answer_id == answer.c.id)
    return and_(IS_GIVEN, length.between(SHORTEST, LONGEST), ~asked, ~reported)


def has_thanks(conn: Connection, answer_id: int) -> bool:
    """Whether somebody else thanked for an answer."""
    thanked = select(answer.c.id).where(answer.c.id == answer_id, is_thanked())
    return conn.execute(thanked).first() is not None
