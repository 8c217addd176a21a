"""Stale entries: what another version of the words indexed, as before an update or an import, is indexed anew after a start."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, select

from bot.feature import PeriodicJob
from bot.people import options
from bot.people.tables import communities
from bot.search.index_version import index_version
from bot.search.searchable import Searchable
from bot.search.tables import search_entry
from bot.store.store import Store

OPTION = "indexed-by"
"""The option of a community that names the version by which all its entries were made; it travels with an export."""
START = datetime(2000, 1, 1, tzinfo=UTC)
TOGETHER = 20
"""Entries that are indexed in one piece of work."""


@dataclass(slots=True)
class StaleEntries:
    """Indexes anew what another version indexed, once after a start; `kinds` know how their things are indexed."""

    store: Store
    kinds: Callable[[], Sequence[Searchable]]
    _done: bool = False

    def job(self) -> PeriodicJob:
        """The job that does it."""
        return PeriodicJob("indexing anew", 60, self.index_stale, self.next_due)

    def next_due(self, conn: Connection) -> datetime | None:
        """At once after a start, where something is stale; then never."""
        if not self._done:  # a process makes no stale entry: once there is none, nothing is asked again
            self._done = not list_stale(conn)
        return None if self._done else START

    async def index_stale(self) -> int:
        """Index what is stale; how many entries were. A process that is killed begins again at its next start."""
        if self._done:
            return 0
        count = 0
        for community_id in await self.store.read(list_stale):
            after = 0
            while found := await self.store.read(partial(_entries_after, community_id, after)):
                await self.store.write(partial(self._index, community_id, found))
                after, count = found[-1].id, count + len(found)
            await self.store.write(partial(_note_version, community_id))
        self._done = True
        return count

    def _index(self, community_id: int, found: Sequence[Any], conn: Connection) -> None:
        known = {one.kind: one for one in self.kinds()}
        for kind, entries in groupby(sorted(found, key=lambda one: str(one.kind)), lambda one: one.kind):
            if kind in known:
                known[kind].index(conn, community_id, [one.ref for one in entries])


def list_stale(conn: Connection) -> list[int]:
    """The communities whose entries another version may have made."""
    wanted = index_version()
    return [one.id for one in communities(conn) if options.option_of(conn, one.id, OPTION) != wanted]


def _entries_after(community_id: int, after: int, conn: Connection) -> Sequence[Any]:
    c = search_entry.c
    ours = select(c.id, c.kind, c.ref).where(c.community_id == community_id, c.id > after)
    return conn.execute(ours.order_by(c.id).limit(TOGETHER)).all()


def _note_version(community_id: int, conn: Connection) -> None:
    options.set_option(conn, community_id, OPTION, index_version())
