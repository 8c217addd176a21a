"""Moderators see a discussion before it goes out, as it will look, and can edit, skip or approve it."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from bot.alerts.alerts import Alerts
from bot.discussions import moderator_cards, tables
from bot.discussions.cards import discussion_card
from bot.discussions.settings import KIND, DiscussionSettings, read
from bot.discussions.wording import Lessons, wordings
from bot.people import tables as people
from bot.runtime.clock import Clock
from bot.schedules import tables as schedules_tables
from bot.schedules.forecast import UpcomingOccurrence, upcoming_occurrences
from bot.store.store import Store

LOOK = timedelta(days=8)
"""The longest notice there is, and a little more."""


class HeadsUp:
    """Shows what is about to go out."""

    def __init__(self, store: Store, clock: Clock, alerts: Alerts, lessons: Lessons | None) -> None:
        self._store, self._clock, self._alerts, self._lessons = store, clock, alerts, lessons

    async def show_due(self) -> int:
        """Show what is within its notice and was not shown yet."""
        now = self._clock.now()

        due = [one for at, one in await self._store.read(self._untold) if at <= now]
        for one in due:
            await self._store.write(partial(self._show, one=one, now=now))
        return len(due)

    def next_due(self, conn: Connection) -> datetime | None:
        """When there is next something to show."""
        return min((at for at, _ in self._untold(conn)), default=None)

    def _untold(self, conn: Connection) -> list[tuple[datetime, UpcomingOccurrence]]:
        """What comes and is to be shown, with when."""
        now, found = self._clock.now(), []
        for home in people.communities(conn):
            notices = {
                one.id: notice
                for one in schedules_tables.schedules(conn, home.id)
                if one.kind == KIND and one.running and (notice := read(one).heads_up) is not None
            }
            if not notices:
                continue
            for one in upcoming_occurrences(conn, home.id, now, now + LOOK, kinds=(KIND,)):
                notice = notices.get(one.schedule.id)
                if notice is None or not one.goes_out:
                    continue
                own = tables.by_key(conn, one.schedule.id, one.key)
                if own is None or own.told_at is None:
                    found.append((one.at - notice, one))
        return found

    def _show(self, conn: Connection, one: UpcomingOccurrence, now: datetime) -> None:
        schedule, plan = one.schedule, read(one.schedule)
        own = tables.draft_of(conn, schedule.community_id, schedule.id, one.key)
        tables.change(conn, own.id, told_at=now)
        ahead = [
            it
            for it in upcoming_occurrences(conn, schedule.community_id, now, one.at, kinds=(KIND,))
            if it.schedule.id == schedule.id
        ]
        words = next(
            (
                said
                for it, (said, _) in zip(ahead, wordings(conn, schedule, ahead, self._lessons), strict=True)
                if it.key == one.key
            ),
            None,
        )
        if words is None:
            return
        home = people.community_by_id(conn, schedule.community_id)
        shown = discussion_card(tables.imagined(words.title, words.text), plan, {}, home.zone)
        approve = _approver(plan) if own.approved_at is None else ""
        value = f"d{schedule.id}/{one.key}"
        card = moderator_cards.heads_up_card(f"d{schedule.id}", shown, one.at, home.zone, value, approve)
        self._alerts.alert(conn, schedule.community_id, approval_key(schedule.id, one.key), card, now)


def approval_key(schedule_id: int, key: str) -> str:
    """The word to moderators about one that is about to go out."""
    return f"discussion-ahead:{schedule_id}:{key}"


def _approver(plan: DiscussionSettings) -> str:
    return "" if plan.approve is None else plan.approve.one
