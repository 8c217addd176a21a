"""The writer: one thread through which every change goes, many changes to a transaction."""

import asyncio
import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from contextvars import copy_context
from queue import Empty, SimpleQueue
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Engine, RootTransaction

from bot.store import dialect, journal
from bot.store.errors import StoreClosed, StoreUnavailable, WriteUnclear
from bot.store.foresight import in_sets
from bot.store.pieces import WriterTimes

T = TypeVar("T")
Work = Callable[[Connection], T]

TOGETHER = 256
WAITING = 10_000
ATTEMPTS = 4

log = logging.getLogger(__name__)


class _Piece(Generic[T]):
    """One piece of work on its way through the writer, and where its result goes."""

    __slots__ = ("bare", "context", "error", "future", "loop", "result", "work")

    def __init__(
        self, work: Callable[[Any], T], future: "asyncio.Future[T] | Future[T]", loop: asyncio.AbstractEventLoop | None,
        *, bare: bool = False,
    ) -> None:  # fmt: skip
        self.work = work
        self.context = copy_context()  # what it says, it says in the language of whoever handed it in
        self.bare = bare
        self.future = future
        self.loop = loop
        self.result: T | None = None
        self.error: BaseException | None = None


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
        self._together = together
        self._waiting = waiting
        self._before_end = before_end
        self._queue: SimpleQueue[_Piece[Any] | None] = SimpleQueue()
        self._gate = threading.Lock()
        self._closed = False
        self._connection: Connection | None = None
        self._ahead: _Piece[Any] | None = None
        self._stands: Callable[[], bool] = lambda: True
        self.times = WriterTimes()
        """How long which piece of work held the writer."""
        # A daemon: a program that forgets to close still ends; what was not committed was not promised.
        self._thread = threading.Thread(target=self._run, name="tilth-writer", daemon=True)
        self._thread.start()

    def write(self, work: Work[T]) -> "asyncio.Future[T]":
        """Hand in `work` from an event loop; the future has its result once that is committed.

        Cancelling the wait does not undo the work: it will be, or already has been, committed.
        Raises `StoreClosed` or `StoreUnavailable` at once when it cannot be taken. The future raises what
        the work raised, `IntegrityError`, `StoreUnavailable` (nothing was kept) or `WriteUnclear`.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._submit(_Piece(work, future, loop))
        return future

    def maintain(self, work: Callable[[Any], T]) -> "asyncio.Future[T]":
        """Run `work` on the driver's own connection between two transactions, for what none may be open for."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._submit(_Piece(work, future, loop, bare=True))
        return future

    def write_now(self, work: Work[T]) -> T:
        """Do the same from a thread without an event loop, waiting for it; for the command line and tests."""
        if threading.current_thread() is self._thread:
            raise RuntimeError("work that is already in a transaction must use its own connection")
        future: Future[T] = Future()
        self._submit(_Piece(work, future, None))
        return future.result()

    def close(self) -> None:
        """Finish everything already handed in, then stop; blocking. Closing twice is harmless."""
        with self._gate:
            if not self._closed:
                self._closed = True
                self._queue.put(None)
        self._thread.join()

    def _submit(self, piece: _Piece[Any]) -> None:
        with self._gate:
            if self._closed:
                raise StoreClosed("the store is closed; nothing more can be written")
            if self._queue.qsize() >= self._waiting:
                raise StoreUnavailable(
                    "More is coming in than can be kept: "
                    f"{self._waiting} changes are already waiting for the database."
                )
            self._queue.put(piece)

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
        first, self._ahead = self._ahead or self._queue.get(), None
        if first is None:
            return False
        batch, more = [first], True
        with suppress(Empty):
            while more and not first.bare and self._ahead is None and len(batch) < self._together:
                piece = self._queue.get_nowait()
                if piece is None:
                    more = False
                elif piece.bare:
                    self._ahead = piece  # it has a round to itself
                else:
                    batch.append(piece)
        if first.bare:
            self._maintain(first)
        else:
            self._settle(batch)
        _deliver(batch)
        return more

    def _maintain(self, piece: _Piece[Any]) -> None:
        try:
            connection = self._connection or self._connect()
            piece.result = piece.context.run(piece.work, connection.connection.dbapi_connection)
        except Exception as error:  # noqa: BLE001 - it is told to whoever asked
            self._drop()
            _fail([piece], error)

    def _settle(self, batch: Sequence[_Piece[Any]]) -> None:
        """Bring every piece to its result or its error."""
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

    def _alone(self, piece: _Piece[Any]) -> BaseException | None:
        """Run one piece in its own transaction, again where PostgreSQL asks for that."""
        error = None
        for _ in range(ATTEMPTS):
            error = self._attempt([piece])
            if error is None or not dialect.is_collision(error):
                break
        return error

    def _attempt(self, batch: Sequence[_Piece[Any]]) -> BaseException | None:
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
        self, batch: Sequence[_Piece[Any]], connection: Connection, transaction: RootTransaction
    ) -> None:
        stands, times = self._stands, self.times
        began = times.clock()
        for piece in in_sets(connection, batch):
            piece.result = piece.context.run(piece.work, connection)
            began = times.note(piece.work, began)
            if not (transaction.is_active and stands()):
                raise RuntimeError(f"{piece.work!r} swallowed a database error, or ended the transaction")

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


def _fail(pieces: Sequence[_Piece[Any]], error: BaseException) -> None:
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


def _deliver(batch: Sequence[_Piece[Any]]) -> None:
    """Hand out the results: one call into each event loop, since each call writes to the loop's socket."""
    loops: dict[asyncio.AbstractEventLoop | None, list[_Piece[Any]]] = {}
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


def _resolve(pieces: Sequence[_Piece[Any]]) -> None:
    for piece in pieces:
        future = piece.future
        if future.done():  # its awaiter was cancelled
            continue
        if piece.error is None:
            future.set_result(piece.result)
        else:
            future.set_exception(piece.error)
