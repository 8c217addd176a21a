"""Whoever can be written to is, nobody else is counted, and every text says what works where it is read."""

from __future__ import annotations

import asyncio
import re

import pytest

from bot.chat.events import ButtonPressed
from bot.doctor.deployment import check_reach
from tests.stories.platforms import BARE, DEFAULT
from tests.stories.stage import staged
from tests.stories.test_reminders import reminders

bare = pytest.mark.only(BARE, reason="elsewhere what people write in a thread can be read")
default = pytest.mark.only(DEFAULT, reason="elsewhere the platform lists people")


async def plan(stage, line="/prompt schedule #staffroom every mon 09:00 closes:4d"):
    shown = await stage.asks("mo", line)
    await stage.presses("mo", shown, "Confirm")


async def ask_on_monday(stage):
    await plan(stage)
    await stage.until("2026-10-05 09:00")
    return stage.prompts()[0]


def us(stage) -> str:
    """A mention of the bot, as the client sends it."""
    return f"<@{stage.platform.fake.world.bot.id}>"


# ── what people write in a thread ─────────────────────────────────────────────


async def test_a_prompt_says_that_replies_are_heard_where_they_are(monday):
    assert "Reply in the thread" in monday.text(monday.prompts()[0])


@bare
async def test_a_prompt_says_what_works_where_replies_are_not_heard(stage):
    shown = await stage.asks("mo", "/prompt schedule #staffroom every mon 09:00 closes:4d headsup:2h")
    await stage.presses("mo", shown, "Confirm")
    await stage.until("2026-10-05 08:00")
    headsup = stage.text(stage.inbox("mo")[-1])
    await stage.until("2026-10-05 09:00")
    for text in (headsup, stage.text(stage.prompts()[0])):
        assert "Reply in the thread" not in text
        assert "only replies that mention me" in text


@bare
async def test_a_reply_that_cannot_be_heard_is_answered_once_with_what_works(stage):
    prompt = await ask_on_monday(stage)
    await stage.says("ada", "The caretaker.", thread=prompt)
    await stage.settles()
    [told] = stage.inbox("ada")
    assert "not saved as an answer" in stage.text(told)
    assert await stage.answers() == {}
    await stage.says("ada", "Nobody hears me.", thread=prompt)
    await stage.settles()
    await stage.later(hours=7)  # the thread is read again
    assert len(stage.inbox("ada")) == 1
    form = await stage.presses("ada", told, "Answer")
    await stage.fills_in("ada", form, q0="The caretaker.")
    assert await stage.answers() == {"Ada Quinn": "The caretaker."}


@bare
async def test_a_reply_that_is_edited_to_mention_the_bot_is_heard(stage):
    prompt = await ask_on_monday(stage)
    said = await stage.says("ada", "The caretaker.", thread=prompt)
    await stage.settles()
    assert len(stage.inbox("ada")) == 1
    await stage.edits("ada", said, f"{us(stage)} The caretaker.")
    assert await stage.answers() == {"Ada Quinn": "The caretaker."}


@bare
async def test_a_prompt_that_is_reworded_still_says_what_works(stage):
    form = await stage.asks("mo", "/prompt add")
    await stage.fills_in("mo", form, deck="own", title="The left", question="What is on the left?")
    await plan(stage, "/prompt schedule #staffroom every mon 09:00 deck:own closes:4d")
    await stage.until("2026-10-05 08:59")
    stage.limit(600)
    await stage.until("2026-10-05 09:00")
    own = re.search(r"p\d+", stage.text(await stage.asks("mo", "/prompt list deck:own")))
    await stage.fills_in("mo", await stage.asks("mo", f"/prompt edit {own[0]}"), title="Other words")
    await stage.until("2026-10-05 10:00")
    [prompt] = stage.prompts()
    assert "Other words" in stage.text(prompt)
    assert "only replies that mention me" in stage.text(prompt)


@bare
async def test_what_is_said_of_a_reply_is_true_where_only_mentions_are_heard(stage):
    prompt = await ask_on_monday(stage)
    said = await stage.says("ada", f"{us(stage)} The caretaker.", thread=prompt)
    await stage.later(seconds=10)
    assert "In a thread, mention me." in stage.text(stage.inbox("ada")[-1])
    await stage.says("ada", f"{us(stage)} And the cleaner.", thread=prompt)
    await stage.says("ada", "Nobody hears this.", thread=prompt)
    await stage.edits("ada", said, f"{us(stage)} The janitor.")
    assert await stage.answers() == {"Ada Quinn": "The janitor.\n\nAnd the cleaner."}
    reply = await stage.says("ben", "A bell.", thread=prompt)
    await stage.uses("ben", "reflect.save", reply)
    assert (await stage.answers())["Ben Okafor"] == "A bell."


@bare
async def test_a_digest_sends_nobody_to_a_thread_for_answers_that_came_by_form(stage):
    prompt = await ask_on_monday(stage)
    for number in range(7):
        await stage.joins(f"kim{number}", f"Kim {number}")
        form = await stage.presses(f"kim{number}", prompt, "Answer or edit")
        await stage.fills_in(f"kim{number}", form, q0=f"Answer {number}.", sharing="everyone")
    await stage.until("2026-10-09 12:00")
    assert "1 more is shared: /reflect read shows it" in stage.text(stage.digests()[0])


@bare
async def test_a_reply_that_was_missed_is_answered_after_a_restart(stage):
    prompt = await ask_on_monday(stage)
    await stage.stops()
    await stage.says("ada", "The caretaker.", thread=prompt)
    await stage.starts()
    await stage.settles()
    assert len(stage.inbox("ada")) == 1


@bare
async def test_what_is_meant_for_somebody_else_is_not_commented_on(stage):
    prompt = await ask_on_monday(stage)
    said = await stage.says("ada", f"{us(stage)} The caretaker.", thread=prompt)
    assert await stage.answers() == {"Ada Quinn": "The caretaker."}
    await stage.later(seconds=10)  # the welcome
    before = len(stage.inbox("ada"))
    await stage.says("ben", "How lovely!", thread=prompt, to=said)
    await stage.says("cleo", "@Ada Quinn well done", thread=prompt)
    await stage.says("ada", "Thank you both.", thread=prompt)
    await stage.settles()
    assert stage.inbox("ben") == stage.inbox("cleo") == []
    assert len(stage.inbox("ada")) == before, "she has answered"


@bare
async def test_a_discussion_counts_everybody_who_wrote_although_nobody_is_heard(stage):
    shown = await stage.asks(
        "mo", '/discuss schedule #staffroom "mon 09:00" title:Questions closes:1d -- Ask anything.'
    )
    await stage.presses("mo", shown, "Confirm")
    await stage.until("2026-10-05 09:00")
    for who in ("ada", "ben", "cleo", "mo", "ida"):
        await stage.says(who, "I wonder.", thread=stage.room()[-1])
    await stage.until("2026-10-06 09:01")
    assert "the 5 people who wrote" in stage.text(stage.thread(None, stage.room()[-1])[-1])


@bare
async def test_a_setting_that_changes_is_followed_from_the_next_start(stage):
    await ask_on_monday(stage)
    stage.platform.grant(message_content=True, members=False)
    await stage.restarts()
    await stage.until("2026-10-12 09:00")
    assert "Everyone here reads replies." in stage.text(stage.prompts()[-1])


# ── reminders ─────────────────────────────────────────────────────────────────


@default
@pytest.mark.parametrize("way", ["thread", "form", "direct"])
async def test_who_took_part_is_reminded_although_nobody_is_listed(stage, way):
    prompt = await ask_on_monday(stage)
    if way == "thread":
        await stage.says("ada", "The caretaker.", thread=prompt)
    elif way == "form":
        await stage.fills_in("ada", await stage.presses("ada", prompt, "Answer or edit"), q0="The caretaker.")
    else:
        await stage.asks("ada", "/tilth help")
        await stage.writes_to_the_bot("ada", "The caretaker.")
    await stage.until("2026-10-16 09:00")
    assert len(reminders(stage, "ada")) == 1
    assert reminders(stage, "ben") == []
    assert reminders(stage, "mo") == []


@default
async def test_reminders_to_closed_direct_messages_are_tried_once(stage):
    prompt = await ask_on_monday(stage)
    await stage.fills_in("ada", await stage.presses("ada", prompt, "Answer or edit"), q0="The caretaker.")
    stage.platform.fake.close_dms(stage.platform.users["ada"])
    await stage.until("2026-11-07 12:00")
    assert len(await refused(stage)) == 1


async def refused(stage) -> list[str]:
    """Rows of what a platform would not deliver."""
    lines = await stage.dump()
    return [line for line in lines if line.startswith('INSERT INTO "outbox"') and "'failed'" in line]


# ── direct prompts, and the Join button ───────────────────────────────────────


async def invite(stage, button=None):
    """A moderator posts the card with the Join button."""
    shown = await stage.asks("mo", "/tilth invite #staffroom") if button is None else button
    assert "Join" in stage.text(shown)
    await stage.presses("mo", shown, "Post")
    await stage.settles()
    return stage.room()[-1]


@default
async def test_a_direct_prompt_is_refused_with_the_fix_where_nobody_can_be_reached(stage):
    refused = await stage.asks("mo", "/prompt schedule #staffroom every mon 09:00 to:dm")
    text = stage.text(refused)
    assert "TILTH_DISCORD__MEMBERS=true" in text
    assert "Server Members Intent" in text
    assert "Confirm" not in refused.buttons
    preview = await stage.presses("mo", refused, "Post a Join card")
    card = await invite(stage, preview)
    await stage.presses("ada", card, "Join")
    shown = await stage.asks("mo", "/prompt schedule #staffroom every mon 09:00 to:dm")
    assert "1 person" in stage.text(shown)
    assert "TILTH_DISCORD__MEMBERS=true" in stage.text(shown)
    await stage.presses("mo", shown, "Confirm")
    before = len(stage.inbox("ada"))
    await stage.until("2026-10-05 09:00")
    assert len(stage.inbox("ada")) == before + 1
    assert stage.inbox("ben") == []


@default
async def test_a_direct_schedule_gets_no_further_place_where_nobody_can_be_reached(stage):
    card = await invite(stage)
    await stage.presses("ada", card, "Join")
    await plan(stage, "/prompt schedule #staffroom every mon 09:00 to:dm")
    await stage.opens_channel("c2", "lounge")
    assert "Server Members Intent" in stage.text(await stage.asks("mo", "/prompt place s1 #lounge"))


async def joined(stage, who: str) -> str:
    """Press Join on a card that a moderator posted; what the click answered."""
    return stage.text(await stage.presses(who, await invite(stage), "Join"))


def direct_prompts(stage, who):
    """The titles of the prompts that came directly, open or closed."""
    return [
        one.title
        for one in stage.inbox(who)
        if one.buttons[:1] == ("Answer",) or "This prompt is closed." in one.text
    ]


async def test_join_and_leave_work_on_every_platform(stage):
    card = await invite(stage)
    answer = await stage.presses("ada", card, "Join")
    assert "I can write to you" in stage.text(answer)
    assert len(stage.inbox("ada")) == 1
    again = await stage.presses("ada", card, "Join")
    assert "already" in stage.text(again)
    assert len(stage.inbox("ada")) == 1, "pressed twice, said once"
    await plan(stage, "/prompt schedule #staffroom every mon 09:00 to:dm")
    await stage.until("2026-10-05 09:00")
    assert len(stage.inbox("ada")) == 2
    gone = await stage.presses("ada", stage.inbox("ada")[0], "Leave")
    assert "no longer" in stage.text(gone)
    await stage.until("2026-10-12 12:00")
    assert direct_prompts(stage, "ada") == ["A door held open"]
    await stage.presses("ada", card, "Join")
    await stage.until("2026-10-19 12:00")
    assert direct_prompts(stage, "ada") == ["A door held open", "Two small things"]


async def test_a_direct_schedule_counts_who_can_really_be_reached(stage):
    line = "/prompt schedule #staffroom every mon 09:00 to:dm"
    all_ = reached(stage, await stage.asks("mo", line))
    assert all_ >= 5
    await stage.asks("ada", "/my settings direct:no")
    assert reached(stage, await stage.asks("mo", line)) == all_ - 1


@default
async def test_whose_direct_messages_are_closed_is_told_so_at_the_click_and_not_counted(stage):
    fake, ada = stage.platform.fake, stage.platform.users["ada"]
    fake.close_dms(ada)
    card = await invite(stage)
    told = stage.text(await stage.presses("ada", card, "Join"))
    assert "Your direct messages are closed to me" in told
    assert "then press Join again" in told
    assert "2 people known, 1 can be reminded" in await asked_doctor(stage)
    refused = await stage.asks("mo", "/prompt schedule #staffroom every mon 09:00 to:dm")
    assert "Confirm" not in refused.buttons
    fake.open_dms(ada)
    assert "I can write to you" in stage.text(await stage.presses("ada", card, "Join"))
    assert len(stage.inbox("ada")) == 1


def reached(stage, shown) -> int:
    """How many people a schedule says it reaches."""
    return int(re.search(r"Reaches:? (\d+) pe", stage.text(shown))[1])


@pytest.mark.only("discord", reason="there people close their direct messages to a server")
async def test_who_closes_their_direct_messages_is_tried_once_and_no_more(stage):
    stage.platform.fake.close_dms(stage.platform.users["ada"])
    await plan(stage, "/prompt schedule #staffroom every mon 09:00 to:dm")
    await stage.until("2026-10-26 12:00")
    assert len(await refused(stage)) == 1
    closed = reached(stage, await stage.asks("mo", "/prompt show s1"))
    await stage.presses("ada", await invite(stage), "Join")
    assert reached(stage, await stage.asks("mo", "/prompt show s1")) == closed
    stage.platform.fake.open_dms(stage.platform.users["ada"])
    await stage.writes_to_the_bot("ada", "help")
    assert reached(stage, await stage.asks("mo", "/prompt show s1")) == closed + 1


# ── what others are told ──────────────────────────────────────────────────────


async def asked_doctor(stage) -> str:
    """What `tilth doctor` says of the people of the space."""
    [found] = await stage.app.store.read(check_reach)
    return ": ".join(found)


@default
async def test_the_doctor_says_who_can_be_reached(stage):
    assert "0 can be sent prompts directly" in await asked_doctor(stage)
    card = await invite(stage)
    await stage.presses("ada", card, "Join")
    await stage.presses("ben", card, "Leave")
    told = await asked_doctor(stage)
    assert "3 people known, 2 can be reminded, 1 can be sent prompts directly" in told
    assert told.startswith("ok")
    assert "TILTH_DISCORD__MEMBERS=true" in told
    await plan(stage, "/prompt schedule #staffroom every mon 09:00 to:dm")
    assert (await asked_doctor(stage)).startswith("warning")


@pytest.mark.only(BARE, DEFAULT, "discord", reason="others are told by whoever installs the app")
async def test_the_welcome_says_what_works_there(stage, platform):
    fake = stage.platform.fake
    stage.platform.users["olga"] = fake.user("Olga Owner")
    fake.guild("Meadow School", owner=stage.platform.users["olga"])
    await stage.settles()
    said = stage.text(stage.inbox("olga")[-1])
    assert ("with a mention of me" in said) == (platform == BARE)
    assert ("/tilth invite" in said) == ("[Join]" in said) == (platform != "discord")


@default
async def test_enrolling_a_channel_says_whom_it_cannot_see(stage):
    said = stage.text(await stage.asks("mo", "/course enroll c1 channel:#staffroom"))
    assert "1 person" in said
    assert "only people who have done something" in said


@pytest.mark.only("local", reason="two clicks at one instant need no wire")
async def test_two_clicks_on_join_at_once_bring_one_message(stage):
    card = await invite(stage)
    await asyncio.gather(stage.presses("ada", card, "Join"), stage.presses("ada", card, "Join"))
    assert len(stage.inbox("ada")) == 1


@pytest.mark.only("local", reason="there a click can be told twice, as a platform may")
async def test_post_that_is_told_twice_posts_one_card(stage):
    await stage.asks("mo", "/tilth invite")
    who = stage.platform.adapter.world.who("mo")
    value = f"c1/{int(stage.clock.now().timestamp())}"
    for _ in range(2):
        await stage.app.dispatcher.hear(ButtonPressed(who, stage.place(), "invite.post", value))
    await stage.later(minutes=1)
    assert len([one for one in stage.room() if "Join" in one.buttons]) == 1


@default
async def test_where_the_card_cannot_be_posted_its_moderator_is_told_why(stage):
    shown = await stage.asks("mo", "/tilth invite #staffroom")
    stage.shut()
    assert "can’t see the channel" in stage.text(await stage.presses("mo", shown, "Post"))


@pytest.mark.postgres
async def test_joining_and_reminding_on_postgres(tmp_path, postgres_url):
    async with staged(tmp_path, BARE, url=postgres_url) as stage:
        prompt = await ask_on_monday(stage)
        await stage.says("ben", "Nobody hears this.", thread=prompt)
        await stage.fills_in("ada", await stage.presses("ada", prompt, "Answer or edit"), q0="The caretaker.")
        await stage.presses("ada", await invite(stage), "Join")
        assert (
            reached(stage, await stage.asks("mo", "/prompt schedule #staffroom every mon 10:00 to:dm")) == 1
        )
        assert "1 can be sent prompts directly" in await asked_doctor(stage)
        assert len(stage.inbox("ben")) == 1
        await stage.until("2026-10-16 09:00")
        assert len(reminders(stage, "ada")) == 1
        assert await stage.broken() == []


@pytest.mark.only("discord", reason="there people close their direct messages to a server")
async def test_who_joins_again_is_written_to_at_once(stage):
    fake, ada = stage.platform.fake, stage.platform.users["ada"]
    fake.close_dms(ada)
    await plan(stage, "/prompt schedule #staffroom every mon 09:00 to:dm")
    await plan(stage, "/prompt schedule #staffroom every mon 09:30 to:dm")
    await stage.until("2026-10-05 09:10")
    fake.open_dms(ada)
    await stage.presses("ada", await invite(stage), "Join")
    before = len(stage.inbox("ada"))
    await stage.until("2026-10-05 09:31")
    assert len(stage.inbox("ada")) == before + 1
