"""The life of the connection: wrong tokens, outages, a deaf socket, refreshes, and several workspaces."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from adapters.slack.adapter import SlackAdapter, SlackApp
from bot.chat.cards import say
from bot.chat.events import MessageReceived, SpaceConnected
from bot.chat.models import Place
from bot.chat.port import CannotConnect
from tests.adapters.slack.rig import SWIFT, town, until, workspace
from tests.contract.door import RecordingDoor


def connection(here):
    [one] = here.adapter.workspaces
    return one.connection


@pytest.mark.parametrize(
    ("which", "token", "setting"),
    [
        ("bot_token", "xoxb-nobody", "TILTH_SLACK__BOT_TOKEN"),
        ("app_token", "xapp-nobody", "TILTH_SLACK__APP_TOKEN"),
    ],
)
async def test_a_token_that_slack_refuses_ends_the_start_with_its_setting(which, token, setting):
    async with town(start=False) as here:
        here.adapter = here.new_adapter(replace(here.app, **{which: token}))
        async with asyncio.timeout(2):
            with pytest.raises(CannotConnect, match=setting) as raised:
                await here.adapter.start(here.door)
        assert token not in str(raised.value)
        assert not here.adapter.ready


async def test_the_setting_of_a_further_app_is_named(here):
    app = SlackApp("north", "xoxb-nobody", here.slack.app_token)
    other = here.new_adapter(app)
    with pytest.raises(CannotConnect, match="TILTH_SLACK__APPS__NORTH__BOT_TOKEN"):
        await other.start(here.door)


async def test_an_app_that_cannot_hear_is_refused(here):
    deaf = here.new_adapter(replace(here.app, app_token="", signing_secret=""))
    with pytest.raises(CannotConnect, match="TILTH_SLACK__APP_TOKEN"):
        await deaf.start(here.door)


@pytest.mark.parametrize("method", ["auth.test", "apps.connections.open"])
async def test_an_outage_at_the_start_is_waited_for(method):
    async with town(start=False) as here:
        here.slack.fail(method, status=503, times=4)
        await here.adapter.start(here.door)
        assert "Slack app main" in here.adapter.why or here.adapter.ready
        await until(lambda: here.adapter.ready)
        assert here.adapter.why == ""
        assert here.door.of(SpaceConnected)
        await here.slack.post(here.ada, here.room, "Hello.")
        assert [one.text for one in here.door.messages] == ["Hello."]


async def test_ready_means_that_events_arrive(here):
    assert here.adapter.ready
    assert here.adapter.community_of(here.space) == "", "the first community"
    await here.adapter.stop()
    assert not here.adapter.ready


async def test_a_deaf_socket_is_noticed_by_our_own_post_and_replaced(here):
    await here.slack.post(here.ada, here.room, "Here I am.")
    await here.adapter.post(here.place(), say("Here am I."), "m")
    await here.rest()
    seen, built = len(here.door.of(SpaceConnected)), connection(here).built
    here.slack.deaf()
    await here.adapter.post(here.place(), say("Prompt"), "m")
    await until(lambda: connection(here).built > built and here.adapter.ready)
    await here.slack.post(here.ada, here.room, "Do you hear me?")
    assert [one.text for one in here.door.messages] == ["Here I am.", "Do you hear me?"]
    await here.rest()
    assert len(here.door.of(SpaceConnected)) > seen, "what was missed is looked for"


async def test_a_deaf_socket_is_noticed_by_what_the_history_shows(here):
    root = await here.adapter.post(here.place(), say("Prompt"), "m")
    await here.rest()
    built = connection(here).built
    here.slack.deaf()
    await here.slack.reply(here.ada, here.room, root, "Into the void.")
    history = await here.adapter.history(here.place(root), None)
    assert [one.text for one in history.messages[1:]] == ["Into the void."]
    await until(lambda: connection(here).built > built and here.adapter.ready)


async def test_a_refresh_in_the_middle_of_things_loses_nothing(here):
    async def talk():
        for number in range(20):
            await here.slack.post(here.ada, here.room, f"Number {number}")

    await asyncio.gather(talk(), here.slack.refresh())
    await here.slack.settle()
    assert {one.text for one in here.door.messages} == {f"Number {number}" for number in range(20)}


async def test_a_connection_that_breaks_off_comes_back_and_the_gap_is_told(here):
    seen = len(here.door.of(SpaceConnected))
    await here.slack.cut()
    await until(lambda: len(here.door.of(SpaceConnected)) > seen)
    await here.slack.connected()
    await here.slack.post(here.ada, here.room, "Again.")
    assert here.door.messages[-1].text == "Again."


@pytest.mark.parametrize("reason", ["link_disabled", "too_many_websockets"])
async def test_a_socket_that_is_sent_away_waits_before_it_comes_back(reason):
    async with town(start=False) as here:
        calm = replace(SWIFT, beat=replace(SWIFT.beat, first=0.8, longest=0.8))
        here.adapter = here.new_adapter(timings=calm)
        await here.adapter.start(here.door)
        before = len(here.slack.calls("apps.connections.open"))
        await here.slack.refresh(reason, grace=0.02)
        await until(lambda: not here.adapter.ready)
        assert "Socket Mode" in here.adapter.why or "app token" in here.adapter.why
        await asyncio.sleep(0.2)
        assert len(here.slack.calls("apps.connections.open")) == before, (
            "to come back at once would be a storm"
        )
        await until(lambda: here.adapter.ready)
        assert len(here.slack.calls("apps.connections.open")) == before + 1


async def test_a_revoked_app_token_is_told_and_tried_again_slowly(here):
    here.slack.fail("apps.connections.open", error="invalid_auth", times=3)
    await here.slack.refresh("link_disabled", grace=0.02)
    await until(lambda: "app-level token" in here.adapter.why)
    await until(lambda: here.adapter.ready)


async def test_two_workspaces_are_apart_and_one_that_fails_does_not_stop_the_other():
    async with town(workspace("north")) as north, workspace("south") as south:
        door = RecordingDoor()
        apps = (replace(north.app, community="fens"), SlackApp("south", "xoxb-nobody", south.app_token))
        both = SlackAdapter(apps, north.clock.now, north.memory, api_url=north.slack.api_url, timings=SWIFT)
        await both.start(door)
        assert [one.ready for one in both.workspaces] == [True, False]
        assert not both.ready
        assert "south" in both.why
        await both.post(north.place(), say("Hello."), "m")
        assert both.community_of(north.space) == "fens"
        assert both.community_of("slack:T999") is None
        await both.stop()


async def test_events_of_each_workspace_carry_its_own_space():
    async with town(workspace("north")) as north, town(workspace("south")) as south:
        assert north.space != south.space
        await north.slack.post(north.ada, north.room, "North.")
        await south.slack.post(south.ada, south.room, "South.")
        assert [one.place for one in north.door.messages] == [Place(north.space, north.room)]
        assert [one.place for one in south.door.messages] == [Place(south.space, south.room)]


async def test_stopping_ends_every_socket_and_nothing_is_heard_any_more(here):
    await here.adapter.stop()
    await here.slack.settle()
    await here.slack.post(here.ada, here.room, "Anybody?")
    assert here.door.of(MessageReceived) == []


async def test_two_processes_of_one_app_share_what_comes_and_neither_thinks_itself_deaf(here):
    other_door = RecordingDoor()
    other = here.new_adapter()
    await other.start(other_door)
    await here.slack.connected(2)
    for number in range(20):
        await here.slack.post(here.ada, here.room, f"Number {number}")
        await here.adapter.post(here.place(), say("Prompt"), f"m{number}")
    await here.rest()
    texts = [one.text for one in (*here.door.messages, *other_door.messages)]
    assert sorted(texts) == sorted(f"Number {number}" for number in range(20)), "each is told once"
    await asyncio.sleep(0.3)
    assert other.workspaces[0].connection.built == 1
    assert connection(here).built <= 2
    await other.stop()
