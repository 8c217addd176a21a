"""Ten times the messages a busy community writes, and whoever asks for something is still answered in time.

The fakes hold the bot to the platforms' three seconds: what is acknowledged later counts as failed there.
"""

from __future__ import annotations

import asyncio
import threading

import pytest

FLOOD = 120
"""Messages that come in at once; 500 a minute would be eight a second."""


@pytest.mark.only("slack", "discord", reason="the pretend platform waits for every answer")
async def test_commands_buttons_and_forms_are_answered_while_a_flood_comes_in(monday):
    stage, [prompt] = monday, monday.prompts()
    flood = asyncio.gather(
        *(stage.says("cleo", f"Word {number} of many.", thread=prompt) for number in range(FLOOD))
    )
    said = stage.text(await stage.asks("ada", "/reflect"))
    assert "Who or what held a door open for you this week?" in said
    form = await stage.presses("ben", prompt, "Answer or edit")
    assert stage.is_form(form)
    receipt = stage.text(await stage.fills_in("ben", form, q0="A bell that rang late.", sharing="everyone"))
    assert "A bell that rang late." in receipt
    await flood
    kept = await stage.answers()
    assert kept["Ben Okafor"] == "A bell that rang late."
    assert sorted(kept["Cleo Marsh"].split("\n\n")) == sorted(f"Word {n} of many." for n in range(FLOOD))
    assert await stage.broken() == []


@pytest.mark.only("slack", "discord", reason="the pretend platform keeps what was shown in the same store")
async def test_whoever_is_known_and_only_reads_waits_for_nobody_who_writes(monday):
    await monday.asks("ada", "/reflect")
    go_on = threading.Event()
    held = asyncio.create_task(monday.app.store.write(lambda _conn: go_on.wait(20)))
    try:
        said = monday.text(await monday.asks("ada", "/reflect"))
        assert not held.done()
    finally:
        go_on.set()
        await held
    assert "Who or what held a door open for you this week?" in said
