"""Ways to see the one writer at work: how much it commits, and what it does with a batch."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, event

from bot.store import Store


class Ledger:
    """Counts what a store's writer really begins, commits and rolls back."""

    def __init__(self, store: Store) -> None:
        self.begins = self.commits = self.rollbacks = 0
        event.listen(store._writing, "begin", self._begin)
        event.listen(store._writing, "commit", self._commit)
        event.listen(store._writing, "rollback", self._rollback)

    def _begin(self, _connection: Connection) -> None:
        self.begins += 1

    def _commit(self, _connection: Connection) -> None:
        self.commits += 1

    def _rollback(self, _connection: Connection) -> None:
        self.rollbacks += 1


@contextmanager
def held_up(store: Store) -> Iterator[None]:
    """Keep the writer busy inside, so that everything handed in meanwhile gathers behind it."""
    inside, enough = threading.Event(), threading.Event()

    def wait(_connection: Connection) -> None:
        inside.set()
        enough.wait(30)

    waiting = threading.Thread(target=store.write_now, args=(wait,))
    waiting.start()
    inside.wait(30)
    try:
        yield
    finally:
        enough.set()
        waiting.join()


async def together(store: Store, *pieces: Callable[[Connection], Any]) -> list[Any]:
    """Write these pieces in one batch; return their results and errors."""
    with held_up(store):
        tasks = [asyncio.ensure_future(store.write(piece)) for piece in pieces]
        await asyncio.sleep(0)
    return await asyncio.gather(*tasks, return_exceptions=True)
