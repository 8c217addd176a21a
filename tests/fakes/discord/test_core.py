"""A real client connects, hears people, answers them, and finds again what was said."""

from __future__ import annotations

import discord
import pytest


@pytest.fixture
def scene(d):
    guild = d.guild("Meadow School")
    return guild, d.channel(guild, "reflections"), d.member("Ana", guild)


async def test_a_client_connects_and_knows_its_servers(d, start, scene):
    guild, channel, ana = scene
    client = await start()
    assert [g.name for g in client.guilds] == ["Meadow School"]
    here = client.get_guild(guild.id)
    assert here.get_channel(channel.id).name == "reflections"
    assert here.get_member(ana.id).display_name == "Ana"
    assert here.me.guild_permissions.manage_threads
    assert not here.me.guild_permissions.administrator


async def test_what_people_say_is_heard_and_what_the_client_says_is_seen(d, start, scene):
    _, channel, ana = scene
    client = await start()
    said = await d.say(ana, channel, "hello")
    await d.settle()
    (heard,) = client.got("message")
    assert (heard.content, heard.author.id, str(heard.id)) == ("hello", ana.id, said["id"])
    await heard.reply("welcome, **Ana**")
    assert [d.text(m) for m in d.messages(channel)] == ["hello", "welcome, Ana"]


async def test_edits_and_deletions_are_heard_of_uncached_messages_too(d, start, scene):
    _, channel, ana = scene
    old = await d.say(ana, channel, "befor")
    client = await start()
    await d.edit(ana, old, "before")
    await d.delete(ana, old)
    await d.settle()
    (edit,), (gone,) = client.got("raw_message_edit"), client.got("raw_message_delete")
    assert (edit.message_id, edit.message.content) == (int(old["id"]), "before")
    assert edit.message.edited_at is not None
    assert gone.message_id == int(old["id"])


async def test_history_is_read_in_pages_after_before_and_around(d, start, scene):
    _, channel, ana = scene
    ids = [int((await d.say(ana, channel, f"{n}"))["id"]) for n in range(120)]
    client = await start()
    place = client.get_channel(channel.id)
    after = [m.id async for m in place.history(limit=None, after=discord.Object(ids[4]), oldest_first=True)]
    assert after == ids[5:]
    before = [m.id async for m in place.history(limit=3, before=discord.Object(ids[4]))]
    assert before == ids[3:0:-1]
    around = [m.id async for m in place.history(limit=5, around=discord.Object(ids[50]))]
    assert sorted(around) == ids[48:53]


async def test_a_thread_is_opened_under_a_message_only_once(d, start, scene):
    _, channel, ana = scene
    client = await start()
    message = await client.get_channel(channel.id).send("What grew this week?")
    thread = await message.create_thread(name="Week 41", auto_archive_duration=1440)
    assert thread.id == message.id
    with pytest.raises(discord.HTTPException) as error:
        await message.create_thread(name="Week 41")
    assert error.value.code == 160004
    await d.say(ana, d.thread("Week 41"), "beans")
    await d.settle()
    assert [m.content for m in client.got("message") if m.author.id == ana.id] == ["beans"]
    assert client.get_channel(thread.id).auto_archive_duration == 1440


async def test_a_direct_message_goes_both_ways(d, start, scene):
    _, _, ana = scene
    client = await start()
    dm = await d.open_dm(ana)
    await d.say(ana, dm, "can I ask something?")
    await d.settle()
    (heard,) = client.got("message")
    assert heard.guild is None
    user = client.get_user(ana.id)
    await user.send("of course")
    assert [m["content"] for m in d.messages(dm)] == ["can I ask something?", "of course"]
    d.close_dms(ana)
    with pytest.raises(discord.Forbidden) as error:
        await user.send("still there?")
    assert error.value.code == 50007
