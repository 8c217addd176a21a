"""The store: one place to write, many to read."""

import asyncio
import threading
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from contextvars import copy_context
from types import TracebackType
from typing import Any, Self, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.store import dialect
from bot.store.answer_room import AnswerRoom, find_asker
from bot.store.compiled import prepare_all
from bot.store.engine import BUSY_SECONDS, build_engine, database_file
from bot.store.errors import StoreClosed, StoreUnavailable
from bot.store.foresight import watch_statements
from bot.store.journal import Journal, choose_journal
from bot.store.writer import TOGETHER, WAITING, Work, Writer

T = TypeVar("T")
Query = Callable[[Connection], T]

READERS = 4
WHOEVER_WAITS: Any = object()
"""Whom a piece of work is done for, where that is not said."""


class Store:
    """A database that is open. `with` and `async with` close it; it may be shared by threads and event loops.

    Work and queries are plain functions of a connection that return plain values (see `Writer`). Nothing
    here knows a table: migrate first (`bot.store.migrate.upgrade`), and on SQLite make sure of being
    alone (`bot.store.single_process.hold`).
    """

    def __init__(
        self,
        url: str,
        *,
        journal: Journal | None = "auto",
        busy_seconds: float = BUSY_SECONDS,
        together: int = TOGETHER,
        waiting: int = WAITING,
    ) -> None:
        self.url = url
        file = database_file(url)
        self.chosen = None if file is None or journal is None else choose_journal(journal, file)
        """SQLite's journal and why it is that; None where the file is left as it is, and for PostgreSQL."""
        mode = None if self.chosen is None else self.chosen.mode
        self._writing = build_engine(url, "write", journal=mode, busy_seconds=busy_seconds)
        watch_statements(self._writing)
        self._reading = build_engine(url, "read", busy_seconds=busy_seconds, pool=READERS)
        self.dialect = self._writing.dialect.name
        """`sqlite` or `postgresql`."""
        self._writer = Writer(self._writing, together=together, waiting=waiting, before_end=self._end_reading)
        self.times = self._writer.times
        """How long which piece of work held the writer."""
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="tilth-reader")
        self._closed = threading.Event()

    @classmethod
    def open(cls, url: str, *, journal: Journal | None = "auto", busy_seconds: float = BUSY_SECONDS) -> Self:
        """Open the database and make sure that it can be written.

        `journal`: see `choose_journal`; None, for whoever only looks, leaves the file as it is. `busy_seconds` is how long
        SQLite waits for another program's lock. Raises `StoreRefused` for a
        database that must not be opened like this, `StoreUnavailable` when it does not answer.
        """
        store = cls(url, journal=journal, busy_seconds=busy_seconds)
        try:
            store.write_now(_nothing)
        except BaseException:
            store.close_now()
            raise
        return store

    async def write(self, work: Work[T], *, asker: Hashable = WHOEVER_WAITS) -> T:
        """Run `work` in a transaction, with others that wait; return its result once committed.

        `asker` is the account of somebody who waits for an answer: their work goes before what others tell. Unless it is
        given, that is whoever is being answered.
        It may run more than once, and cancelling the wait does not undo it. Raises what the work raised,
        `IntegrityError`, `StoreUnavailable` (nothing was kept), `WriteUnclear` or `StoreClosed`.
        """
        return await self._writer.write(work, find_asker() if asker is WHOEVER_WAITS else asker)

    def waits_for(self, account: Hashable) -> bool:
        """Whether something that an account told or asked for is not settled yet: whoever reads now does not see it."""
        return self._writer.waits_for(account)

    @property
    def room(self) -> AnswerRoom:
        """Who is being answered at the moment."""
        return self._writer.room

    def answering(self, account: Hashable) -> AbstractContextManager[None]:
        """Somebody is being answered in here: what is written for this account goes first, and makes no room for anybody.

        Work that nobody waits for makes room for them, for some milliseconds.
        """
        return self.room.answering(account)

    def prepare_statements(self) -> None:
        """Compile what is compiled once, blocking for some hundredths of a second: the first who asks need not wait for it."""
        prepare_all(self._writing.dialect)

    async def maintain(self, work: Callable[[Any], T]) -> T:
        """Run `work` on the driver's own connection, between two transactions; for SQLite's own upkeep."""
        return await self._writer.maintain(work)

    def write_now(self, work: Work[T]) -> T:
        """Do the same from a thread without an event loop, blocking."""
        return self._writer.write_now(work)

    async def read(self, query: Query[T]) -> T:
        """Run `query` on a connection that cannot write, in a thread; it sees one moment throughout.

        Raises what the query raised, `StoreUnavailable` or `StoreClosed`.
        """
        if self._closed.is_set():
            raise StoreClosed("the store is closed; nothing more can be read")
        context = copy_context()  # in the language of whoever asks
        return await asyncio.get_running_loop().run_in_executor(
            self._readers, context.run, self.read_now, query
        )

    def read_now(self, query: Query[T]) -> T:
        """Do the same in the calling thread, blocking."""
        if self._closed.is_set():
            raise StoreClosed("the store is closed; nothing more can be read")
        try:
            try:
                return self._read(query)
            except DBAPIError as error:
                if not dialect.is_lost(error):
                    raise
                return self._read(query)
        except PoolTimeout as error:
            raise StoreUnavailable("More is being read at once than the database can answer.") from error
        except DBAPIError as error:
            if dialect.is_writing(error):
                raise RuntimeError("a query must not write: hand this work to store.write") from error
            fault = dialect.make_fault(error)
            if fault is None:
                raise
            raise fault from error

    def _read(self, query: Query[T]) -> T:
        with self._reading.connect() as connection:
            return query(connection)

    async def close(self) -> None:
        """Finish what was handed in, then close every connection."""
        await asyncio.to_thread(self.close_now)

    def close_now(self) -> None:
        """Do the same, blocking. Closing twice is harmless."""
        self._writer.close()
        self._writing.dispose()

    def _end_reading(self) -> None:
        """Close what reads, before the writer goes: whoever leaves last brings SQLite's log into the file."""
        self._closed.set()
        self._readers.shutdown()
        self._reading.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close_now()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


def _nothing(connection: Connection) -> None:
    connection.exec_driver_sql("SELECT 1")
