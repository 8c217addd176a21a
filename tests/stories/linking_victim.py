"""A process that joins two members and is killed in the middle of one of the pieces (`python -m`)."""

from __future__ import annotations

import asyncio
import sys
from datetime import datetime
from pathlib import Path

from tests.stories.victim import build_victim, die_after


async def join(folder: Path, url: str, now: datetime, who: tuple[int, int, str, str], pieces: int) -> None:
    """Join two members, until so many pieces of work are done, the last of them not committed."""
    app = build_victim(folder, url, now)
    die_after(app, pieces)
    keeper, joined, *account = who
    await app.store.write(lambda conn: app.linking.begin(conn, 1, keeper, joined, (account[0], account[1])))
    await app.linking.go_on()


if __name__ == "__main__":
    folder, url, now, keeper, joined, space, person, pieces = sys.argv[1:]
    who = int(keeper), int(joined), space, person
    asyncio.run(join(Path(folder), url, datetime.fromisoformat(now), who, int(pieces)))
