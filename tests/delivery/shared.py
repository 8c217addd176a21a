"""A pretend platform that several processes share (an SQLite file), and a process that delivers to it (`python -m`)."""

from __future__ import annotations

import asyncio
import os
import random
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.chat.cards import Card
from bot.chat.models import Place
from bot.chat.port import HistoryUnavailable, OutcomeUnknown
from bot.delivery.claims import LeaseTerms
from bot.delivery.pacing import Pace
from bot.delivery.sender import Sender
from bot.runtime.clock import SystemClock
from bot.store import Store
from bot.store.sqlite import sqlite3
from tests.delivery.rig import tell

SPACE = "local:harbour"
FAST = Pace(lane_rate=100, space_rate=100, overall_rate=100, read_rate=100, settle=1.0, together=8)
SHORT = LeaseTerms(timeout=2.0, lease=5.0, sweep_after=4.0)


class Harbour:
    """Only what the sender needs: it posts, finds and deletes, and now and then loses an answer."""

    platform = "local"
    pace = FAST

    def __init__(self, path: Path) -> None:
        self.clock = SystemClock()
        self._dice = random.Random(os.getpid())
        self._db = sqlite3.connect(path, isolation_level=None, timeout=30)
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS said (id INTEGER PRIMARY KEY, channel TEXT, marker TEXT, at REAL, gone INT)"
        )

    def count_parts(self, _card: Card) -> int:
        return 1

    async def post(self, place: Place, _card: Card, marker: str, _part: int = 0) -> str:
        if self._dice.random() < 0.15:
            raise OutcomeUnknown("never arrived")
        await asyncio.sleep(self._dice.random() * 0.05)
        done = self._db.execute(
            "INSERT INTO said (channel, marker, at, gone) VALUES (?, ?, ?, 0) RETURNING id",
            (place.channel, marker, self.clock.now().timestamp()),
        ).fetchone()
        if self._dice.random() < 0.15:
            raise OutcomeUnknown("answer lost")
        return str(done[0])

    async def delete(self, _place: Place, message: str) -> None:
        self._db.execute("UPDATE said SET gone = 1 WHERE id = ?", (int(message),))

    def platform_time(self) -> datetime:
        return self.clock.now()

    async def find(self, place: Place, marker: str, since: datetime) -> tuple[str, ...] | HistoryUnavailable:
        rows = self._db.execute(
            "SELECT id FROM said WHERE channel = ? AND marker = ? AND at >= ? AND NOT gone ORDER BY id",
            (place.channel, marker, since.timestamp()),
        )
        return tuple(str(id) for (id,) in rows)

    def carrying(self, marker: str) -> list[str]:
        rows = self._db.execute("SELECT id FROM said WHERE marker = ? AND NOT gone", (marker,))
        return [str(id) for (id,) in rows]

    def close(self) -> None:
        self._db.close()


async def main(url: str, world: str) -> None:
    harbour: Any = Harbour(Path(world))
    with Store.open(url) as store:
        owner = f"process {os.getpid()} {os.urandom(4).hex()}"
        sender = Sender(store, harbour.clock, {"local": harbour}, tell, owner, terms=SHORT)
        while True:
            await sender.beat()
            await asyncio.sleep(0.05)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
