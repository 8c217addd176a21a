"""The end of a discussion: the people who spoke are counted once, thanked, and the thread is closed where it can be.

The thread is read at closing and forgotten at once: the number of different people is all that is kept of it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from bot.chat.models import platform_of
from bot.chat.port import Adapter, HistoryUnavailable, PlatformError
from bot.delivery import outbox
from bot.delivery.facts import Draft, Verb
from bot.discussions import cards, rsvps, tables
from bot.discussions.settings import settings_of
from bot.discussions.tables import Discussion
from bot.people import tables as people
from bot.people.languages import speaking_to_all
from bot.runtime.clock import Clock
from bot.schedules import tables as schedules_tables
from bot.store.store import Store

log = logging.getLogger(__name__)

PATIENCE = timedelta(minutes=10)
"""How long the thanks wait for a thread that cannot be read, before they come without a number."""
TIMEOUT = 60.0


class DiscussionCloser:
    """Closes discussions whose time is over, and keeps the others open."""

    def __init__(self, store: Store, clock: Clock, adapters: Mapping[str, Adapter]) -> None:
        self._store, self._clock, self._adapters = store, clock, adapters

    async def close_due(self) -> int:
        """Count, thank and close; how many moved."""
        now = self._clock.now()
        due = await self._store.read(lambda conn: tables.to_close(conn, now))
        moved = 0
        for row in due:
            if row.closing_since is not None and now - row.closing_since < PATIENCE:
                continue
            seen = await self._people(row)
            if seen is None and row.closing_since is None and row.thread is not None:
                await self._store.write(
                    partial(tables.change_discussion, discussion_id=row.id, closing_since=now)
                )
            else:
                await self._store.write(partial(self._close, row=row, seen=seen, now=now))
            moved += 1
        return moved

    async def _people(self, row: Discussion) -> int | None:
        """How many different people wrote in the thread; None when it cannot be seen."""
        adapter = self._adapters.get(platform_of(row.space or ""))
        if adapter is None or row.thread is None:
            return None
        try:
            async with asyncio.timeout(TIMEOUT):
                found = await adapter.history(row.place, None)
        except (PlatformError, TimeoutError) as error:
            log.info("discussion %s cannot be read at closing: %s", row.id, type(error).__name__)
            return None
        if isinstance(found, HistoryUnavailable) or not found.complete:
            return None
        spoke = {one.author.id for one in found.messages if one.author and not one.own and not one.author.bot}
        return len(spoke)

    def _close(self, conn: Connection, row: Discussion, seen: int | None, now: datetime) -> None:
        fresh = tables.find_discussion(conn, row.community_id, row.id, hold=True)
        if fresh is None or fresh.closed_at is not None or fresh.closes_at is None or fresh.closes_at > now:
            return
        tables.change_discussion(conn, row.id, closed_at=now, people=seen)
        if fresh.thread is not None and seen == 0:
            self.lock(conn, fresh, now)  # nobody wrote: nothing is said about it
        elif fresh.thread is not None:
            with speaking_to_all(conn, row.community_id):
                card = cards.thanks_card(row, seen)
            thanks = Draft(
                community_id=row.community_id, space=row.space or "", channel=row.channel, thread=row.thread,
                key=f"{row.post}:thanks", kind="discussion-thanks", card=card,
                ref=str(row.id),
            )  # fmt: skip
            outbox.queue_draft(conn, thanks, now)
            self.lock(conn, fresh, now, after=thanks.key)
        if fresh.pinned:
            self.unpin(conn, [fresh], now)
        self.show_again(conn, row.community_id, row.id, now)

    @staticmethod
    def lock(conn: Connection, row: Discussion, now: datetime, after: str | None = None) -> None:
        """Lock the thread, after the thanks are in it."""
        draft = Draft(
            community_id=row.community_id, space=row.space or "", channel=row.channel, thread=row.thread,
            message=row.message, verb=Verb.LOCK, key=f"{row.post}:lock" + ("" if after else ":alone"),
            kind="discussion-lock", after=after, ref=str(row.id),
        )  # fmt: skip
        outbox.queue_draft(conn, draft, now)

    @staticmethod
    def unpin(conn: Connection, rows: Sequence[Discussion], now: datetime) -> None:
        """Take the pins away."""
        for row in rows:
            tables.change_discussion(conn, row.id, pinned=False)
            draft = Draft(
                community_id=row.community_id, space=row.space or "", channel=row.channel, message=row.message,
                verb=Verb.UNPIN, key=f"{row.post}:unpin", kind="discussion-unpin", ref=str(row.id), priority=4,
            )  # fmt: skip
            outbox.queue_draft(conn, draft, now)

    async def reopen_due(self) -> int:
        """Open again what a platform put away before its closing date; what is over is never opened."""
        now = self._clock.now()

        def reopen(conn: Connection) -> int:
            due = tables.to_reopen(conn, now)
            for row in due:
                tables.change_discussion(conn, row.id, reopen_at=now + timedelta(hours=20))
                draft = Draft(
                    community_id=row.community_id, space=row.space or "", channel=row.channel,
                    thread=row.thread, message=row.message, verb=Verb.UNLOCK,
                    key=f"{row.post}:open:{now:%Y%m%d%H}", kind="discussion-open", ref=str(row.id), priority=4,
                    expires_at=row.closes_at,
                )  # fmt: skip
                outbox.queue_draft(conn, draft, now)
            return len(due)

        return await self._store.write(reopen)

    @staticmethod
    def show_again(conn: Connection, community_id: int, discussion_id: int, now: datetime) -> None:
        """Let the message say what is true now: its words, who is coming, that it is closed."""
        row = tables.find_discussion(conn, community_id, discussion_id)
        schedule = (
            schedules_tables.find_schedule(conn, community_id, row.schedule_id) if row is not None else None
        )
        if row is None or schedule is None or row.post is None:
            return
        home = people.community_by_id(conn, community_id)
        with speaking_to_all(conn, community_id):
            card = cards.discussion_card(row, settings_of(schedule), rsvps.counts(conn, row.id), home.zone)
        if row.message is None and outbox.replace_card(conn, row.post, card):
            return
        outbox.cancel_draft(conn, f"{row.post}:again:{row.said_again}")
        tables.change_discussion(conn, row.id, said_again=row.said_again + 1)
        draft = Draft(
            community_id=community_id, space=row.space or "", channel=row.channel, verb=Verb.UPDATE, card=card,
            message=row.message, after=None if row.message else row.post, kind="discussion-again",
            key=f"{row.post}:again:{row.said_again + 1}", ref=str(row.id), priority=1,
        )  # fmt: skip
        outbox.queue_draft(conn, draft, now)
