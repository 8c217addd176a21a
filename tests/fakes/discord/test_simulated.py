"""What simcord shows under the names of the fake."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import discord
import pytest
from discord import ui

from tests.fakes.discord import Impossible, reading
from tests.fakes.discord.conftest import Watch
from tests.fakes.discord.simulated import simulated
from tests.fakes.discord.test_interactions import Board, Plot


async def test_a_command_with_options_is_answered_to_one_person(simulation):
    d, _, channel, ana, ben = simulation
    asked = await d.slash(ana, channel, "garden water", bed="Beans", liters=7, helper=ben)
    assert (asked.acked, asked.ephemeral) == (4, True)
    assert [d.text(m) for m in d.ephemerals(ana, channel)] == ["Beans: 7 liters"]
    assert d.ephemerals(ben, channel) == d.messages(channel) == []
    with pytest.raises(Impossible):
        await d.slash(ana, channel, "garden dig")


async def test_choices_are_offered_while_typing(simulation):
    d, _, channel, ana, _ = simulation
    assert await d.autocomplete(ana, channel, "garden water", "bed", "Bee") == [("Beets", "beets")]


@pytest.mark.parametrize("private", [True, False])
async def test_the_first_follow_up_fills_the_loading_message(simulation, private):
    d, _, channel, ana, _ = simulation
    await d.slash(ana, channel, "garden slow", private=private)
    seen = d.ephemerals(ana, channel) if private else d.messages(channel)
    assert [d.text(m) for m in seen] == ["the first", "the second"]


async def test_a_form_with_labels_radio_and_checkboxes_is_filled_in(simulation):
    d, _, channel, ana, ben = simulation
    assert (await d.slash(ana, channel, "garden form")).acked == 9
    assert reading.form(d.modal(ana)).startswith("Your week\nWhat grew?*\nHow was it?*: Sunny / Rainy")
    with pytest.raises(Impossible):
        await d.submit(ana, {"How was it?": "Sunny"})
    await d.submit(
        ana, {"What grew?": "Beans", "How was it?": "Sunny", "Tools": ["Spade"], "With whom?": [ben]}
    )
    assert d.env.bot.heard_values == [("Beans", "Sunny", ["Spade"], ["Ben"])]
    assert d.modal(ana) is None


async def test_a_context_menu_has_the_message(simulation):
    d, _, channel, ana, ben = simulation
    said = await d.say(ben, channel, "water in the evening")
    await d.context_menu(ana, "Keep this", said)
    assert [d.text(m) for m in d.ephemerals(ana, channel)] == ["kept: water in the evening"]


async def test_buttons_and_selects_work_in_a_layout(simulation):
    d, _, channel, ana, _ = simulation
    await d.env.bot.get_channel(channel.id).send(view=Board())
    (board,) = d.messages(channel)
    assert d.text(board).splitlines() == ["The garden 5 October 2025", "[Count]", "Bed: Beans / Beets"]
    assert (await d.choose(ana, board, "Bed", "Beets")).acked == 6
    assert [d.text(m) for m in d.ephemerals(ana, channel)] == ["you chose ['Beets']"]
    with pytest.raises(Impossible):
        await d.press(ana, board, "Dance")
    assert (await d.press(ana, board, "Count")).acked == 7
    assert [d.text(m) for m in d.messages(channel)] == ["counted"]


async def test_messages_replies_edits_deletions_and_reactions_are_heard_as_raw_events(simulation):
    d, _, channel, ana, ben = simulation
    client = d.env.bot
    said = await d.say(ana, channel, "befor", files={"a.txt": b"a"})
    client._connection._messages.clear()  # as after a restart
    await d.edit(ana, said, "before")
    await d.reply(ben, said, "agreed", ping=True)
    await d.reply(ben, said, "quietly", ping=False)
    await d.react(ben, said, "🌱")
    await d.unreact(ben, said, "🌱")
    await d.delete(ana, said)
    assert [e.message.content for e in client.got("raw_message_edit")] == ["before"]
    assert [e.message_id for e in client.got("raw_message_delete")] == [int(said["id"])]
    assert len(client.got("raw_reaction_add")) == len(client.got("raw_reaction_remove")) == 1
    assert [[u.id for u in m.mentions] for m in client.got("message")] == [[], [ana.id], []]


async def test_ids_and_times_follow_an_injected_clock(watch):
    async with simulated(Plot(), watch) as d:
        channel = d.channel(d.guild())
        place = d.env.bot.get_channel(channel.id)
        first = await place.send("now")
        assert (first.created_at, discord.utils.utcnow()) == (watch.now(), watch.now())
        watch.forward(days=3)
        assert (await place.send("then")).created_at == watch.now()
        after = [m.content async for m in place.history(after=watch.now() - timedelta(hours=1))]
        assert after == ["then"]


async def test_a_view_times_out_when_the_injected_clock_has_passed_it(simulation, watch: Watch):
    d, _, channel, ana, _ = simulation
    ended: list[bool] = []

    class Brief(ui.View):
        async def on_timeout(self) -> None:
            ended.append(True)

    @d.env.bot.tree.command(name="brief", description="x")
    async def brief(it: discord.Interaction) -> None:
        view = Brief(timeout=60)
        view.add_item(ui.Button(label="Now"))
        await it.response.send_message("hurry", view=view)

    await d.env.bot.tree.sync()
    await d.slash(ana, channel, "brief")
    watch.forward(seconds=59)
    await d.settle()
    assert ended == []
    watch.forward(seconds=2)
    await d.settle()
    assert ended == [True]


async def test_the_deadlines_of_interactions_follow_the_injected_clock(simulation, watch):
    d, _, channel, ana, _ = simulation
    codes: list[int] = []
    kept: list[discord.Interaction] = []

    @d.env.bot.tree.command(name="late", description="x")
    async def late(it: discord.Interaction, seconds: int) -> None:
        kept.append(it)
        watch.forward(seconds=seconds)
        try:
            await it.response.send_message("here", ephemeral=True)
        except discord.NotFound as error:
            codes.append(error.code)

    await d.env.bot.tree.sync()
    assert not (await d.slash(ana, channel, "late", seconds=2)).failed
    assert (await d.slash(ana, channel, "late", seconds=3)).failed
    assert codes == [10062]
    watch.forward(minutes=15)
    with d.here(), pytest.raises(discord.HTTPException):
        await kept[0].followup.send("too late")


async def test_threads_forums_direct_messages_and_roles_are_there(simulation):
    d, guild, channel, ana, _ = simulation
    client = d.env.bot
    message = await client.get_channel(channel.id).send("What grew?")
    thread = await message.create_thread(name="Week 41", auto_archive_duration=1440)
    assert thread.id == message.id
    await d.say(ana, d.thread("Week 41"), "beans")
    forum = d.forum(guild, "talk", ["weekly"])
    await d.settle()
    place = client.get_channel(forum.id)
    await place.create_thread(name="Week 41", content="x", applied_tags=[place.available_tags[0]])
    assert [p.name for p in d.posts(forum)] == ["Week 41"]
    dm = await d.open_dm(ana)
    await d.say(ana, dm, "hello")
    assert client.got("message")[-1].guild is None
    role = d.role(guild, "teachers", ["MANAGE_MESSAGES"])
    d.give(guild, ana, role)
    await d.settle()
    assert client.get_guild(guild.id).get_member(ana.id).guild_permissions.manage_messages
    d.close_dms(ana)
    with pytest.raises(discord.Forbidden) as error:
        await client.get_user(ana.id).send("x")
    assert error.value.code == 50007


async def test_history_is_empty_without_the_permission_and_refused_without_sight(simulation):
    d, _, channel, ana, _ = simulation
    await d.say(ana, channel, "hello")
    place = d.env.bot.get_channel(channel.id)
    assert len([m async for m in place.history()]) == 1
    d.deny(channel, d.env.bot.user, "READ_MESSAGE_HISTORY")
    assert [m async for m in place.history()] == []
    d.deny(channel, d.env.bot.user, "VIEW_CHANNEL")
    with pytest.raises(discord.Forbidden):
        [m async for m in place.history()]


async def test_without_the_message_content_intent_content_is_hidden(watch):
    client = Plot()
    client._connection._intents.message_content = False
    async with simulated(client, watch, approved_intents=client.intents) as d:
        guild = d.guild()
        channel, ana = d.channel(guild), d.member("Ana", guild)
        await d.say(ana, channel, "hidden")
        await d.say(ana, channel, f"<@{client.user.id}> mentioned")
        assert [m.content for m in client.got("message")] == ["", f"<@{client.user.id}> mentioned"]
        history = [m.content async for m in client.get_channel(channel.id).history(oldest_first=True)]
        assert history[0] == ""


async def test_whom_a_message_would_notify_is_known(simulation):
    d, _, channel, ana, _ = simulation
    place = d.env.bot.get_channel(channel.id)
    await place.send(f"<@{ana.id}>")
    await place.send(f"<@{ana.id}>", allowed_mentions=discord.AllowedMentions.none())
    assert [reading.live_mentions(m) for m in d.messages(channel)] == [(f"<@{ana.id}>",), ()]


async def test_a_client_may_be_logged_in_and_connected_by_whoever_owns_it(watch):
    client = Plot()
    async with simulated(client, watch, start=False) as d:
        channel = d.channel(d.guild())
        assert client.user is None
        await client.login("any")
        _, _, left = await client.http.get_bot_gateway()
        assert left["remaining"] == 1000
        assert client.application_flags.gateway_message_content_limited
        connected = asyncio.create_task(client.connect(reconnect=True))
        await client.get_channel(channel.id).send("here")
        assert not connected.done()
        await client.close()
        await asyncio.wait_for(connected, 1)
        assert client.got("ready")


async def test_settling_waits_for_a_login_that_is_under_way(watch):
    client = Plot()
    async with simulated(client, watch, start=False) as d:
        ready = asyncio.Event()

        @client.event
        async def on_ready() -> None:
            ready.set()

        login = asyncio.create_task(client.login("any"))
        await ready.wait()
        await d.settle()
        channel = d.channel(d.guild())
        await d.say(d.member("Ana", d.env.guild), channel, "hello")
        assert login.done()


async def test_another_client_takes_the_place_of_one_that_has_closed(watch):
    first, second = Plot(), Plot()
    async with simulated(first, watch) as d:
        guild = d.guild()
        channel, ana = d.channel(guild), d.member("Ana", guild)
        await first.get_channel(channel.id).send("before")
        await first.close()
        await d.say(ana, channel, "in between")
        d.takes(second)
        await second.login("any")
        await d.say(ana, channel, "after")
        assert [m.content for m in second.got("message")] == ["after"]
        assert [m["content"] for m in d.messages(channel)] == ["before", "in between", "after"]


async def test_whoever_is_there_at_the_login_is_known(watch):
    client = Plot()
    async with simulated(client, watch, start=False) as d:
        guild = d.guild()
        ana = d.member("Ana", guild)
        await client.login("any")
        assert ana.id in {member.id for member in client.get_guild(guild.id).members}


async def test_what_happens_while_the_client_is_deaf_is_lost(simulation):
    d, _, channel, ana, _ = simulation
    for text, deaf in (("one", False), ("two", True), ("three", False)):
        d.deaf = deaf
        assert d.deaf == deaf
        await d.say(ana, channel, text)
    assert [m.content for m in d.env.bot.got("message")] == ["one", "three"]
