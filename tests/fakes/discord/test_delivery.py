"""What a sender relies on: nonces, history that may be hidden, and what only some may see."""

from __future__ import annotations

import discord
import pytest
from discord.http import Route

from tests.fakes.discord.conftest import Bare


@pytest.fixture
async def scene(d, start):
    guild = d.guild()
    channel, ana = d.channel(guild, "plots"), d.member("Ana", guild)
    return await start(), guild, channel, ana


async def test_the_same_nonce_gives_back_the_earlier_message(d, scene):
    client, _, channel, _ = scene
    place = client.get_channel(channel.id)
    first = await place.send("one", nonce="marker-1")
    again = await place.send("two", nonce="marker-1")
    other = await place.send("three", nonce="marker-2")
    assert first.id == again.id != other.id
    assert [m["content"] for m in d.messages(channel)] == ["one", "three"]


async def test_a_nonce_belongs_to_its_author_and_not_to_a_channel(d, scene):
    client, guild, channel, _ = scene
    other = d.channel(guild, "shed")
    await d.settle()
    await client.get_channel(channel.id).send("one", nonce="marker")
    await client.get_channel(other.id).send("two", nonce="marker")
    assert d.messages(other) == []


async def test_a_nonce_is_forgotten_after_some_minutes(d, scene, watch):
    client, _, channel, _ = scene
    place = client.get_channel(channel.id)
    await place.send("one", nonce="marker")
    watch.forward(minutes=5)
    await place.send("two", nonce="marker")
    watch.forward(seconds=1)
    await place.send("three", nonce="marker")
    assert [m["content"] for m in d.messages(channel)] == ["one", "three"]


async def test_the_nonce_of_a_deleted_message_is_an_unknown_message(d, scene):
    client, _, channel, _ = scene
    place = client.get_channel(channel.id)
    await (await place.send("one", nonce="marker")).delete()
    with pytest.raises(discord.NotFound) as error:
        await place.send("one", nonce="marker")
    assert error.value.code == 10008


async def test_without_enforce_nonce_nothing_is_compared(d, scene):
    client, _, channel, _ = scene
    for _ in range(2):
        await client.http.request(
            Route("POST", "/channels/{channel_id}/messages", channel_id=channel.id),
            json={"content": "twice", "nonce": "marker"},
        )
    assert len(d.messages(channel)) == 2


async def test_history_without_the_permission_is_empty_and_not_an_error(d, scene):
    client, _, channel, ana = scene
    await d.say(ana, channel, "hello")
    place = client.get_channel(channel.id)
    assert len([m async for m in place.history()]) == 1
    d.deny(channel, d.world.bot, "READ_MESSAGE_HISTORY")
    assert [m async for m in place.history()] == []
    d.deny(channel, d.world.bot, "VIEW_CHANNEL")
    with pytest.raises(discord.Forbidden) as error:
        [m async for m in place.history()]
    assert error.value.code == 50001


@pytest.mark.parametrize("limit", [0, 101, "all"])
async def test_a_page_of_history_has_one_to_a_hundred_messages(d, scene, limit):
    client, _, channel, _ = scene
    with pytest.raises(discord.HTTPException) as error:
        await client.http.logs_from(channel.id, limit)
    assert error.value.code == 50035


async def test_one_message_is_looked_at_or_changed_only_where_the_bot_sees_and_may_read(d, scene):
    client, _, channel, _ = scene
    message = await client.get_channel(channel.id).send("x")
    d.deny(channel, d.world.bot, "READ_MESSAGE_HISTORY")
    with pytest.raises(discord.Forbidden) as error:
        await message.fetch()
    assert error.value.code == 50013
    d.deny(channel, d.world.bot, "VIEW_CHANNEL")
    for act in (message.fetch, lambda: message.edit(content="y"), message.delete, message.unpin):
        with pytest.raises(discord.Forbidden) as error:
            await act()
        assert error.value.code == 50001


async def test_what_somebody_else_wrote_in_a_direct_message_cannot_be_removed(d, scene):
    client, _, _, ana = scene
    dm = await d.open_dm(ana)
    said = await d.say(ana, dm, "hello")
    with pytest.raises(discord.Forbidden) as error:
        await client.http.delete_message(dm.id, said["id"])
    assert error.value.code == 50003


async def test_what_the_bot_may_not_do_is_refused_with_its_code(d, scene):
    client, _, channel, ana = scene
    said = await d.say(ana, channel, "hello")
    place = client.get_channel(channel.id)
    message = await place.fetch_message(int(said["id"]))
    for name, act in {
        "SEND_MESSAGES": lambda: place.send("x"),
        "ATTACH_FILES": lambda: place.send(file=discord.File(__file__)),
        "ADD_REACTIONS": lambda: message.add_reaction("🌱"),
        "CREATE_PUBLIC_THREADS": lambda: message.create_thread(name="x"),
        "PIN_MESSAGES": message.pin,
        "MANAGE_MESSAGES": message.delete,
    }.items():
        d.deny(channel, d.world.bot, name)
        with pytest.raises(discord.Forbidden) as error:
            await act()
        assert error.value.code == 50013, name
        d.allow(channel, d.world.bot, name)
        await act()
    with pytest.raises(discord.Forbidden) as error:
        await client.http.request(
            Route(
                "PATCH", "/channels/{c}/messages/{m}", c=channel.id, m=(await d.say(ana, channel, "y"))["id"]
            ),
            json={"content": "not mine"},
        )
    assert error.value.code == 50005


async def test_without_the_message_content_intent_only_some_messages_can_be_read(d, start, watch):
    d.gateway.portal &= ~(1 << 15)
    guild = d.guild()
    channel, ana = d.channel(guild), d.member("Ana", guild)
    intents = discord.Intents.all()
    intents.message_content = False
    client = await start(Bare(intents=intents))
    await client.get_channel(channel.id).send("own")
    await d.say(ana, channel, "hidden", files={"a.txt": b"a"})
    await d.say(ana, channel, f"<@{d.world.bot.id}> mentioned")
    await d.reply(ana, d.messages(channel)[0], "replied with a ping")
    await d.reply(ana, d.messages(channel)[0], "replied without", ping=False)
    await d.say(ana, await d.open_dm(ana), "direct")
    await d.settle()
    readable = ["own", "", f"<@{d.world.bot.id}> mentioned", "replied with a ping", ""]
    heard = client.got("message")
    assert [m.content for m in heard] == [*readable, "direct"]
    assert heard[1].attachments == []
    history = [m.content async for m in client.get_channel(channel.id).history(oldest_first=True)]
    assert history == readable


async def test_attachments_can_be_fetched_and_are_kept_or_dropped_by_an_edit(d, scene):
    client, _, channel, _ = scene
    place = client.get_channel(channel.id)
    files = [
        discord.File(fp, filename=name, description=alt)
        for fp, name, alt in (
            (__file__, "chart.png", "three beds"),
            (__file__, "notes.txt", None),
        )
    ]
    message = await place.send("see", files=files)
    assert [(a.filename, a.description) for a in message.attachments] == [
        ("chart.png", "three beds"),
        ("notes.txt", None),
    ]
    assert (await message.attachments[1].read()).startswith(b'"""What a sender')
    assert d.text(d.messages(channel)[0]).splitlines() == [
        "see",
        "[picture: three beds]",
        "[file: notes.txt]",
    ]
    with pytest.raises(discord.HTTPException) as error:
        await client.http.request(
            Route("PATCH", "/channels/{c}/messages/{m}", c=channel.id, m=message.id),
            json={"attachments": [{"id": "9"}]},
        )
    assert error.value.code == 50035
    await message.edit(content="less", attachments=[message.attachments[1]])
    assert d.text(d.messages(channel)[0]).splitlines() == ["less", "[file: notes.txt]"]


async def test_ids_rise_while_the_clock_stands_still_and_tell_its_time(d, scene, watch):
    client, _, channel, _ = scene
    place = client.get_channel(channel.id)
    sent = [await place.send(f"{n}") for n in range(20)]
    assert [m.id for m in sent] == sorted({m.id for m in sent})
    assert sent[0].created_at == watch.now()
    watch.forward(days=3)
    assert (await place.send("later")).created_at == watch.now()


async def test_mentions_follow_allowed_mentions_and_permissions(d, scene):
    client, guild, channel, ana = scene
    role = d.role(guild, "gardeners", mentionable=True)
    quiet = d.role(guild, "teachers")
    text = f"<@{ana.id}> <@&{role.id}> <@&{quiet.id}> @everyone"
    place = client.get_channel(channel.id)
    loud = await place.send(text)
    assert [u.id for u in loud.mentions] == [ana.id]
    assert [r.id for r in loud.role_mentions] == [role.id]
    assert not loud.mention_everyone
    silent = await place.send(text, allowed_mentions=discord.AllowedMentions.none())
    assert (silent.mentions, silent.role_mentions, silent.mention_everyone) == ([], [], False)
    one = await place.send(
        text, allowed_mentions=discord.AllowedMentions(roles=[role], users=False, everyone=False)
    )
    assert ([r.id for r in one.role_mentions], one.mentions) == ([role.id], [])
    d.permit_bot(guild, ["MENTION_EVERYONE", "SEND_MESSAGES", "VIEW_CHANNEL"])
    called = await place.send(text)
    assert called.mention_everyone
    assert [r.id for r in called.role_mentions] == [role.id, quiet.id]


async def test_a_reply_to_what_is_gone_is_refused_unless_it_may_fail(d, scene):
    client, _, channel, ana = scene
    said = await d.say(ana, channel, "hello")
    message = await client.get_channel(channel.id).fetch_message(int(said["id"]))
    await message.reply("with you")
    assert d.messages(channel)[-1]["referenced_message"]["id"] == said["id"]
    await d.delete(ana, said)
    with pytest.raises(discord.HTTPException) as error:
        await message.reply("still there?")
    assert error.value.code == 50035
    reference = message.to_reference(fail_if_not_exists=False)
    await client.get_channel(channel.id).send("anyway", reference=reference)
