"""The platform's own menus, and the bot's own page."""

from __future__ import annotations

import pytest

HOME = pytest.mark.only("local", "slack", reason="Discord has no page of a bot's own")


async def test_a_message_in_the_thread_that_was_talk_becomes_the_answer_and_its_edits_follow(monday):
    stage, [prompt] = monday, monday.prompts()
    talk = await stage.says("ada", "@Ben Okafor it was the caretaker", thread=prompt)
    assert await stage.answers() == {}
    assert "is your reflection now" in stage.text(await stage.uses("ada", "reflect.save", talk))
    await stage.later(minutes=1)
    assert await stage.answers() == {"Ada Quinn": "@Ben Okafor it was the caretaker"}
    await stage.edits("ada", talk, "@Ben Okafor it was the caretaker, again")
    assert await stage.answers() == {"Ada Quinn": "@Ben Okafor it was the caretaker, again"}


async def test_a_message_written_elsewhere_is_kept_as_a_copy(monday):
    stage = monday
    said = await stage.says("ada", "The side gate was open all week.")
    receipt = await stage.uses("ada", "reflect.save", said)
    assert "The side gate was open all week." in stage.text(receipt)
    assert "Only you can read this answer." in stage.text(receipt)
    assert await stage.answers() == {"Ada Quinn": "The side gate was open all week."}
    refusal = await stage.asks("ada", "/reflect edit a1")
    assert "a copy of a message you picked" in stage.text(refusal)


async def test_nobody_saves_somebody_elses_words(monday):
    stage = monday
    said = await stage.says("ada", "The side gate was open all week.")
    assert "Only your own message" in stage.text(await stage.uses("ben", "reflect.save", said))
    assert await stage.answers() == {}


async def test_saving_without_an_open_prompt_says_so(stage):
    said = await stage.says("ada", "Is it on?")
    assert "No prompt is open right now." in stage.text(await stage.uses("ada", "reflect.save", said))


async def test_a_member_who_wants_nothing_kept_saves_nothing(monday):
    stage = monday
    await stage.asks("ada", "/my settings keep:no")
    said = await stage.says("ada", "The side gate.")
    assert "Saving is off for you" in stage.text(await stage.uses("ada", "reflect.save", said))
    assert await stage.answers() == {}


@pytest.mark.only("local", "slack", reason="Discord's menus are those of a message")
async def test_the_prompt_is_answered_from_anywhere(monday):
    stage = monday
    form = await stage.uses("ada", "reflect.answer")
    assert stage.is_form(form)
    await stage.fills_in("ada", form, q0="From the menu.", sharing="me")
    assert await stage.answers() == {"Ada Quinn": "From the menu."}


@HOME
async def test_the_home_page_shows_what_is_open_and_ones_own_settings(monday):
    stage = monday
    home = await stage.opens_home("ada")
    said = stage.text(home)
    assert "Who or what held a door open for you this week?" in said
    assert "[Answer]" in said
    assert "Your settings" in said


@HOME
async def test_a_stranger_finds_nothing_on_the_home_page(monday):
    stage = monday
    await stage.joins("vic", "Vic Guest", stranger=True)
    home = await stage.opens_home("vic")
    assert "Only a member can do that." in stage.text(home)
