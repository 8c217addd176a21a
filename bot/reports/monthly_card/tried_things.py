"""What people tried in a month: strategies and answers that are shared with everyone, the most tried first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, func, select

from bot.people.audience import public_reader
from bot.people.tables import Community
from bot.reflections.answers.tables import IS_GIVEN, SHARED, answer, load_answers
from bot.reflections.moderation.tables import answer_report
from bot.reflections.schedule.asked_prompts import find_asked_prompt
from bot.schedules.recurrence import find_day_start
from bot.strategies.tables import IS_SHOWN, load_strategies, strategy
from bot.strategies.try_tables import ANSWER, STRATEGY, TriedThing, strategy_try

MOST = 5
"""Things on a card."""
LOOKED = 40
"""Things of each kind that are looked at for a card: those of private prompts are left out."""

_t = strategy_try.c


@dataclass(frozen=True, slots=True)
class TriedItem:
    """Something that was tried: what it is (the prompt's title, of an answer), what happened, whose it is, and by how many."""

    thing: TriedThing
    what: str
    happened: str
    author: str
    count: int
    occurrence_id: int | None = None
    private: bool = False


def list_tried(conn: Connection, home: Community, month: date) -> list[TriedItem]:
    """Up to five things that were tried in a month, for a card. No answer that was reported or to a private prompt is chosen."""
    during = _during(home, month)
    reported = exists().where(answer_report.c.answer_id == answer.c.id)
    ids = conn.execute(
        _ranked(_t.strategy_id, *during).where(exists().where(strategy.c.id == _t.strategy_id, IS_SHOWN))
    )
    things = [TriedThing(STRATEGY, row[0]) for row in ids]
    stands = exists().where(answer.c.id == _t.answer_id, _is_public(home.id), ~reported)
    things += [
        TriedThing(ANSWER, row[0]) for row in conn.execute(_ranked(_t.answer_id, *during).where(stands))
    ]
    found = [one for one in read_tried(conn, home, month, things) if not one.private]
    return sorted(found, key=lambda one: -one.count)[:MOST]


def read_tried(
    conn: Connection, home: Community, month: date, things: Sequence[TriedThing]
) -> list[TriedItem]:
    """Those of some things that everybody may read now and somebody tried in a month, in their order."""
    found = {
        one.thing: one
        for one in (*_strategies(conn, home, month, things), *_answers(conn, home, month, things))
    }
    return [found[one] for one in things if one in found]


def _strategies(
    conn: Connection, home: Community, month: date, things: Sequence[TriedThing]
) -> list[TriedItem]:
    counts = _count(conn, home, month, STRATEGY, things)
    known = load_strategies(
        conn, strategy.c.community_id == home.id, strategy.c.id.in_(list(counts)), IS_SHOWN
    )
    return [
        TriedItem(TriedThing(STRATEGY, one.id), one.text.what, one.text.happened, one.author, counts[one.id])
        for one in known
    ]


def _answers(conn: Connection, home: Community, month: date, things: Sequence[TriedThing]) -> list[TriedItem]:
    counts, found = _count(conn, home, month, ANSWER, things), []
    for one in load_answers(conn, answer.c.id.in_(list(counts)), _is_public(home.id)):
        here = find_asked_prompt(conn, home.id, one.occurrence_id)
        if here is None or not one.words:
            continue
        private = bool(here.prompt.audience or here.anonymous)
        thing = TriedThing(ANSWER, one.id)
        found.append(
            TriedItem(thing, here.prompt.title, one.words, one.name, counts[one.id], here.id, private)
        )
    return found


def _count(
    conn: Connection, home: Community, month: date, kind: str, things: Sequence[TriedThing]
) -> dict[int, int]:
    """By how many people each of the things of a kind was tried in a month; without those that nobody tried."""
    refs = [one.ref for one in things if one.kind == kind]
    column = TriedThing(kind, 0).column
    query = select(column, func.count()).where(column.in_(refs), *_during(home, month)).group_by(column)
    return {row[0]: row[1] for row in conn.execute(query)} if refs else {}


def _is_public(community_id: int) -> ColumnElement[bool]:
    """Whether everybody in a community may read an answer."""
    return and_(IS_GIVEN, public_reader(community_id).condition(SHARED))


def _during(home: Community, month: date) -> tuple[ColumnElement[bool], ...]:
    """Whether a try is of a month, on the community's own calendar."""
    zone = ZoneInfo(home.zone)
    return (
        _t.community_id == home.id,
        _t.tried_at >= find_day_start(month, zone),
        _t.tried_at < find_day_start(following_month(month), zone),
    )


def _ranked(column: ColumnElement[Any], *during: ColumnElement[bool]) -> Select[Any]:
    """The things in a column by how many people tried them, the latest tried first of those that are alike."""
    query = select(column).where(column.is_not(None), *during).group_by(column)
    return query.order_by(func.count().desc(), func.max(_t.tried_at).desc()).limit(LOOKED)


def following_month(month: date) -> date:
    """The first day of the month after the one of a day."""
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


def month_before(day: date) -> date:
    """The first day of the month before the one of a day."""
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)
