"""Connections come, break and come back: what a real client does about it, and what it is told again."""

from __future__ import annotations

import asyncio

import aiohttp
import discord
import pytest

from tests.fakes.discord.conftest import Bare


@pytest.fixture
def scene(d):
    guild = d.guild()
    return guild, d.channel(guild, "plots"), d.member("Ana", guild)


def contents(client):
    return [m.content for m in client.got("message")]


async def test_what_was_said_while_the_line_was_cut_is_told_in_order_after_a_resume(d, start, scene):
    _, channel, ana = scene
    client = await start()
    await d.say(ana, channel, "one")
    await d.settle()
    d.gateway.cut()
    for text in ("two", "three", "four"):
        await d.say(ana, channel, text)
    await d.until(lambda: client.got("resumed"))
    assert contents(client) == ["one", "two", "three", "four"]
    assert [granted for _, granted in d.gateway.resumes] == [True]
    assert len(d.gateway.identifies) == 1


async def refuse_login(token):
    client = Bare()
    with pytest.raises(discord.LoginFailure):
        await client.login(token)
    await client.close()


@pytest.mark.parametrize("code", [1000, 1001, 4000, 4008])
async def test_most_close_codes_lead_to_a_resume(d, start, scene, code):
    client = await start()
    d.gateway.close(code)
    await d.until(lambda: client.got("resumed"))
    assert len(d.gateway.identifies) == 1


@pytest.mark.parametrize("code", [4007, 4009])
async def test_a_lost_session_is_begun_anew(d, start, scene, code):
    client = await start()
    d.gateway.close(code)
    await d.until(lambda: len(d.gateway.identifies) == 2 and len(client.got("ready")) == 2)


@pytest.mark.parametrize("code", [4004, 4010, 4011, 4012, 4013, 4014])
async def test_some_close_codes_end_the_client(d, start, scene, code):
    client = await start()
    d.gateway.close(code)
    kind = discord.PrivilegedIntentsRequired if code == 4014 else discord.ConnectionClosed
    with pytest.raises(kind):
        await asyncio.wait_for(client.running, 2)


async def test_asked_to_reconnect_it_resumes_at_another_connection(d, start, scene):
    client = await start()
    d.gateway.reconnect()
    await d.until(lambda: client.got("resumed"))
    assert d.gateway.connects == 2
    assert d.gateway.closes == [4000]


@pytest.mark.parametrize("resumable", [True, False])
async def test_an_invalid_session_is_resumed_or_begun_anew(d, start, scene, resumable):
    client = await start()
    d.gateway.invalidate(resumable=resumable)
    event = "resumed" if resumable else "ready"
    await d.until(lambda: len(client.got(event)) == (1 if resumable else 2))
    assert len(d.gateway.identifies) == (1 if resumable else 2)


async def test_a_resume_after_minutes_is_refused_and_what_happened_meanwhile_is_lost(d, start, scene, watch):
    _, channel, ana = scene
    client = await start()
    d.gateway.refuse_connects(1)
    d.gateway.cut()
    await d.say(ana, channel, "lost")
    watch.forward(minutes=10)
    await d.until(lambda: len(client.got("ready")) == 2, limit=8)
    assert [granted for _, granted in d.gateway.resumes] == [False]
    assert contents(client) == []


async def test_the_first_connection_failing_is_fatal_to_a_bare_client(d, start, scene):
    """Upstream issue 10520: whoever builds on discord.py has to survive this on their own."""
    d.gateway.refuse_connects(1)
    client = await start(wait=False)
    with pytest.raises(AttributeError):
        await asyncio.wait_for(client.running, 2)


@pytest.mark.parametrize(("how", "times"), [("503", 1), ("drop", 2)])
async def test_a_connection_can_fail_in_two_ways(d, how, times):
    """aiohttp tries a GET whose connection just ends a second time."""
    d.gateway.refuse_connects(times, how)
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.ClientError):
            await session.ws_connect(d.gateway.url + "?v=10&encoding=json")
        socket = await session.ws_connect(d.gateway.url + "?v=10&encoding=json")
        assert (await socket.receive_json())["op"] == 10
        await socket.close()


async def test_deafness_loses_events_without_a_trace(d, start, scene):
    _, channel, ana = scene
    client = await start()
    d.gateway.deaf = True
    await d.say(ana, channel, "unheard")
    d.gateway.deaf = False
    d.gateway.reconnect()
    await d.until(lambda: client.got("resumed"))
    await d.say(ana, channel, "heard")
    await d.settle()
    assert contents(client) == ["heard"]


async def test_a_silent_gateway_is_given_up_after_the_heartbeat_timeout(d, start, scene):
    d.gateway.heartbeat_interval = 0.1
    client = await start(Bare(heartbeat_timeout=0.4))
    await asyncio.sleep(0.6)
    assert not d.gateway.resumes
    d.gateway.mute_acks = True
    await d.until(lambda: d.gateway.connects >= 2)
    d.gateway.mute_acks = False
    await d.until(lambda: client.got("resumed"))


async def test_the_budget_of_sessions_is_told_and_going_over_it_resets_the_token(d, start, scene, watch):
    d.gateway.budget.remaining = 1
    client = await start()
    told = (await client.http.request(discord.http.Route("GET", "/gateway/bot")))["session_start_limit"]
    assert told == {"total": 1000, "remaining": 0, "reset_after": 86400000, "max_concurrency": 1}
    d.gateway.invalidate()
    with pytest.raises(discord.ConnectionClosed) as error:
        await asyncio.wait_for(client.running, 2)
    assert error.value.code == 4004
    await refuse_login(d.token)


async def test_the_budget_is_full_again_after_a_day(d, start, scene, watch):
    await start()
    assert d.gateway.budget.told()["remaining"] == 999
    watch.forward(days=1)
    assert d.gateway.budget.told()["remaining"] == 1000


async def test_two_identifies_in_quick_succession_are_answered_with_invalid_session(d, start, scene):
    d.gateway.budget.every = 0.3
    client = await start()
    await asyncio.sleep(0.35)
    d.gateway.invalidate()
    await d.until(lambda: len(client.got("ready")) == 2)
    assert d.gateway.budget.too_soon == 0
    d.gateway.budget.every = 5
    other = await start(Bare(), wait=False)
    await d.until(lambda: d.gateway.budget.too_soon >= 1)
    d.gateway.budget.every = 0
    await asyncio.wait_for(other.wait_until_ready(), 5)


async def test_a_wrong_token_is_refused_by_rest_and_gateway(d, scene):
    await refuse_login("wrong")
    async with aiohttp.ClientSession() as session:
        socket = await session.ws_connect(d.gateway.url + "?v=10&encoding=json")
        await socket.receive()
        await socket.send_json({"op": 2, "d": {"token": "wrong", "intents": 1, "properties": {}}})
        assert (await socket.receive()).data == 4004
        await socket.close()


async def test_an_intent_that_is_not_switched_on_is_refused(d, start, scene):
    d.gateway.portal &= ~int(discord.Intents(message_content=True).value)
    client = await start(wait=False)
    with pytest.raises(discord.PrivilegedIntentsRequired):
        await asyncio.wait_for(client.running, 2)


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        ({"op": 3, "d": {}}, 4003),
        ({"op": 2, "d": {"intents": 1, "shard": [2, 2]}}, 4010),
        ({"op": 2, "d": {"intents": 1 << 40}}, 4013),
        ({"op": 2, "d": {"intents": 1, "x": "x" * 4096}}, 4002),
        ("[]", 4002),
    ],
)
async def test_nonsense_is_answered_with_its_close_code(d, payload, code):
    if isinstance(payload, dict) and payload["op"] == 2:
        payload["d"]["token"] = d.token
    async with aiohttp.ClientSession() as session:
        socket = await session.ws_connect(d.gateway.url + "?v=10&encoding=json")
        await socket.receive()
        await (socket.send_str(payload) if isinstance(payload, str) else socket.send_json(payload))
        assert (await socket.receive()).data == code
        await socket.close()


async def test_each_shard_hears_its_own_servers_and_shard_0_direct_messages(d, scene):
    d.guild("Second"), d.guild("Third")
    _, _, ana = scene
    dm = await d.open_dm(ana)
    shards = [Bare(shard_id=i, shard_count=2) for i in (0, 1)]
    tasks = []
    for shard in shards:
        await shard.login(d.token)
        tasks.append(asyncio.create_task(shard.connect()))
    for shard in shards:
        await asyncio.wait_for(shard.wait_until_ready(), 5)
    known = [{g.id for g in shard.guilds} for shard in shards]
    assert all(known)
    assert [{(g >> 22) % 2 for g in ids} for ids in known] == [{0}, {1}]
    assert known[0] | known[1] == set(d.world.guilds)
    await d.say(ana, dm, "hello")
    await d.settle()
    assert [contents(s) for s in shards] == [["hello"], []]
    for shard in shards:
        await shard.close()
    await asyncio.gather(*tasks)


async def test_an_auto_sharded_client_asks_how_many_shards_it_needs(d, scene):
    d.shards_advised = 2
    d.gateway.budget.max_concurrency = 2

    class Sharded(discord.AutoShardedClient):
        async def before_identify_hook(self, shard_id, *, initial=False):
            pass

    client = Sharded(intents=discord.Intents.default(), guild_ready_timeout=0.1)
    await client.login(d.token)
    task = asyncio.create_task(client.connect())
    await d.until(lambda: len(d.gateway.identifies) == 2)
    await asyncio.wait_for(client.wait_until_ready(), 8)
    assert sorted(shard for _, shard in d.gateway.identifies) == [(0, 2), (1, 2)]
    await client.close()
    await task


async def test_members_come_in_chunks_on_request(d, start):
    guild = d.guild("Big")
    for n in range(1203):
        d.member(f"Member {n}", guild)
    client = await start()
    here = client.get_guild(guild.id)
    assert len(here.members) == 1205
    (found,) = await here.query_members("member1202")
    assert found.display_name == "Member 1202"


async def test_without_the_members_intent_only_the_bot_is_listed(d, start, scene):
    guild, _, ana = scene
    client = await start(Bare(intents=discord.Intents.default()))
    here = client.get_guild(guild.id)
    assert [m.id for m in here.members] == [d.world.bot.id]
    assert (await here.fetch_member(ana.id)).display_name == "Ana"
    await d.join(d.user("Ben"), guild)
    await d.settle()
    assert client.got("member_join") == []


async def test_an_outage_of_a_server_is_no_farewell(d, start, scene):
    guild, _, _ = scene
    client = await start()
    d.outage(guild)
    await d.settle()
    assert client.got("guild_unavailable")
    assert not client.got("guild_remove")
    d.recover(guild)
    await d.until(lambda: [g for g in client.got("guild_available") if g.id == guild.id])
    d.remove_bot(guild)
    await d.until(lambda: client.got("guild_remove"))
