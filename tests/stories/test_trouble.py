"""When things go wrong: deaf, down, full, read-only, lost answers. Nothing is lost, nothing is posted twice."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import event

from bot.schedules import tables
from bot.schedules.model import OccurrenceState
from bot.store.adapter_state import StoredAdapterState
from bot.store.errors import StoreUnavailable
from tests.stories.stage import staged


async def test_what_was_said_while_the_bot_was_deaf_is_found_edits_and_deletions_too(monday):
    stage, [prompt] = monday, monday.prompts()
    kept = await stage.says("ada", "Before.", thread=prompt)
    gone = await stage.says("ben", "Before, too.", thread=prompt)
    stage.deafen()
    await stage.edits("ada", kept, "Before, but better.")
    await stage.erases("ben", gone)
    await stage.says("cleo", "Into the silence.", thread=prompt)
    assert await stage.answers() == {"Ada Quinn": "Before.", "Ben Okafor": "Before, too."}
    stage.deafen(False)
    await stage.later(hours=7)
    assert await stage.answers() == {"Ada Quinn": "Before, but better.", "Cleo Marsh": "Into the silence."}


async def test_a_restart_finds_what_was_said_meanwhile_at_once(monday):
    stage, [prompt] = monday, monday.prompts()
    stage.deafen()
    await stage.says("cleo", "Nobody was listening.", thread=prompt)
    assert await stage.answers() == {}
    stage.deafen(False)
    await stage.restarts()
    await stage.settles()
    assert await stage.answers() == {"Cleo Marsh": "Nobody was listening."}


async def test_a_hidden_history_deletes_nothing(monday):
    stage, [prompt] = monday, monday.prompts()
    await stage.says("ada", "Still here.", thread=prompt)
    stage.hide_history()
    await stage.later(hours=20)
    assert await stage.answers() == {"Ada Quinn": "Still here."}


async def test_a_digest_waits_for_a_history_that_cannot_be_read_but_not_for_ever(monday):
    stage, [prompt] = monday, monday.prompts()
    await stage.says("ada", "Still here.", thread=prompt)
    await stage.until("2026-10-09 08:50")
    stage.hide_history()
    await stage.until("2026-10-09 09:20")
    assert stage.digests() == []
    await stage.until("2026-10-09 10:00")
    stage.hide_history(False)
    await stage.later(hours=1)
    assert len(stage.digests()) == 1


@pytest.mark.parametrize("fault", ["lost", "later", "before"])
async def test_a_prompt_whose_posting_went_wrong_is_there_once(stage, fault):
    await stage.confirms("/prompt schedule #staffroom every mon 09:00 closes:4d")
    match fault:
        case "lost":
            stage.lose_answer()
        case "later":
            stage.limit(30)
        case "before":
            stage.break_before()
    await stage.until("2026-10-05 09:00")
    await stage.later(minutes=10)
    assert len(stage.prompts()) == 1
    await stage.says("ada", "Heard.", thread=stage.prompts()[0])
    assert await stage.answers() == {"Ada Quinn": "Heard."}


async def test_a_channel_that_is_gone_fails_with_its_reason(stage):
    await stage.confirms("/prompt schedule #staffroom every mon 09:00 closes:4d")
    why = stage.shut()
    await stage.until("2026-10-05 09:05")
    assert stage.prompts() == []
    rows = await stage.app.store.read(lambda conn: conn.execute(tables.occurrence.select()).all())
    assert next((row.state, row.reason) for row in rows) == (OccurrenceState.FAILED, why)


async def test_a_full_disk_gives_the_words_back_and_takes_them_when_there_is_room(monday):
    stage, [prompt] = monday, monday.prompts()

    # An empty table has a page of its own to fill before it needs another.
    await stage.says("cleo", "There was room for this. " * 130, thread=prompt)
    store = stage.app.store
    used = await store.read(lambda conn: conn.exec_driver_sql("PRAGMA page_count").scalar_one())
    most = [used]
    # A page limit belongs to a connection, and the writer may open a new one after a fault.
    event.listen(
        store._writing, "begin", lambda conn: conn.exec_driver_sql(f"PRAGMA max_page_count={most[0]}")
    )
    stage.platform.leave_the_disk()
    await _fill_up(StoredAdapterState(store, "filler"))
    form = await stage.presses("ben", prompt, "Answer or edit")
    words = "A long enough thought. " * 120
    shown = await stage.fills_in("ben", form, q0=words, sharing="me")
    assert "I can’t save anything right now" in stage.text(shown)
    assert "A long enough thought." in stage.text(shown)
    await stage.says("ada", words, thread=prompt)
    assert "I can’t save anything right now" in stage.text(stage.last("ada", thread=prompt))
    assert set(await stage.answers()) == {"Cleo Marsh"}
    most[0] = 1_000_000
    await stage.redelivers()
    assert set(await stage.answers()) == {"Ada Quinn", "Cleo Marsh"}


async def _fill_up(filler: StoredAdapterState) -> None:
    """Use whatever is still free inside the file, down to the last hundred bytes."""
    for size in (3000, 300, 30):
        with suppress(StoreUnavailable):
            for number in range(2000):
                await filler.put({f"{size}.{number}": "x" * size})


@pytest.mark.only("local", reason="the second process speaks through the first one's adapter")
async def test_one_schedule_in_two_processes_posts_once(tmp_path, platform, postgres_url):
    """Two bots, one PostgreSQL, one room: each tick and each beat of both at the same time."""
    import asyncio

    from bot.app import build_app
    from bot.store.store import Store

    async with staged(tmp_path, platform, url=postgres_url) as stage:
        await stage.confirms("/prompt schedule #staffroom every mon 09:00 closes:4d")
        second_store = Store.open(postgres_url)
        adapter = stage.platform.adapter
        second = build_app(stage.settings(), stage.clock, second_store, [adapter], decks=stage.app.decks)
        stage.clock.set(stage.clock.now() + timedelta(hours=14))
        for _ in range(30):
            await asyncio.gather(stage.app.settle(), second.settle())
            stage.clock.advance(timedelta(seconds=10))
        await second_store.close()
        assert len(stage.prompts()) == 1
