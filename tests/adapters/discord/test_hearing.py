"""What reaches the door over the wire: messages with and without the intent, people, servers, gaps."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.discord.timings import Timings
from bot.chat.cards import say
from bot.chat.events import (
    BotInvited,
    CommandInvoked,
    MessageReceived,
    PersonUpdated,
    ReactionChanged,
    SpaceConnected,
    SpaceRemoved,
)
from bot.chat.models import Place
from bot.chat.port import History, NotStored
from tests.adapters.discord.conftest import QUICK
from tests.contract.door import CARD

MARK = "0123456789abcdef01234567"
ASK = say("What did you notice?")


async def thread(school, bot):
    id = await bot.post(school.place(), ASK, MARK)
    place = await bot.thread(school.place(), id, "Answers")
    await school.fake.settle()
    return place, school.fake.thread(id)


# ── messages ──────────────────────────────────────────────────────────────────


async def test_edits_and_deletions_of_what_was_said_before_the_start_are_told(school):
    old = await school.fake.say(school.ada, school.room, "befor")
    await school.start()
    school.clock.advance(timedelta(minutes=1))
    await school.fake.edit(school.ada, old, "before")
    await school.fake.settle()
    await school.fake.delete(school.ada, old)
    await school.fake.settle()
    edit, gone = school.door.messages
    assert (edit.text, edit.id, edit.version > edit.at) == ("before", old["id"], True)
    assert (gone.id, gone.deleted, gone.place) == (old["id"], True, school.place())


async def test_a_preview_of_a_link_is_no_edit(school):
    await school.start()
    said = await school.fake.say(school.ada, school.room, "See https://example.org")
    await school.fake.settle()
    await school.fake.preview_link(said)
    await school.fake.settle()
    assert len(school.door.messages) == 1


async def test_an_archived_thread_that_wakes_up_is_placed_in_its_channel(school):
    bot = await school.start()
    place, there = await thread(school, bot)
    school.fake.set_thread(there, archived=True)
    await bot.stop()
    await school.start()
    await school.fake.say(school.ada, there, "Late, but here.")
    await school.fake.settle()
    assert school.door.messages[-1].place == place


async def test_our_ephemeral_cards_that_come_back_are_no_direct_messages(school):
    school.fake.echo_ephemerals = True
    await school.start()
    school.door.will_answer(CommandInvoked, say("For you."))
    await school.fake.slash(school.ada, school.room, "tilth help")
    await school.fake.settle()
    assert school.seen(school.ada) == ["For you."]
    assert school.door.of(MessageReceived) == []


async def test_without_the_intent_only_what_is_meant_for_us_has_words(school):
    school.fake.gateway.portal = 1 << 1
    bot = await school.start(message_content=False)
    place, there = await thread(school, bot)
    us = school.fake.world.bot
    hidden = await school.fake.say(school.ada, there, "Nobody shows me this.")
    await school.fake.say(school.ada, there, f"<@{us.id}> We tried wait time.")
    direct = await school.fake.open_dm(school.ben)
    await school.fake.say(school.ben, direct, "And I tried silence.")
    await school.fake.settle()
    assert [(one.text, one.hidden) for one in school.door.messages] == [
        ("", True), ("We tried wait time.", False), ("And I tried silence.", False),
    ]  # fmt: skip
    history = await bot.history(place, None)
    assert isinstance(history, History)
    assert history.complete
    [unknown] = [one for one in history.messages if one.id == hidden["id"]]
    assert unknown.author is not None
    assert (unknown.author.id, unknown.hidden) == (str(school.ada.id), True)
    assert (unknown.text, unknown.version) == ("", unknown.at)


async def test_a_reply_that_pings_us_has_words_without_the_intent(school):
    school.fake.gateway.portal = 1 << 1
    bot = await school.start(message_content=False)
    id = await bot.post(school.place(), ASK, MARK)
    await school.fake.reply(school.ada, id, "We tried wait time.", ping=True)
    await school.fake.settle()
    [said] = school.door.messages
    assert (said.text, said.to) == ("We tried wait time.", frozenset())


async def test_a_message_that_cannot_be_kept_is_told_again_by_itself(school):
    await school.start(replace(QUICK, again=(0.05, 5.0)))
    school.door.will_answer(MessageReceived, NotStored(say("Not kept.")), say("Kept now."))
    await school.fake.say(school.ada, school.room, "Into the void.")
    await school.fake.until(lambda: len(school.inbox(school.ada)) == 2)
    assert {one.text for one in school.door.messages} == {"Into the void."}
    assert [text.splitlines()[0] for text in school.inbox(school.ada)] == ["Not kept.", "Kept now."]
    assert school.said() == ["Into the void."]


async def test_what_is_owed_is_told_with_the_next_event(school):
    await school.start(replace(QUICK, again=(60.0,)))
    school.door.will_answer(MessageReceived, NotStored(say("Not kept.")))
    await school.fake.say(school.ada, school.room, "First.")
    await school.fake.settle()
    await school.fake.say(school.ben, school.room, "Second.")
    await school.fake.settle()
    assert [one.text for one in school.door.messages] == ["First.", "First.", "Second."]


async def test_an_answer_to_a_message_goes_directly_with_a_link_to_it(school):
    await school.start()
    school.door.will_answer(MessageReceived, say("I kept your reply."))
    said = await school.fake.say(school.ada, school.room, "The caretaker.")
    await school.fake.settle()
    [message] = school.fake.messages(school.fake.world.direct(school.ada))
    link = f"https://discord.com/channels/{school.guild.id}/{school.room.id}/{said['id']}"
    assert link in str(message["components"])
    assert school.said() == ["The caretaker."]


async def test_a_closed_door_of_somebody_who_wrote_is_never_named_in_the_channel(school):
    school.fake.close_dms(school.ada)
    bot = await school.start()
    school.door.will_answer(MessageReceived, say("I kept your reply."))
    await school.fake.say(school.ada, school.room, "The caretaker.")
    await school.fake.settle()
    assert school.said() == ["The caretaker."]
    await bot.post(school.place(), CARD, MARK)
    await school.fake.press(school.ada, school.fake.messages(school.room)[-1], "Do it")
    await school.fake.settle()
    assert "I kept your reply." in school.seen(school.ada)[0]


# ── direct messages of people in several servers ──────────────────────────────


async def test_a_direct_message_belongs_to_the_server_where_the_person_last_asked_something(school):
    other = school.fake.guild("Meadow School")
    lobby = school.fake.channel(other, "lobby")
    await school.fake.join(school.ada, other)
    for members in (True, False):
        school.book.pages.clear()
        school.door.heard.clear()
        bot = await school.start(members=members)
        direct = await school.fake.open_dm(school.ada)
        await school.fake.say(school.ada, direct, "One.")
        await school.fake.settle()
        await school.fake.slash(school.ada, lobby, "tilth help")
        await school.fake.say(school.ada, direct, "Two.")
        await school.fake.settle()
        await bot.stop()
        bot = await school.start(members=members)
        await school.fake.say(school.ada, direct, "Three.")
        await school.fake.settle()
        spaces = [one.place.space for one in school.door.messages]
        assert spaces == [school.space, f"discord:{other.id}", f"discord:{other.id}"]
        await bot.stop()


async def test_somebody_in_none_of_our_servers_is_not_heard(school):
    await school.start(members=False)
    direct = await school.fake.open_dm(school.ada)
    await school.fake.leave(school.ada, school.guild)
    with pytest.raises(AssertionError):
        await school.fake.open_dm(school.ada)
    message = {
        "id": "1",
        "channel_id": str(direct.id),
        "type": 0,
        "author": {"id": str(school.ada.id), "username": "ada"},
        "content": "Hi.",
    }
    school.fake.gateway.tell("MESSAGE_CREATE", message, None)
    await school.fake.settle()
    assert school.door.messages == []


async def test_roles_hold_in_direct_messages_as_they_are_now(school):
    mods = school.fake.role(school.guild, "mods", "MANAGE_GUILD")
    school.fake.give(school.guild, school.ada, mods)
    await school.start(members=False)
    direct = await school.fake.open_dm(school.ada)
    await school.fake.say(school.ada, direct, "Hello.")
    await school.fake.settle()
    assert "manage-server" in school.door.messages[-1].author.facts


async def test_when_roles_cannot_be_had_somebody_has_none(school):
    mods = school.fake.role(school.guild, "mods", "MANAGE_GUILD")
    school.fake.give(school.guild, school.ada, mods)
    await school.start(members=False)
    school.fake.fail("GET /guilds/{}/members/{}", status=503, times=5)
    direct = await school.fake.open_dm(school.ada)
    await school.fake.say(school.ada, direct, "Hello.")
    await school.fake.settle()
    author = school.door.messages[-1].author
    assert (author.facts, author.stranger) == (frozenset(), False)


async def test_an_edit_and_a_deletion_in_a_direct_message_are_told_in_its_server(school):
    await school.start(members=False)
    direct = await school.fake.open_dm(school.ada)
    said = await school.fake.say(school.ada, direct, "Hello.")
    await school.fake.edit(school.ada, said, "Hello!")
    await school.fake.settle()
    await school.fake.delete(school.ada, said)
    await school.fake.settle()
    place = Place(school.space, str(direct.id), private=True)
    assert [(one.place, one.text, one.deleted) for one in school.door.messages] == [
        (place, "Hello.", False), (place, "Hello!", False), (place, "", True),
    ]  # fmt: skip


# ── reactions ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("members", [True, False])
async def test_reactions_come_and_go_with_whoever_made_them(school, members):
    await school.start(members=members)
    said = await school.fake.say(school.ada, school.room, "The caretaker.")
    await school.fake.react(school.ben, said, "🌱")
    await school.fake.settle()
    await school.fake.unreact(school.ben, said, "🌱")
    await school.fake.settle()
    assert [(one.person.name, one.emoji, one.gone, one.message) for one in school.door.of(ReactionChanged)] == [
        ("Ben Okafor", "seedling", False, said["id"]), ("Ben Okafor", "seedling", True, said["id"]),
    ]  # fmt: skip


# ── servers ───────────────────────────────────────────────────────────────────


async def test_a_server_that_lets_us_in_is_new_and_its_owner_is_greeted(school):
    await school.start()
    owner = school.fake.user("Olive Owner")
    school.door.will_answer(SpaceConnected, say("Three first steps."))
    new = school.fake.guild("Meadow School", owner=owner)
    await school.fake.settle()
    assert school.door.of(SpaceConnected)[-1] == SpaceConnected(
        f"discord:{new.id}", "Meadow School", new=True
    )
    assert school.inbox(owner) == ["Three first steps."]


async def test_a_server_that_let_us_in_while_we_were_away_is_new_too(school):
    bot = await school.start()
    await bot.stop()
    new = school.fake.guild("Meadow School")
    school.door.heard.clear()
    await school.start()
    seen = {one.name: one.new for one in school.door.of(SpaceConnected)}
    assert seen == {"Harbour School": False, "Meadow School": True}
    await school.adapters[-1].stop()
    school.door.heard.clear()
    await school.start()
    assert not any(one.new for one in school.door.of(SpaceConnected)), new.name


@pytest.mark.parametrize(
    "chosen", [False, True], ids=["the first it may write in", "the one for such notices"]
)
async def test_a_server_that_lets_us_in_is_told_in_one_channel(school, chosen):
    await school.start()
    new = school.fake.guild("Meadow School", with_bot=False)
    school.fake.deny(school.fake.channel(new, "rules"), new, "SEND_MESSAGES")
    staff, news = (school.fake.channel(new, name) for name in ("staff", "news"))
    new.system_channel = news.id if chosen else None
    school.door.heard.clear()
    school.fake.add_bot(new)
    await school.fake.settle()
    there = school.place(news if chosen else staff).channel
    assert school.door.of(BotInvited) == [BotInvited(Place(f"discord:{new.id}", there), whole=True)]
    school.fake.outage(new)
    school.fake.recover(new)
    await school.adapters[-1].stop()
    await school.start()
    assert len(school.door.of(BotInvited)) == 1, "what is known is not told again"


async def test_a_server_that_was_there_before_the_first_start_is_told_too(school):
    await school.start()
    assert school.door.of(BotInvited) == [BotInvited(school.place(), whole=True)]


async def test_an_owner_who_takes_no_direct_messages_is_greeted_in_the_channel_for_that(school):
    await school.start()
    owner = school.fake.user("Olive Owner")
    school.fake.close_dms(owner)
    school.door.will_answer(SpaceConnected, say("Three first steps."))
    school.fake.guild("Meadow School", owner=owner)
    await school.fake.settle()
    assert school.inbox(owner) == []


async def test_a_server_that_throws_us_out_is_left_and_an_outage_is_not(school):
    await school.start()
    school.fake.outage(school.guild)
    await school.fake.settle()
    assert school.door.of(SpaceRemoved) == []
    school.door.heard.clear()
    school.fake.recover(school.guild)
    await school.fake.settle()
    assert school.door.of(SpaceConnected) == [SpaceConnected(school.space, "Harbour School", new=False)]
    school.fake.remove_bot(school.guild)
    await school.fake.settle()
    assert school.door.of(SpaceRemoved) == [SpaceRemoved(school.space)]


async def test_a_server_that_threw_us_out_while_we_were_away_is_left_at_the_start(school):
    other = school.fake.guild("Meadow School")
    bot = await school.start()
    await bot.stop()
    school.fake.remove_bot(other)
    await school.start()
    assert school.door.of(SpaceRemoved) == [SpaceRemoved(f"discord:{other.id}")]


# ── people ────────────────────────────────────────────────────────────────────


async def test_people_are_told_with_the_channels_they_can_see(school):
    hidden = school.fake.channel(school.guild, "moderators")
    school.fake.deny(hidden, school.guild, "VIEW_CHANNEL")
    await school.start()
    ada = [one for one in school.door.of(PersonUpdated) if one.person.id == str(school.ada.id)]
    assert [one.channel for one in ada] == [None, str(school.room.id)]
    mods = school.fake.role(school.guild, "mods")
    school.fake.allow(hidden, mods, "VIEW_CHANNEL")
    await school.fake.settle()
    school.door.heard.clear()
    school.fake.give(school.guild, school.ada, mods)
    await school.fake.settle()
    assert [(one.channel, one.left) for one in school.door.of(PersonUpdated)] == [
        (None, False),
        (str(hidden.id), False),
    ]
    school.door.heard.clear()
    school.fake.take(school.guild, school.ada, mods)
    await school.fake.settle()
    assert [(one.channel, one.left) for one in school.door.of(PersonUpdated)] == [
        (None, False),
        (str(hidden.id), True),
    ]


async def test_changed_rights_of_a_channel_or_role_are_seen_at_once(school):
    fake, guild = school.fake, school.guild
    staff = fake.role(guild, "staff")
    fake.give(guild, school.ada, staff)
    hidden = fake.channel(guild, "hidden")
    fake.deny(hidden, guild, ["VIEW_CHANNEL"])
    await school.start()

    async def seen(change):
        school.door.heard.clear()
        change()
        await fake.settle()
        told = school.door.of(PersonUpdated)
        return {(one.person.name, one.left) for one in told if one.channel == str(hidden.id)}, len(told)

    assert await seen(lambda: fake.allow(hidden, staff, ["VIEW_CHANNEL"])) == ({("Ada Quinn", False)}, 1)
    assert await seen(lambda: fake.allow(hidden, staff, ["SEND_MESSAGES"])) == (set(), 0)
    assert await seen(lambda: fake.deny(hidden, staff, ["VIEW_CHANNEL"])) == ({("Ada Quinn", True)}, 1)

    def promote():
        staff.permissions = 1 << 3  # an administrator sees every channel
        fake.news.role("GUILD_ROLE_UPDATE", guild, staff)

    assert await seen(promote) == ({("Ada Quinn", False)}, 1)
    made = []
    await seen(lambda: made.append(fake.channel(guild, "new")))
    assert {one.channel for one in school.door.of(PersonUpdated)} == {str(made[0].id)}


async def test_people_join_change_and_leave(school):
    await school.start()
    zoe = school.fake.user("Zoe Reed")
    await school.fake.join(zoe, school.guild)
    await school.fake.settle()
    await school.fake.rename(zoe, school.guild, "Zoe R.")
    await school.fake.settle()
    await school.fake.leave(zoe, school.guild)
    await school.fake.settle()
    told = [
        (one.person.name, one.left)
        for one in school.door.of(PersonUpdated)
        if one.person.id == str(zoe.id) and not one.channel
    ]
    assert told[0] == ("Zoe Reed", False)
    assert ("Zoe R.", False) in told
    assert told[-1][1]


async def test_somebody_who_leaves_while_everybody_is_looked_through_is_not_brought_back(school, monkeypatch):
    monkeypatch.setattr("adapters.discord.membership.TOGETHER", 1)
    bot = await school.start()
    zoe = school.fake.user("Zoe Reed")
    await school.fake.join(zoe, school.guild)
    await school.fake.settle()
    school.door.heard.clear()
    held, go = asyncio.Event(), asyncio.Event()

    async def hear(event):
        school.door.heard.append(event)
        held.set()
        await go.wait()

    monkeypatch.setattr(school.door, "hear", hear)
    guild = bot.client.get_guild(school.guild.id)
    sweep = asyncio.create_task(bot.members(guild.members))
    await held.wait()
    await school.fake.leave(zoe, school.guild)
    await school.fake.until(lambda: guild.get_member(zoe.id) is None)
    go.set()
    await sweep
    await school.fake.settle()
    told = [one.left for one in school.door.of(PersonUpdated) if one.person.id == str(zoe.id)]
    assert told == [True]


async def test_without_the_members_intent_nobody_is_listed(school):
    school.fake.gateway.portal = 1 << 15
    await school.start(members=False)
    assert school.door.of(PersonUpdated) == []
    assert school.door.of(SpaceConnected) != []


async def test_a_space_that_could_not_be_stored_is_told_again(school):
    school.door.will_answer(SpaceConnected, NotStored(say("Not kept.")))
    await school.start()
    assert len(school.door.of(SpaceConnected)) == 2


async def test_a_flood_does_not_fill_the_memory(school, monkeypatch, caplog):
    monkeypatch.setattr("adapters.discord.adapter.BACKLOG", 5)
    bot = await school.start()
    for number in range(50):
        bot.raw("MESSAGE_CREATE", {
            "id": str(1556576678711394304 + number), "channel_id": str(school.room.id), "guild_id": str(school.guild.id), "type": 0,
            "author": {"id": str(school.ada.id), "username": "ada"}, "content": f"{number}",
        })  # fmt: skip
    await school.fake.until(lambda: len(school.door.messages) == 5)
    await school.fake.settle()
    assert len(school.door.messages) == 5
    assert "left to be found later" in caplog.text


async def test_nothing_is_told_after_the_bot_has_stopped(school):
    bot = await school.start()
    await bot.stop()
    school.door.heard.clear()
    await school.fake.say(school.ada, school.room, "Anybody?")
    await school.fake.settle()
    assert school.door.heard == []
    assert not bot.ready
    assert Timings().free == 3
    school.clock.advance(timedelta(minutes=1))
