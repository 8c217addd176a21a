"""The scanner that re-reads open conversations: events are hints, the history is the truth.

Every open conversation is read again when the bot connects, on a beat that slows down where it is quiet
(`scan_times`), and before it closes: replies, edits and deletions made while nobody was listening are found. An
absent message counts as deleted only when two complete listings, ten minutes apart and with none in between that
showed it, were without it. Several processes share the work: each conversation is claimed by one of them. Reading
spends from the bucket that recovery spends from, and leaves half of it there: a post in doubt is more urgent.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.capture import scan_queue
from bot.capture.scan_times import SURE, next_scan_at, scan_pause
from bot.capture.tables import Known, Watch
from bot.chat.events import MessageReceived
from bot.chat.models import Message, Place, platform_of
from bot.chat.port import (
    Adapter,
    CredentialsRejected,
    History,
    HistoryUnavailable,
    NotStored,
    PlatformError,
    RetryLater,
)
from bot.delivery import pacing
from bot.delivery.outcomes import code_of, retry_delay
from bot.runtime.clock import Clock
from bot.store.store import Store

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=10)
"""For how long a conversation that is being read belongs to the process that reads it."""


@dataclass(frozen=True, slots=True)
class Scan:
    """What came of re-reading a conversation: when to read it `again` (None: never), or why it could not be read.

    `shown` are messages that had been missing and are there after all, `missed` those that are missing now.
    """

    watch: Watch
    again: datetime | None
    error: PlatformError | None = None
    unread: bool = False
    complete: bool = False
    calls: int = 1
    shown: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()


class Scanner:
    """Reads due conversations through the adapters and tells every message as if it had just been said."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        adapters: Mapping[str, Adapter],
        tell: Callable[[MessageReceived], Awaitable[object]],
        every: timedelta,
        watch: Callable[[Scan], None] = lambda _scan: None,
    ) -> None:
        """`every` is how often a lively thread is re-read when nothing else asks for it; `watch` counts what is read."""
        self._store = store
        self._clock = clock
        self._adapters = adapters
        self._tell = tell
        self._every = every
        self._watch = watch
        self._paces = {name: adapter.pace for name, adapter in adapters.items()}

    def next_due(self, conn: Connection) -> datetime | None:
        """When a conversation is due and its platform may be asked for it."""
        return scan_queue.next_scan(conn, self._paces)

    async def beat(self) -> int:
        """Re-read what is due, as far as the platforms bear it now; how many conversations were looked at."""
        now = self._clock.now()
        due = await self._store.read(self.next_due)
        if due is None or due > now:
            return 0
        mine = await self._store.write(
            lambda conn: scan_queue.claim_scans(conn, self._paces, now, now + LEASE)
        )
        known = await self._store.read(lambda conn: scan_queue.known_messages(conn, mine))
        by_space: defaultdict[str, list[Watch]] = defaultdict(list)
        for here in mine:
            by_space[here.place.space].append(here)
        ended = await asyncio.gather(
            *(self._scan_space(space, some, known, now) for space, some in by_space.items())
        )
        scans = [one for some in ended for one in some]
        await self._store.write(lambda conn: self._note(conn, scans, now))
        for one in scans:
            self._watch(one)
        return len(scans)

    async def read_thread(self, place: Place) -> bool:
        """Re-read a thread now, for everything that listens to it; whether all of it could be read."""
        now = self._clock.now()
        here = await self._store.read(lambda conn: scan_queue.watches_of(conn, place))
        known = await self._store.read(lambda conn: scan_queue.known_messages(conn, here))
        scans = [await self._scan(one, known[one.id], now) for one in here]
        await self._store.write(lambda conn: self._note(conn, scans, now))
        return all(one.complete for one in scans)

    async def _scan_space(
        self, space: str, due: Sequence[Watch], known: Mapping[int, Mapping[str, Known]], now: datetime
    ) -> list[Scan]:
        """Read some conversations, a few at the same time; one refusal of our credentials is enough."""
        room = asyncio.Semaphore(self._paces[platform_of(space)].together)
        refused: list[CredentialsRejected] = []

        async def scan(here: Watch) -> Scan:
            async with room:
                if refused:
                    return Scan(here, now, refused[0], unread=True, calls=0)
                one = await self._scan(here, known[here.id], now)
            if isinstance(one.error, CredentialsRejected):
                refused.append(one.error)
            return one

        return await asyncio.gather(*(scan(here) for here in due))

    async def _scan(self, here: Watch, known: Mapping[str, Known], now: datetime) -> Scan:
        pause = now + scan_pause(here, now)
        try:
            listing = await self._adapters[platform_of(here.place.space)].history(
                here.place, here.since if here.place.private else None
            )
        except (CredentialsRejected, RetryLater) as error:
            told = isinstance(error, CredentialsRejected) or error.seconds is not None
            return Scan(here, now if told else pause, error, unread=True)
        except Exception as error:  # noqa: BLE001 - whatever it is, we did not see
            listing = HistoryUnavailable(code_of(error))
        if isinstance(listing, HistoryUnavailable):
            log.warning("conversation %s cannot be read: %s", here.id, listing.why)
            return Scan(here, pause, unread=True)
        try:
            news = [message for message in listing.messages if not message.own and _is_news(message, known)]
            await asyncio.gather(*(self._tell(MessageReceived(message)) for message in news))
            return await self._look_for_absences(here, listing, known, now)
        except NotStored:
            return Scan(here, pause, unread=True, calls=listing.calls)

    async def _look_for_absences(
        self, here: Watch, listing: History, known: Mapping[str, Known], now: datetime
    ) -> Scan:
        """Tell deletions, and note what has to be missing once more before it counts as deleted."""
        last = max((here.since, *(message.version for message in listing.messages)))
        again = next_scan_at(here, last, now, self._every)
        if not listing.complete:
            return Scan(here, again, calls=listing.calls)
        listed = {message.id for message in listing.messages}
        gone = [one for one in known.values() if one.message not in listed]
        sure = [one for one in gone if one.missing_at is not None and now - one.missing_at >= SURE]
        for one in sure:
            await self._tell(MessageReceived(_deletion(here, one.message, one.at, now)))
        return Scan(
            here,
            now + SURE if len(gone) > len(sure) else again,
            complete=True,
            calls=listing.calls,
            shown=tuple(id for id, one in known.items() if one.missing_at is not None and id in listed),
            missed=tuple(one.message for one in gone if one.missing_at is None),
        )

    def _note(self, conn: Connection, scans: Sequence[Scan], now: datetime) -> None:
        """Record what was read, when it is read again, and what the platform said of our calls."""
        scan_queue.finish_scans(conn, [(one.watch, one.again) for one in scans if not one.unread], now)
        scan_queue.postpone_scans(conn, [(one.watch, one.again or now) for one in scans if one.unread])
        for one in scans:
            scan_queue.mark_missed(conn, one.watch, one.missed, now)
            scan_queue.mark_missed(conn, one.watch, one.shown, None)
            self._note_calls(conn, one, now)

    def _note_calls(self, conn: Connection, one: Scan, now: datetime) -> None:
        space = one.watch.place.space
        own = self._paces[platform_of(space)]
        pacing.spend_reads(conn, space, own, now, max(one.calls - 1, 0))
        match one.error:
            case CredentialsRejected() as error if one.calls:
                until = now + retry_delay(own.probe, random.random())  # noqa: S311 - spreads, hides nothing
                pacing.open_circuit(conn, space, pacing.WHOLE, until, error.code)
            case RetryLater(seconds=float() | int() as seconds):
                pacing.hold_reads(conn, space, now + retry_delay(seconds, random.random()))  # noqa: S311
            case None if not one.unread:
                pacing.close_circuit(conn, space, (pacing.WHOLE,))


def _is_news(message: Message, known: Mapping[str, Known]) -> bool:
    """Whether telling it could change anything; what is deleted and known to be so is not among `known`."""
    before = known.get(message.id)
    return before is None or message.deleted or message.version > before.version


def _deletion(here: Watch, message: str, at: datetime, now: datetime) -> Message:
    return Message(here.place, message, None, "", at, now, deleted=True)
