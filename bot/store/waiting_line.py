"""The line in front of the writer: who waits for an answer goes before what others tell, and after what they told themselves."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter, deque
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import Future
from contextvars import copy_context
from itertools import count
from operator import attrgetter
from queue import SimpleQueue
from typing import Any, Generic, TypeVar

from bot.store.answer_room import find_asker
from bot.store.errors import StoreClosed, StoreUnavailable
from bot.store.foresight import PieceOfSet

T = TypeVar("T")


class WaitingPiece(Generic[T]):
    """One piece of work on its way through the writer, and where its result goes.

    `asker` is the account that waits for an answer, None where nobody does; `bare` work has a round to itself. `awaited`
    work is part of somebody's answer. `number` says in which order pieces were put in.
    """

    __slots__ = ("asker", "awaited", "bare", "context", "error", "future", "loop", "number", "result", "work")

    def __init__(
        self, work: Callable[[Any], T], future: asyncio.Future[T] | Future[T], loop: asyncio.AbstractEventLoop | None,
        *, asker: Hashable = None, bare: bool = False,
    ) -> None:  # fmt: skip
        self.work = work
        self.context = copy_context()  # what it says, it says in the language of whoever handed it in
        self.asker = asker
        self.awaited = asker is not None or find_asker() is not None
        self.bare = bare
        self.future = future
        self.loop = loop
        self.number = 0
        self.result: T | None = None
        self.error: BaseException | None = None


class WaitingLine:
    """Pieces are put in from any thread, and taken by the writer's alone.

    Those that somebody waits for (`asker`) go first, in their order, together with what the same account told before.
    After each round of them whatever else waits has one, so that neither keeps the other away.
    """

    def __init__(self, longest: int) -> None:
        """`longest`: how many may wait at once."""
        self._longest = longest
        self._arrived: SimpleQueue[WaitingPiece[Any] | None] = SimpleQueue()
        self._gate = threading.Lock()
        self._numbers = count()
        self._waiting: Counter[Hashable] = Counter()
        self._awaited = 0
        self._closed = False
        self._ended = False
        self._asked: deque[WaitingPiece[Any]] = deque()
        self._told: deque[WaitingPiece[Any]] = deque()
        self._asked_last = False

    def put(self, piece: WaitingPiece[Any]) -> None:
        """Let a piece wait; raises `StoreClosed`, or `StoreUnavailable` where too many wait already."""
        with self._gate:
            if self._closed:
                raise StoreClosed("the store is closed; nothing more can be written")
            if self._arrived.qsize() + len(self._asked) + len(self._told) >= self._longest:
                raise StoreUnavailable(
                    "More is coming in than can be kept: "
                    f"{self._longest} changes are already waiting for the database."
                )
            piece.number = next(self._numbers)
            self._waiting[_account(piece)] += 1
            self._awaited += piece.awaited
            self._arrived.put(piece)

    def has_account(self, account: Hashable) -> bool:
        """Whether something that an account told or asked for is not settled yet."""
        with self._gate:
            return self._waiting[account] > 0

    def is_awaited(self) -> bool:
        """Whether part of somebody's answer is not settled yet."""
        return self._awaited > 0

    def leave(self, pieces: Sequence[WaitingPiece[Any]]) -> None:
        """Let pieces go that are settled."""
        with self._gate:
            self._awaited -= sum(one.awaited for one in pieces)
            for account in map(_account, pieces):
                self._waiting[account] -= 1
                if not self._waiting[account]:
                    del self._waiting[account]

    def close(self) -> None:
        """Let nobody in any more; whoever is in is still served. Closing twice is harmless."""
        with self._gate:
            if not self._closed:
                self._closed = True
                self._arrived.put(None)

    # From here on everything runs in the writer's own thread.

    def take(self, most: int) -> list[WaitingPiece[Any]]:
        """Wait for the pieces of the next round; none when the line is closed and everybody was served."""
        if not (self._asked or self._told or self._ended):
            self._sort(self._arrived.get())
        self._sort_arrived()
        self._asked_last = bool(self._asked) and not (self._asked_last and self._told)
        return self._take_asked(most) if self._asked_last else self._take_told(most)

    def _take_asked(self, most: int) -> list[WaitingPiece[Any]]:
        """Who waits for an answer, with what they told before they asked: it is kept before they are answered."""
        asked = [self._asked.popleft() for _ in range(min(most, len(self._asked)))]
        latest = {one.asker: one.number for one in asked}
        before = [one for one in self._told if one.number < latest.get(_teller(one), 0)]
        if before:
            taken = set(before)
            self._told = deque(one for one in self._told if one not in taken)
        return sorted((*before, *asked), key=attrgetter("number"))

    def _take_told(self, most: int) -> list[WaitingPiece[Any]]:
        batch: list[WaitingPiece[Any]] = []
        while self._told and len(batch) < most and not (batch and (batch[0].bare or self._told[0].bare)):
            batch.append(self._told.popleft())
        return batch

    def put_back(self, pieces: Sequence[WaitingPiece[Any]]) -> None:
        """Let pieces that were taken, and for which there was no time, be the next of their kind again."""
        for one in reversed(pieces):
            (self._told if one.asker is None else self._asked).appendleft(one)

    def has_asker(self) -> bool:
        """Whether somebody waits for an answer."""
        self._sort_arrived()
        return bool(self._asked)

    def _sort_arrived(self) -> None:
        while not self._arrived.empty():
            self._sort(self._arrived.get())

    def _sort(self, piece: WaitingPiece[Any] | None) -> None:
        if piece is None:
            self._ended = True
        else:
            (self._told if piece.asker is None else self._asked).append(piece)


def _teller(piece: WaitingPiece[Any]) -> Hashable:
    return piece.work.teller if isinstance(piece.work, PieceOfSet) else None


def _account(piece: WaitingPiece[Any]) -> Hashable:
    """The account that told or asked for it, if any."""
    return _teller(piece) if piece.asker is None else piece.asker
