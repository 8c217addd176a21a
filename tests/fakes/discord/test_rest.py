"""Servers, roles, scheduled events, commands and the bot itself, over REST."""

from __future__ import annotations

from datetime import timedelta

import aiohttp
import discord
import pytest
from discord.http import Route

from tests.fakes.discord import Impossible
from tests.fakes.discord.conftest import Bare


@pytest.fixture
async def scene(d, start):
    guild = d.guild("Meadow School", owner=d.user("Olga"))
    channel, ana = d.channel(guild, "plots"), d.member("Ana", guild)
    return await start(), guild, channel, ana


async def test_members_and_roles_are_told_and_changed(d, scene):
    client, guild, _, ana = scene
    here = client.get_guild(guild.id)
    teachers = d.role(guild, "teachers", ["MANAGE_MESSAGES"])
    d.give(guild, ana, teachers)
    await d.rename(ana, guild, "Ana B.")
    ben = d.user("Ben")
    await d.join(ben, guild)
    await d.settle()
    member = here.get_member(ana.id)
    assert ([r.name for r in member.roles], member.display_name) == (["@everyone", "teachers"], "Ana B.")
    assert member.guild_permissions.manage_messages
    assert [m.id for m in client.got("member_join")] == [ben.id]
    await d.leave(ben, guild)
    d.take(guild, ana, teachers)
    await d.settle()
    assert [m.user.id for m in client.got("raw_member_remove")] == [ben.id]
    assert [r.name for r in here.get_member(ana.id).roles] == ["@everyone"]
    assert {m.id async for m in here.fetch_members()} == {ana.id, guild.owner_id, d.world.bot.id}
    with pytest.raises(discord.NotFound) as error:
        await here.fetch_member(ben.id)
    assert error.value.code == 10007


async def test_all_members_are_listed_only_with_the_members_intent(d, scene):
    client, guild, _, _ = scene
    d.gateway.portal = 0
    with pytest.raises(discord.Forbidden) as error:
        [m async for m in client.get_guild(guild.id).fetch_members()]
    assert error.value.code == 50001


async def test_roles_are_given_by_those_who_manage_roles(d, scene):
    client, guild, _, ana = scene
    role = d.role(guild, "seedlings")
    await d.settle()
    member = client.get_guild(guild.id).get_member(ana.id)
    with pytest.raises(discord.Forbidden):
        await member.add_roles(discord.Object(role.id))
    d.permit_bot(guild, ["MANAGE_ROLES", "VIEW_CHANNEL"])
    with pytest.raises(discord.Forbidden):
        await member.add_roles(discord.Object(role.id))  # the role stands above the bot's own
    next(r for r in guild.roles.values() if r.managed).position = 9
    await member.add_roles(discord.Object(role.id))
    assert guild.members[ana.id].roles == [role.id]
    await member.remove_roles(discord.Object(role.id))
    assert guild.members[ana.id].roles == []


async def test_leaving_and_being_invited_is_told(d, scene):
    client, guild, _, _ = scene
    other = d.guild("Other", with_bot=False)
    assert [g.name async for g in client.fetch_guilds()] == ["Meadow School"]
    d.add_bot(other)
    await d.until(lambda: [g for g in client.got("guild_join") if g.name == "Other"])
    await client.get_guild(guild.id).leave()
    await d.settle()
    assert [g.id for g in client.got("guild_remove")] == [guild.id]
    with pytest.raises(discord.Forbidden):
        await client.fetch_guild(guild.id)


async def test_a_scheduled_event_is_made_changed_and_removed(d, scene, watch):
    client, guild, _, _ = scene
    here = client.get_guild(guild.id)
    start = watch.now() + timedelta(days=2)
    common = {"privacy_level": discord.PrivacyLevel.guild_only, "entity_type": discord.EntityType.external}
    event = await here.create_scheduled_event(
        name="Harvest", start_time=start, end_time=start + timedelta(hours=1), location="The garden", **common
    )
    await event.edit(name="Late harvest")
    assert [e["name"] for e in guild.events.values()] == ["Late harvest"]
    with pytest.raises(discord.HTTPException) as error:
        await client.http.edit_scheduled_event(guild.id, event.id, status=3)
    assert error.value.code == 180000
    event = await (await event.start()).end()
    with pytest.raises(discord.HTTPException) as error:
        await event.edit(name="Too late")
    assert error.value.code == 180000
    await event.delete()
    await d.settle()
    assert guild.events == {}
    assert len(client.got("scheduled_event_create")) == len(client.got("scheduled_event_delete")) == 1


@pytest.mark.parametrize(
    ("more", "where"),
    [
        ({"scheduled_start_time": "2026-10-05T08:59:59+00:00"}, "scheduled_start_time"),
        ({"scheduled_end_time": None}, "scheduled_end_time"),
        ({"entity_metadata": {}}, "entity_metadata"),
        ({"name": "n" * 101}, "name"),
        ({"description": "d" * 1001}, "description"),
        ({"privacy_level": 1}, "privacy_level"),
        ({"entity_type": 2}, "channel_id"),
        ({"scheduled_start_time": None}, "scheduled_start_time"),
        ({"scheduled_end_time": "2026-10-05T09:30:00+00:00"}, "scheduled_end_time"),
        ({"scheduled_end_time": "tomorrow"}, "scheduled_end_time"),
    ],
)
async def test_an_event_that_makes_no_sense_is_refused(d, scene, more, where):
    client, guild, _, _ = scene
    body = {
        "name": "Harvest",
        "privacy_level": 2,
        "entity_type": 3,
        "entity_metadata": {"location": "here"},
        "scheduled_start_time": "2026-10-05T10:00:00+00:00",
        "scheduled_end_time": "2026-10-05T11:00:00+00:00",
    }
    route = Route("POST", "/guilds/{guild_id}/scheduled-events", guild_id=guild.id)
    with pytest.raises(discord.HTTPException) as error:
        await client.http.request(route, json=body | more)
    assert where in str(error.value)
    await client.http.request(route, json=body)
    for n in range(99):
        guild.events[n] = {"status": 1}
    with pytest.raises(discord.HTTPException) as error:
        await client.http.request(route, json=body)
    assert error.value.code == 30038
    guild.events.clear()
    d.permit_bot(guild, 0)
    with pytest.raises(discord.Forbidden):
        await client.http.request(route, json=body)


async def test_overwriting_commands_keeps_ids_and_counts_only_new_ones(d, scene, watch):
    client, guild, _, _ = scene

    def commands(*names):
        return [{"name": n, "description": "x"} for n in names]

    put = client.http.bulk_upsert_global_commands
    first = await put(client.application_id, commands("one", "two"))
    second = await put(client.application_id, commands("two", "three"))
    assert second[0]["id"] == first[1]["id"]
    assert len(d.command_creates[None]) == 3
    for n in range(2):
        await put(client.application_id, commands(*[f"n{n}-{i}" for i in range(98)]))
    with pytest.raises(discord.HTTPException) as error:
        await put(client.application_id, commands("one", "more"))
    assert error.value.code == 30034
    await client.http.bulk_upsert_guild_commands(client.application_id, guild.id, commands("here"))
    watch.forward(days=1)
    await put(client.application_id, commands("one", "more"))
    assert [c["name"] for c in d.commands[None]] == ["one", "more"]
    assert [c["name"] for c in d.commands[guild.id]] == ["here"]


async def test_a_command_is_offered_only_where_and_to_whom_it_is_meant(d, scene):
    client, guild, channel, ana = scene
    body = [
        {"name": "everywhere", "description": "x"},
        {"name": "servers", "description": "x", "contexts": [0]},
        {"name": "managers", "description": "x", "default_member_permissions": str(1 << 5)},
    ]
    await client.http.bulk_upsert_global_commands(client.application_id, body)
    await client.http.bulk_upsert_guild_commands(
        client.application_id, guild.id, [{"name": "here", "description": "x"}]
    )
    dm = await d.open_dm(ana)
    for place, name in ((dm, "servers"), (dm, "here"), (channel, "managers")):
        with pytest.raises(Impossible):
            d.slash_unanswered(ana, place, name)
    for place, name in ((dm, "everywhere"), (channel, "servers"), (channel, "here")):
        d.slash_unanswered(ana, place, name)
    await d.until(lambda: len(client.got("interaction")) == 3)


async def test_a_refusal_names_the_field_over_the_wire(d, scene):
    client, _, channel, _ = scene
    with pytest.raises(discord.HTTPException) as error:
        await client.get_channel(channel.id).send("x" * 2001)
    assert (error.value.status, error.value.code) == (400, 50035)
    assert "In content: Must be 2000 or fewer in length." in str(error.value)
    message = await client.get_channel(channel.id).send("x")
    with pytest.raises(discord.HTTPException) as error:
        await message.edit(content="x" * 2001)
    assert error.value.code == 50035


async def test_requests_are_recorded_with_what_was_sent(d, scene):
    client, _, channel, _ = scene
    await client.get_channel(channel.id).send("see", file=discord.File(__file__, "a.txt"), nonce=7)
    (call,) = d.calls_to("POST /channels/{}/messages")
    assert (call.args, call.status, call.json["content"], call.json["nonce"]) == (
        (str(channel.id),),
        200,
        "see",
        "7",
    )
    assert [(f["name"], f["filename"]) for f in call.files] == [("files[0]", "a.txt")]


async def test_requests_without_the_token_are_refused(d):
    async with aiohttp.ClientSession() as session, session.get(f"{d.api_url}/users/@me") as response:
        assert response.status == 401
        assert await response.json() == {"message": "401: Unauthorized", "code": 0}
    async with aiohttp.ClientSession() as session, session.get(f"{d.api_url}/gateway") as response:
        assert await response.json() == {"url": d.gateway.url}
    async with aiohttp.ClientSession() as session:
        headers = {"Authorization": f"Bot {d.token}"}
        async with session.post(f"{d.api_url}/channels/1/messages", data="{", headers=headers) as response:
            assert (response.status, (await response.json())["code"]) == (400, 50109)


async def test_the_application_tells_which_intents_are_switched_on(d, start):
    client = await start(Bare())
    assert client.application_flags.gateway_message_content_limited
    d.gateway.portal = 0
    flags = (await client.application_info()).flags
    assert not flags.gateway_message_content_limited
    assert not flags.gateway_guild_members_limited


async def test_channels_are_made_changed_and_removed_by_those_who_manage_them(d, scene):
    client, guild, channel, _ = scene
    here, place = client.get_guild(guild.id), client.get_channel(channel.id)
    for act in (lambda: here.create_text_channel("new"), lambda: place.edit(name="x"), place.delete):
        with pytest.raises(discord.Forbidden) as error:
            await act()
        assert error.value.code == 50013
    d.permit_bot(guild, ["MANAGE_CHANNELS", "VIEW_CHANNEL"])
    forum = d.forum(guild)
    await d.settle()
    for act in (
        lambda: here.create_text_channel("n" * 101),
        lambda: place.edit(name=""),
        lambda: place.edit(topic="t" * 1025),
        lambda: client.get_channel(forum.id).edit(available_tags=[discord.ForumTag(name="t" * 21)]),
    ):
        with pytest.raises(discord.HTTPException) as error:
            await act()
        assert error.value.code == 50035
    made = await here.create_text_channel("new")
    await made.edit(name="newer", topic="about")
    assert {c.name for c in await here.fetch_channels()} == {"plots", "discussions", "newer"}
    await made.delete()
    with pytest.raises(discord.NotFound) as missing:
        await client.fetch_channel(made.id)
    assert missing.value.code == 10003
    d.deny(channel, d.world.bot, "VIEW_CHANNEL")
    for act in (lambda: client.fetch_channel(channel.id), place.typing):
        with pytest.raises(discord.Forbidden) as error:
            await act()
        assert error.value.code == 50001


async def test_what_is_not_there_is_unknown_by_its_name(d, scene):
    client, guild, _, ana = scene
    other = d.guild("Other", with_bot=False)
    app = client.application_id
    for act, code in (
        (lambda: client.fetch_user(5), 10013),
        (lambda: client.http.start_private_message(5), 10013),
        (lambda: client.http.get_guild(5), 10004),
        (lambda: client.http.get_global_command(app, 5), 10063),
        (lambda: client.http.get_scheduled_event(guild.id, 5, False), 10070),
        (lambda: client.http.request(Route("POST", f"/guilds/{other.id}/scheduled-events"), json={}), 50001),
        (lambda: client.http.add_role(guild.id, ana.id, 5), 50013),
        (lambda: client.http.get_global_commands(5), 50001),
        (lambda: client.http.get_guild_commands(app, other.id), 50001),
        (lambda: client.http.create_role(guild.id, name="x"), 50013),
        (lambda: client.http.get_members(guild.id, 1001, None), 50035),
    ):
        with pytest.raises(discord.HTTPException) as error:
            await act()
        assert error.value.code == code
    d.permit_bot(guild, ["MANAGE_ROLES"])
    with pytest.raises(discord.NotFound) as missing:
        await client.http.add_role(guild.id, ana.id, 5)
    assert missing.value.code == 10011
    guild.roles[guild.id].permissions = 0
    with pytest.raises(discord.Forbidden):
        await client.http.edit_my_member(guild.id, nick="x")
