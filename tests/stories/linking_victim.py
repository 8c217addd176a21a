"""A process that joins two members and is killed in the middle of one of the pieces (`python -m`)."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from datetime import datetime
from pathlib import Path

from bot.app import build_app
from bot.runtime.clock import SteerableClock
from bot.store.pieces import COMMIT, PieceTime
from bot.store.startup import open_store
from tests.stories.stage import settings_for


async def join(folder: Path, url: str, now: datetime, who: tuple[int, int, str, str], pieces: int) -> None:
    """Join two members, until so many pieces of work are done, the last of them not committed."""
    settings = settings_for(folder, url)
    store, release = open_store(settings)
    app = build_app(settings, SteerableClock(now), store, [], decks=(), lessons=(), release=release)
    left = pieces

    def note(piece: PieceTime) -> None:
        nonlocal left
        left -= piece.name != COMMIT
        if left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)

    store.times.watch = note
    keeper, joined, *account = who
    await store.write(lambda conn: app.linking.begin(conn, 1, keeper, joined, (account[0], account[1])))
    await app.linking.go_on()


if __name__ == "__main__":
    folder, url, now, keeper, joined, space, person, pieces = sys.argv[1:]
    who = int(keeper), int(joined), space, person
    asyncio.run(join(Path(folder), url, datetime.fromisoformat(now), who, int(pieces)))
