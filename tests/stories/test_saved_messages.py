"""The reaction that saves one's own message: a private receipt where it works, a private hint where it does not."""

from __future__ import annotations

import pytest


def told(stage, who, thread=None):
    """Everything the bot said to somebody alone, there or directly."""
    seen = stage.thread(who, thread) if thread is not None else stage.room(who)
    return [one for one in (*seen, *stage.inbox(who)) if one.own and (one.private or one.channel != "c1")]


async def test_saving_a_message_in_the_thread_is_confirmed_to_its_author_alone(monday):
    stage, [prompt] = monday, monday.prompts()
    talk = await stage.says("ada", "@Ben Okafor it was the caretaker", thread=prompt)
    everybody, before = stage.thread(None, prompt), len(told(stage, "ada", prompt))
    await stage.reacts("ada", talk, "seedling")
    new = told(stage, "ada", prompt)[before:]
    assert len(new) == 1
    assert "A door held open" in stage.text(new[0])
    assert "take the reaction away" in stage.text(new[0])
    assert stage.thread(None, prompt) == everybody, "nobody else sees it"
    assert told(stage, "ben", prompt) == []
    await stage.later(minutes=1)
    assert await stage.answers() == {"Ada Quinn": "@Ben Okafor it was the caretaker"}


async def test_the_reaction_elsewhere_says_what_it_is_for_and_what_to_do(monday):
    stage = monday
    said = await stage.says("ada", "The side gate was open all week.")
    everybody = stage.room(None)
    await stage.reacts("ada", said, "seedling")
    [hint] = told(stage, "ada")
    assert "nothing is saved" in stage.text(hint)
    assert "Save as my reflection" in stage.text(hint)
    assert "Answer" in hint.buttons
    assert stage.room(None) == everybody, "nobody else sees it"
    assert stage.is_form(await stage.presses("ada", hint, "Answer"))
    assert await stage.answers() == {}


async def test_the_hint_comes_once_a_month_at_most(monday):
    stage = monday
    first = await stage.says("ada", "The side gate.")
    second = await stage.says("ada", "The front gate.")
    await stage.reacts("ada", first, "seedling")
    await stage.reacts("ada", second, "seedling")
    await stage.later(days=20)
    await stage.reacts("ada", second, "seedling", gone=True)
    await stage.reacts("ada", second, "seedling")
    assert len(told(stage, "ada")) == 1
    await stage.later(days=20)
    third = await stage.says("ada", "The back gate.")
    await stage.reacts("ada", third, "seedling")
    assert len(told(stage, "ada")) == 2


async def test_nothing_is_said_about_other_reactions_and_other_peoples_messages(monday):
    stage, [prompt] = monday, monday.prompts()
    said = await stage.says("ada", "The side gate.")
    answer = await stage.says("ada", "The caretaker.", thread=prompt)
    for message in (said, answer, prompt.id):
        await stage.reacts("ben", message, "seedling")
        await stage.reacts("ben", message, "+1")
    before = told(stage, "ada", prompt)
    await stage.reacts("ada", said, "+1")
    assert told(stage, "ben") == []
    assert told(stage, "ben", prompt) == []
    assert told(stage, "ada", prompt) == before


async def test_a_reaction_after_the_late_days_is_refused_privately(monday):
    stage, [prompt] = monday, monday.prompts()
    talk = await stage.says("ada", "@Ben Okafor it was the caretaker", thread=prompt)
    await stage.until("2026-10-17 10:00")
    await stage.reacts("ada", talk, "seedling")
    assert "late answers are over" in stage.text(told(stage, "ada", prompt)[-1])
    await stage.later(minutes=1)
    assert await stage.answers() == {}


@pytest.mark.only("local", reason="only the pretend platform's page sends the emoji itself")
async def test_the_emoji_that_the_playground_offers_saves_like_its_name(monday):
    stage, [prompt] = monday, monday.prompts()
    talk = await stage.says("ada", "@Ben Okafor it was the caretaker", thread=prompt)
    await stage.reacts("ada", talk, "🌱")
    assert "take the reaction away" in stage.text(told(stage, "ada", prompt)[-1])
    await stage.later(minutes=1)
    assert await stage.answers() == {"Ada Quinn": "@Ben Okafor it was the caretaker"}


async def test_a_saved_message_that_was_no_answer_leaves_the_rest_of_the_answer(monday):
    stage = monday
    await stage.asks("ada", "/reflect answer The caretaker.")
    await stage.later(minutes=1)
    said = await stage.says("ada", "The side gate was open all week.")
    await stage.uses("ada", "reflect.save", said)
    assert await stage.answers() == {"Ada Quinn": "The caretaker.\n\nThe side gate was open all week."}
    [receipt] = [one for one in told(stage, "ada") if "Not an answer" in one.buttons]
    removed = stage.text(await stage.presses("ada", receipt, "Not an answer"))
    assert "The rest of your answer" in removed
    assert await stage.answers() == {"Ada Quinn": "The caretaker."}
    await stage.uses("ada", "reflect.save", said)
    assert await stage.answers() == {"Ada Quinn": "The caretaker.\n\nThe side gate was open all week."}
