"""Reactions and pins: how many, of what kind, and who may."""

from __future__ import annotations

import discord
import pytest

from tests.fakes.discord.calls import Call
from tests.fakes.discord.routes.messages import pin


@pytest.fixture
async def scene(d, start):
    guild = d.guild()
    channel, ana = d.channel(guild, "plots"), d.member("Ana", guild)
    client = await start()
    message = await client.get_channel(channel.id).send("look")
    return message, channel, ana


async def test_reactions_and_pins_come_and_go(d, scene):
    message, channel, ana = scene
    client = message._state._get_client()
    await d.react(ana, d.messages(channel)[0], "🌱")
    await d.unreact(ana, d.messages(channel)[0], "🌱")
    await message.add_reaction("👍")
    await message.remove_reaction("👍", client.user)
    await message.pin()
    await d.settle()
    added, removed = client.got("raw_reaction_add"), client.got("raw_reaction_remove")
    assert [(e.user_id, str(e.emoji)) for e in added] == [(ana.id, "🌱"), (client.user.id, "👍")]
    assert [(e.user_id, str(e.emoji)) for e in removed] == [(ana.id, "🌱"), (client.user.id, "👍")]
    assert [m.id async for m in message.channel.pins()] == [message.id]
    assert d.messages(channel)[-1]["type"] == 6
    await message.unpin()
    assert [m async for m in message.channel.pins()] == []


async def test_who_reacted_is_told(d, scene):
    message, channel, ana = scene
    await d.react(ana, d.messages(channel)[0], "🌱")
    found = await message.fetch()
    assert [(str(r.emoji), r.count, r.me) for r in found.reactions] == [("🌱", 1, False)]
    assert [u.id async for u in found.reactions[0].users()] == [ana.id]


async def test_an_emoji_must_be_one_and_there_is_room_for_twenty(d, scene):
    message, _, _ = scene
    with pytest.raises(discord.NotFound) as missing:
        await message.add_reaction("leaf")
    assert missing.value.code == 10014
    for n in range(20):
        await message.add_reaction(chr(0x1F331 + n))
    with pytest.raises(discord.HTTPException) as error:
        await message.add_reaction("👍")
    assert error.value.code == 30010


async def test_there_is_room_for_two_hundred_and_fifty_pins(d, scene):
    message, channel, ana = scene
    for _ in range(250):
        said = await d.say(ana, channel, "x")
        pin(d, Call("", (str(channel.id), said["id"]), {}, None, [], d.world.now(), authorized=True))
    with pytest.raises(discord.HTTPException) as error:
        await message.pin()
    assert error.value.code == 30003
    assert len([m async for m in message.channel.pins(limit=None)]) == 250


async def test_each_needs_its_permission(d, scene):
    message, channel, ana = scene
    await d.react(ana, d.messages(channel)[0], "🌱")
    (reaction,) = (await message.fetch()).reactions

    async def people() -> None:
        [u async for u in reaction.users()]

    for name, act in (
        ("READ_MESSAGE_HISTORY", lambda: message.add_reaction("👍")),
        ("READ_MESSAGE_HISTORY", people),
        ("MANAGE_MESSAGES", lambda: message.remove_reaction("🌱", discord.Object(ana.id))),
        ("PIN_MESSAGES", message.pin),
        ("PIN_MESSAGES", message.unpin),
    ):
        d.deny(channel, d.world.bot, name)
        with pytest.raises(discord.Forbidden) as error:
            await act()
        assert error.value.code == 50013, name
        d.allow(channel, d.world.bot, name)
        await act()
    d.deny(channel, d.world.bot, "READ_MESSAGE_HISTORY")
    assert [m async for m in message.channel.pins()] == []
    d.deny(channel, d.world.bot, "VIEW_CHANNEL")
    with pytest.raises(discord.Forbidden) as error:
        await message.remove_reaction("👍", discord.Object(d.world.bot.id))
    assert error.value.code == 50001
