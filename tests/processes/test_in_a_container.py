"""What a container does differently: it listens for everybody, and is started again whatever happens."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
from urllib.parse import urlsplit

import aiohttp
import pytest

from tests.processes.running import PATIENCE, running, until

pytestmark = pytest.mark.slow


def free_port() -> int:
    """A port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def read_address(bot) -> str:
    """The address it prints."""
    async with asyncio.timeout(PATIENCE):
        while line := (await bot.process.stdout.readline()).decode():
            if "playground is at" in line:
                return line.split()[-1]
    raise AssertionError(bot.said)


async def test_the_address_it_prints_can_be_opened_whoever_else_holds_connections(tmp_path):
    async with running(tmp_path, {"WEB__HOST": "0.0.0.0"}) as bot:  # noqa: S104
        address = await read_address(bot)
        assert address.startswith("http://localhost:")
        port = urlsplit(address).port
        held = await asyncio.gather(*(asyncio.open_connection("127.0.0.1", port) for _ in range(110)))
        jar = aiohttp.CookieJar(unsafe=True)
        async with aiohttp.ClientSession(cookie_jar=jar) as session, session.get(address) as page:
            assert page.status == 200
            assert "<title>" in await page.text()
        async with asyncio.timeout(5):
            assert await held[0][0].read() == b"", "the oldest of many that ask nothing is closed"
        for _, writer in held:
            writer.close()


async def test_the_playground_says_how_it_is_to_whoever_has_no_token(tmp_path):
    watched = {"WEB__HOST": "0.0.0.0", "MONITORING__PORT": str(free_port()), "LOG_FORMAT": "json"}  # noqa: S104
    async with running(tmp_path, watched, "play") as bot:
        port = urlsplit(await read_address(bot)).port
        await bot.beating()
        async with aiohttp.ClientSession() as session:
            for path in ("healthz", "readyz"):
                async with session.get(f"http://127.0.0.1:{port}/{path}") as page:
                    assert (page.status, await page.json()) == (200, {"well": True, "why": ""})
            async with session.get(f"http://127.0.0.1:{port}/gallery") as page:
                assert page.status == 403
            async with session.get(f"http://127.0.0.1:{watched['MONITORING__PORT']}/metrics") as page:
                assert "tilth_well 1.0" in await page.text()
        async with running(tmp_path, watched, "status") as asked:
            assert await asked.ended() == 0, asked.said
        assert await bot.ended(signal.SIGTERM) == 0
    assert all(json.loads(line)["event"] for line in bot.said.splitlines())


async def test_held_a_wrong_setting_is_said_once_and_waits_until_it_is_stopped(tmp_path):
    wrong = {"COMMUNITY__ZONE": "Europe/Dublim"}
    async with running(tmp_path, wrong, "run", "--hold") as bot:
        await until(lambda: "stop" in bot.said, "what is wrong")
        assert "TILTH_COMMUNITY__ZONE" in bot.said
        async with running(tmp_path, wrong, "health") as asked:
            assert await asked.ended() != 0
        assert bot.process.returncode is None
        assert await bot.ended(signal.SIGTERM) == 78
    async with running(tmp_path, wrong, "run") as bot:
        assert await bot.ended() == 78
