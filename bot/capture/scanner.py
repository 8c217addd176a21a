"""The scanner that re-reads open conversations: events are hints, the history is the truth.

Every open conversation is read again when the bot connects, on a slow beat, and before it closes: replies, edits
and deletions made while nobody was listening are found. An absent message counts as deleted only when two
complete listings, ten minutes apart, were without it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

from bot.capture import scan_queue
from bot.capture.tables import Known, Watch
from bot.chat.events import MessageReceived
from bot.chat.models import Message, Place
from bot.chat.port import Adapter, History, HistoryUnavailable, NotStored, PlatformError
from bot.runtime.clock import Clock
from bot.store.store import Store

log = logging.getLogger(__name__)

SLOWER = 8
"""How many beats apart direct messages are re-read, of which there may be hundreds, and threads that are no longer
fresh."""
FRESH = timedelta(days=5)
TOGETHER = 8
"""Conversations read at the same time."""
SURE = timedelta(minutes=10)
"""How far apart the two listings must be that make an absence a deletion."""
BLIND, BLINDEST = timedelta(minutes=5), timedelta(hours=2)
"""How long to wait after a history that could not be read: a tenth of how long it has been so, within these."""


class Scanner:
    """Reads due conversations through the adapters and tells every message as if it had just been said."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        adapters: Mapping[str, Adapter],
        tell: Callable[[MessageReceived], Awaitable[object]],
        every: timedelta,
    ) -> None:
        """`every` is how often an open thread is re-read when nothing else asks for it."""
        self._store = store
        self._clock = clock
        self._adapters = adapters
        self._tell = tell
        self._every = every

    async def beat(self) -> int:
        """Re-read what is due; how many conversations were looked at."""
        now = self._clock.now()
        due = await self._store.read(lambda conn: scan_queue.due_scans(conn, now))
        if not due:
            return 0
        known = await self._store.read(lambda conn: scan_queue.known_messages(conn, due))
        room = asyncio.Semaphore(TOGETHER)

        async def scan(here: Watch) -> tuple[Watch, bool, datetime | None]:
            async with room:
                return await self._scan(here, known[here.id], now)

        ended = await asyncio.gather(*(scan(here) for here in due))
        read = [(here, again) for here, seen, again in ended if seen]
        unread = [here for here, seen, _ in ended if not seen]

        def note(conn: Connection) -> None:
            scan_queue.finish_scans(conn, read, now)
            scan_queue.postpone_scans(conn, [(here, now + scan_pause(here, now)) for here in unread])

        await self._store.write(note)
        return len(due)

    async def read_thread(self, place: Place) -> bool:
        """Re-read a thread now, for everything that listens to it; whether it could be read."""
        now = self._clock.now()
        here = await self._store.read(lambda conn: scan_queue.watches_of(conn, place))
        known = await self._store.read(lambda conn: scan_queue.known_messages(conn, here))
        ended = [await self._scan(one, known[one.id], now) for one in here]
        read = [(one, again) for one, seen, again in ended if seen]
        await self._store.write(lambda conn: scan_queue.finish_scans(conn, read, now))
        return len(read) == len(here)

    async def _scan(
        self, here: Watch, known: Mapping[str, Known], now: datetime
    ) -> tuple[Watch, bool, datetime | None]:
        """(the conversation, whether it could be read, when to read it again)."""
        listing = await self._listing(here)
        if isinstance(listing, HistoryUnavailable):
            log.warning("conversation %s cannot be read: %s", here.id, listing.why)
            return here, False, None
        try:
            news = [message for message in listing.messages if not message.own and _is_news(message, known)]
            await asyncio.gather(*(self._tell(MessageReceived(message)) for message in news))
            pending = await self._absences(here, listing, known.values(), now)
        except NotStored:
            return here, False, None
        if pending:
            return here, True, now + SURE
        over = now > here.until or (here.place.private and now - here.since > FRESH)
        return here, True, None if over else next_beat(here, now, self._every)

    async def _listing(self, here: Watch) -> History | HistoryUnavailable:
        adapter = self._adapters.get(here.place.space.partition(":")[0])
        if adapter is None:
            return HistoryUnavailable("no adapter for this space is running")
        try:
            return await adapter.history(here.place, here.since if here.place.private else None)
        except PlatformError as error:
            return HistoryUnavailable(error.code)

    async def _absences(self, here: Watch, listing: History, known: Iterable[Known], now: datetime) -> bool:
        """Handle messages we know that were not listed; whether some still need a second look."""
        if not listing.complete:
            return False
        shown = {message.id for message in listing.messages}
        gone = [one for one in known if one.message not in shown]
        new = [one.message for one in gone if one.missing_at is None]
        if new:

            def mark(conn: Connection) -> None:
                scan_queue.mark_missed(conn, here, new, now)

            await self._store.write(mark)
        for one in gone:
            if one.missing_at is not None and now - one.missing_at >= SURE:
                await self._tell(MessageReceived(_deletion(here, one.message, one.at, now)))
        return any(one.missing_at is None or now - one.missing_at < SURE for one in gone)


def scan_pause(here: Watch, now: datetime) -> timedelta:
    """How long a conversation that cannot be read is left alone: seldom, when nobody has mended it for long."""
    blind = now - (here.scanned_at or here.since)
    return min(max(blind / 10, BLIND), BLINDEST)


def next_beat(here: Watch, now: datetime, every: timedelta) -> datetime:
    """When to look again: at multiples of the beat, so that many conversations share one awakening."""
    seconds = int(every.total_seconds()) * (SLOWER if here.place.private or now - here.since > FRESH else 1)
    return datetime.fromtimestamp((int(now.timestamp()) // seconds + 1) * seconds, UTC)


def _is_news(message: Message, known: Mapping[str, Known]) -> bool:
    """Whether telling it could change anything; what is deleted and known to be so is not among `known`."""
    before = known.get(message.id)
    return before is None or message.deleted or message.version > before.version


def _deletion(here: Watch, message: str, at: datetime, now: datetime) -> Message:
    return Message(here.place, message, None, "", at, now, deleted=True)
