"""Whoever takes part for the first time is welcomed once, in private, by whichever door they came."""

from __future__ import annotations

import pytest

from bot.chat.events import BotInvited
from bot.settings.model import ReminderSettings, RetentionSettings
from tests.stories.stage import staged

DOORS = ("thread", "form", "direct", "command", "tap", "reaction", "join")


def welcomes(stage, who):
    """The welcomes that somebody got, each as its lines."""
    texts = [stage.text(one) for one in stage.inbox(who)]
    return [text.splitlines() for text in texts if "Welcome to Tilth" in text]


async def takes_part(stage, who, door):
    """Somebody takes part, and a moment passes."""
    prompt = next(one for one in stage.prompts() if any("Answer" in label for label in one.buttons))
    match door:
        case "thread":
            await stage.says(who, "The caretaker.", thread=prompt)
        case "form":
            form = await stage.presses(who, prompt, "Answer or edit")
            scaled = "Room to think" in stage.text(prompt)
            await stage.fills_in(who, form, q0="4" if scaled else "The caretaker.")
        case "direct":
            await stage.writes_to_the_bot(who, "The caretaker held the door for me.")
        case "command":
            await stage.asks(who, "/reflect answer -- The caretaker.")
        case "tap":
            await stage.until("2026-10-12 09:00")
            form = await stage.presses(who, stage.prompts()[-1], "Answer or edit")
            await stage.fills_in(who, form, q0="4")
        case "reaction":
            said = await stage.says(who, "@Ben Okafor it was the caretaker", thread=prompt)
            await stage.reacts(who, said, "seedling")
        case "join":
            await stage.presses("mo", await stage.asks("mo", "/tilth invite #staffroom"), "Post")
            await stage.later(seconds=5)
            card = [one for one in stage.room() if "Join" in one.buttons][-1]
            await stage.presses(who, card, "Join")
    await stage.later(seconds=10)


@pytest.mark.parametrize("door", DOORS)
async def test_a_first_contact_by_any_door_brings_one_welcome_and_no_other_door_a_second(monday, door):
    stage = monday
    await takes_part(stage, "ada", door)
    [welcome] = welcomes(stage, "ada")
    assert stage.text(stage.inbox("ada")[-1]).count("Welcome to Tilth") <= 1
    for other in ("thread", "form", "direct", "join"):
        await takes_part(stage, "ada", other)
    assert welcomes(stage, "ada") == [welcome]
    assert welcomes(stage, "ben") == welcomes(stage, "mo") == []


async def test_a_welcome_has_eight_lines_with_true_numbers(tmp_path, platform):
    changes = {"retention": RetentionSettings(answers=123), "reminders": ReminderSettings(per_week=1)}
    async with staged(tmp_path, platform, **changes) as stage:
        await stage.confirms("/prompt schedule #staffroom every mon 09:00 closes:4d")
        await stage.until("2026-10-05 09:00")
        await takes_part(stage, "ada", "thread")
        [welcome] = welcomes(stage, "ada")
        text = "\n".join(welcome).replace("*", "")
        assert "your answers, for 123 days" in text
        assert "at most 1 a week" in text
        assert "The usual, at most 1 a week" in stage.text(await stage.asks("ada", "/my"))
        assert len([line for line in welcome if line.lstrip().startswith(("-", "•"))]) == 8
        card = next(one for one in stage.inbox("ada") if "Welcome to Tilth" in stage.text(one))
        assert "A door held open" in stage.text(await stage.presses("ada", card, "See open questions"))
        assert "I no longer write to you" in stage.text(await stage.presses("ada", card, "Leave"))


async def test_who_only_reads_and_who_answers_anonymously_hears_nothing(stage):
    await stage.confirms("/prompt schedule #staffroom every mon 09:00 closes:4d anonymous:yes")
    await stage.until("2026-10-05 09:00")
    form = await stage.presses("ada", stage.prompts()[-1], "Answer anonymously")
    await stage.fills_in("ada", form, q0="The caretaker.")
    await stage.asks("ben", "/my settings")
    await stage.later(hours=1)
    assert welcomes(stage, "ada") == welcomes(stage, "ben") == []


async def test_who_wants_no_direct_messages_is_welcomed_when_they_do(monday):
    stage = monday
    await stage.asks("ada", "/my settings direct:no")
    await takes_part(stage, "ada", "thread")
    assert welcomes(stage, "ada") == []
    await takes_part(stage, "ada", "join")
    assert len(welcomes(stage, "ada")) == 1


async def test_who_said_stop_is_not_welcomed(monday):
    stage = monday
    await stage.writes_to_the_bot("ada", "stop")
    await takes_part(stage, "ada", "thread")
    assert welcomes(stage, "ada") == []
    await takes_part(stage, "ada", "join")
    assert len(welcomes(stage, "ada")) == 1


@pytest.mark.only("slack", reason="elsewhere nobody lets the bot into a channel: it sees those of its server")
async def test_a_channel_that_lets_the_bot_in_is_told_once_what_this_is(stage):
    await stage.opens_channel("c2", "team-north")
    slack, channel = stage.platform.slack, stage.platform.id_of("c2")
    for _again in range(2):
        await slack.leave(slack.bot, channel)
        await slack.join(slack.bot, channel, inviter=stage.platform.id_of("mo"))
        await stage.later(seconds=5)
        [greeting] = stage.room(channel="c2")
    for words in (
        "Tilth is here",
        "what a moderator or a team lead sets up here",
        "reply in its thread",
        "write help to me",
    ):
        assert words in stage.text(greeting)


async def test_a_space_that_lets_the_bot_into_all_its_channels_is_told_once_in_one_of_them(stage):
    for _again in range(2):
        await stage.app.dispatcher.hear(BotInvited(stage.place("c1"), whole=True))
        await stage.later(seconds=5)
    [greeting] = stage.room(channel="c1")
    assert "I post only what a moderator or a team lead sets up." in stage.text(greeting)
    assert "In this channel" not in stage.text(greeting)
