"""Who is being answered at the moment: what is done for them goes first, and all other work makes way for them.

Python runs one thread at a time. While the writer goes through a crowd of messages, or a long work, whoever reads waits for
the interpreter at each hop between the loop and a thread; a pause of a few milliseconds answers them as if nothing happened.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar

MOMENT = 0.05
"""Seconds for which a piece of a long work waits for those who are being answered, at most: it comes to its end all the same."""
PAUSE = 0.010
"""Seconds for which the writer waits for them before a piece that was told: longer than most answers take."""
LOOK = 0.001
"""Seconds from one look whether an answer has come to wait for the writer itself to the next."""


class Answer:
    """An answer that an account waits for."""

    __slots__ = ("account", "over")

    def __init__(self, account: Hashable) -> None:
        self.account, self.over = account, False


_ANSWER: ContextVar[Answer | None] = ContextVar("answer", default=None)


class Askers:
    """Those who wait for an answer, from any thread and event loop.

    The writer's pauses for them take no more time together than passes between them.
    """

    def __init__(self, pause: float = PAUSE, clock: Callable[[], float] = time.monotonic) -> None:
        self._gate = threading.Lock()
        self._answers: set[Answer] = set()
        self._waiting: list[asyncio.Future[None]] = []
        self._pause, self._clock, self._nobody = pause, clock, threading.Event()
        self._nobody.set()
        self._ended, self._spare = clock(), pause

    @contextmanager
    def answering(self, account: Hashable) -> Iterator[None]:
        """What is done in here is done for this account, which waits for it."""
        answer = Answer(account)
        with self._gate:
            self._answers.add(answer)
            self._nobody.clear()
        before = _ANSWER.set(answer)
        try:
            yield
        finally:
            _ANSWER.reset(before)
            answer.over = True  # what was begun in here and goes on is done for nobody who waits
            with self._gate:
                self._answers.discard(answer)
                if not self._answers:
                    self._nobody.set()
                waiting, self._waiting = self._waiting, []
            for one in waiting:
                with suppress(RuntimeError):  # its loop has ended
                    one.get_loop().call_soon_threadsafe(_wake, one)

    def has_any(self) -> bool:
        """Whether somebody waits for an answer."""
        return bool(self._answers)

    def has_others(self) -> bool:
        """Whether somebody waits for an answer, apart from whom this is done for."""
        return len(self._answers) > (_ANSWER.get() in self._answers)

    async def give_way(self) -> None:
        """Wait until the others are answered, but for a moment only."""
        if not self.has_others():
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(MOMENT):
                while self.has_others():
                    one: asyncio.Future[None] = asyncio.get_running_loop().create_future()
                    with self._gate:
                        self._waiting.append(one)
                    if self.has_others():  # or the last one has just gone, and wakes nobody any more
                        await one

    def make_room(self, is_awaited: Callable[[], bool]) -> None:
        """Let the writer pause until all are answered, or one of them waits for the writer itself (`is_awaited`)."""
        begun = self._clock()
        spare = min(self._pause, self._spare + begun - self._ended)
        while not (is_awaited() or self._nobody.is_set()) and (left := begun + spare - self._clock()) > 0:
            self._nobody.wait(min(left, LOOK))
        self._ended = self._clock()
        self._spare = spare - (self._ended - begun)


def current_asker() -> Hashable:
    """The account that waits for what is being done; None where nobody does."""
    answer = _ANSWER.get()
    return None if answer is None or answer.over else answer.account


def _wake(one: asyncio.Future[None]) -> None:
    if not one.done():
        one.set_result(None)
