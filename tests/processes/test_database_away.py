"""The database goes away and comes back: the process stays, says that it is not ready, and goes on by itself."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
from datetime import timedelta
from time import monotonic

import aiohttp
import pytest

from adapters.slack.manifest import make_manifest
from bot.playground.bare_app import bare_menu
from bot.settings.environment import load
from tests.fakes.slack import FakeSlack
from tests.processes.running import PATIENCE, running, until

pytestmark = pytest.mark.slow


@pytest.fixture
async def slack():
    made = make_manifest(bare_menu(load(_env_file=None)))
    async with FakeSlack("harbour", manifest=made) as workspace:
        workspace.ada = workspace.person("Ada Quinn", admin=True)
        workspace.room = workspace.channel("staffroom", [workspace.ada])
        yield workspace


@pytest.fixture
def port() -> int:
    """A port that is free."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def settings(slack, port, url=None):
    own = {
        "SLACK__BOT_TOKEN": slack.bot_token,
        "SLACK__APP_TOKEN": slack.app_token,
        "SLACK__API_URL": slack.api_url,
    }
    return own | {"WEB__PORT": str(port)} | ({} if url is None else {"STORE__URL": url})


class Probe:
    """What a supervisor asks."""

    def __init__(self, port: int) -> None:
        self._address = f"http://127.0.0.1:{port}"

    async def look(self, path: str) -> tuple[int, str]:
        """The status of one page, and why."""
        async with aiohttp.ClientSession() as session, session.get(self._address + path) as answer:
            return answer.status, json.loads(await answer.text())["why"]

    async def ready(self, status: int) -> str:
        """Wait until it is ready, or is not; why."""
        end = monotonic() + PATIENCE
        while (found := await self.look("/readyz"))[0] != status:
            assert monotonic() < end, f"waited in vain for {status}, got {found}"
            await asyncio.sleep(0.2)
        return found[1]


@pytest.mark.postgres
async def test_without_its_database_it_is_alive_and_not_ready_and_a_new_one_asks_to_be_started_again(
    slack, port, own_postgres, tmp_path
):
    own, probe = settings(slack, port, own_postgres.url), Probe(port)
    async with running(tmp_path, own) as bot:
        await bot.beating()
        await probe.ready(200)
        own_postgres.stop()
        assert "PostgreSQL" in await probe.ready(503)
        assert (await probe.look("/healthz"))[0] == 200
        async with running(tmp_path, own | {"WEB__PORT": "0"}) as second:
            assert await second.ended() == 75
        assert "No connection to PostgreSQL" in second.said
        assert "Traceback" not in second.said
        own_postgres.start()
        await probe.ready(200)
        await slack.slash(slack.ada, slack.room, "/reflect")
        await until(lambda: slack.ephemerals(slack.ada), "an answer")
        own_postgres.stop()
        await probe.ready(503)
        assert await bot.ended(signal.SIGTERM) == 0, bot.said
        assert "Traceback" not in bot.said


async def test_a_revoked_token_is_not_ready_and_no_reason_for_a_restart(slack, port, tmp_path):
    probe = Probe(port)
    async with running(tmp_path, settings(slack, port)) as bot:
        await bot.beating()
        await probe.ready(200)
        slack.revoked = True
        why = await probe.ready(503)
        assert "token_revoked" in why
        assert "TILTH_SLACK__BOT_TOKEN" in why
        assert (await probe.look("/healthz"))[0] == 200
        slack.revoked = False
        await probe.ready(200)
        assert await bot.ended(signal.SIGTERM) == 0


@pytest.mark.postgres
async def test_an_hour_without_its_database_is_no_reason_for_a_restart(own_postgres, tmp_path, monkeypatch):
    from bot.app import build_app
    from bot.runtime.clock import SystemClock
    from bot.runtime.health import find_late_job
    from bot.store.startup import open_store

    monkeypatch.setenv("TILTH_STORE__URL", own_postgres.url)
    monkeypatch.setenv("TILTH_STORE__FOLDER", str(tmp_path))
    found = load(_env_file=None)
    store, release = open_store(found)
    app = build_app(found, SystemClock(), store, [], release=release)
    await app.start()
    alarm, passed = app.ring(), 0.0
    alarm._monotonic = lambda: passed
    await alarm.start()
    own_postgres.stop()
    for _ in range(2):
        for name in alarm.beats():
            alarm.wake(name)
        await asyncio.sleep(0)
        await asyncio.gather(*(bell.task for bell in alarm._bells.values() if bell.task is not None))
        passed += timedelta(hours=1).total_seconds()
    passed -= timedelta(hours=1).total_seconds()
    assert find_late_job(alarm.beats()) is None
    await app.stop()
