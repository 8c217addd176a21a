"""A shelf of threads that the scanner reads: what a platform would list, and how often it was asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select, update

from bot.capture import tables
from bot.capture.scanner import Scanner
from bot.chat.events import MessageReceived
from bot.chat.models import Message, Person, Place
from bot.chat.port import Adapter, History, HistoryUnavailable
from bot.chat.rate_limits import Pace
from bot.people import tables as people
from bot.runtime.clock import SteerableClock
from bot.store.engine import database_file
from bot.store.migrate import upgrade
from bot.store.store import Store
from tests.databases import open_quickly

START = datetime(2026, 10, 5, 8, 0, tzinfo=UTC)
SPACE = "slack:T1"
ADA = Person(SPACE, "u1", "Ada Quinn")
EVERY = timedelta(minutes=15)


class Shelf:
    """Only what the scanner needs: it lists threads. `answer` is what it says instead, or raises."""

    platform = "slack"
    pace = Pace()

    def __init__(self) -> None:
        self.threads: dict[str, list[Message]] = {}
        self.asked: list[str] = []
        self.complete, self.calls = True, 1
        self.meanwhile: Callable[[], None] = lambda: None
        self.answer: HistoryUnavailable | Exception | None = None

    async def history(self, place: Place, after: datetime | None) -> History | HistoryUnavailable:
        thread = place.thread or ""
        self.asked.append(thread)
        self.meanwhile()
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer or History(tuple(self.threads[thread]), self.complete, self.calls)


class Reading:
    """A database with a community, a shelf, and scanners that read it; what they tell is kept, as the bot does."""

    def __init__(self, store: Store) -> None:
        self.store, self.clock, self.shelf = store, SteerableClock(START), Shelf()
        self.told: list[tuple[datetime, Message]] = []
        with_home: list[int] = []
        store.write_now(
            lambda conn: with_home.append(
                people.ensure_community(conn, "home", "Home", "Europe/Dublin", START).id
            )
        )
        self._home = with_home[-1]

    def scanner(self, every: timedelta = EVERY) -> Scanner:
        """One process: every one of them reads the same shelf."""
        adapters: Any = {"slack": self.shelf}
        wanted: dict[str, Adapter] = adapters
        return Scanner(self.store, self.clock, wanted, self._tell, every)

    async def _tell(self, event: MessageReceived) -> None:
        self.told.append((self.clock.now(), event.message))
        await self.store.write(lambda conn: self._keep(conn, event.message))

    @staticmethod
    def _keep(conn: Connection, message: Message) -> None:
        found = conn.execute(
            select(tables.watched).where(tables.watched.c.thread == message.place.thread)
        ).one()
        tables.store_heard(conn, tables.watch_from(found), message, ADA.id, True)

    def open_thread(self, thread: str, *, since: datetime = START) -> None:
        """A thread that is watched; its first reading is due now."""
        place = Place(SPACE, "c1", thread)
        self.shelf.threads[thread] = [Message(place, thread, None, "", since, since, own=True)]
        until = START + timedelta(days=60)
        self.store.write_now(
            lambda conn: tables.watch_place(
                conn, self._home, place, "prompt", int(thread), until, since, scan_at=self.clock.now()
            )
        )

    def say(self, thread: str, id: str, at: datetime) -> Message:
        """Somebody answers in a thread, and nobody tells the bot."""
        one = Message(Place(SPACE, "c1", thread), id, ADA, "An answer.", at, at)
        self.shelf.threads[thread].append(one)
        return one

    def make_due(self) -> None:
        """Every thread is to be read now."""
        now = self.clock.now()
        self.store.write_now(lambda conn: conn.execute(update(tables.watched).values(scan_at=now)))

    def due_times(self) -> list[datetime]:
        """When each thread is to be read next."""
        return self.store.read_now(
            lambda conn: list(conn.execute(select(tables.watched.c.scan_at)).scalars())
        )


@contextmanager
def reading(url: str) -> Iterator[Reading]:
    """A shelf on this database."""
    if database_file(url) is None:
        upgrade(url)
        store = Store.open(url)
    else:
        store = open_quickly(url, "truncate")
    with store:
        yield Reading(store)
