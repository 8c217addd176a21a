"""The pieces of work that the one writer does: which of them held it, and for how long."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

WARN = 0.25
"""Seconds above which a piece of work is named in the log: everybody's commands waited for it."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PieceTime:
    """A piece of work that was done: the name of its function, and how many seconds it held the writer.

    A piece whose name is `COMMIT` is the end of a transaction.
    """

    name: str
    seconds: float


COMMIT = "COMMIT"


@dataclass(slots=True)
class WriterTimes:
    """Measures the pieces of one writer; `longest` is the longest since the start, `slow` how many took more than `WARN`.

    `watch` is told of each piece, in the writer's thread: for benches and tests.
    """

    clock: Callable[[], float] = time.perf_counter
    longest: PieceTime = field(default_factory=lambda: PieceTime("", 0.0))
    slow: int = 0
    watch: Callable[[PieceTime], None] | None = None

    def note(self, work: Callable[..., Any] | None, began: float) -> float:
        """A piece that began then ends now; when that is. None is the end of a transaction."""
        ends = self.clock()
        seconds = ends - began
        if seconds > self.longest.seconds or seconds > WARN or self.watch is not None:
            piece = PieceTime(COMMIT if work is None else name_work(work), seconds)
            if seconds > self.longest.seconds:
                self.longest = piece
            if seconds > WARN:
                self.slow += 1
                log.warning("%s held the writer for %d ms", piece.name, seconds * 1000)
            if self.watch is not None:
                self.watch(piece)
        return ends


def name_work(work: Callable[..., Any]) -> str:
    """The name of a function as its author wrote it, whatever it is wrapped in; it says nothing of its values."""
    while True:
        inner = work.func if isinstance(work, partial) else getattr(work, "__wrapped__", None)
        if inner is None:
            break
        work = inner
    module = str(getattr(work, "__module__", "")).removeprefix("bot.")
    return f"{module}.{getattr(work, '__qualname__', type(work).__name__)}"
