"""Room for whoever is being answered: the writer pauses for them before work that nobody waits for, and never for long.

Python runs one thread at a time. While the writer goes through a crowd of messages, whoever reads waits for the interpreter
at each hop between the loop and a thread; a pause of a few milliseconds answers them as if nothing else happened.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

PAUSE = 0.010
"""Seconds that one piece of work is held back at most: longer than most answers take."""
LOOK = 0.001
"""Seconds from one look whether an answer has come to wait for the writer itself to the next."""


class _Answer:
    """An answer that an account waits for, until it is over."""

    __slots__ = ("account", "over")

    def __init__(self, account: Hashable) -> None:
        self.account, self.over = account, False


_ANSWER: ContextVar[_Answer | None] = ContextVar("answer", default=None)


def find_asker() -> Hashable:
    """The account that waits for what runs here; None where nobody does, as of what an answer began and left behind."""
    answer = _ANSWER.get()
    return None if answer is None or answer.over else answer.account


class AnswerRoom:
    """Knows how many people are being answered. All pauses together take no more time than passes between them."""

    def __init__(self, pause: float = PAUSE, clock: Callable[[], float] = time.monotonic) -> None:
        self.count = 0
        self._pause, self._clock = pause, clock
        self._gate, self._nobody = threading.Lock(), threading.Event()
        self._nobody.set()
        self._ended, self._spare = clock(), pause

    @contextmanager
    def answering(self, account: Hashable) -> Iterator[None]:
        """Somebody is being answered in here; what they hand to the writer is held back for nobody."""
        self._add(1)
        answer = _Answer(account)
        token = _ANSWER.set(answer)
        try:
            yield
        finally:
            answer.over = True
            _ANSWER.reset(token)
            self._add(-1)

    def has_others(self) -> bool:
        """Whether somebody is being answered, apart from whom this is done for."""
        return self.count > (find_asker() is not None)

    def _add(self, one: int) -> None:
        with self._gate:
            self.count += one
            if self.count:
                self._nobody.clear()
            else:
                self._nobody.set()

    def make(self, is_awaited: Callable[[], bool]) -> None:
        """Pause until nobody is being answered any more; only in the writer's thread. `is_awaited`: an answer waits for it."""
        begun = self._clock()
        spare = min(self._pause, self._spare + begun - self._ended)
        while not (is_awaited() or self._nobody.is_set()) and (left := begun + spare - self._clock()) > 0:
            self._nobody.wait(min(left, LOOK))
        self._ended = self._clock()
        self._spare = spare - (self._ended - begun)
