"""What simcord does otherwise than Discord.

Each test holds a sentence of `simulated`'s docstring: when a newer simcord mends it, the test fails, and both can go.
"""

from __future__ import annotations

import discord
import pytest

from tests.fakes.discord.errors import Impossible
from tests.fakes.discord.permissions import BOT, May


async def test_otherwise_a_nonce_is_ignored(simulation):
    d, _, channel, _, _ = simulation
    place = d.env.bot.get_channel(channel.id)
    for _ in range(2):
        await place.send("twice", nonce="marker")
    assert len(d.messages(channel)) == 2
    assert [c.json["nonce"] for c in d.calls_to("POST", "/messages")] == ["marker", "marker"]


async def test_otherwise_an_injected_502_is_raised_at_once_as_another_error(simulation):
    d, _, channel, _, _ = simulation
    d.fail("POST", "/channels/*/messages", status=502)
    with pytest.raises(discord.HTTPException) as error:
        await d.env.bot.get_channel(channel.id).send("x")
    assert not isinstance(error.value, discord.DiscordServerError)
    assert len(d.calls_to("POST", "/messages")) == 1


async def test_otherwise_a_second_thread_from_a_message_replaces_the_first(simulation):
    d, _, channel, _, _ = simulation
    message = await d.env.bot.get_channel(channel.id).send("x")
    for name in ("one", "two"):
        await message.create_thread(name=name)
    assert [t.name for t in channel.threads] == ["two"]
    assert [m["type"] for m in d.messages(channel)] == [0, 18, 18]
    assert d.messages(d.thread("two")) == []


async def test_otherwise_archived_and_locked_threads_take_everything(simulation):
    d, guild, channel, ana, _ = simulation
    message = await d.env.bot.get_channel(channel.id).send("x")
    thread = await message.create_thread(name="Week 41")
    said = await thread.send("x")
    with pytest.raises(discord.Forbidden):
        await thread.edit(archived=True, locked=True)  # although the bot manages threads, and owns this one
    d.permit_bot(guild, BOT | May.MANAGE_CHANNELS)
    await thread.edit(archived=True, locked=True)
    await said.edit(content="y")
    await thread.send("z")
    await d.say(ana, d.thread("Week 41"), "and me")
    assert d.thread("Week 41")._channel.thread_metadata.archived


async def test_otherwise_pins_need_manage_messages(simulation):
    d, guild, channel, _, _ = simulation
    message = await d.env.bot.get_channel(channel.id).send("x")
    d.permit_bot(guild, ["PIN_MESSAGES"])
    with pytest.raises(discord.Forbidden):
        await message.pin()
    d.permit_bot(guild, ["MANAGE_MESSAGES"])
    await message.pin()


async def test_otherwise_files_need_no_permission(simulation):
    d, _, channel, _, _ = simulation
    d.deny(channel, d.env.bot.user, "ATTACH_FILES")
    await d.env.bot.get_channel(channel.id).send(file=discord.File(__file__))


async def test_otherwise_any_kind_of_answer_fits_any_interaction(simulation):
    d, _, channel, ana, _ = simulation

    @d.env.bot.tree.command(name="odd", description="x")
    async def odd(it: discord.Interaction) -> None:
        adapter = discord.webhook.async_.async_context.get()
        params = discord.webhook.async_.interaction_response_params(8, {"choices": []})
        await adapter.create_interaction_response(it.id, it.token, session=it._session, params=params)

    await d.env.bot.tree.sync()
    assert (await d.slash(ana, channel, "odd")).acked == 8


async def test_otherwise_names_and_commands_have_no_limits(simulation):
    d, _, channel, _, _ = simulation
    client = d.env.bot
    message = await client.get_channel(channel.id).send("x", nonce="n" * 99)
    await message.create_thread(name="n" * 101)
    await client.get_channel(channel.id).send(files=[discord.File(__file__)] * 11)
    many = [{"name": f"c{n}", "description": "d" * 200} for n in range(300)]
    await client.http.bulk_upsert_global_commands(client.application_id, many)


async def test_otherwise_a_forum_post_and_its_first_message_have_different_ids(simulation):
    d, guild, _, _, _ = simulation
    forum = d.forum(guild)
    await d.settle()
    made = await d.env.bot.get_channel(forum.id).create_thread(name="x", content="x")
    assert made.thread.id != made.message.id


async def test_otherwise_what_came_after_an_id_begins_with_the_newest(simulation):
    d, _, channel, ana, _ = simulation
    said = [await d.say(ana, channel, f"{number}") for number in range(4)]
    page = await d.env.bot.http.logs_from(channel.id, 2, after=int(said[0]["id"]))
    assert [one["content"] for one in page] == ["3", "2"]


async def test_otherwise_nobody_writes_more_than_two_thousand_characters(simulation):
    d, _, channel, ana, _ = simulation
    with pytest.raises(Impossible):
        await d.say(ana, channel, "x" * 2001)
