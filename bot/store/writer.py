"""The writer: one thread through which every change goes, many changes to a transaction."""

import asyncio
import logging
import threading
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, RootTransaction

from bot.store import dialect, journal
from bot.store.answer_room import AnswerRoom
from bot.store.errors import WriteUnclear
from bot.store.foresight import in_sets
from bot.store.pieces import WriterTimes
from bot.store.waiting_line import WaitingLine, WaitingPiece

T = TypeVar("T")
Work = Callable[[Connection], T]

TOGETHER = 256
WAITING = 10_000
ATTEMPTS = 4
PATIENCE = 0.015
"""Seconds after which a transaction takes in no more of what is told while somebody waits for an answer: as long as a slice
of a long work may take."""

log = logging.getLogger(__name__)


class Writer:
    """Takes pieces of work from any thread or event loop and commits what has gathered together.

    While one transaction is being made durable the next pieces gather, so a busy bot pays for one fsync
    where it would have paid for hundreds, and a quiet one waits for nobody. When a piece fails, the whole
    transaction is rolled back and every piece of it runs again in its own. **A piece may therefore run
    several times and must only touch the database through the connection it is given.** It must not
    commit, must not swallow a database error (except around `connection.begin_nested()`), and returns
    plain values: rows read, not results still open.

    One writer orders the changes of one process. Where several processes share a PostgreSQL, a piece
    that reads a row in order to change it says `with_for_update()` (SQLite's compiler leaves it out).
    """

    def __init__(
        self, engine: Engine, *, together: int = TOGETHER, waiting: int = WAITING,
        before_end: Callable[[], None] = lambda: None,
    ) -> None:  # fmt: skip
        self._engine = engine
        self._together = self._limit = together
        self._before_end = before_end
        self._line = WaitingLine(waiting)
        self.room = AnswerRoom()
        """Who is being answered, and has room made for them."""
        self._connection: Connection | None = None
        self._stands: Callable[[], bool] = lambda: True
        self.times = WriterTimes()
        """How long which piece of work held the writer."""
        # A daemon: a program that forgets to close still ends; what was not committed was not promised.
        self._thread = threading.Thread(target=self._run, name="tilth-writer", daemon=True)
        self._thread.start()

    def write(self, work: Work[T], asker: Hashable = None) -> "asyncio.Future[T]":
        """Hand in `work` from an event loop; the future has its result once that is committed.

        `asker` is the account of somebody who waits for an answer (see `WaitingLine`).
        Cancelling the wait does not undo the work: it will be, or already has been, committed.
        Raises `StoreClosed` or `StoreUnavailable` at once when it cannot be taken. The future raises what
        the work raised, `IntegrityError`, `StoreUnavailable` (nothing was kept) or `WriteUnclear`.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._line.put(WaitingPiece(work, future, loop, asker=asker))
        return future

    def waits_for(self, account: Hashable) -> bool:
        """Whether something that an account told or asked for is not settled yet."""
        return self._line.has_account(account)

    def maintain(self, work: Callable[[Any], T]) -> "asyncio.Future[T]":
        """Run `work` on the driver's own connection between two transactions, for what none may be open for."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._line.put(WaitingPiece(work, future, loop, bare=True))
        return future

    def write_now(self, work: Work[T]) -> T:
        """Do the same from a thread without an event loop, waiting for it; for the command line and tests."""
        if threading.current_thread() is self._thread:
            raise RuntimeError("work that is already in a transaction must use its own connection")
        future: Future[T] = Future()
        self._line.put(WaitingPiece(work, future, None))
        return future.result()

    def close(self) -> None:
        """Finish everything already handed in, then stop; blocking. Closing twice is harmless."""
        self._line.close()
        self._thread.join()

    # From here on everything runs in the writer's own thread.

    def _run(self) -> None:
        while self._round():
            pass
        self._before_end()
        if self._connection is not None:
            journal.empty_log_of(self._connection)
        self._drop()

    def _round(self) -> bool:
        """Take what has gathered and see it through; say whether there will be another round."""
        batch = self._line.take(self._limit)
        if not batch:
            return False
        taken = len(batch)
        if batch[0].bare:
            self._maintain(batch[0])
        else:
            self._settle(batch)
            # What is asked ahead for more than there is time for is asked in vain.
            self._limit = min(self._together, 2 * self._limit) if len(batch) == taken else len(batch)
        self._line.leave(batch)
        _deliver(batch)
        return True

    def _maintain(self, piece: WaitingPiece[Any]) -> None:
        try:
            connection = self._connection or self._connect()
            piece.result = piece.context.run(piece.work, connection.connection.dbapi_connection)
        except Exception as error:  # noqa: BLE001 - it is told to whoever asked
            self._drop()
            _fail([piece], error)

    def _settle(self, batch: list[WaitingPiece[Any]]) -> None:
        """Bring every piece to its result or its error; what there was no time for goes back, out of the batch."""
        error = self._attempt(batch)
        if error is not None and dialect.is_lost(error):
            # Gone before COMMIT, so nothing was kept: a server restarted while we were idle. Once more.
            error = self._attempt(batch)
        if error is None:
            return
        hopeless = isinstance(error, WriteUnclear) or dialect.strikes_everyone(error)
        if hopeless or (len(batch) == 1 and not dialect.is_collision(error)):
            _fail(batch, error)
            return
        for number, piece in enumerate(batch):
            error = self._alone(piece)
            if error is None:
                continue
            if dialect.strikes_everyone(error):
                _fail(batch[number:], error)
                return
            _fail([piece], error)

    def _alone(self, piece: WaitingPiece[Any]) -> BaseException | None:
        """Run one piece in its own transaction, again where PostgreSQL asks for that."""
        error = None
        for _ in range(ATTEMPTS):
            error = self._attempt([piece])
            if error is None or not dialect.is_collision(error):
                break
        return error

    def _attempt(self, batch: list[WaitingPiece[Any]]) -> BaseException | None:
        """Run these pieces in one transaction and commit it; return what stood in the way."""
        try:
            connection = self._connection or self._connect()
            transaction = connection.begin()
        except Exception as error:  # noqa: BLE001 - it is told to whoever asked
            self._drop()
            return error
        try:
            self._perform(batch, connection, transaction)
        except BaseException as error:  # noqa: BLE001 - likewise, and the writer must outlive it
            self._roll_back(connection)
            return error
        began = self.times.clock()
        try:
            transaction.commit()
        except Exception as error:  # noqa: BLE001 - likewise
            self._roll_back(connection)
            if not dialect.is_lost(error):
                return error
            unclear = WriteUnclear("The connection to the database died during COMMIT.")
            unclear.__cause__ = error
            return unclear
        if journal.take_wish(connection):
            journal.empty_log_of(connection)
        self.times.note(None, began)
        return None

    def _perform(
        self, batch: list[WaitingPiece[Any]], connection: Connection, transaction: RootTransaction
    ) -> None:
        stands, times = self._stands, self.times
        began, done = times.clock(), 0
        late = began + PATIENCE

        def is_enough() -> bool:
            return began > late and self._line.has_asker()

        for piece in in_sets(connection, batch, is_enough):
            if self.room.count and not piece.awaited:
                self.room.make(self._line.is_awaited)
                began = times.clock()
            piece.result = piece.context.run(piece.work, connection)
            began = times.note(piece.work, began)
            done += 1
            if not (transaction.is_active and stands()):
                raise RuntimeError(f"{piece.work!r} swallowed a database error, or ended the transaction")
        self._line.put_back(batch[done:])
        del batch[done:]

    def _connect(self) -> Connection:
        connection = self._engine.connect()
        self._stands = dialect.watch_transaction(connection)
        self._connection = connection
        return connection

    def _roll_back(self, connection: Connection) -> None:
        try:
            connection.rollback()
            broken = connection.invalidated
        except Exception:  # noqa: BLE001 - whatever it is, a new connection is the answer
            broken = True
        if broken:
            self._drop()

    def _drop(self) -> None:
        """Let go of the connection; the next attempt makes a new one."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(Exception):
                connection.invalidate()  # or the pool would try to roll back once more, and log that it cannot
                connection.close()


def _fail(pieces: Sequence[WaitingPiece[Any]], error: BaseException) -> None:
    """Give each piece its own exception: one shared object would gather the tracebacks of all of them."""
    for piece in pieces:
        fault = dialect.make_fault(error)
        if fault is not None:
            piece.error = fault
        elif isinstance(error, WriteUnclear):
            piece.error = WriteUnclear(*error.args)
            piece.error.__cause__ = error.__cause__
        elif isinstance(error, StopIteration):  # which a future cannot carry
            piece.error = RuntimeError("the work raised StopIteration")
            piece.error.__cause__ = error
        else:
            piece.error = error


def _deliver(batch: Sequence[WaitingPiece[Any]]) -> None:
    """Hand out the results: one call into each event loop, since each call writes to the loop's socket."""
    loops: dict[asyncio.AbstractEventLoop | None, list[WaitingPiece[Any]]] = {}
    for piece in batch:
        loops.setdefault(piece.loop, []).append(piece)
    for loop, pieces in loops.items():
        if loop is None:
            _resolve(pieces)
            continue
        try:
            loop.call_soon_threadsafe(_resolve, pieces)
        except RuntimeError:
            log.warning("an event loop ended before it heard of %d committed changes", len(pieces))


def _resolve(pieces: Sequence[WaitingPiece[Any]]) -> None:
    for piece in pieces:
        future = piece.future
        if future.done():  # its awaiter was cancelled
            continue
        if piece.error is None:
            future.set_result(piece.result)
        else:
            future.set_exception(piece.error)
