"""Coming discussions as moderators see them: date, title, what becomes of it, and what else is close by."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.discussions import moderator_cards
from bot.discussions.moderator_cards import DiscussionLine
from bot.discussions.settings import DiscussionSettings
from bot.discussions.wording import Lessons, wordings
from bot.schedules.forecast import UpcomingOccurrence, next_occurrences, upcoming_occurrences
from bot.schedules.model import PAUSED, Schedule
from bot.schedules.occurrences import breaks_for

CLOSE_BY = timedelta(hours=1)
"""Two things in one channel within this time are told when one of them is planned."""


def upcoming_lines(
    conn: Connection, schedule: Schedule, now: datetime, count: int, lessons: Lessons | None
) -> list[DiscussionLine]:
    """The next dates of a schedule that is only being planned, with what each will be called."""
    away = breaks_for(conn, [schedule], now).get(schedule.community_id, ())
    ahead = next_occurrences(schedule, away, now, count + 60)
    counted = [one for one in ahead if one.reason != PAUSED][:count]
    return lines_of(conn, schedule, counted, lessons)


def clashes(
    conn: Connection, draft: Schedule, plan: DiscussionSettings, dates: Sequence[datetime], now: datetime
) -> list[str]:
    """A sentence where the first of these dates falls close to something else in the same channel."""
    for one in upcoming_occurrences(conn, draft.community_id, now, max(dates) + CLOSE_BY):
        near = any(abs(one.at - at) <= CLOSE_BY for at in dates)
        here = any(it.place == plan.place for it in one.schedule.places)
        if near and here and one.goes_out and one.schedule.id != draft.id:
            local = one.at.astimezone(ZoneInfo(draft.zone))
            return [
                f"On {local:%A} {local.day} {local:%B} “{one.schedule.title}” comes there at {local:%H:%M} too."
            ]
    return []


def lines_of(
    conn: Connection,
    schedule: Schedule,
    ahead: list[UpcomingOccurrence],
    lessons: Lessons | None,
    name: str = "",
) -> list[DiscussionLine]:
    """Coming discussions as moderators see them."""
    found = []
    for one, (words, warning) in zip(ahead, wordings(conn, schedule, ahead, lessons), strict=True):
        state = moderator_cards.state(one.state, one.reason)
        if warning:
            state = warning if words is not None else f"skipped ({warning})"
        found.append(DiscussionLine(one.at, words.title if words else "", state, name))
    return found
