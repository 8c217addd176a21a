"""A process that delivers on a database and a world of its own, and is killed at a named point (`python -m`)."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

from bot.chat.cards import Card
from bot.chat.models import Place
from bot.chat.port import OutcomeUnknown
from bot.store import Store
from bot.store.journal import Journal
from bot.store.sqlite import sqlite3
from tests.delivery.rig import Rig


class Disk:
    """The pretend platform's memory: an SQLite file that outlives every process, committed before `put` returns."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None, timeout=30)
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.execute("CREATE TABLE IF NOT EXISTS item (key TEXT PRIMARY KEY, document TEXT)")

    async def put(self, items: Mapping[str, Any]) -> None:
        self._db.execute("BEGIN IMMEDIATE")
        rows = [(key, json.dumps(value)) for key, value in items.items()]
        self._db.executemany("INSERT OR REPLACE INTO item VALUES (?, ?)", rows)
        self._db.execute("COMMIT")

    async def remove(self, keys: tuple[str, ...]) -> None:
        self._db.executemany("DELETE FROM item WHERE key = ?", [(key,) for key in keys])

    async def load(self) -> dict[str, Any]:
        return {key: json.loads(text) for key, text in self._db.execute("SELECT key, document FROM item")}

    def close(self) -> None:
        self._db.close()


async def rig_on(store: Store, world: Disk) -> Rig:
    rig = Rig(store, memory=world)
    rig.adapter.world.load(await world.load())
    return rig


def kill_at(name: str) -> Callable[[str], None]:
    """At this point the process ends, with no chance to do anything about it."""

    def at(point: str) -> None:
        if point == name:
            os.kill(os.getpid(), signal.SIGKILL)

    return at


async def prepare(rig: Rig, verb: str, story: str) -> None:
    """What happened before the process that is killed began."""
    rig.direct("it", "ada") if verb == "direct" else rig.queue("it")
    if story == "posting":
        return
    rig.faults.next("post", after=OutcomeUnknown("lost"), late=False) if story == "found" else None
    rig.faults.next("post", before=OutcomeUnknown("never")) if story == "absent" else None
    rig.faults.next("post", late=True) if story == "swept" else None
    await rig.settle()
    if story == "swept":
        await rig.run(40)
        await rig.adapter.land()
        rig.clock.advance(timedelta(seconds=601))
    else:
        rig.clock.advance(timedelta(seconds=31))


async def main(url: str, world: str, verb: str, story: str, point: str, journal: Journal) -> None:
    with Store.open(url, journal=journal) as store:
        rig = await rig_on(store, Disk(Path(world)))
        await prepare(rig, verb, story)
        at = kill_at(point)
        if point == "stored":
            post = rig.adapter.post

            async def stored(place: Place, card: Card, marker: str, part: int = 0) -> str:
                done = await post(place, card, marker, part)
                at("stored")
                return done

            rig.adapter.post = stored  # type: ignore[method-assign]
        await rig.settle(rig.another("victim", at=at))


if __name__ == "__main__":
    url, world, verb, story, point, journal = sys.argv[1:]
    asyncio.run(main(url, world, verb, story, point, cast("Journal", journal)))
