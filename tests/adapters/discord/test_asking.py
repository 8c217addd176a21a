"""Commands, buttons and forms over the wire: acknowledged in time, shown to the right people, nothing lost."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.discord.timings import Timings
from bot.chat.cards import Button, Buttons, File, Markdown, say
from bot.chat.events import ButtonPressed, CommandInvoked, FormSubmitted, ShortcutUsed
from bot.chat.forms import FieldErrors, Form, LongText
from bot.chat.models import Place
from bot.chat.port import NotStored
from tests.contract.door import CARD, WORDS, RecordingDoor

MARK = "0123456789abcdef01234567"
DEFERRED, DEFERRED_UPDATE, MESSAGE, MODAL = 5, 6, 4, 9


class SlowDoor(RecordingDoor):
    """Takes as long as it is told."""

    wait = 0.0

    async def form(self, opening):
        await asyncio.sleep(self.wait)
        return await super().form(opening)

    async def hear(self, event):
        if isinstance(event, CommandInvoked):
            await asyncio.sleep(self.wait)
        return await super().hear(event)


async def post(school, bot, card=CARD, channel=None):
    id = await bot.post(school.place(channel), card, MARK)
    await school.fake.settle()
    return id


# ── commands ──────────────────────────────────────────────────────────────────


async def test_a_command_is_answered_at_once_and_privately(school):
    await school.start()
    school.door.will_answer(CommandInvoked, say("For you."))
    asked = await school.fake.slash(school.ada, school.room, "try all", word="two words", number=3)
    await school.fake.settle()
    assert asked.acked == MESSAGE
    assert school.seen(school.ada) == ["For you."]
    assert school.said() == []
    [called] = school.door.of(CommandInvoked)
    assert (called.person.id, called.place, called.call.values) == (
        str(school.ada.id), school.place(), {"word": "two words", "number": 3},
    )  # fmt: skip


def test_slow_answers_are_put_off_long_before_discord_stops_waiting():
    assert Timings().slow <= 1.2


async def test_an_answer_with_a_file_is_put_off_so_that_the_way_of_the_file_takes_no_time_from_it(school):
    await school.start()
    school.door.will_answer(CommandInvoked, say("Here.", File("all.csv", b"a,b", "Everything")))
    asked = await school.fake.slash(school.ada, school.room, "tilth help")
    await school.fake.settle()
    assert asked.acked == DEFERRED
    assert "all.csv" in school.seen(school.ada)[0]


async def test_an_answer_that_discord_waits_for_no_more_goes_by_direct_message(school):
    school.door = SlowDoor()
    school.door.wait = 0.25
    await school.start()
    school.fake.answer_within = timedelta(seconds=0.1)
    school.door.will_answer(CommandInvoked, say("It is done."))
    await school.fake.slash(school.ada, school.room, "tilth help")
    await school.fake.until(lambda: school.inbox(school.ada))
    assert school.inbox(school.ada) == ["It is done."]


async def test_a_door_that_takes_its_time_is_waited_for(school):
    school.door = SlowDoor()
    school.door.wait = 0.6
    await school.start()
    school.fake.answer_within = timedelta(seconds=0.4)
    school.door.will_answer(CommandInvoked, say("At last."))
    asked = await school.fake.slash(school.ada, school.room, "tilth help")
    assert asked.acked == DEFERRED
    await school.fake.until(lambda: school.seen(school.ada))
    assert school.seen(school.ada) == ["At last."]


async def test_a_public_verb_answers_aloud_only_where_the_card_says_so(school):
    await school.start()
    school.door.will_answer(CommandInvoked, replace(say("For all."), public=True), say("Not for all."))
    await school.fake.slash(school.ada, school.room, "try aloud")
    await school.fake.settle()
    assert (school.said(), school.seen(school.ada)) == (["For all."], [])
    await school.fake.slash(school.ada, school.room, "try aloud")
    await school.fake.settle()
    assert (school.said(), school.seen(school.ada)) == (["For all."], ["Not for all."])


async def test_a_public_verb_that_takes_long_still_answers_only_whom_it_concerns(school):
    school.door = SlowDoor()
    school.door.wait = 0.6
    await school.start()
    school.door.will_answer(CommandInvoked, replace(say("For all."), public=True), say("Not for all."))
    asked = await school.fake.slash(school.ada, school.room, "try aloud")
    assert asked.acked == DEFERRED
    await school.fake.until(lambda: school.said() == ["For all."])
    await school.fake.slash(school.ada, school.room, "try aloud")
    await school.fake.until(lambda: school.seen(school.ada))
    await school.fake.settle()
    assert (school.said(), school.seen(school.ada)) == (["For all."], ["Not for all."])


async def test_a_card_of_a_private_verb_is_never_public(school):
    await school.start()
    school.door.will_answer(CommandInvoked, replace(say("Oops."), public=True))
    await school.fake.slash(school.ada, school.room, "tilth help")
    await school.fake.settle()
    assert (school.said(), school.seen(school.ada)) == ([], ["Oops."])


async def test_a_long_answer_follows_in_private_messages_with_its_files(school):
    await school.start()
    words = "\n\n".join(f"Paragraph {n}: " + "words " * 60 for n in range(24))
    school.door.will_answer(
        CommandInvoked, say("Long.", Markdown(words), File("all.csv", b"a,b", "Everything"))
    )
    await school.fake.slash(school.ada, school.room, "tilth help")
    await school.fake.settle()
    seen = school.seen(school.ada)
    assert len(seen) > 1
    assert all(f"Paragraph {n}:" in "\n".join(seen) for n in range(24))
    assert "all.csv" in seen[-1]
    assert school.said() == []


async def test_what_cannot_be_read_comes_back_with_the_line(school):
    await school.start()
    await school.fake.slash(school.ada, school.room, "try all", when="whenever", text="My own words.")
    await school.fake.settle()
    [seen] = school.seen(school.ada)
    assert "/try all when:whenever -- My own words." in seen
    assert school.door.of(CommandInvoked) == []


async def test_what_cannot_be_read_is_refused_in_the_language_of_whoever_wrote_it(school):
    await school.start()
    luz = school.fake.member("Luz", school.guild, locale="es-ES")
    await school.fake.slash(luz, school.room, "try all", when="whenever", text="Mis palabras.")
    await school.fake.until(lambda: school.seen(luz))  # the catalog is read first
    [seen] = school.seen(luz)
    assert "when no está claro. No entiendo “whenever” como hora." in seen.replace("`", "")
    assert "Para copiar, así no se pierde nada." in seen


async def test_discords_own_time_input_is_understood(school):
    await school.start()
    await school.fake.slash(school.ada, school.room, "try all", when="<t:1791187200:F>")
    await school.fake.settle()
    [called] = school.door.of(CommandInvoked)
    assert str(called.call.values["when"][1]) == "UTC"


async def test_choices_are_offered_while_somebody_types(school):
    await school.start()
    school.door.choices = (("p12", "Listening in the corridor"), ("p13", "x" * 200))
    offered = await school.fake.autocomplete(school.ada, school.room, "try all", "item", "lis", word="so far")
    assert offered[0] == ("Listening in the corridor", "p12")
    assert len(offered[1][0]) <= 100
    [typing] = school.door.typed
    assert (typing.noun, typing.verb, typing.option, typing.text, typing.values["word"]) == (
        "try",
        "all",
        "item",
        "lis",
        "so far",
    )
    zones = await school.fake.autocomplete(school.ada, school.room, "try all", "zone", "dublin")
    assert ("Europe/Dublin", "Europe/Dublin") in zones


async def test_nobody_waits_for_choices_that_do_not_come(school):
    class Stuck(RecordingDoor):
        async def complete(self, typing):
            await asyncio.sleep(60)

    school.door = Stuck()
    await school.start()
    assert await school.fake.autocomplete(school.ada, school.room, "try all", "item", "lis") == []


async def test_a_command_in_a_thread_and_in_a_direct_message_tell_where_they_are(school):
    bot = await school.start()
    id = await post(school, bot)
    thread = await bot.thread(school.place(), id, "Answers")
    await school.fake.settle()
    await school.fake.slash(school.ada, school.fake.thread(id), "tilth help")
    direct = await school.fake.open_dm(school.ada)
    school.door.will_answer(CommandInvoked, say("Between us."))
    await school.fake.slash(school.ada, direct, "try one", number=3)
    await school.fake.settle()
    first, second = school.door.of(CommandInvoked)
    assert first.place == thread
    assert second.place == Place(school.space, str(direct.id), private=True)
    assert second.person == first.person


async def test_an_answer_in_a_direct_message_is_an_ordinary_message(school):
    await school.start()
    direct = await school.fake.open_dm(school.ada)
    school.door.will_answer(CommandInvoked, say("Between us."))
    await school.fake.slash(school.ada, direct, "try one", number=3)
    await school.fake.settle()
    assert school.said(direct) == ["Between us."]


async def test_a_command_of_an_older_version_is_answered(school):
    await school.start()
    school.fake.commands[None][0]["options"].append({"type": 1, "name": "gone", "description": "Gone."})
    await school.fake.slash(school.ada, school.room, "try gone")
    await school.fake.settle()
    assert "older version" in school.seen(school.ada)[0]
    luz = school.fake.member("Luz", school.guild, locale="es-ES")
    await school.fake.slash(luz, school.room, "try gone")
    await school.fake.until(lambda: school.seen(luz))
    assert "versión anterior" in school.seen(luz)[0]


async def test_an_answer_after_fifteen_minutes_goes_by_direct_message(school):
    school.door = SlowDoor()
    school.door.wait = 0.6
    await school.start()
    school.door.will_answer(CommandInvoked, say("Very late."))
    await school.fake.slash(school.ada, school.room, "tilth help")
    school.clock.advance(timedelta(minutes=16))
    await school.fake.until(lambda: school.inbox(school.ada))
    assert school.inbox(school.ada) == ["Very late."]


# ── buttons and selects ───────────────────────────────────────────────────────


async def test_a_button_answers_privately_and_leaves_the_card_alone(school):
    bot = await school.start()
    id = await post(school, bot)
    before = school.said()
    school.door.will_answer(ButtonPressed, replace(say("For Ben."), replaces=True))
    pressed = await school.fake.press(school.ben, id, "Do it")
    await school.fake.settle()
    assert pressed.acked == DEFERRED_UPDATE
    assert school.said() == before
    assert school.seen(school.ben) == ["For Ben."]
    [event] = school.door.of(ButtonPressed)
    assert (event.id, event.value, event.message, event.place) == ("try.do", "d1", id, school.place())


async def test_a_private_card_is_replaced_where_it_stands(school):
    await school.start()
    school.door.will_answer(CommandInvoked, CARD)
    await school.fake.slash(school.ada, school.room, "tilth help")
    await school.fake.settle()
    [preview] = school.fake.ephemerals(school.ada, school.room)
    school.door.will_answer(ButtonPressed, replace(say("Instead."), replaces=True))
    await school.fake.press(school.ada, preview, "Do it")
    await school.fake.settle()
    assert school.seen(school.ada) == ["Instead."]


async def test_a_card_in_a_direct_message_is_replaced_too(school):
    bot = await school.start()
    here = await bot.direct(school.space, str(school.ada.id))
    id = await bot.post(here, CARD, MARK)
    school.door.will_answer(ButtonPressed, replace(say("Instead."), replaces=True))
    await school.fake.press(school.ada, id, "Do it")
    await school.fake.settle()
    assert school.inbox(school.ada) == ["Instead."]


async def test_a_select_tells_what_was_picked_and_nothing_is_said_where_nothing_is_answered(school):
    bot = await school.start()
    id = await post(school, bot)
    await school.fake.choose(school.ben, id, "Help", "Full")
    await school.fake.settle()
    assert [(one.id, one.value) for one in school.door.of(ButtonPressed)] == [("try.help", "s1/full")]
    assert school.seen(school.ben) == []


async def test_buttons_work_after_a_restart_with_an_empty_memory(school):
    bot = await school.start()
    id = await post(school, bot)
    await bot.stop()
    school.book.pages.clear()
    await school.start()
    await school.fake.press(school.ada, id, "Do it")
    await school.fake.press(school.ada, id, "Words")
    await school.fake.settle()
    assert school.door.of(ButtonPressed)[0].value == "d1"
    assert school.door.opened[0].id == "try.words"


async def test_a_store_that_is_away_is_said_in_private(school):
    bot = await school.start()
    id = await post(school, bot)
    school.door.will_answer(ButtonPressed, NotStored(say("I cannot keep anything right now.")))
    await school.fake.press(school.ada, id, "Do it")
    await school.fake.settle()
    assert school.seen(school.ada) == ["I cannot keep anything right now."]


# ── forms ─────────────────────────────────────────────────────────────────────


async def test_what_opens_a_form_is_answered_with_it(school):
    bot = await school.start()
    id = await post(school, bot)
    pressed = await school.fake.press(school.ada, id, "Words")
    assert pressed.acked == MODAL
    sent = await school.fake.submit(school.ada, {"short": "hello", "choice": "c"})
    await school.fake.settle()
    assert sent.acked == DEFERRED_UPDATE
    [event] = school.door.of(FormSubmitted)
    assert (event.id, event.value, event.place) == ("try.words", "w1", school.place())
    assert (event.fields["short"], event.fields["choice"], event.fields["choices"]) == (
        "hello",
        "c",
        ("a", "c"),
    )


async def test_a_card_instead_of_a_form_is_private(school):
    bot = await school.start()
    id = await post(school, bot)
    school.door.opening = say("It is closed.")
    pressed = await school.fake.press(school.ada, id, "Words")
    await school.fake.settle()
    assert pressed.acked == MESSAGE
    assert school.seen(school.ada) == ["It is closed."]


async def test_a_form_that_is_late_is_one_button_away(school):
    school.door = SlowDoor()
    bot = await school.start()
    id = await post(school, bot)
    school.door.wait = 0.6
    pressed = await school.fake.press(school.ada, id, "Words")
    assert pressed.acked == DEFERRED
    await school.fake.until(lambda: school.seen(school.ada))
    [card] = school.fake.ephemerals(school.ada, school.room)
    assert "Open the form" in school.fake.text(card)
    school.door.wait = 0
    again = await school.fake.press(school.ada, card, "Open the form")
    assert again.acked == MODAL
    assert (school.door.opened[-1].id, school.door.opened[-1].value) == ("try.words", "w1")


async def test_a_refused_form_says_why_gives_the_words_back_and_opens_as_it_was_left(school):
    bot = await school.start()
    id = await post(school, bot)
    school.door.will_answer(FormSubmitted, FieldErrors({"short": "Too few words."}), say("Thank you."))
    await school.fake.press(school.ada, id, "Words")
    await school.fake.submit(
        school.ada, {"short": "no", "long": "All that I had to say.", "scale": "1", "choices": ["b"]}
    )
    await school.fake.settle()
    [complaint] = school.fake.ephemerals(school.ada, school.room)
    text = school.fake.text(complaint)
    assert "A few words: Too few words." in text
    assert "> All that I had to say." in text
    await school.fake.press(school.ada, complaint, "Correct it")
    form = school.fake.modal(school.ada)
    assert form is not None
    held = {p["component"]["custom_id"]: p["component"].get("value") for p in form["components"]}
    assert (held["short"], held["long"]) == ("no", "All that I had to say.")
    await school.fake.submit(school.ada, {"short": "quite enough"})
    await school.fake.settle()
    assert school.door.of(FormSubmitted)[-1].fields == {
        "short": "quite enough", "long": "All that I had to say.", "choice": "b", "choices": ("b",), "scale": "1",
    }  # fmt: skip
    await school.fake.press(school.ada, id, "Words")
    fresh = school.fake.modal(school.ada)
    assert fresh is not None
    assert fresh["components"][0]["component"]["value"] == "as it was", "what was taken is not offered again"


async def test_a_refused_form_gives_the_words_back_even_after_a_restart(school):
    bot = await school.start()
    id = await post(school, bot)
    await school.fake.press(school.ada, id, "Words")
    await bot.stop()
    await school.start()
    school.door.will_answer(FormSubmitted, FieldErrors({"short": "Too few words."}))
    await school.fake.submit(school.ada, {"long": "All that I had to say."})
    await school.fake.settle()
    [text] = school.seen(school.ada)
    assert "Too few words." in text
    assert "> All that I had to say." in text


@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_form_is_taken_even_when_nobody_saw_that_it_was_acknowledged(school, when):
    bot = await school.start()
    id = await post(school, bot)
    await school.fake.press(school.ada, id, "Words")
    school.door.will_answer(FormSubmitted, say("Kept."))
    school.fake.answer_within = timedelta(seconds=0.3)
    school.fake.fail("POST /interactions/{}/{}/callback", drop=True, when=when)
    await school.fake.submit(school.ada, {"long": "All that I had to say."})
    await school.fake.until(lambda: school.seen(school.ada) or school.inbox(school.ada))
    assert school.door.of(FormSubmitted)[0].fields["long"] == "All that I had to say."
    assert [*school.seen(school.ada), *school.inbox(school.ada)] == ["Kept."]


async def test_nobody_elses_words_come_back_in_a_form(school):
    bot = await school.start()
    id = await post(school, bot)
    school.door.will_answer(FormSubmitted, FieldErrors({"short": "No."}))
    await school.fake.press(school.ada, id, "Words")
    await school.fake.submit(school.ada, {"short": "Ada's secret"})
    await school.fake.press(school.ben, id, "Words")
    assert "secret" not in str(school.fake.modal(school.ben))


async def test_a_form_from_a_command_answers_where_the_command_was_written(school):
    await school.start()
    school.door.opening = Form("f", "Short", (LongText("text", "Words"),), "v")
    await school.fake.slash(school.ada, school.room, "try form")
    school.door.will_answer(FormSubmitted, say("Thank you."))
    sent = await school.fake.submit(school.ada, {"text": "Mine."})
    await school.fake.settle()
    assert sent.acked == DEFERRED
    assert school.seen(school.ada) == ["Thank you."]
    assert school.door.of(FormSubmitted)[0].place == school.place()


# ── shortcuts ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("content", [True, False])
async def test_a_shortcut_tells_the_message_and_its_words_need_no_intent(school, content):
    if not content:
        school.fake.gateway.portal = 1 << 1
    await school.start(message_content=content)
    said = await school.fake.say(school.ben, school.room, "Worth *keeping*.")
    await school.fake.settle()
    school.door.will_answer(ShortcutUsed, say("Kept."))
    await school.fake.context_menu(school.ada, "Keep this", said)
    await school.fake.settle()
    [used] = school.door.of(ShortcutUsed)
    assert (used.id, used.place, used.message.text, used.message.author.id) == (
        "try.keep", school.place(), "Worth *keeping*.", str(school.ben.id),
    )  # fmt: skip
    assert school.seen(school.ada) == ["Kept."]
    await school.fake.context_menu(school.ada, "About this", said)
    assert school.fake.modal(school.ada) is not None


# ── closed direct messages ────────────────────────────────────────────────────


async def test_what_could_not_be_said_directly_is_told_in_private_at_the_next_question(school):
    bot = await school.start()
    school.fake.close_dms(school.ada)
    with pytest.raises(Exception, match="direct_messages_closed"):
        await bot.private(school.place(), str(school.ada.id), say("Your weekly prompt"))
    id = await post(school, bot, say("Card.", Buttons((Button("Do it", does="try.do"),))))
    await school.fake.press(school.ada, id, "Do it")
    await school.fake.settle()
    [told] = school.seen(school.ada)
    assert "could not write to you directly" in told
    assert "Your weekly prompt" in told
    assert len(school.said()) == 1, "never in the channel"
    await school.fake.press(school.ada, id, "Do it")
    await school.fake.settle()
    assert len(school.seen(school.ada)) == 1, "once"


# ── who may ask ───────────────────────────────────────────────────────────────


async def test_facts_are_those_of_now(school):
    mods = school.fake.role(school.guild, "mods", "MANAGE_GUILD")
    bot = await school.start(members=False)
    id = await post(school, bot)
    school.fake.give(school.guild, school.ada, mods)
    await school.fake.press(school.ada, id, "Do it")
    school.fake.take(school.guild, school.ada, mods)
    await school.fake.press(school.ada, id, "Do it")
    await school.fake.settle()
    first, second = school.door.of(ButtonPressed)
    assert first.person.facts == {f"role:{mods.id}", "manage-server"}
    assert second.person.facts == frozenset()


async def test_the_words_of_a_form_are_in_no_log(school, caplog):
    import logging

    caplog.set_level(logging.DEBUG)
    bot = await school.start()
    id = await post(school, bot)
    school.door.will_answer(FormSubmitted, ValueError("boom"))
    await school.fake.press(school.ada, id, "Words")
    await school.fake.submit(school.ada, {"short": "a-very-secret-word"})
    await school.fake.say(school.ada, school.room, "another-secret-word")
    await school.fake.settle()
    assert "secret-word" not in caplog.text
    assert WORDS.id in str(school.door.opened)
