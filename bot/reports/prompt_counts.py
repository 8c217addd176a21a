"""The count of each prompt, made once when the week in which it closed is over, away from the writing of answers.

What it says is then fixed: nobody who answers later, shares more or is erased can be worked out from two versions of it.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from statistics import median_low
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from bot.chat.models import Role
from bot.feature import PeriodicJob
from bot.people.accounts import account
from bot.people.audience import Reader
from bot.people.channel_members import presence
from bot.people.preferences import away, preferences
from bot.people.small_groups import may_tell
from bot.people.tables import Community, communities, space
from bot.reflections.answers.tables import SHARED, answer, part
from bot.reflections.answers.turnout import in_time
from bot.reflections.schedule.asked_prompts import AskedPrompt, asked_in, asking
from bot.reflections.shared_answers.tables import last_look
from bot.reports import tables
from bot.reports.scale_counts import count_scales
from bot.reports.tables import PromptCount
from bot.runtime.clock import Clock
from bot.schedules.weeks import Week, answering_days, week_at
from bot.store.next_due import only_where
from bot.store.store import Store

_said, _worded = part.alias("said"), part.alias("worded")
SLICE = 100
"""Teams whose picks are written at once, so that the one writer is never held for long."""
BATCH = 20
"""Prompts that are counted before the job looks again at what is due."""


class PromptCounter:
    """Counts prompts whose week is over."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    def job(self) -> PeriodicJob:
        """The job that does it."""
        return PeriodicJob(
            "counting prompts", 60, self.count_due, only_where(asking, next_due, tables.IS_UNCOUNTED)
        )

    async def count_due(self) -> int:
        """Count what is due: each prompt is read by itself, and only what comes of it is written; how many."""
        now, counted = self._clock.now(), 0
        for home in await self._store.read(communities):
            zone = ZoneInfo(home.zone)
            begins = week_at(now, zone).begins(zone)
            due = await self._store.read(
                partial(tables.list_uncounted, community_id=home.id, before=begins, limit=BATCH)
            )
            for here, closed in due:
                week = week_at(closed, zone)
                count = await self._store.read(partial(count_prompt, here=here, home=home, week=week))
                scales = await self._store.read(partial(count_scales, here=here))
                for at in range(0, len(scales), SLICE):
                    some = scales[at : at + SLICE]
                    await self._store.write(partial(tables.store_scales, community_id=home.id, scales=some))
                counted += await self._store.write(partial(tables.store_count, count=count, now=now))
        return counted


def next_due(conn: Connection) -> datetime | None:
    """When the week is over of the first prompt that was not counted yet."""
    found = []
    for home in communities(conn):
        zone, at = ZoneInfo(home.zone), tables.first_uncounted(conn, home.id)
        found += [] if at is None else [week_at(at, zone).ends(zone)]
    return min(found, default=None)


def count_prompt(conn: Connection, here: AskedPrompt, home: Community, week: Week) -> PromptCount:
    """What may be told of a prompt that has closed."""
    readable = read_by_moderators(home.id, here.id)
    answered, seen = count_answers(conn, here.id, readable)
    everybody = here.answered is not None
    told = here.answered if everybody else seen if may_tell(seen) else None
    asked = count_asked(conn, here, ZoneInfo(home.zone))
    apart = asked is not None and told is not None and may_tell(asked, max(answered, told))
    lengths = list_lengths(conn, here.id, readable)
    looked = select(func.count()).select_from(last_look).where(last_look.c.occurrence_id == here.id)
    opened: int = conn.execute(looked).scalar_one()
    return PromptCount(
        here.id, home.id, week.key, asked if apart else None, told, everybody, opened if may_tell(opened) else None,
        median_low(lengths) if may_tell(len(lengths)) else None,
    )  # fmt: skip


def read_by_moderators(community_id: int, occurrence_id: int) -> ColumnElement[bool]:
    """Answers to a prompt whose authors moderators see by name: shared with them or everyone, or said in the thread.

    The messages of that one prompt are read once: asked for each answer, PostgreSQL would read those of a year.
    """
    given = answer.alias("given")
    threaded = (
        select(_said.c.answer_id)
        .join(given, given.c.id == _said.c.answer_id)
        .where(given.c.occurrence_id == occurrence_id, _said.c.via == "thread")
    )
    return or_(Reader(community_id, None, Role.MODERATOR).condition(SHARED), answer.c.id.in_(threaded))


def count_answers(conn: Connection, occurrence_id: int, readable: ColumnElement[bool]) -> tuple[int, int]:
    """How many answered in time, and how many of them moderators can read."""
    row = conn.execute(
        select(func.count(), func.count().filter(readable)).select_from(answer).where(in_time(occurrence_id))
    ).one()
    return row[0], row[1]


def list_lengths(conn: Connection, occurrence_id: int, readable: ColumnElement[bool]) -> list[int]:
    """The words of each answer that moderators can read, by the spaces in it; what was tapped has none."""
    spaces = func.length(_worded.c.text) - func.length(func.replace(_worded.c.text, " ", ""))
    query = (
        select(func.sum(spaces + 1))
        .select_from(answer)
        .join(_worded, _worded.c.answer_id == answer.c.id)
        .where(in_time(occurrence_id), readable, answer.c.hidden_at.is_(None), _worded.c.value.is_(None))
        .group_by(answer.c.id)
    )
    return [int(each) for each in conn.execute(query).scalars()]


def count_asked(conn: Connection, here: AskedPrompt, zone: ZoneInfo) -> int | None:
    """How many could answer a prompt; None where a platform does not list its people.

    Those who were away on each of its working days are not counted, unless they answered.
    """
    posted = and_(asked_in.c.occurrence_id == here.id, space.c.key == asked_in.c.space)
    listed = (
        conn.execute(select(space.c.sees_people).select_from(asked_in).join(space, posted)).scalars().all()
    )
    if not listed or not all(listed):
        return None
    first, last = answering_days(here.opened_at, here.closes_at, zone)
    gone = select(away.c.member_id).where(
        away.c.community_id == here.community_id, away.c.starts <= first, away.c.ends >= last
    )
    there = (presence.c.space == account.c.space) & (presence.c.person == account.c.person)
    asked = (
        select(account.c.member_id)
        .join(presence, there)
        .join(asked_in, (asked_in.c.space == presence.c.space) & (asked_in.c.channel == presence.c.channel))
        .where(
            asked_in.c.occurrence_id == here.id, account.c.left_at.is_(None), account.c.stranger.is_(False),
            account.c.member_id.not_in(gone),
        )
    )  # fmt: skip
    if here.direct:
        unwilling = (preferences.c.direct.is_(False)) | (preferences.c.stopped_at.is_not(None))
        asked = asked.where(account.c.member_id.not_in(select(preferences.c.member_id).where(unwilling)))
    answered = select(answer.c.member_id).where(in_time(here.id))
    everybody = asked.union(answered).subquery()
    found: int = conn.execute(select(func.count()).select_from(everybody)).scalar_one()
    return found
