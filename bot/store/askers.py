"""Who is being answered at the moment: what is done for them goes first, and long works make way for them."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Hashable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar

MOMENT = 0.05
"""Seconds for which a piece of a long work waits for those who are being answered, at most: it comes to its end all the same."""


class Answer:
    """An answer that an account waits for."""

    __slots__ = ("account", "over")

    def __init__(self, account: Hashable) -> None:
        self.account, self.over = account, False


_ANSWER: ContextVar[Answer | None] = ContextVar("answer", default=None)


class Askers:
    """Those who wait for an answer, from any thread and event loop."""

    def __init__(self) -> None:
        self._gate = threading.Lock()
        self._answers: set[Answer] = set()
        self._waiting: list[asyncio.Future[None]] = []

    @contextmanager
    def answering(self, account: Hashable) -> Iterator[None]:
        """What is done in here is done for this account, which waits for it."""
        answer = Answer(account)
        with self._gate:
            self._answers.add(answer)
        before = _ANSWER.set(answer)
        try:
            yield
        finally:
            _ANSWER.reset(before)
            answer.over = True  # what was begun in here and goes on is done for nobody who waits
            with self._gate:
                self._answers.discard(answer)
                waiting, self._waiting = self._waiting, []
            for one in waiting:
                with suppress(RuntimeError):  # its loop has ended
                    one.get_loop().call_soon_threadsafe(_wake, one)

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


def current_asker() -> Hashable:
    """The account that waits for what is being done; None where nobody does."""
    answer = _ANSWER.get()
    return None if answer is None or answer.over else answer.account


def _wake(one: asyncio.Future[None]) -> None:
    if not one.done():
        one.set_result(None)
