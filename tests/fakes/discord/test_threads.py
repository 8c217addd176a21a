"""Threads and forum posts: who may write, when they fall asleep, how they are woken and locked."""

from __future__ import annotations

import discord
import pytest
from discord.http import Route

from tests.fakes.discord import Impossible


@pytest.fixture
async def scene(d, start):
    guild = d.guild()
    channel, ana = d.channel(guild, "plots"), d.member("Ana", guild)
    client = await start()
    message = await client.get_channel(channel.id).send("What grew this week?")
    thread = await message.create_thread(name="Week 41", auto_archive_duration=1440)
    return client, d.world.channels[thread.id], thread, ana


async def test_a_thread_begins_with_a_message_that_points_at_its_parent(d, scene):
    _, place, thread, _ = scene
    (first,) = d.messages(place)
    assert first["type"] == 21
    assert first["message_reference"]["message_id"] == str(thread.id)
    assert first["id"] != str(thread.id)
    assert d.messages(d.world.channels[place.parent_id])[0]["flags"] & 1 << 5


async def test_a_quiet_thread_falls_asleep_and_wakes_when_somebody_writes(d, scene, watch):
    client, place, thread, ana = scene
    await d.say(ana, place, "beans")
    watch.forward(hours=23)
    await thread.send("still awake")
    watch.forward(hours=24)
    await client.fetch_channel(thread.id)
    await d.settle()
    assert place.archived
    with pytest.raises(discord.HTTPException) as error:
        await thread.edit(name="Week forty-one")
    assert error.value.code == 50083
    await d.say(ana, place, "good morning")
    await d.settle()
    assert not place.archived
    assert [m.content for m in client.got("message")][-1] == "good morning"
    watch.forward(hours=25)
    await thread.send("awake again")
    assert not place.archived


async def test_an_archived_and_locked_thread_takes_nothing(d, scene):
    _, place, thread, ana = scene
    said = await thread.send("first")
    await thread.edit(archived=True, locked=True)
    for act in (
        lambda: thread.send("x"),
        lambda: said.edit(content="x"),
        lambda: said.add_reaction("🌱"),
        said.delete,
        said.pin,
        said.unpin,
        thread.join,
        thread.leave,
    ):
        with pytest.raises(discord.HTTPException) as error:
            await act()
        assert error.value.code == 50083
    with pytest.raises(Impossible):
        await d.say(ana, place, "hello?")
    await thread.edit(archived=False, locked=False)
    await thread.send("open again")


async def test_a_locked_thread_takes_words_only_of_those_who_manage_threads(d, scene):
    _, place, thread, _ = scene
    await thread.edit(locked=True)
    await thread.send("from a manager")
    d.deny(d.world.channels[place.parent_id], d.world.bot, "MANAGE_THREADS")
    with pytest.raises(discord.Forbidden) as error:
        await thread.send("x")
    assert error.value.code == 160005
    with pytest.raises(discord.Forbidden):
        await thread.edit(locked=False)


async def test_writing_in_a_thread_needs_its_own_permission(d, scene):
    _, place, thread, _ = scene
    parent = d.world.channels[place.parent_id]
    d.deny(parent, d.world.bot, "SEND_MESSAGES")
    await thread.send("fine")
    d.deny(parent, d.world.bot, "SEND_MESSAGES_IN_THREADS")
    with pytest.raises(discord.Forbidden) as error:
        await thread.send("x")
    assert error.value.code == 50013


async def test_whoever_writes_becomes_a_member_of_the_thread(d, scene):
    client, place, thread, ana = scene
    await d.say(ana, place, "beans")
    await d.settle()
    assert {m.id for m in await thread.fetch_members()} == {d.world.bot.id, ana.id}
    assert [m.id for m in client.got("thread_member_join")] == [ana.id]


async def test_a_forum_post_starts_with_a_message_that_has_its_id_and_takes_known_tags(d, start, scene):
    client, _, thread, _ = scene
    forum = d.forum(thread.guild and d.world.guilds[thread.guild.id], "talk", ["weekly", "solved"])
    await d.settle()
    place = client.get_channel(forum.id)
    made = await place.create_thread(
        name="Week 41",
        content="What grew?",
        auto_archive_duration=10080,
        applied_tags=[place.available_tags[0]],
    )
    assert made.message.id == made.thread.id
    (post,) = d.posts(forum)
    assert (post.name, post.auto_archive) == ("Week 41", 10080)
    assert [str(t) for t in post.applied_tags] == [forum.tags[0]["id"]]
    assert [d.text(m) for m in d.messages(post)] == ["What grew?"]
    with pytest.raises(discord.HTTPException) as error:
        await client.http.request(
            Route("POST", "/channels/{channel_id}/threads", channel_id=forum.id),
            json={"name": "x", "message": {"content": "y"}, "applied_tags": ["1"]},
        )
    assert "applied_tags" in str(error.value)
    with pytest.raises(discord.HTTPException) as error:
        await client.http.send_message(forum.id, params=discord.http.handle_message_parameters("x"))
    assert error.value.code == 50008


async def test_threads_are_listed_while_awake_and_in_the_archive(d, scene):
    client, place, thread, _ = scene
    guild = client.get_guild(place.guild_id)
    assert [t.id for t in await guild.active_threads()] == [thread.id]
    await thread.edit(archived=True)
    assert await guild.active_threads() == []
    parent = client.get_channel(place.parent_id)
    assert [t.id async for t in parent.archived_threads()] == [thread.id]


async def test_a_thread_by_api_is_private_unless_told_otherwise(d, scene):
    client, place, _, _ = scene
    route = Route("POST", "/channels/{channel_id}/threads", channel_id=place.parent_id)
    d.deny(d.world.channels[place.parent_id], d.world.bot, ["CREATE_PRIVATE_THREADS"])
    with pytest.raises(discord.Forbidden):
        await client.http.request(route, json={"name": "x"})
    await client.http.request(route, json={"name": "x", "type": 11})
    assert d.thread("x").type == 11


async def test_a_client_that_starts_later_knows_the_threads_that_are_awake(d, scene, start):
    _, _, thread, _ = scene
    later = await start()
    assert later.get_channel(thread.id).name == "Week 41"
    await thread.edit(archived=True)
    third = await start()
    assert third.get_channel(thread.id) is None


async def test_a_deleted_channel_takes_its_threads_along(d, scene):
    client, place, thread, _ = scene
    d.remove_channel(d.world.channels[place.parent_id])
    await d.settle()
    assert client.got("guild_channel_delete")
    with pytest.raises(discord.NotFound) as error:
        await thread.send("x")
    assert error.value.code == 10003


async def refused(act, code):
    with pytest.raises(discord.HTTPException) as error:
        await act()
    assert error.value.code == code


async def test_names_and_durations_keep_to_their_limits(d, scene):
    client, place, thread, _ = scene
    message = await client.get_channel(place.parent_id).send("another")
    forum = d.forum(d.world.guilds[place.guild_id], "talk", ["a"])
    await d.settle()
    posts = client.get_channel(forum.id)
    for more in ({"name": "n" * 101}, {"name": ""}, {"name": "x", "auto_archive_duration": 61}):
        await refused(lambda more=more: message.create_thread(**more), 50035)
        await refused(lambda more=more: posts.create_thread(content="x", **more), 50035)
        await refused(lambda more=more: thread.edit(**more), 50035)
    await refused(lambda: posts.create_thread(name="x", content="x" * 2001), 50035)
    await refused(
        lambda: posts.create_thread(name="x", content="x", applied_tags=[discord.Object(1)] * 6), 50035
    )
    route = Route("POST", "/channels/{channel_id}/threads", channel_id=forum.id)
    await refused(lambda: client.http.request(route, json={"name": "x"}), 50035)
    forum.flags |= 1 << 4
    await refused(lambda: posts.create_thread(name="x", content="x"), 40067)


async def test_threads_cannot_be_opened_in_threads_or_direct_messages_nor_without_permission(d, scene):
    client, place, thread, ana = scene
    said = await thread.send("x")
    await refused(lambda: said.create_thread(name="x"), 50024)
    dm = await d.open_dm(ana)
    for parent in (thread.id, dm.id):
        route = Route("POST", "/channels/{channel_id}/threads", channel_id=parent)
        d.allow(d.world.channels[place.parent_id], d.world.bot, ["CREATE_PRIVATE_THREADS"])
        code = 50024 if parent == thread.id else 50013
        await refused(lambda route=route: client.http.request(route, json={"name": "x"}), code)
    forum = d.forum(d.world.guilds[place.guild_id])
    d.deny(forum, d.world.bot, "SEND_MESSAGES")
    await d.settle()
    await refused(lambda: client.get_channel(forum.id).create_thread(name="x", content="x"), 50013)


async def test_other_peoples_threads_are_changed_by_those_who_manage_threads(d, scene):
    client, place, _, ana = scene
    parent = d.world.channels[place.parent_id]
    await d.start_thread(ana, parent, "Ana's own")
    await d.settle()
    thread = client.get_channel(d.thread("Ana's own").id)
    d.deny(parent, d.world.bot, "MANAGE_THREADS")
    await refused(lambda: thread.edit(name="Not mine"), 50013)
    await refused(thread.delete, 50013)
    d.set_thread(d.thread("Ana's own"), archived=True)
    await thread.edit(archived=False)  # anybody who may write may wake it
    d.set_thread(d.thread("Ana's own"), archived=True, locked=True)
    await refused(lambda: thread.edit(archived=False), 50013)
    d.deny(parent, d.world.bot, "VIEW_CHANNEL")
    for act in (lambda: thread.edit(archived=False), thread.join, thread.fetch_members):
        await refused(act, 50001)
    d.allow(parent, d.world.bot, ["VIEW_CHANNEL", "MANAGE_THREADS"])
    await thread.edit(archived=False, name="Mine now")
    await thread.delete()
    await d.settle()
    assert client.got("raw_thread_delete")


async def test_the_archive_is_read_by_those_who_may(d, scene):
    client, place, thread, _ = scene
    await thread.edit(archived=True)
    parent = client.get_channel(place.parent_id)

    async def archive(**more: object) -> None:
        [t async for t in parent.archived_threads(**more)]

    d.deny(d.world.channels[place.parent_id], d.world.bot, "READ_MESSAGE_HISTORY")
    await refused(archive, 50013)
    d.allow(d.world.channels[place.parent_id], d.world.bot, "READ_MESSAGE_HISTORY")
    d.deny(d.world.channels[place.parent_id], d.world.bot, "MANAGE_THREADS")
    await archive()
    await refused(lambda: archive(private=True), 50013)
