"""Whoever writes of somebody in danger is told at once and alone who to call, whichever way they wrote it."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from bot.chat.events import CommandInvoked, FormSubmitted, ShortcutUsed
from bot.chat.menu import Call, OptionKind
from bot.chat.models import Message, Person, Place, Role
from bot.danger import recognition
from bot.danger.recognition import weigh_text
from bot.intents import classifier
from bot.intents.sentences import split_sentences
from bot.settings.model import CommunitySettings
from tests.stories.stage import staged

FEAR = "A student told me today that she wants to die, and I believe her."
CALL = "Nobody reads what is written here as it arrives"
REST = "We counted who was missing, and asked them why."


def told(stage, who, thread=None):
    """What the bot said to somebody alone about danger, there or directly."""
    seen = stage.thread(who, thread) if thread is not None else stage.room(who)
    lines = [one for one in (*seen, *stage.inbox(who)) if one.own and (one.private or one.channel != "c1")]
    return [stage.text(one) for one in lines if CALL in stage.text(one)]


async def nothing_is_left(stage):
    """No row holds the words, and nobody else was shown anything."""
    assert not [row for row in await stage.dump() if "wants to die" in row]
    assert told(stage, "ben") == []
    assert told(stage, "mo") == []


async def test_a_reply_in_the_thread_is_answered_alone_and_is_no_answer(monday):
    stage, [prompt] = monday, monday.prompts()
    await stage.says("ada", FEAR, thread=prompt)
    cards = told(stage, "ada", prompt)
    assert len(cards) == 1
    card = cards[0]
    for number in ("911", "988", "1-800-422-4453", "mandated-reporter line"):
        assert number in card
    assert await stage.answers() == {}
    assert told(stage, "ben", prompt) == []
    await nothing_is_left(stage)
    await stage.says("ben", REST, thread=prompt)
    await stage.until("2026-10-09 12:00")
    assert "wants to die" not in stage.text(stage.digests()[0])
    assert "Ada" not in stage.text(stage.digests()[0])


@pytest.mark.only("local", reason="who weighs it, and when, is the core's")
async def test_the_writer_is_not_held_by_a_long_message(monday, monkeypatch):
    stage, threads = monday, []

    def weigh(text):
        threads.append(threading.current_thread().name)
        return weigh_text(text)

    def split(text):
        threads.append(threading.current_thread().name)
        return split_sentences(text)

    monkeypatch.setattr(recognition, "weigh_text", weigh)
    monkeypatch.setattr(classifier, "split_sentences", split)
    [prompt] = stage.prompts()
    elsewhere = await stage.says("ben", "Who has the key?")
    await stage.says("ada", "We walked the halls and asked. " * 60, thread=replace(prompt, id=elsewhere))
    assert threads == [], "what is not written to the bot is none of its business"
    await stage.says("ada", "We counted who was missing. " * 60 + FEAR, thread=prompt)
    assert threads, "it was weighed"
    assert "tilth-writer" not in threads
    assert len(told(stage, "ada", prompt)) == 1
    threads.clear()
    await stage.says("ben", "We asked who was missing, and told them. " * 60, thread=prompt)
    assert threads
    assert "tilth-writer" not in threads, "what it means was understood before"


async def test_a_reply_to_somebody_else_in_the_thread_is_answered_too(monday):
    stage, [prompt] = monday, monday.prompts()
    await stage.says("ada", f"@Ben Okafor {FEAR}", thread=prompt)
    assert len(told(stage, "ada", prompt)) == 1
    await nothing_is_left(stage)


@pytest.mark.parametrize("away", [False, True], ids=["at once", "found later"])
async def test_who_chose_spanish_is_told_in_spanish_who_to_call(monday, away):
    stage, [prompt] = monday, monday.prompts()
    await stage.asks("ada", "/my settings language:es")
    stage.deafen(away)
    await stage.says("ada", FEAR, thread=prompt)
    if away:
        stage.deafen(False)
        await stage.later(hours=7)
    assert told(stage, "ada", prompt) == []
    said = [stage.text(one) for one in (*stage.thread("ada", prompt), *stage.inbox("ada"))]
    [card] = [one for one in said if "Nadie lee lo que se escribe aquí" in one]
    assert "llama al 911" in card.replace("*", "")
    assert "Solo tú ves esto." in card


async def test_what_is_said_after_it_is_the_answer(monday):
    stage, [prompt] = monday, monday.prompts()
    await stage.says("ada", FEAR, thread=prompt)
    await stage.says("ada", REST, thread=prompt)
    assert await stage.answers() == {"Ada Quinn": REST}


async def test_an_answer_that_is_edited_into_one_is_taken_back(monday):
    stage, [prompt] = monday, monday.prompts()
    message = await stage.says("ada", REST, thread=prompt)
    assert await stage.answers() == {"Ada Quinn": REST}
    await stage.later(minutes=1)
    await stage.edits("ada", message, FEAR)
    assert len(told(stage, "ada", prompt)) == 1
    assert await stage.answers() == {}
    await nothing_is_left(stage)


async def test_a_direct_message_is_answered_with_a_prompt_open(monday):
    stage = monday
    await stage.writes_to_the_bot("ada", FEAR)
    assert len(told(stage, "ada")) == 1
    assert await stage.answers() == {}
    await nothing_is_left(stage)


async def test_a_direct_message_is_answered_with_no_prompt_open(stage):
    await stage.writes_to_the_bot("ada", FEAR)
    assert len(told(stage, "ada")) == 1
    await nothing_is_left(stage)


async def test_a_member_who_keeps_nothing_is_answered_too(monday):
    stage, [prompt] = monday, monday.prompts()
    await stage.asks("ada", "/my settings keep:no")
    await stage.says("ada", FEAR, thread=prompt)
    assert len(told(stage, "ada", prompt)) == 1
    before = len(told(stage, "ada"))
    await stage.writes_to_the_bot("ada", FEAR)
    assert len(told(stage, "ada")) == before + 1
    await nothing_is_left(stage)


async def test_the_form_answers_it_and_gives_long_words_back(monday):
    stage, [prompt] = monday, monday.prompts()
    form = await stage.presses("ada", prompt, "Answer or edit")
    long = f"{FEAR} I do not know who is in the building at this hour, or what to do."
    card = await stage.fills_in("ada", form, q0=long)
    assert CALL in stage.text(card)
    assert "who is in the building" in stage.text(card)
    assert await stage.answers() == {}
    await nothing_is_left(stage)


async def test_the_text_of_a_command_is_answered(monday):
    stage = monday
    await stage.writes_to_the_bot("ada", f"/course done -- {FEAR}")
    assert len(told(stage, "ada")) == 1
    for line in (f"/reflect suggest -- {FEAR}", f"/course done -- {FEAR}", f"/reflect history find:'{FEAR}'"):
        assert CALL in stage.text(await stage.asks("ada", line)), line
    await nothing_is_left(stage)


async def test_the_form_of_a_suggestion_is_answered(monday):
    stage = monday
    form = await stage.asks("ada", "/reflect suggest")
    assert CALL in stage.text(await stage.fills_in("ada", form, text=FEAR))
    await nothing_is_left(stage)


@pytest.mark.parametrize("shortcut", ["reflect.save", "reflect.suggest"])
async def test_a_message_that_is_picked_from_the_channel_is_answered(monday, shortcut):
    stage = monday
    message = await stage.says("ada", FEAR)
    assert told(stage, "ada") == [], "what is not written to the bot is none of its business"
    assert CALL in stage.text(await stage.uses("ada", shortcut, message))
    assert await stage.answers() == {}
    await nothing_is_left(stage)


async def test_the_saving_reaction_makes_no_answer_of_it(monday):
    stage, [prompt] = monday, monday.prompts()
    message = await stage.says("ada", f"@Ben Okafor {FEAR}", thread=prompt)
    await stage.reacts("ada", message, "seedling")
    await stage.later(minutes=1)
    assert await stage.answers() == {}
    assert len(told(stage, "ada", prompt)) == 2
    await nothing_is_left(stage)


async def test_what_was_written_while_the_bot_was_away_is_answered_directly(monday):
    stage, [prompt] = monday, monday.prompts()
    stage.deafen()
    await stage.says("ada", FEAR, thread=prompt)
    stage.deafen(False)
    await stage.restarts()
    await stage.later(hours=7)
    assert len(told(stage, "ada", prompt)) == 1
    assert await stage.answers() == {}
    await nothing_is_left(stage)


async def test_what_moderators_draft_is_no_disclosure(monday):
    stage = monday
    form = await stage.asks("mo", "/prompt add")
    ask = "What do you do when a student tells you that he wants to die?"
    card = await stage.fills_in(
        "mo", form, deck="weekly", title="When it is serious", question=ask, answer="text"
    )
    assert CALL not in stage.text(card)
    assert "When it is serious" in stage.text(card)


@pytest.mark.only("local", reason="every door of the core, whatever the platform")
async def test_no_door_of_members_forgets_it(monday):
    stage = monday
    door, place = stage.app.dispatcher, Place(stage.space, "c1")
    ada = Person(stage.space, stage.platform.id_of("ada"), "Ada Quinn")
    spoken = [
        CommandInvoked(ada, place, Call(one, {option.name: FEAR}))
        for one in door.menu.commands
        for option in one.options
        if one.role <= Role.MEMBER and option.kind in (OptionKind.TEXT, OptionKind.WORD, OptionKind.NAME)
    ]
    forms = [
        FormSubmitted(ada, place, form.id, "", {"any": FEAR})
        for feature in stage.app.features
        for form in feature.forms
        if form.role <= Role.MEMBER
    ]
    message = Message(
        id="1.1", place=place, author=ada, text=FEAR, at=stage.clock.now(), version=stage.clock.now()
    )
    picked = [
        ShortcutUsed(ada, place, one.id, message)
        for feature in stage.app.features
        for one in feature.shortcuts
    ]
    assert len(spoken) > 3
    assert len(forms) > 3
    assert picked
    for event in (*spoken, *forms, *picked):
        assert CALL in stage.text(await door.hear(event)), event
        if isinstance(event, CommandInvoked):
            assert CALL in stage.text(await door.form(event)), event
    await nothing_is_left(stage)


async def test_the_communitys_own_text_takes_the_place_of_the_numbers(tmp_path, platform):
    own = CommunitySettings(slug="home", danger_text="Call the front office, **extension 4**.")
    async with staged(tmp_path, platform, community=own) as stage:
        await stage.writes_to_the_bot("ada", FEAR)
        [card] = told(stage, "ada")
        assert "extension 4" in card
        assert "911" not in card
