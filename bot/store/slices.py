"""Slices: a long work is cut into pieces, each of which holds the one writer for a moment only.

Whatever a piece did is committed before the next one begins, so a process that was killed goes on where it stopped:
nothing is noted about how far the work came, what is left of it is simply still there to be found. What its things ask
alike is asked once in a piece (`ask_once`). A piece ends where somebody is being answered, and the writer makes room for them
before the next one. The clock is the one by
which the store measures what held its writer (`Store.times`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import ParamSpec, TypeVar

from sqlalchemy import Connection

from bot.store.foresight import asking_once
from bot.store.store import Store

T = TypeVar("T")
R = TypeVar("R")
P = ParamSpec("P")
SLICE = 0.012
"""Seconds after which a piece begins nothing more: with what ends it, it holds the writer for 20 ms at most."""
FIRST, MOST = 8, 500
"""How many things the first piece may take, and the largest."""


@dataclass(slots=True)
class Slice:
    """One piece of a long work: it may take `limit` things, while the time lasts."""

    limit: int
    seconds: Callable[[], float]
    is_waited_for: Callable[[], bool] = lambda: False
    """Whether somebody waits for an answer meanwhile."""
    done: int = 0
    """How many things were taken; whoever does more than `each` hands out adds it."""
    cut: bool = False
    """Whether things are left that there was no time for."""
    spent: float = 0.0
    """How many seconds it took, with what ended it."""
    began: float = field(init=False)

    def __post_init__(self) -> None:
        self.began = self.seconds()

    def each(self, things: Iterable[T]) -> Iterator[T]:
        """These things one after another, the first in any case, the others while there is time for one more and nobody waits."""
        first = self.seconds()
        for taken, thing in enumerate(things):
            now = self.seconds()
            usual = (now - first) / taken if taken else 0.0
            if taken and (now - self.began + usual > SLICE or self.is_waited_for()):
                self.cut = True
                return
            yield thing
            self.done += 1


@dataclass(slots=True)
class _Pieces:
    """How many things the next piece may take: as many as there would have been time for, and at most twice as many as before."""

    store: Store
    limit: int
    most: int

    async def write(self, work: Callable[[Connection, Slice], T]) -> tuple[Slice, T]:
        """Do one piece; how it went, and what it returned."""

        def attempt(conn: Connection) -> tuple[Slice, T]:
            # It may run several times, each as if it were the first.
            piece = Slice(self.limit, self.store.times.clock, self.store.room.has_others)
            with asking_once(conn):
                result = work(conn, piece)
            piece.spent = piece.seconds() - piece.began
            return piece, result

        piece, result = await self.store.write(wrap(attempt, work), asker=None)
        # What is found and not done is found again by the next piece: no more of it than there is time for.
        share = piece.spent / SLICE
        fit = int(piece.done / share) if share * self.most > piece.done else self.most
        # What a piece does once, however much it takes, is no reason to stay small.
        fit = max(fit, piece.done + (not piece.cut))
        self.limit = max(1, min(self.most, fit, piece.done if piece.cut else 2 * self.limit))
        return piece, result


async def work_in_slices(
    store: Store, work: Callable[[Connection, Slice], T], *, first: int = FIRST, most: int = MOST,
    in_all: int | None = None, after: Callable[[T], object] = lambda _result: None,
) -> int:  # fmt: skip
    """Do a work piece by piece until nothing of it is left, or so many things `in_all` were done; how many.

    `work` finds up to `limit` things, does what `each` hands out of them, and is called again until it finds fewer. What it
    did must not be found again. `after` is told what it returned, once that is committed.
    """
    pieces, total = _Pieces(store, min(first, most), most), 0
    while True:
        asked = pieces.limit
        piece, result = await pieces.write(work)
        after(result)
        total += piece.done
        if (not piece.cut and piece.done < asked) or (in_all is not None and total >= in_all):
            return total


async def work_through(
    store: Store, things: Sequence[T], do: Callable[[Connection, T], object], *, first: int = FIRST
) -> int:
    """Do something with each of these things, as many in a transaction as there is time for; how many they were.

    They were found before: `do` looks whether it is still wanted, and does nothing the second time.
    """
    pieces, at = _Pieces(store, first, MOST), 0

    def some(conn: Connection, piece: Slice) -> None:
        for one in piece.each(things[at : at + piece.limit]):
            do(conn, one)

    while at < len(things):
        piece, _ = await pieces.write(wrap(some, do))
        at += piece.done
    return at


def wrap(outer: Callable[P, R], inner: Callable[..., object]) -> Callable[P, R]:
    """A function that is named in the log as the one inside it, which does the work."""
    outer.__wrapped__ = inner  # type: ignore[attr-defined]
    return outer
