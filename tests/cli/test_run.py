"""Adapters made from the settings, which space belongs to which community, and one holder of the gateway."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import socket
from datetime import UTC, datetime, timedelta

import pytest

from adapters.slack.workspace import Workspace
from bot.chat.port import CannotConnect
from bot.cli.doctor import NoState
from bot.cli.run import GatewayLease, _before, find_community, make_adapters
from bot.cli.startup import collecting_no_garbage, is_set_up
from bot.platforms import PLATFORMS
from bot.runtime.clock import SteerableClock, SystemClock
from bot.settings.environment import SettingsError, load
from bot.store.migrate import upgrade
from bot.store.store import Store

START = datetime(2026, 10, 5, 8, 0, tzinfo=UTC)


def settings(monkeypatch, **variables):
    for name, value in variables.items():
        monkeypatch.setenv(f"TILTH_{name}", value)
    return load(PLATFORMS, _env_file=None)


def test_nothing_is_set_up_without_a_token(monkeypatch):
    assert not is_set_up(settings(monkeypatch))
    assert is_set_up(settings(monkeypatch, DISCORD__TOKEN="a.b.c"))


def test_several_workspaces_belong_to_their_own_communities(monkeypatch):
    found = settings(
        monkeypatch,
        SLACK__BOT_TOKEN="xoxb-1",
        SLACK__APP_TOKEN="xapp-1",
        SLACK__APPS__NORTH__BOT_TOKEN="xoxb-2",
        SLACK__APPS__NORTH__SIGNING_SECRET="s",
        SLACK__APPS__NORTH__COMMUNITY="north",
        COMMUNITIES__NORTH__NAME="North",
        COMMUNITIES__NORTH__ZONE="Europe/Berlin",
        DISCORD__TOKEN="a.b.c",
        DISCORD__SERVERS='{"900": "north"}',
    )
    assert [one.slug for one in found.all_communities()] == ["home", "north"]
    assert [one.zone for one in found.all_communities()] == ["America/Chicago", "Europe/Berlin"]
    adapters = make_adapters(found, SystemClock().now, NoState)
    spaces = {"main": "slack:T1", "north": "slack:T2"}
    monkeypatch.setattr(Workspace, "space", property(lambda one: spaces[one.app.name]))
    of = find_community(found, adapters)
    assert of("slack:T1") == "home"
    assert of("slack:T2") == "north"
    assert of("slack:T3") is None, "a workspace whose app we do not run"
    assert of("discord:900") == "north"
    assert of("discord:901") is None, "a server that nobody listed sees nothing"


def test_a_community_that_does_not_exist_is_refused_by_name(monkeypatch):
    with pytest.raises(SettingsError, match=r"discord server 900 belongs to community nowhere.* home"):
        settings(monkeypatch, DISCORD__SERVERS='{"900": "nowhere"}')


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("SLACK__BOT_TOKEN", "xapp-1", "xoxb-"),
        ("SLACK__APP_TOKEN", "xoxb-1", "xapp-"),
        ("SLACK__APPS__NORTH__BOT_TOKEN", "nonsense", "xoxb-"),
    ],
)
def test_a_token_of_the_wrong_kind_is_named_and_never_shown(monkeypatch, variable, value, says):
    with pytest.raises(SettingsError) as raised:
        settings(monkeypatch, **{variable: value})
    assert f"TILTH_{variable}" in str(raised.value)
    assert says in str(raised.value)
    assert value not in str(raised.value)


def test_an_app_that_cannot_hear_is_refused_with_both_ways_to_mend_it(monkeypatch):
    with pytest.raises(SettingsError) as raised:
        settings(monkeypatch, SLACK__APPS__NORTH__BOT_TOKEN="xoxb-1")
    assert "TILTH_SLACK__APPS__NORTH__APP_TOKEN" in str(raised.value)
    assert "TILTH_SLACK__APPS__NORTH__SIGNING_SECRET" in str(raised.value)


def test_a_hook_without_a_secret_or_with_a_short_one_is_refused(monkeypatch):
    with pytest.raises(SettingsError, match="TILTH_COURSES__HOOKS__SCHOOL__SECRET"):
        settings(monkeypatch, COURSES__HOOKS__SCHOOL__COMMUNITY="home")
    with pytest.raises(SettingsError, match="TILTH_COURSES__HOOKS__SCHOOL__SECRET"):
        settings(monkeypatch, COURSES__HOOKS__SCHOOL__SECRET="short")


def test_an_app_without_its_bot_token_is_refused(monkeypatch):
    with pytest.raises(SettingsError, match="TILTH_SLACK__BOT_TOKEN is missing"):
        settings(monkeypatch, SLACK__APP_TOKEN="xapp-1")


@pytest.fixture
def store(database_url):
    upgrade(database_url)
    with Store.open(database_url) as store:
        yield store


async def test_only_one_process_holds_the_gateway_and_the_next_takes_over_when_it_goes(store):
    clock = SteerableClock(START)
    first, second = GatewayLease(store, clock, "discord"), GatewayLease(store, clock, "discord")
    await first.wait()
    assert not await second._take()
    await first.release()
    assert await second._take()


async def test_two_containers_with_one_hostname_and_process_number_are_two(store):
    clock = SteerableClock(START)
    first, second = GatewayLease(store, clock, "discord"), GatewayLease(store, clock, "discord")
    await first.wait()
    assert not await second._take()
    names = [GatewayLease(store, clock, "discord")._owner for _ in range(3)]
    assert len({first._owner, *names}) == 4
    assert first._owner.startswith(f"{socket.gethostname()}:{os.getpid()}:"), (
        "an operator can read where it runs"
    )


async def test_whoever_says_stop_while_it_starts_is_obeyed():
    stop, began = asyncio.Event(), asyncio.Event()

    async def never_done() -> None:
        began.set()
        await asyncio.Event().wait()

    starting = asyncio.create_task(_before(stop, never_done()))
    await began.wait()
    stop.set()
    assert await starting is False
    assert await _before(asyncio.Event(), asyncio.sleep(0)) is True

    async def refused() -> None:
        raise CannotConnect("TILTH_SOMETHING: the fix")

    with pytest.raises(CannotConnect):
        await _before(asyncio.Event(), refused())


async def test_a_process_that_lost_the_gateway_stops_itself(store, monkeypatch):
    clock = SteerableClock(START)
    raised = []
    monkeypatch.setattr(signal, "raise_signal", raised.append)
    first, second = GatewayLease(store, clock, "discord"), GatewayLease(store, clock, "discord")
    await first.wait()
    clock.advance(timedelta(seconds=30))
    await first.renew()
    clock.advance(timedelta(seconds=59))
    assert not await second._take(), "renewed, so still held"
    clock.advance(timedelta(seconds=2))
    assert await second._take()
    await first.renew()
    assert raised == [signal.SIGTERM]


# ── starting ──────────────────────────────────────────────────────────────────


def test_no_garbage_is_collected_while_the_bot_is_put_together_and_again_after_a_fault():
    seen = []

    def fail():
        with collecting_no_garbage():
            seen.append(gc.isenabled())
            raise OSError

    with pytest.raises(OSError):
        fail()
    assert seen == [False]
    assert gc.isenabled()


def test_what_was_made_meanwhile_is_not_looked_through_when_the_collector_is_back():
    try:
        with collecting_no_garbage():
            made = [[number] for number in range(2000)]
        assert not any(one is made for one in gc.get_objects())
    finally:
        gc.unfreeze()
