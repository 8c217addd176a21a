"""What an adapter makes of commands, buttons, selects and shortcuts, and where it shows the answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

import pytest

from bot.chat.cards import Button, Buttons, Markdown, say
from bot.chat.events import ButtonPressed, CommandInvoked, MessageReceived, ShortcutUsed
from bot.chat.parsing.command_line import read_option
from bot.chat.time.rules import Weekly
from tests.contract.door import CARD, EVERY_KIND, WORDS
from tests.stories.room import Line, Sheet

LINE = (
    '/try all word:"two words" number:14 sure:yes color:green item:p12 who:"@Ben Okafor" where:#lounge '
    'when:"fri 09:00" day:"19 dec" span:"19 dec to 5 jan" rhythm:"every mon 09:00" length:6d zone:Europe/Dublin '
    "text:We *tried* <b> & 5 > 3"
)
DIRECT = {
    "word": "two words", "number": "14", "sure": "yes", "color": "green", "item": "p12", "when": "fri 09:00",
    "day": "19 dec", "span": "19 dec to 5 jan", "rhythm": "every mon 09:00", "length": "6d", "zone": "Europe/Dublin",
}  # fmt: skip


async def test_a_command_arrives_with_typed_values_of_every_kind(here):
    await here.room.command("ada", "c1", LINE)
    [called] = here.door.of(CommandInvoked)
    assert (called.person, called.place, called.call.command.path) == (
        here.actor("ada"),
        here.place(),
        "try all",
    )
    options = {one.name: one for one in EVERY_KIND}
    expected = {name: read_option(options[name], text) for name, text in DIRECT.items()}
    expected |= {
        "who": here.room.id_of("ben"),
        "where": here.room.id_of("c2"),
        "text": "We *tried* <b> & 5 > 3",
    }
    assert called.call.values == expected
    assert called.call.values["rhythm"] == (Weekly(1, (0,), time(9)), None)
    assert called.call.missing == ()


async def test_a_command_in_a_direct_message_is_private(here):
    await here.room.direct("ada", "Hello.")
    channel = here.room.inbox("ada")[-1].channel
    await here.room.command("ada", channel, "/try one 3")
    [called] = here.door.of(CommandInvoked)
    assert called.place.private
    assert called.call.values == {"number": 3}


async def test_an_answer_to_a_command_is_seen_by_whoever_asked(here):
    here.door.will_answer(CommandInvoked, say("For you."))
    shown = await here.room.command("ada", "c1", "/tilth help")
    assert isinstance(shown, Line)
    assert (shown.text, shown.own, shown.private) == ("For you.", True, True)
    assert [one.text for one in here.own("ada")] == ["For you."]
    assert here.own("ben") == []


async def test_a_public_answer_is_seen_by_everybody(here):
    here.door.will_answer(CommandInvoked, replace(say("For all."), public=True))
    shown = await here.room.command("ada", "c1", "/try aloud")
    assert isinstance(shown, Line)
    assert not shown.private
    assert [one.text for one in here.own("ben")] == ["For all."]


async def test_a_command_that_may_answer_aloud_answers_privately_when_the_card_is_private(here):
    here.door.will_answer(CommandInvoked, say("Not for all."))
    await here.room.command("ada", "c1", "/try aloud")
    assert [one.text for one in here.own("ada")] == ["Not for all."]
    assert here.own("ben") == []


async def test_a_command_that_opens_a_form_shows_it_or_the_card_instead(here):
    sheet = await here.room.command("ada", "c1", "/try form")
    assert isinstance(sheet, Sheet)
    assert sheet.title == WORDS.title[: len(sheet.title)]
    here.door.opening = say("There is nothing to fill in.")
    shown = await here.room.command("ada", "c1", "/try form")
    assert isinstance(shown, Line)
    assert shown.text == "There is nothing to fill in."
    assert [one.call.command.path for one in here.door.opened] == ["try form", "try form"]


@pytest.mark.only("local", "slack", reason="Discord's client lets nobody mistype a command")
async def test_what_is_mistyped_comes_back_to_its_author_with_a_hint(here):
    shown = await here.room.command("ada", "c1", "/try al number:3")
    assert isinstance(shown, Line)
    shown = await here.room.command("ada", "c1", "/try one pony")
    assert isinstance(shown, Line)
    assert "pony" in shown.text
    assert here.own("ben") == []


async def test_a_long_answer_arrives_whole_or_says_what_is_missing(here):
    words = "\n\n".join(f"Paragraph {number}: " + "some words " * 40 for number in range(40))
    here.door.will_answer(CommandInvoked, say("Long.", Markdown(words)))
    await here.room.command("ada", "c1", "/tilth help")
    await here.room.settle()
    seen = "\n".join(one.text for one in here.own("ada"))
    files = [data.decode() for one in here.own("ada") for data in one.files.values()]
    assert "Paragraph 0:" in seen
    assert "Paragraph 39:" in seen or any("Paragraph 39:" in text for text in files) or "…" in seen
    assert here.own("ben") == []


# ── buttons and selects ───────────────────────────────────────────────────────


async def test_a_button_arrives_with_its_whole_state(here):
    line = await here.post(CARD)
    await here.room.press("ben", line, "Do it")
    [pressed] = here.door.of(ButtonPressed)
    assert pressed == ButtonPressed(here.actor("ben"), here.place(), "try.do", "d1", line.id)


async def test_a_button_may_carry_a_hundred_characters(here):
    state = "x" * (100 - len("try.do:"))
    line = await here.post(say("Long.", Buttons((Button("Do it", does="try.do", value=state),))))
    await here.room.press("ben", line, "Do it")
    assert here.door.of(ButtonPressed)[0].value == state


async def test_a_button_in_a_thread_and_one_in_a_direct_message_tell_where_they_are(here):
    root = await here.post(CARD)
    thread = await here.adapter.thread(here.place(), root.id, "Answers")
    inside = await here.post_in(thread, CARD)
    await here.room.press("ada", inside, "Do it")
    direct = await here.adapter.direct(here.room.space, here.room.id_of("ada"))
    await here.adapter.post(direct, CARD, "alone")
    await here.room.settle()
    await here.room.press("ada", here.room.inbox("ada")[-1], "Do it")
    assert [one.place for one in here.door.of(ButtonPressed)] == [thread, direct]


async def test_a_select_arrives_with_its_value_and_the_choice(here):
    line = await here.post(CARD)
    await here.room.choose("ben", line, "Help", "Full")
    [picked] = here.door.of(ButtonPressed)
    assert picked == ButtonPressed(here.actor("ben"), here.place(), "try.help", "s1/full", line.id)


async def test_an_answer_to_a_button_is_private_and_one_that_replaces_takes_its_place(here):
    here.door.will_answer(CommandInvoked, CARD)
    preview = await here.room.command("ada", "c1", "/tilth help")
    assert isinstance(preview, Line)
    here.door.will_answer(ButtonPressed, say("Beside it."), replace(say("Instead of it."), replaces=True))
    beside = await here.room.press("ada", preview, "Do it")
    assert isinstance(beside, Line)
    assert beside.text == "Beside it."
    instead = await here.room.press("ada", preview, "Do it")
    assert isinstance(instead, Line)
    assert instead.text == "Instead of it."
    assert sorted(one.text for one in here.own("ada")) == ["Beside it.", "Instead of it."]
    assert here.own("ben") == []


async def test_a_card_that_everybody_sees_is_not_replaced_by_an_answer_to_one(here):
    line = await here.post(CARD)
    here.door.will_answer(ButtonPressed, replace(say("Only for Ada."), replaces=True))
    shown = await here.room.press("ada", line, "Do it")
    assert isinstance(shown, Line)
    assert shown.text == "Only for Ada."
    assert here.line(line.id, "ben").buttons == line.buttons


async def test_a_button_that_opens_shows_the_form_or_the_card_instead(here):
    line = await here.post(CARD)
    assert isinstance(await here.room.press("ada", line, "Words"), Sheet)
    [opened] = here.door.opened
    assert opened == ButtonPressed(here.actor("ada"), here.place(), "try.words", "w1", line.id)
    here.door.opening = say("It is closed.")
    shown = await here.room.press("ada", line, "Words")
    assert isinstance(shown, Line)
    assert shown.text == "It is closed."


async def test_buttons_work_on_what_was_posted_before_a_restart(here):
    line = await here.post(CARD)
    await here.restart()
    await here.room.press("ben", line, "Do it")
    [pressed] = here.door.of(ButtonPressed)
    assert (pressed.id, pressed.value, pressed.message) == ("try.do", "d1", line.id)


async def test_a_button_without_an_answer_is_taken_quietly(here):
    line = await here.post(CARD)
    assert await here.room.press("ben", line, "Do it") is None
    assert [one.id for one in here.own("ben")] == [line.id]


# ── shortcuts ─────────────────────────────────────────────────────────────────


async def test_a_shortcut_on_a_message_tells_the_message(here):
    id = await here.room.say("ben", "c1", "Worth *keeping*.")
    [said] = here.door.messages
    here.door.will_answer(ShortcutUsed, say("Kept."))
    shown = await here.room.shortcut("ada", "try.keep", "c1", id)
    [used] = here.door.of(ShortcutUsed)
    assert (used.person, used.id, used.place) == (here.actor("ada"), "try.keep", here.place())
    assert used.message == said
    assert isinstance(shown, Line)
    assert shown.text == "Kept."
    assert here.own("ben") == []


async def test_a_shortcut_may_open_a_form_and_work_from_anywhere(here):
    id = await here.room.say("ben", "c1", "Worth keeping.")
    assert isinstance(await here.room.shortcut("ada", "try.about", "c1", id), Sheet)
    assert isinstance(here.door.opened[-1], ShortcutUsed)
    assert here.door.opened[-1].message is not None
    if here.room.platform == "discord":
        return  # Discord's menus are on messages and people only
    assert isinstance(await here.room.shortcut("ada", "try.open", "c1", None), Sheet)
    assert isinstance(here.door.opened[-1], ShortcutUsed)
    assert here.door.opened[-1].message is None


async def test_nothing_people_ask_is_told_as_a_message(here):
    line = await here.post(CARD)
    await here.room.command("ada", "c1", "/tilth help")
    await here.room.press("ada", line, "Do it")
    here.clock.advance(timedelta(minutes=1))
    await here.room.settle()
    assert [one for one in here.door.of(MessageReceived) if not one.message.own] == []


async def test_somebody_is_looked_up_with_what_they_may_do_now_and_whoever_is_not_there_is_a_stranger(here):
    mo = await here.adapter.look_up(here.place().space, here.room.id_of("mo"))
    assert (mo.id, mo.name, mo.stranger) == (here.room.id_of("mo"), "Mo Hale", False)
    assert mo.facts
    ada = await here.adapter.look_up(here.place().space, here.room.id_of("ada"))
    assert not ada.facts & mo.facts
    await here.room.leave("ben")
    await here.room.settle()
    gone = await here.adapter.look_up(here.place().space, here.room.id_of("ben"))
    assert gone.stranger
    assert not gone.facts & mo.facts
