"""chat.* as Slack answers it."""

from __future__ import annotations

import pytest
from slack_sdk.errors import SlackApiError

from tests.fakes.slack.rig import bot, client_of


@pytest.fixture
def client(town):
    return client_of(town.slack)


async def refused(code, call):
    with pytest.raises(SlackApiError) as error:
        await call
    assert error.value.response["error"] == code
    return error.value.response


async def test_posting_changing_and_deleting(town, client):
    posted = await client.chat_postMessage(channel=town.room, text="Bread & butter")
    assert posted["message"]["text"] == "Bread &amp; butter"
    assert posted["message"]["bot_id"] == town.slack.world.bot_id
    ts = posted["ts"]
    await client.chat_update(channel=town.room, ts=ts, text="Toast")
    [message] = town.slack.messages(town.room)
    assert message["text"] == "Toast"
    assert message["edited"]["user"] == town.slack.bot
    await client.chat_delete(channel=town.room, ts=ts)
    assert town.slack.messages(town.room) == []
    await refused("message_not_found", client.chat_update(channel=town.room, ts=ts, text="Again"))
    await refused("message_not_found", client.chat_delete(channel=town.room, ts=ts))


async def test_times_are_unique_and_rise_while_the_clock_stands_still(town, client):
    times = [(await client.chat_postMessage(channel=town.room, text="x"))["ts"] for _ in range(5)]
    assert sorted(set(times)) == times
    town.clock.advance(seconds=10)
    later = (await client.chat_postMessage(channel=town.room, text="x"))["ts"]
    assert float(later) - float(times[0]) == pytest.approx(10)


async def test_where_the_bot_may_not_post(town, client):
    slack = town.slack
    outside = slack.channel("lounge", [town.ben], bot=False)
    secret = slack.channel("board", [town.ben], bot=False, private=True)
    old = slack.channel("old", [town.ben], archived=True)
    await refused("not_in_channel", client.chat_postMessage(channel=outside, text="x"))
    await refused("channel_not_found", client.chat_postMessage(channel=secret, text="x"))
    await refused("channel_not_found", client.chat_postMessage(channel="C404", text="x"))
    await refused("is_archived", client.chat_postMessage(channel=old, text="x"))
    await refused("no_text", client.api_call("chat.postMessage", json={"channel": town.room}))


async def test_only_its_own_messages_can_be_changed(town, client):
    theirs = await town.slack.post(town.ben, town.room, "mine")
    await refused("cant_update_message", client.chat_update(channel=town.room, ts=theirs.ts, text="x"))
    await refused("cant_delete_message", client.chat_delete(channel=town.room, ts=theirs.ts))


async def test_long_text_is_cut_when_posted_and_refused_when_updated(town, client):
    posted = await client.chat_postMessage(channel=town.room, text="x" * 40_001)
    assert len(posted["message"]["text"]) == 40_000
    await client.chat_update(channel=town.room, ts=posted["ts"], text="x" * 4000)
    await refused("msg_too_long", client.chat_update(channel=town.room, ts=posted["ts"], text="x" * 4001))


async def test_an_update_keeps_what_it_leaves_out_and_removes_what_it_empties(town, client):
    blocks = [{"type": "divider", "block_id": "mark"}]
    metadata = {"event_type": "kept", "event_payload": {"n": 1}}
    ts = (await client.chat_postMessage(channel=town.room, text="a", blocks=blocks, metadata=metadata))["ts"]
    await client.chat_update(channel=town.room, ts=ts, text="b")
    kept = town.slack.message(town.room, ts)
    assert kept["blocks"] == blocks
    assert kept["metadata"] == metadata
    await client.chat_update(channel=town.room, ts=ts, text="c", blocks=[], metadata={})
    bare = town.slack.message(town.room, ts)
    assert bare["blocks"] == []
    assert "metadata" not in bare


async def test_metadata_is_shown_only_when_asked_for(town, client):
    metadata = {"event_type": "kept", "event_payload": {}}
    await client.chat_postMessage(channel=town.room, text="a", metadata=metadata)
    plain = await client.conversations_history(channel=town.room)
    asked = await client.conversations_history(channel=town.room, include_all_metadata=True)
    assert "metadata" not in plain["messages"][0]
    assert asked["messages"][0]["metadata"] == metadata
    await refused(
        "invalid_metadata_format", client.chat_postMessage(channel=town.room, text="a", metadata={"x": 1})
    )


async def test_a_whisper_reaches_one_person_and_no_history(town, client):
    slack = town.slack
    stranger = slack.person("Dee Dale")
    ts = (await client.chat_postEphemeral(channel=town.room, user=town.ben, text="psst"))["message_ts"]
    assert [m["text"] for m in slack.ephemerals(town.ben)] == ["psst"]
    assert slack.ephemerals(town.cem) == []
    assert slack.messages(town.room) == []
    await refused("message_not_found", client.chat_update(channel=town.room, ts=ts, text="x"))
    await refused(
        "user_not_in_channel", client.chat_postEphemeral(channel=town.room, user=stranger, text="x")
    )


async def test_a_message_to_a_person_opens_the_direct_message(town, client):
    posted = await client.chat_postMessage(channel=town.ben, text="hello")
    opened = await client.conversations_open(users=[town.ben])
    assert posted["channel"] == opened["channel"]["id"] == town.slack.dm(town.ben)
    assert posted["channel"].startswith("D")
    await refused("users_list_not_supplied", client.conversations_open(users=[]))
    await town.slack.change_person(town.ben, deleted=True)
    await refused("user_disabled", client.conversations_open(users=[town.ben]))


async def test_threads_roots_and_broadcasts(town, client):
    slack = town.slack
    root = (await client.chat_postMessage(channel=town.room, text="root"))["ts"]
    await slack.reply(town.ben, town.room, root, "one")
    await slack.reply(town.cem, town.room, root, "two", broadcast=True)
    history = (await client.conversations_history(channel=town.room))["messages"]
    assert [m["text"] for m in history] == ["two", "root"]
    assert history[1]["reply_count"] == 2
    assert history[1]["reply_users"] == [town.ben, town.cem]
    assert history[1]["thread_ts"] == root
    replies = (await client.conversations_replies(channel=town.room, ts=root))["messages"]
    assert [m["text"] for m in replies] == ["root", "one", "two"]
    assert replies[1]["parent_user_id"] == slack.bot
    await refused("thread_not_found", client.conversations_replies(channel=town.room, ts="1.000001"))


async def test_a_reply_to_a_parent_that_is_gone_lands_in_the_channel(town, client):
    root = (await town.slack.post(town.ben, town.room, "root")).ts
    kept = await client.chat_postMessage(channel=town.room, thread_ts=root, text="reply")
    assert kept["message"]["thread_ts"] == root
    nested = await client.chat_postMessage(channel=town.room, thread_ts=kept["ts"], text="nested")
    assert nested["message"]["thread_ts"] == root
    gone = (await town.slack.post(town.ben, town.room, "gone")).ts
    await town.slack.delete(town.ben, town.room, gone)
    lost = await client.chat_postMessage(channel=town.room, thread_ts=gone, text="lost")
    assert "thread_ts" not in lost["message"]
    assert [m["text"] for m in town.slack.messages(town.room)] == ["root", "lost"]


async def test_history_between_two_times_and_page_by_page(town, client):
    times = []
    for n in range(7):
        town.clock.advance(seconds=1)
        times.append((await town.slack.post(town.ben, town.room, str(n))).ts)

    async def texts(**between):
        answer = await client.conversations_history(channel=town.room, **between)
        return [m["text"] for m in answer["messages"]]

    assert await texts(oldest=times[2], latest=times[5]) == ["4", "3"]
    assert await texts(oldest=times[2], latest=times[5], inclusive=True) == ["5", "4", "3", "2"]
    pages, cursor = [], None
    while cursor != "":
        page = await client.conversations_history(channel=town.room, limit=3, cursor=cursor)
        pages.append([m["text"] for m in page["messages"]])
        cursor = page.get("response_metadata", {}).get("next_cursor", "")
        assert page["has_more"] == bool(cursor)
    assert pages == [["6", "5", "4"], ["3", "2", "1"], ["0"]]


async def test_the_parent_comes_with_the_first_page_of_replies_only(town, client):
    root = (await town.slack.post(town.ben, town.room, "root")).ts
    replies = []
    for n in range(3):
        town.clock.advance(seconds=1)
        replies.append((await town.slack.reply(town.cem, town.room, root, str(n))).ts)
    first = await client.conversations_replies(channel=town.room, ts=root, limit=2)
    assert [m["text"] for m in first["messages"]] == ["root", "0"]
    cursor = first["response_metadata"]["next_cursor"]
    rest = await client.conversations_replies(channel=town.room, ts=root, limit=2, cursor=cursor)
    assert [m["text"] for m in rest["messages"]] == ["1", "2"]
    newer = await client.conversations_replies(channel=town.room, ts=root, oldest=replies[1])
    assert [m["text"] for m in newer["messages"]] == ["root", "2"]


async def test_permalinks(town, client):
    root = (await town.slack.post(town.ben, town.room, "root")).ts
    reply = (await town.slack.reply(town.cem, town.room, root, "reply")).ts
    link = (await client.chat_getPermalink(channel=town.room, message_ts=root))["permalink"]
    assert link == f"https://north.slack.com/archives/{town.room}/p{root.replace('.', '')}"
    link = (await client.chat_getPermalink(channel=town.room, message_ts=reply))["permalink"]
    assert link.endswith(f"?thread_ts={root}&cid={town.room}")


async def test_scheduled_messages(town, client):
    now = town.slack.world.seconds()
    await refused("time_in_past", client.chat_scheduleMessage(channel=town.room, post_at=now, text="x"))
    far = now + 120 * 24 * 3600
    await client.chat_scheduleMessage(channel=town.room, post_at=far, text="x")
    await refused("time_too_far", client.chat_scheduleMessage(channel=town.room, post_at=far + 1, text="x"))
    soon = now + 60
    kept = {"event_type": "kept", "event_payload": {}}
    await client.chat_scheduleMessage(channel=town.room, post_at=soon, text="plain")
    await client.chat_scheduleMessage(channel=town.room, post_at=soon, text="never", metadata=kept)
    for _ in range(28):
        await client.chat_scheduleMessage(channel=town.room, post_at=soon, text="plain")
    await refused(
        "restricted_too_many", client.chat_scheduleMessage(channel=town.room, post_at=soon, text="x")
    )
    listed = await client.chat_scheduledMessages_list(channel=town.room)
    assert len(listed["scheduled_messages"]) == 31
    first = listed["scheduled_messages"][0]["id"]
    await client.chat_deleteScheduledMessage(channel=town.room, scheduled_message_id=first)
    await refused(
        "invalid_scheduled_message_id",
        client.chat_deleteScheduledMessage(channel=town.room, scheduled_message_id=first),
    )
    town.clock.advance(seconds=61)
    await town.slack.run_scheduled()
    assert {m["text"] for m in town.slack.messages(town.room)} == {"plain"}


async def test_bare_names_become_mentions_only_when_asked(town, client):
    await client.chat_postMessage(channel=town.room, text="@channel @ben.brook")
    await client.chat_postMessage(channel=town.room, text="@channel @ben.brook", link_names=True)
    plain, linked = (m["text"] for m in town.slack.messages(town.room))
    assert plain == "@channel @ben.brook"
    assert linked == f"<!channel> <@{town.ben}>"


async def test_the_bots_own_messages_come_back_as_events(town):
    async with bot(town.slack, ignoring_self_events_enabled=False) as one:
        one.listen("message")
        ts = (await one.client.chat_postMessage(channel=town.room, text="mine"))["ts"]
        await town.slack.settle()
        await one.client.chat_update(channel=town.room, ts=ts, text="mine too")
        await town.slack.settle()
        await one.client.chat_delete(channel=town.room, ts=ts)
        await town.slack.settle()
    assert [e.get("subtype") for e in one.events()] == [None, "message_changed", "message_deleted"]
    assert one.events()[0]["bot_id"] == town.slack.world.bot_id


async def test_bolt_ignores_them_even_when_an_admin_deletes(town):
    async with bot(town.slack) as one:
        one.listen("message")
        ts = (await one.client.chat_postMessage(channel=town.room, text="mine"))["ts"]
        assert (await town.slack.delete(town.ada, town.room, ts)).ok
        await town.slack.settle()
    assert one.heard == []


async def test_a_hundred_attachments_and_no_more(town, client):
    one = {"text": "x", "fallback": "x"}
    await client.chat_postMessage(channel=town.room, text="x", attachments=[one] * 100)
    await refused(
        "too_many_attachments", client.chat_postMessage(channel=town.room, text="x", attachments=[one] * 101)
    )


async def test_markdown_text_becomes_a_block(town, client):
    await client.chat_postMessage(channel=town.room, markdown_text="**bold**")
    [message] = town.slack.messages(town.room)
    assert message["blocks"][0]["type"] == "markdown"
    await refused("msg_too_long", client.chat_postMessage(channel=town.room, markdown_text="x" * 12_001))
