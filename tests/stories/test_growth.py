"""What is stored of conversations stays in bounds however long a community is there: some weeks by day, three years at night."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Connection, func, select

from bot.account.retention import SILENT
from bot.capture.tables import heard, watched
from tests.night import NIGHTLY
from tests.stories.stage import Stage

WEEKS = 156 if NIGHTLY else 4


def count_rows(conn: Connection) -> tuple[int, int]:
    """How many direct messages are listened to without having brought anything, and how many threads."""
    silent = ~select(heard.c.message).where(heard.c.watched_id == watched.c.id).exists()
    direct = select(func.count()).where(watched.c.private, silent)
    return conn.execute(direct).scalar_one(), conn.execute(
        select(func.count()).where(~watched.c.private)
    ).scalar_one()


@pytest.mark.timeout(1800 if NIGHTLY else 120)
@pytest.mark.only("local", reason="what is stored is the same on every platform, and weeks take long")
async def test_direct_messages_that_brought_nothing_are_forgotten_soon_after_their_prompt(stage: Stage):
    await stage.confirms("/prompt schedule #staffroom every mon 09:00 closes:4d")
    for who in ("ada", "ben", "cleo"):
        await stage.writes_to_the_bot(who, "Good morning!")
    found = []
    for _ in range(WEEKS):
        await stage.later(days=7)
        await stage.app.upkeep.tidy()
        found.append(await stage.app.store.read(count_rows))
    direct, threads = zip(*found, strict=True)
    prompts_at_once = SILENT // timedelta(days=7) + 2
    assert max(direct) <= 3 * prompts_at_once, "direct messages"
    assert 3 <= direct[-1] <= direct[2]
    assert threads[-1] <= min(WEEKS, 400 // 7 + 2), "threads are kept for as long as their edits are followed"
    assert await stage.broken() == []
