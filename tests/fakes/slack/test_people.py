"""What people do, and how the bot hears of it."""

from __future__ import annotations

import pytest

from tests.fakes.slack import FakeSlack, NotPossible
from tests.fakes.slack.rig import bot, client_of, furnished

KINDS = (
    "message",
    "app_mention",
    "reaction_added",
    "reaction_removed",
    "member_joined_channel",
    "member_left_channel",
    "channel_left",
    "file_shared",
    "team_join",
    "user_change",
    "channel_archive",
    "channel_rename",
)


@pytest.fixture
async def heard(town):
    """The events of a bot that hears everything."""
    async with bot(town.slack) as one:
        one.listen(*KINDS)

        async def events():
            await town.slack.settle()
            return one.events()

        yield events


async def test_typed_text_is_stored_as_slack_stores_it(town, heard):
    await town.slack.post(town.ben, town.room, f"<@{town.cem}> 1 < 2 & <b> https://a.invalid :wave:")
    [event] = await heard()
    assert event["text"] == f"<@{town.cem}> 1 &lt; 2 &amp; &lt;b&gt; <https://a.invalid> :wave:"
    [rich] = event["blocks"]
    kinds = [e["type"] for e in rich["elements"][0]["elements"]]
    assert kinds == ["user", "text", "link", "text", "emoji"]
    assert event["client_msg_id"]
    assert event["team"] == town.slack.team


async def test_an_edit_is_told_with_before_and_after(town, heard):
    ts = (await town.slack.post(town.ben, town.room, "first")).ts
    town.clock.advance(seconds=5.5)
    await town.slack.edit(town.ben, town.room, ts, "second")
    event = (await heard())[1]
    assert event["subtype"] == "message_changed"
    assert event["hidden"]
    assert (event["message"]["text"], event["previous_message"]["text"]) == ("second", "first")
    assert event["message"]["ts"] == ts
    assert event["message"]["edited"] == {"user": town.ben, "ts": "1791190805.000000"}
    assert "text" not in event
    assert "user" not in event
    with pytest.raises(NotPossible):
        await town.slack.edit(town.cem, town.room, ts, "not mine")


async def test_a_deletion_is_told_and_leaves_nothing(town, heard):
    ts = (await town.slack.post(town.ben, town.room, "oops")).ts
    with pytest.raises(NotPossible):
        await town.slack.delete(town.cem, town.room, ts)
    await town.slack.delete(town.ben, town.room, ts)
    event = (await heard())[1]
    assert (event["subtype"], event["deleted_ts"]) == ("message_deleted", ts)
    assert event["previous_message"]["text"] == "oops"
    assert town.slack.messages(town.room) == []


async def test_a_deleted_parent_leaves_a_tombstone_until_the_last_reply_goes(town, heard):
    slack = town.slack
    root = (await slack.post(town.ben, town.room, "root")).ts
    reply = (await slack.reply(town.cem, town.room, root, "reply")).ts
    await slack.delete(town.ben, town.room, root)
    changed = (await heard())[-1]
    assert changed["subtype"] == "message_changed"
    assert changed["message"]["subtype"] == "tombstone"
    assert changed["previous_message"]["text"] == "root"
    replies = await client_of(slack).conversations_replies(channel=town.room, ts=root)
    assert [m["text"] for m in replies["messages"]] == ["This message was deleted.", "reply"]
    await slack.delete(town.ada, town.room, reply)  # an admin may
    last = (await heard())[-2:]
    assert [e["deleted_ts"] for e in last] == [reply, root]
    assert slack.messages(town.room) == []


async def test_a_mention_comes_as_two_events(town, heard):
    ts = (await town.slack.post(town.ben, town.room, f"hello <@{town.slack.bot}>")).ts
    events = await heard()
    assert sorted(e["type"] for e in events) == ["app_mention", "message"]
    assert {e["ts"] for e in events} == {ts}
    await town.slack.post(town.ben, town.slack.dm(town.ben), f"hello <@{town.slack.bot}>")
    assert [e["type"] for e in await heard()][2:] == ["message"]


async def test_thread_replies_name_their_parent(town, heard):
    root = (await town.slack.post(town.ben, town.room, "root")).ts
    await town.slack.reply(town.cem, town.room, root, "reply")
    await town.slack.reply(town.cem, town.room, root, "for all", broadcast=True)
    _, reply, broadcast = await heard()
    assert (reply["thread_ts"], reply["parent_user_id"]) == (root, town.ben)
    assert broadcast["subtype"] == "thread_broadcast"
    assert broadcast["root"]["text"] == "root"
    assert [m["text"] for m in town.slack.replies(town.room, root)] == ["reply", "for all"]
    assert [m["text"] for m in town.slack.messages(town.room)] == ["root", "for all"]


async def test_channels_the_bot_is_not_in_are_silent(town, heard):
    outside = town.slack.channel("lounge", [town.ben], bot=False)
    assert (await town.slack.post(town.ben, outside, "psst")).acks == ()
    with pytest.raises(NotPossible, match="not in #lounge"):
        await town.slack.post(town.cem, outside, "me too")
    assert await heard() == []


@pytest.mark.parametrize("kind", ["group", "im", "mpim"])
async def test_other_kinds_of_channels_say_what_they_are(town, heard, kind):
    place = {
        "group": lambda: town.slack.channel("board", [town.ben], private=True),
        "im": lambda: town.slack.dm(town.ben),
        "mpim": lambda: town.slack.dm(town.ben, town.cem),
    }[kind]()
    await town.slack.post(town.ben, place, "hello")
    assert [e["channel_type"] for e in await heard()] == [kind]


async def test_reactions_come_and_go(town, heard):
    ts = (await town.slack.post(town.ben, town.room, "x")).ts
    await town.slack.react(town.cem, town.room, ts, "wave")
    assert town.slack.message(town.room, ts)["reactions"] == [
        {"name": "wave", "users": [town.cem], "count": 1}
    ]
    await town.slack.unreact(town.cem, town.room, ts, "wave")
    _, added, removed = await heard()
    assert (added["type"], removed["type"]) == ("reaction_added", "reaction_removed")
    assert added["item"] == {"type": "message", "channel": town.room, "ts": ts}
    assert (added["user"], added["item_user"]) == (town.cem, town.ben)
    assert "reactions" not in town.slack.message(town.room, ts)


async def test_people_come_and_go(town, heard):
    dee, arrived = await town.slack.arrive("Dee Dale")
    assert arrived.ok
    await town.slack.join(dee, town.room, inviter=town.ada)
    await town.slack.leave(dee, town.room)
    await town.slack.change_person(dee, deleted=True)
    events = await heard()
    told = [(e["type"], e.get("subtype")) for e in events]
    assert ("team_join", None) in told
    assert ("member_joined_channel", None) in told
    assert ("message", "channel_join") in told
    assert ("member_left_channel", None) in told
    assert events[-1]["user"]["deleted"]
    assert next(e for e in events if e["type"] == "member_joined_channel")["inviter"] == town.ada


async def test_the_bot_is_invited_and_removed(town, heard):
    slack = town.slack
    lounge = slack.channel("lounge", [town.ben], bot=False)
    await slack.join(slack.bot, lounge, inviter=town.ben)
    assert (await slack.post(town.ben, lounge, "welcome")).ok
    await slack.leave(slack.bot, lounge)
    assert (await slack.post(town.ben, lounge, "gone?")).acks == ()
    kinds = [e["type"] for e in await heard()]
    assert "member_joined_channel" in kinds
    assert "channel_left" in kinds


async def test_channels_are_renamed_and_archived(town, heard):
    await town.slack.rename(town.room, "common-room")
    await town.slack.archive(town.room)
    assert [e["type"] for e in await heard()] == ["channel_rename", "channel_archive"]
    with pytest.raises(NotPossible, match="archived"):
        await town.slack.post(town.ben, town.room, "too late")


async def test_an_upload_comes_with_the_message(town, heard):
    ts = (await town.slack.post(town.ben, town.room, "see", files=[("notes.txt", b"hello")])).ts
    message, shared = await heard()
    assert message["subtype"] == "file_share"
    assert shared["type"] == "file_shared"
    [file] = message["files"]
    assert (file["name"], file["size"], file["mimetype"]) == ("notes.txt", 5, "text/plain")
    assert file["shares"]["public"][town.room] == [{"ts": ts}]
    assert town.slack.file(file["id"]).data == b"hello"


async def test_what_the_bot_missed_can_be_told_again(town, heard):
    town.slack.lose_events(2)
    await town.slack.post(town.ben, town.room, "one")
    await town.slack.post(town.ben, town.room, "two")
    await town.slack.post(town.ben, town.room, "three")
    await town.slack.redeliver_untaken()
    assert [e["text"] for e in await heard()] == ["three", "one", "two"]


async def test_two_workspaces_are_strangers(town):
    async with FakeSlack("south", clock=town.clock) as south:
        other = await furnished(south, town.clock)
        assert {other.ada, other.room, south.team, south.bot} & {
            town.ada,
            town.room,
            town.slack.team,
            town.slack.bot,
        } == set()
        async with bot(town.slack) as north_bot, bot(south) as south_bot:
            north_bot.listen("message")
            south_bot.listen("message")
            await town.slack.post(town.ben, town.room, "north")
            await south.post(other.ben, other.room, "south")
            await town.slack.settle()
            await south.settle()
        assert [e["text"] for e in north_bot.events()] == ["north"]
        assert [b["team_id"] for b in south_bot.heard] == [south.team]
