"""What the bot says over the wire: once, findable, and with every fault named for what it is."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.discord.call_trace import may_be_repeated
from bot.chat.cards import Button, Buttons, Card, File, Markdown, Note, say
from bot.chat.events import CommandInvoked
from bot.chat.models import Place
from bot.chat.port import (
    CalendarEvent,
    CredentialsRejected,
    History,
    HistoryUnavailable,
    OutcomeUnknown,
    Rejected,
    RetryLater,
)
from tests.fakes.discord.permissions import BOT, May
from tests.fakes.discord.saying import put
from tests.fakes.discord.world import Message

MARK = "0123456789abcdef01234567"
ASK = say("What did you notice?")
SEND = "POST /channels/{}/messages"


def body(call):
    """The JSON of a request, also where files go with it."""
    return call.json


# ── once ──────────────────────────────────────────────────────────────────────


async def test_every_attempt_carries_the_marker_as_its_nonce(school):
    bot = await school.start()
    with_file = say("With a file.", File("a.txt", b"x", "A file"))
    for card in (ASK, with_file):
        school.fake.fail(SEND, drop=True, when="after")
        with pytest.raises(OutcomeUnknown):
            await bot.post(school.place(), card, MARK)
        await bot.post(school.place(), card, MARK)
        school.clock.advance(timedelta(minutes=10))
    assert [(one["nonce"], one["enforce_nonce"]) for one in school.sends()] == [(MARK, True)] * 4
    assert len(school.said()) == 2, "Discord took each of them once"


async def test_a_repeat_within_minutes_names_the_first_message(school):
    bot = await school.start()
    assert await bot.post(school.place(), ASK, MARK) == await bot.post(school.place(), ASK, MARK)
    assert school.said() == ["What did you notice?"]


async def test_a_marker_that_is_no_nonce_is_a_fault_of_ours(school):
    bot = await school.start()
    with pytest.raises(ValueError, match="25 characters"):
        await bot.post(school.place(), ASK, "x" * 26)


async def test_nobody_is_notified_but_the_one_role_that_was_granted(school):
    role = school.fake.role(school.guild, "team", mentionable=True)
    bot = await school.start()
    await bot.post(
        school.place(),
        say("Hello @everyone", Markdown(f"<@{school.ada.id}> <@&{role.id}> @everyone @here")),
        MARK,
    )
    await bot.post(school.place(), replace(ASK, pings=str(role.id)), "second")
    first, second = school.fake.messages(school.room)
    assert (first["mentions"], first["mention_roles"], first["mention_everyone"]) == ([], [], False)
    assert second["mention_roles"] == [str(role.id)]
    assert all(one["flags"] & 1 << 2 for one in school.sends()), "previews of links are off"


async def test_posts_edits_and_the_library_by_itself_each_notify_nobody(school):
    """Each of the three says so itself, so that none depends on another."""
    bot = await school.start()
    forum = school.fake.forum(school.guild, "ideas")
    id = await bot.post(school.place(), ASK, MARK)
    await bot.post(school.place(forum), ASK, "in the forum")
    await bot.update(school.place(), id, say("Hello @everyone"))
    created = school.fake.calls_to("POST /channels/{}/threads")[0].json["message"]
    edited = school.fake.calls_to("PATCH /channels/{}/messages/{}")[0].json
    for told in (*school.sends(), created, edited):
        assert told["allowed_mentions"]["parse"] == []
        assert not told["allowed_mentions"].get("replied_user")
    assert bot.client.allowed_mentions.to_dict() == {"parse": []}
    await bot.client.get_channel(school.room.id).send(f"@everyone <@{school.ada.id}>")
    last = school.fake.messages(school.room)[-1]
    assert (last["mentions"], last["mention_everyone"]) == ([], False)


async def test_components_are_sent_and_the_ids_come_back_in_the_history(school):
    bot = await school.start()
    id = await bot.post(school.place(), ASK, MARK)
    assert await bot.find(school.place(), MARK, school.long_ago) == (id,)
    assert await bot.find(school.place(), MARK[:-1], school.long_ago) == ()


async def test_an_updated_message_keeps_its_mark_also_for_the_next_process(school):
    bot = await school.start()
    id = await bot.post(school.place(), ASK, MARK)
    await bot.update(school.place(), id, say("First change."))
    await bot.stop()
    other = await school.start()
    await other.update(school.place(), id, say("Second change.", File("a.txt", b"x", "A file")))
    await other.update(school.place(), id, say("Third change."))
    assert school.said() == ["Third change."]
    assert await other.find(school.place(), MARK, school.long_ago) == (id,)


async def test_only_our_own_messages_are_found_in_a_long_channel(school):
    bot = await school.start()
    ids = []
    for number in range(3):
        ids.append(await bot.post(school.place(), ASK, MARK))
        for _ in range(60):
            await school.fake.say(school.ada, school.room, f"talk {number}")
        school.clock.advance(timedelta(minutes=10))
    assert await bot.find(school.place(), MARK, school.long_ago) == tuple(ids)
    assert await bot.find(school.place(), MARK, school.clock.now()) == ()


# ── faults ────────────────────────────────────────────────────────────────────


async def test_a_server_error_is_repeated_by_the_library_with_the_same_nonce(school):
    bot = await school.start()
    school.fake.fail(SEND, status=502, when="after")
    id = await bot.post(school.place(), ASK, MARK)
    assert [one["nonce"] for one in school.sends()] == [MARK, MARK]
    assert [one["id"] for one in school.fake.messages(school.room)] == [id]


@pytest.mark.parametrize("status", [500, 502, 504, 524])
async def test_what_carries_no_key_is_never_repeated_by_the_library(school, status):
    forum = school.fake.forum(school.guild, "ideas")
    bot = await school.start()
    id = await bot.post(school.place(), ASK, MARK)
    routes = {
        "POST /channels/{}/threads": lambda: bot.post(school.place(forum), ASK, "in the forum"),
        "POST /channels/{}/messages/{}/threads": lambda: bot.thread(school.place(), id, "Answers"),
        "POST /guilds/{}/scheduled-events": lambda: bot.put_event(school.space, _gathering(school), None),
    }
    for route, call in routes.items():
        school.fake.fail(route, status=status, when="after", code=1)
        with pytest.raises(OutcomeUnknown, match="discord_1"):
            await call()
        assert len(school.fake.calls_to(route)) == 1
    assert len(await bot.find(school.place(forum), "in the forum", school.long_ago)) == 1


def test_only_what_does_no_more_than_once_may_be_repeated():
    once = {
        ("POST", "/api/v10/channels/1/messages"), ("POST", "/api/v10/users/@me/channels"),
        ("POST", "/api/v10/interactions/1/t/callback"), ("POST", "/api/v10/webhooks/1/t"), ("GET", "/api/v10/x"),
        ("PUT", "/api/v10/channels/1/pins/2"), ("PATCH", "/api/v10/channels/1/messages/2"), ("DELETE", "/api/v10/x"),
    }  # fmt: skip
    never = (
        "channels/1/threads",
        "channels/1/messages/2/threads",
        "guilds/1/scheduled-events",
        "channels/1/webhooks",
    )
    assert all(may_be_repeated(*one) for one in once)
    assert not any(may_be_repeated("POST", f"/api/v10/{one}") for one in never)


async def test_an_event_that_a_lost_call_left_on_the_list_is_taken_for_ours_and_its_copies_go(school):
    bot = await school.start()
    event = _gathering(school)
    for _ in range(2):
        school.fake.fail("GET /guilds/{}/scheduled-events", status=503)
        with pytest.raises(OutcomeUnknown):
            await bot.put_event(school.space, event, None)
    assert school.guild.events == {}, "who may not look does not add"
    first = await bot.put_event(school.space, event, None)
    [there] = school.guild.events.values()
    school.guild.events[7] = {**there, "id": "7"}
    other = replace(event, where="Elsewhere")
    second = await bot.put_event(school.space, other, None)
    assert second not in (first, "7")
    assert await bot.put_event(school.space, event, None) in (first, "7")
    assert len(school.guild.events) == 2


@pytest.mark.parametrize(
    "how",
    [
        {"status": 503},
        {"drop": True},
        {"half": True},
        {"cut": True},
        {"text": True},
        {"html": True, "status": 503},
    ],
    ids=str,
)
@pytest.mark.parametrize("when", ["before", "after"])
async def test_an_end_that_nobody_saw_is_unclear(school, how, when):
    bot = await school.start()
    school.fake.fail(SEND, when=when, **how)
    with pytest.raises(OutcomeUnknown):
        await bot.post(school.place(), ASK, MARK)
    assert len(school.fake.calls_to(SEND)) == 1, "nothing repeats it blindly"


async def test_a_call_that_takes_too_long_can_be_abandoned(school):
    import asyncio

    bot = await school.start()
    school.fake.fail(SEND, hang=True, when="after")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await bot.post(school.place(), ASK, MARK)
    school.fake.faults.release()
    assert await bot.post(school.place(), ASK, MARK) == school.fake.messages(school.room)[0]["id"]


@pytest.mark.parametrize(
    "how",
    [{"retry_after": 30.0}, {"retry_after": 30.0, "everywhere": True}, {"retry_after": 30.0, "via": False}],
    ids=str,
)
async def test_a_long_rate_limit_is_left_to_the_outbox(school, how):
    bot = await school.start()
    school.fake.fail(SEND, **how)
    with pytest.raises(RetryLater) as later:
        await bot.post(school.place(), ASK, MARK)
    assert later.value.seconds == pytest.approx(30, abs=1)
    assert school.said() == []


async def test_a_short_rate_limit_is_waited_out(school):
    bot = await school.start()
    school.fake.fail(SEND, retry_after=0.1)
    await bot.post(school.place(), ASK, MARK)
    assert school.said() == ["What did you notice?"]


async def test_refusals_are_named_and_a_lost_token_locks_us_out(school):
    bot = await school.start()
    school.fake.deny(school.room, school.guild, "SEND_MESSAGES")
    await school.fake.settle()
    with pytest.raises(Rejected) as refused:
        await bot.post(school.place(), ASK, MARK)
    assert refused.value.code == await bot.posting_problem(school.place()) == "missing_permissions"
    with pytest.raises(Rejected) as nowhere:
        await bot.post(Place(school.space, "123456789012345678"), ASK, MARK)
    assert (
        nowhere.value.code
        == await bot.posting_problem(Place(school.space, "123456789012345678"))
        == "unknown_channel"
    )
    school.fake.fail(SEND, status=401)
    with pytest.raises(CredentialsRejected):
        await bot.post(school.place(), ASK, MARK)


async def test_a_channel_nobody_shows_us_is_trouble(school):
    bot = await school.start()
    school.fake.deny(school.room, school.guild, "VIEW_CHANNEL")
    await school.fake.settle()
    assert await bot.posting_problem(school.place()) == "missing_access"
    assert isinstance(await bot.find(school.place(), MARK, school.long_ago), HistoryUnavailable)


async def test_nothing_is_said_before_the_bot_is_connected(school):
    bot = school.adapter()
    with pytest.raises(RetryLater):
        await bot.post(school.place(), ASK, MARK)
    with pytest.raises(RetryLater):
        await bot.put_event(school.space, _gathering(school), None)


# ── threads and forums ────────────────────────────────────────────────────────


async def test_a_thread_that_somebody_opened_is_the_one_we_want(school):
    bot = await school.start()
    id = await bot.post(school.place(), ASK, MARK)
    await school.fake.start_thread(school.ada, id, "Ada was faster")
    assert await bot.thread(school.place(), id, "Answers") == school.place(thread=id)
    other = await bot.post(school.place(), ASK, "other")
    school.fake.fail("POST /channels/{}/messages/{}/threads", drop=True, when="after")
    with pytest.raises(OutcomeUnknown):
        await bot.thread(school.place(), other, "Answers")
    assert await bot.thread(school.place(), other, "Answers") == school.place(thread=other)


async def test_threads_are_archived_only_after_a_week_of_quiet(school):
    bot = await school.start()
    id = await bot.post(school.place(), ASK, MARK)
    await bot.thread(school.place(), id, "Answers " * 20)
    thread = school.fake.thread(id)
    assert thread.auto_archive == 10080
    assert len(thread.name) <= 100


@pytest.mark.parametrize("locked", [False, True])
async def test_an_archived_thread_is_reopened_to_post_in_it(school, locked):
    bot = await school.start()
    id = await bot.post(school.place(), ASK, MARK)
    thread = await bot.thread(school.place(), id, "Answers")
    school.fake.set_thread(school.fake.thread(id), archived=True, locked=locked)
    await bot.post(thread, say("Looking back."), "digest")
    assert school.said(school.fake.thread(id))[-1] == "Looking back."
    assert not school.fake.thread(id).archived


async def test_a_message_in_an_archived_thread_is_changed_and_the_thread_sleeps_on(school):
    bot = await school.start()
    id = await bot.post(school.place(), ASK, MARK)
    thread = await bot.thread(school.place(), id, "Answers")
    inside = await bot.post(thread, say("Draft."), "inside")
    school.fake.set_thread(school.fake.thread(id), archived=True)
    await bot.update(thread, inside, say("Final."))
    assert "Final." in school.said(school.fake.thread(id))
    assert school.fake.thread(id).archived


async def test_a_thread_is_closed_and_opened_again_from_every_state(school):
    bot = await school.start()
    id = await bot.post(school.place(), ASK, MARK)
    thread = await bot.thread(school.place(), id, "Answers")
    for state in (
        {"archived": True, "locked": False},
        {"archived": False, "locked": True},
        {"archived": False, "locked": False},
    ):
        for closed in (True, True, False, False):
            school.fake.set_thread(school.fake.thread(id), **state)
            await bot.close(thread, closed=closed)
            found = school.fake.thread(id)
            assert (found.locked, found.archived) == (closed, closed)
    await bot.close(school.place(), closed=True)


async def test_a_card_in_a_forum_begins_a_post_with_its_title_and_tags(school):
    forum = school.fake.forum(school.guild, "discussions", ["Reading", "Questions"])
    bot = await school.start()
    card = Card("Week 41: Listening", (Markdown("What did you hear?"),), tags=("reading", "unknown"))
    id = await bot.post(school.place(forum), card, MARK)
    [post] = school.fake.posts(forum)
    assert (str(post.id), post.name, post.auto_archive) == (id, "Week 41: Listening", 10080)
    assert post.applied_tags == [int(forum.tags[0]["id"])]
    assert await bot.thread(school.place(forum), id, "any") == school.place(forum, id)
    await bot.update(school.place(forum), id, say("What did you hear today?"))
    assert school.said(post) == ["What did you hear today?"]
    assert await bot.find(school.place(forum), MARK, school.long_ago) == (id,)
    assert (
        await bot.link(school.place(forum), id) == f"https://discord.com/channels/{school.guild.id}/{id}/{id}"
    )


async def test_a_post_in_a_forum_has_no_nonce_and_is_found_after_a_lost_answer(school):
    forum = school.fake.forum(school.guild, "discussions")
    bot = await school.start()
    school.fake.fail("POST /channels/{}/threads", drop=True, when="after")
    with pytest.raises(OutcomeUnknown):
        await bot.post(school.place(forum), ASK, MARK)
    [lost] = school.fake.posts(forum)
    school.fake.set_thread(lost, archived=True)
    twice = await bot.post(school.place(forum), ASK, MARK)
    assert await bot.find(school.place(forum), MARK, school.long_ago) == (str(lost.id), twice)
    await bot.delete(school.place(forum), twice)
    await bot.delete(school.place(forum), twice)
    assert [str(post.id) for post in school.fake.posts(forum)] == [str(lost.id)]


async def test_a_forum_post_that_people_answered_stays_without_our_words(school):
    forum = school.fake.forum(school.guild, "discussions")
    bot = await school.start()
    id = await bot.post(school.place(forum), ASK, MARK)
    await school.fake.say(school.ada, school.fake.posts(forum)[0], "I noticed.")
    await bot.delete(school.place(forum), id)
    assert school.said(school.fake.posts(forum)[0]) == ["I noticed."]


async def test_the_history_of_a_forum_post_begins_with_its_first_message(school):
    forum = school.fake.forum(school.guild, "discussions")
    bot = await school.start()
    id = await bot.post(school.place(forum), ASK, MARK)
    said = await school.fake.say(school.ada, school.fake.posts(forum)[0], "I noticed.")
    await school.fake.settle()
    history = await bot.history(school.place(forum, id), None)
    assert isinstance(history, History)
    assert [one.id for one in history.messages] == [id, said["id"]]
    assert school.door.messages[-1].place == school.place(forum, id)


# ── looking back ──────────────────────────────────────────────────────────────


async def test_an_empty_history_without_the_permission_is_not_nothing(school):
    bot = await school.start()
    id = await bot.post(school.place(), ASK, MARK)
    thread = await bot.thread(school.place(), id, "Answers")
    school.fake.permit_bot(school.guild, BOT & ~May.READ_MESSAGE_HISTORY)
    school.fake.deny(school.room, school.guild, "READ_MESSAGE_HISTORY")
    await school.fake.settle()
    assert isinstance(await bot.find(school.place(), MARK, school.long_ago), HistoryUnavailable)
    assert isinstance(await bot.history(thread, None), HistoryUnavailable)


async def test_a_page_that_fails_makes_no_shorter_history(school):
    bot = await school.start()
    id = await bot.post(school.place(), ASK, MARK)
    thread = await bot.thread(school.place(), id, "Answers")
    for number in range(150):
        await school.fake.say(school.ada, school.fake.thread(id), f"{number}")
    school.fake.fail(
        "GET /channels/{}/messages", status=503, where=lambda call: call.query.get("after") not in ("0", None)
    )
    with pytest.raises(OutcomeUnknown):
        await bot.history(thread, None)


async def test_discords_own_notices_in_a_thread_are_nobodys_answers(school):
    bot = await school.start()
    id = await bot.post(school.place(), ASK, MARK)
    thread = await bot.thread(school.place(), id, "Answers")
    inside = await bot.post(thread, say("Inside."), "inside")
    await bot.pin(thread, inside, pinned=True)
    history = await bot.history(thread, None)
    assert isinstance(history, History)
    assert [one.id for one in history.messages] == [id, inside]


# ── direct messages, pins, events ─────────────────────────────────────────────


async def test_a_closed_direct_message_is_refused_and_remembered(school):
    school.fake.close_dms(school.ada)
    bot = await school.start()
    here = await bot.direct(school.space, str(school.ada.id))
    with pytest.raises(Rejected) as refused:
        await bot.post(here, say("Your weekly prompt"), MARK)
    assert refused.value.code == "direct_messages_closed"
    assert school.book.pages[f"person:{school.ada.id}"]["untold"] == ["Your weekly prompt"]
    assert school.said() == [], "nobody is told in the channel"


async def test_a_direct_message_is_opened_once(school):
    bot = await school.start()
    for _ in range(3):
        await bot.direct(school.space, str(school.ada.id))
    assert len(school.fake.calls_to("POST /users/@me/channels")) == 1


async def test_pins_come_and_go(school):
    bot = await school.start()
    id = await bot.post(school.place(), ASK, MARK)
    for pinned in (True, True, False, False):
        await bot.pin(school.place(), id, pinned=pinned)
        assert school.fake.messages(school.room)[0]["pinned"] is pinned
    await school.fake.settle()
    assert [one["type"] for one in school.fake.messages(school.room)] == [0], "the notice of the pin is gone"
    await bot.delete(school.place(), id)
    await bot.pin(school.place(), id, pinned=False)
    with pytest.raises(Rejected):
        await bot.pin(school.place(), id, pinned=True)


async def test_a_moderators_own_pin_keeps_its_notice_and_ours_stays_where_it_may_not_go(school):
    bot = await school.start()
    id = await bot.post(school.place(), ASK, MARK)
    message = school.fake.world.message(school.room, id)
    notice = Message(school.fake.world.ids.next(), school.room.id, school.ada.id, type=6)
    put(school.fake, school.room, notice)
    school.fake.fail("DELETE /channels/{}/messages/{}", status=403, code=50013)
    await bot.pin(school.place(), str(message.id), pinned=True)
    await school.fake.settle()
    assert [one["type"] for one in school.fake.messages(school.room)] == [0, 6, 6]


def _gathering(school, **more):
    starts = school.clock.now() + timedelta(days=1)
    return CalendarEvent(**{
        "title": "Open evening", "about": "Come.", "starts": starts, "ends": starts + timedelta(hours=1), "where": "Hall", **more,
    })  # fmt: skip


async def test_a_gathering_is_listed_moved_and_called_off(school):
    bot = await school.start()
    long = _gathering(school, title="T" * 200, about="A" * 2000, where="W" * 200)
    known = await bot.put_event(school.space, long, None)
    assert known is not None
    assert await bot.put_event(school.space, _gathering(school), known) == known
    [event] = school.guild.events.values()
    assert (event["name"], event["entity_metadata"]["location"], event["entity_type"]) == (
        "Open evening",
        "Hall",
        3,
    )
    await bot.cancel_event(school.space, known)
    await bot.cancel_event(school.space, known)
    assert school.guild.events == {}
    again = await bot.put_event(school.space, _gathering(school), known)
    assert again is not None
    assert again != known, "what somebody removed is put there anew"


async def test_what_has_begun_is_left_alone(school):
    bot = await school.start()
    past = _gathering(school, starts=school.clock.now() - timedelta(hours=1))
    assert await bot.put_event(school.space, past, "55") == "55"
    assert await bot.put_event(school.space, past, None) is None


async def test_buttons_and_long_cards_are_taken_over_the_wire(school):
    bot = await school.start()
    card = say("Long", Markdown("word " * 4000), Buttons((Button("Answer", opens="a.b", value="o1"),)))
    await bot.post(school.place(), card, MARK)
    [message] = school.fake.messages(school.room)
    assert [one["filename"] for one in message["attachments"]] == ["the-whole-text.txt"]
    assert "[Answer]" in school.said()[0]
    assert json.dumps(message)


async def test_where_no_files_may_be_attached_words_stand_for_them(school):
    from bot.chat.card_examples import examples

    bot = await school.start()
    school.fake.permit_bot(school.guild, BOT & ~May.ATTACH_FILES)
    school.fake.deny(school.room, school.guild, "ATTACH_FILES")
    await school.fake.settle()
    id = await bot.post(school.place(), examples()[0], MARK)
    await bot.update(school.place(), id, say("Long", Markdown("word " * 4000)))
    [message] = school.fake.messages(school.room)
    assert message["attachments"] == []
    assert "the-whole-text.txt" in school.said()[0]
    assert "may not attach" in school.said()[0]
    assert await bot.find(school.place(), MARK, school.long_ago) == (id,)


async def test_a_command_in_a_text_is_something_to_tap_with_its_options_by_name(school):
    bot = await school.start()
    await school.fake.until(lambda: "command_ids" in school.book.pages)
    number = school.book.pages["command_ids"]["try"]
    card = say("How", Markdown("Write `/try one 3`, or /tilth help."), Note("/try aloud tells everybody."))
    posted = await bot.post(school.place(), card, MARK)
    told = json.dumps(school.fake.messages(school.room), default=str)
    assert f"</try one:{number}> `number: 3`, or </tilth help:" in told
    assert f"-# </try aloud:{number}> tells everybody." in told
    await bot.update(school.place(), posted, say("How", Markdown("`/try form`")))
    assert f"</try form:{number}>" in json.dumps(school.fake.messages(school.room), default=str)
    await bot.stop()
    again = (
        await school.start()
    )  # nothing has changed, so Discord is told of no commands, and their ids are known
    await again.post(school.place(), say("How", Markdown("`/try one 4`")), "marker-2")
    assert f"</try one:{number}> `number: 4`" in json.dumps(school.fake.messages(school.room), default=str)


async def test_a_command_in_an_answer_is_something_to_tap(school):
    await school.start()
    await school.fake.until(lambda: "command_ids" in school.book.pages)
    school.door.will_answer(CommandInvoked, say("How", Markdown("Now `/try form`.")))
    await school.fake.slash(school.ada, school.room, "try all", number=3)
    await school.fake.until(lambda: school.seen(school.ada))
    assert "</try form:" in json.dumps(school.fake.ephemerals(school.ada, school.room), default=str)
