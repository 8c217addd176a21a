"""Adapter state: small named JSON documents that an adapter keeps across restarts."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Column, Connection, Table, Text, delete, select

from bot.store.dialect import upsert
from bot.store.schema import metadata
from bot.store.store import Store
from bot.store.types import Json

shelf = Table(
    "shelf",
    metadata,
    Column("name", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("value", Json),
)

_PUT = upsert(shelf, by=("name", "key"), change=("value",))


def forget_person(conn: Connection, name: str, person: str) -> None:
    """Take away what stands on a shelf about one person (see `bot.chat.port.Memory`)."""
    conn.execute(delete(shelf).where(shelf.c.name == name, shelf.c.key == f"person:{person}"))


class StoredAdapterState:
    """One named shelf in the store. An adapter sees these four methods as a protocol, not this class.

    All raise what `Store.write` and `Store.read` raise; a value that JSON cannot say is refused.
    """

    def __init__(self, store: Store, name: str) -> None:
        self._store = store
        self._name = name

    async def put(self, items: Mapping[str, Any]) -> None:
        """Keep these documents, replacing those with the same keys: all of them or none."""
        if not items:
            return
        rows = [{"name": self._name, "key": key, "value": value} for key, value in items.items()]

        def work(conn: Connection) -> None:
            conn.execute(_PUT, rows)

        await self._store.write(work)

    async def remove(self, keys: Collection[str]) -> None:
        """Take these documents away; keys that are not there are no error."""
        if not keys:
            return
        unwanted = delete(shelf).where(shelf.c.name == self._name, shelf.c.key.in_(list(keys)))

        def work(conn: Connection) -> None:
            conn.execute(unwanted)

        await self._store.write(work)

    async def load(self) -> dict[str, Any]:
        """Return every document of this shelf, sorted by key."""
        return await self._store.read(self._all)

    def load_now(self) -> dict[str, Any]:
        """Do the same in the calling thread, blocking; for what has to be known before the loop runs."""
        return self._store.read_now(self._all)

    def _all(self, conn: Connection) -> dict[str, Any]:
        rows = conn.execute(select(shelf.c.key, shelf.c.value).where(shelf.c.name == self._name))
        # Sorted here: each database has its own idea of the order of letters.
        return dict(sorted(rows))
