"""A process that erases a member and is killed in the middle of one of the pieces (`python -m`)."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from datetime import datetime
from pathlib import Path

from bot.app import build_app
from bot.feature import DataSubject
from bot.people import tables as people
from bot.people.accounts import accounts_of
from bot.runtime.clock import SteerableClock
from bot.store.pieces import COMMIT, PieceTime
from bot.store.startup import open_store
from tests.stories.stage import settings_for


async def erase(folder: Path, url: str, now: datetime, member_id: int, pieces: int) -> None:
    """Erase a member, until so many pieces of work are done, the last of them not committed."""
    settings = settings_for(folder, url)
    store, release = open_store(settings)
    app = build_app(settings, SteerableClock(now), store, [], decks=(), lessons=(), release=release)
    home = await store.read(lambda conn: people.community_by_id(conn, 1))
    accounts = await store.read(lambda conn: accounts_of(conn, 1, member_id))
    left = pieces

    def note(piece: PieceTime) -> None:
        nonlocal left
        left -= piece.name != COMMIT
        if left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)

    store.times.watch = note
    await app.erasure.erase(DataSubject(home, member_id, tuple(accounts), app.clock.now()))


if __name__ == "__main__":
    folder, url, now, member_id, pieces = sys.argv[1:]
    asyncio.run(erase(Path(folder), url, datetime.fromisoformat(now), int(member_id), int(pieces)))
