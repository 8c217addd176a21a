"""The sign of life: given while posts go out and jobs are on time, and by nobody else."""

from __future__ import annotations

import logging
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from aiohttp import web
from pydantic import ValidationError

from bot.runtime.health import Heartbeat
from bot.settings.web import MonitoringSettings
from bot.vitals.monitor import Monitor
from tests.stories.stage import Stage, staged

SECRET = "5f2c-a-path-that-nobody-guesses"


class Listening:
    """A service that expects to hear of us."""

    def __init__(self) -> None:
        self.heard = 0
        self.status = 200

    async def hear(self, request: web.Request) -> web.Response:
        assert request.path == f"/{SECRET}"
        assert not request.can_read_body
        assert not request.query_string
        self.heard += 1
        return web.Response(status=self.status)


@asynccontextmanager
async def watched(stage: Stage):
    """A monitor whose sign of life somebody hears: (the monitor, who hears it, how overdue its jobs are)."""
    service = Listening()
    app = web.Application()
    app.router.add_get("/{anything}", service.hear)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = site._server.sockets[0].getsockname()[1]
    late: dict[str, timedelta] = {}
    pulse = Heartbeat(stage.folder)
    pulse.beats = lambda: late
    settings = MonitoringSettings(ping=f"http://127.0.0.1:{port}/{SECRET}")
    try:
        yield Monitor(settings, stage.app.store, stage.app.clock, stage.app.tally, pulse), service, late
    finally:
        await runner.cleanup()


async def beats(monitor: Monitor) -> int:
    monitor._known = (float("-inf"), None)
    return await monitor.beat()


async def test_it_is_given_while_all_is_well_and_stops_with_a_job_that_hangs(tmp_path, caplog):
    caplog.set_level(logging.INFO)
    async with staged(tmp_path, "local") as stage, watched(stage) as (monitor, service, late):
        assert await beats(monitor) == 1
        late["sending"] = timedelta(minutes=4)
        assert await beats(monitor) == 1
        late["sending"] = timedelta(minutes=6)
        assert await beats(monitor) == await beats(monitor) == 0
        assert service.heard == 2
        late.clear()
        assert await beats(monitor) == 1
    told = [one.getMessage() for one in caplog.records if "no sign of life" in one.getMessage()]
    assert len(told) == 1
    assert "sending" in told[0]
    assert SECRET not in caplog.text


async def test_it_stops_when_posts_do_not_go_out_and_is_back_when_they_do(tmp_path):
    async with staged(tmp_path, "local") as stage, watched(stage) as (monitor, service, _late):
        await stage.confirms("/prompt schedule #staffroom every mon 09:00 closes:4d")
        stage.platform.adapter.faults.offline = True
        await stage.until("2026-10-05 09:05")
        assert await beats(monitor) == 1, "a few minutes are no trouble"
        await stage.later(minutes=10)
        assert await beats(monitor) == 0
        [why] = await monitor.find_stops()
        assert "should have gone out" in why
        stage.platform.adapter.faults.offline = False
        await stage.later(minutes=10)
        assert await beats(monitor) == 1
        assert service.heard == 2


async def test_it_stops_when_nothing_prepares_what_is_due(tmp_path):
    async with staged(tmp_path, "local") as stage, watched(stage) as (monitor, _service, _late):
        await stage.confirms("/prompt schedule #staffroom every mon 09:00 closes:4d")
        await stage.until("2026-10-05 08:00")
        stage.clock.advance(timedelta(minutes=75))  # and no job runs
        assert await beats(monitor) == 0
        assert any("nothing prepares it" in one for one in await monitor.find_stops())


async def test_a_refused_token_stops_it_and_a_channel_that_refuses_does_not(tmp_path):
    async with staged(tmp_path, "local") as stage, watched(stage) as (monitor, _service, _late):
        await stage.confirms("/prompt schedule #staffroom every mon 09:00 closes:4d")
        stage.platform.adapter.faults.refuse("c1", "is_archived")
        await stage.until("2026-10-05 09:30")
        assert await beats(monitor) == 1, "moderators were told, and nobody else has to do anything"
        stage.platform.adapter.faults.allow("c1")
        await stage.until("2026-10-12 08:59")
        stage.platform.adapter.faults.revoked = True
        await stage.later(minutes=2)
        assert await beats(monitor) == 0
        assert any("token" in one for one in await monitor.find_stops())


async def test_without_its_database_it_gives_none(tmp_path):
    async with staged(tmp_path, "local") as stage:
        async with watched(stage) as (monitor, service, _late):
            await stage.stops()
            assert await beats(monitor) == 0
            assert service.heard == 0
        await stage.starts()


async def test_a_service_that_is_away_is_said_once_without_its_address(tmp_path, caplog):
    async with staged(tmp_path, "local") as stage:
        async with watched(stage) as (monitor, service, _late):
            service.status = 404
            assert await beats(monitor) == await beats(monitor) == 0
        assert await beats(monitor) == 0
    told = [one.getMessage() for one in caplog.records if "TILTH_MONITORING__PING" in one.getMessage()]
    assert len(told) == 1
    assert SECRET not in caplog.text


def test_an_address_that_is_none_is_refused_by_the_name_of_its_setting():
    with pytest.raises(ValidationError, match="whole address") as raised:
        MonitoringSettings(ping=SECRET)
    assert SECRET not in str(raised.value.errors(include_input=False))


async def test_a_database_that_answers_with_a_fault_is_told_as_one_that_does_not_answer(tmp_path):
    async with staged(tmp_path, "local") as stage, watched(stage) as (monitor, _service, _late):
        await stage.app.store.write(
            lambda conn: conn.exec_driver_sql("ALTER TABLE reminder RENAME TO reminder_away").rowcount
        )
        assert await beats(monitor) == 0
        assert await monitor.find_stops() == ["The database does not answer."]
        await stage.app.store.write(
            lambda conn: conn.exec_driver_sql("ALTER TABLE reminder_away RENAME TO reminder").rowcount
        )
