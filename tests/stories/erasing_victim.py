"""A process that erases a member and is killed in the middle of one of the pieces (`python -m`)."""

from __future__ import annotations

import asyncio
import sys
from datetime import datetime
from pathlib import Path

from bot.feature import DataSubject
from bot.people import tables as people
from bot.people.accounts import accounts_of
from tests.stories.victim import build_victim, die_after


async def erase(folder: Path, url: str, now: datetime, member_id: int, pieces: int) -> None:
    """Erase a member, until so many pieces of work are done, the last of them not committed."""
    app = build_victim(folder, url, now)
    home = await app.store.read(lambda conn: people.community_by_id(conn, 1))
    accounts = await app.store.read(lambda conn: accounts_of(conn, 1, member_id))
    die_after(app, pieces)
    await app.erasure.erase(DataSubject(home, member_id, tuple(accounts), app.clock.now()))


if __name__ == "__main__":
    folder, url, now, member_id, pieces = sys.argv[1:]
    asyncio.run(erase(Path(folder), url, datetime.fromisoformat(now), int(member_id), int(pieces)))
