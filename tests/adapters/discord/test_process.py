"""The bot as a real process, with nothing but its settings to tell it where Discord is."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.fakes.discord import FakeDiscord

ROOT = Path(__file__).parents[3]
# A process takes seconds to start, and a busy machine ten times as many.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]
LONG = 40.0


@asynccontextmanager
async def running(
    fake: FakeDiscord, folder: Path, server: int, **more: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    """`tilth run`; killed if it is still there at the end."""
    env = {key: value for key, value in os.environ.items() if not key.startswith("TILTH_")} | {
        "TILTH_STORE__URL": f"sqlite:///{folder / 'tilth.db'}", "TILTH_STORE__FOLDER": str(folder), "TILTH_WEB__PORT": "0",
        "TILTH_DISCORD__TOKEN": fake.token, "TILTH_DISCORD__API_URL": fake.api_url,
        "TILTH_DISCORD__SERVERS": f'{{"{server}": "home"}}', "PYTHONPATH": str(ROOT), **more,
    }  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        "from bot.cli.main import main; main()",
        "run",
        cwd=folder,
        env=env,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


@pytest.fixture
async def school(tmp_path):
    async with FakeDiscord() as fake:
        fake.gateway.budget.every = 0
        guild = fake.guild("Harbour School")
        yield fake, guild, fake.channel(guild, "staffroom"), fake.member("Ada Quinn", guild)
        fake.faults.release()


async def started(process):
    """Wait until the bot says that it has started: its servers have been told, and it listens to signals."""
    assert process.stdout is not None
    async with asyncio.timeout(LONG):
        while b"started at" not in (line := await process.stdout.readline()):
            assert line, "the process has ended"
    await asyncio.sleep(0.5)  # it says so just before it begins to listen


async def asks(fake, ada, room):
    """Somebody asks for help, and reads the answer."""
    before = len(fake.ephemerals(ada, room))
    await fake.slash(ada, room, "tilth help")
    await fake.until(lambda: len(fake.ephemerals(ada, room)) > before, LONG)
    return fake.text(fake.ephemerals(ada, room)[-1])


async def ends(process, fake):
    """Ask the process to leave, which lets the next one take its place at once."""
    process.send_signal(signal.SIGTERM)
    output, _ = await asyncio.wait_for(process.communicate(), 25)
    assert process.returncode == 0, output.decode()
    assert fake.token not in output.decode()


async def test_a_process_connects_answers_and_leaves_when_it_is_told_to(school, tmp_path):
    fake, guild, room, ada = school
    async with running(fake, tmp_path, guild.id) as process:
        await started(process)
        assert "Reflections" in await asks(fake, ada, room)
        await ends(process, fake)
    assert fake.gateway.closes == [1000]


async def test_a_wrong_token_ends_the_process_with_the_setting_to_mend(school, tmp_path):
    fake, guild, _, _ = school
    async with running(fake, tmp_path, guild.id, TILTH_DISCORD__TOKEN="wrong.token.here") as process:
        output, _ = await asyncio.wait_for(process.communicate(), LONG)
    assert process.returncode not in (0, None)
    assert "TILTH_DISCORD__TOKEN" in output.decode()
    assert "wrong.token.here" not in output.decode()
    assert fake.gateway.identifies == []


async def test_a_process_that_starts_over_and_over_stops_identifying_and_tells_its_commands_once(
    school, tmp_path
):
    fake, guild, _, _ = school
    for number in range(4):
        async with running(fake, tmp_path, guild.id) as process:
            await started(process)
            assert bool(fake.gateway.connected) is (number < 3)
            await ends(process, fake)
    assert len(fake.gateway.identifies) == 3
    assert len(fake.calls_to("PUT /applications/{}/commands")) == 1
