"""Who may ask for what: decided for every event, from what the platform shows now."""

from __future__ import annotations

import pytest

from bot.chat.cards import Button

MODERATORS_ONLY = [
    "/prompt schedule #staffroom every mon 09:00",
    "/prompt queue",
    "/prompt list",
    "/prompt now s1",
    "/prompt pause s1",
    "/prompt resume s1",
]


@pytest.mark.parametrize("line", MODERATORS_ONLY)
async def test_a_member_is_told_which_role_it_takes_and_nothing_else(monday, line):
    said = monday.text(await monday.asks("ada", line))
    assert said == "Only a moderator can do that. Ask one of them to do it for you."


@pytest.mark.parametrize("line", MODERATORS_ONLY)
async def test_moderators_and_admins_may(monday, line):
    for who in ("mo", "ida"):
        assert "Only a" not in monday.text(await monday.asks(who, line))


async def test_a_button_is_checked_like_a_command(monday):
    pressed = Button("Confirm", does="prompt.confirm", value="s1")
    message = monday.prompts()[0]
    shown = await monday.adapter.press("ada", "c1", message.id, pressed)
    assert "Only a moderator" in monday.text(shown)


async def test_a_demotion_counts_from_the_next_thing_a_person_does(monday):
    assert "Only a" not in monday.text(await monday.asks("mo", "/prompt queue"))
    await monday.adapter.join("mo", "Mo Hale")
    assert "Only a moderator" in monday.text(await monday.asks("mo", "/prompt queue"))


async def test_a_stranger_may_neither_ask_nor_answer(monday):
    await monday.adapter.join("guest", "A Guest", stranger=True)
    assert "Only a member" in monday.text(await monday.asks("guest", "/reflect now"))
    await monday.says("guest", "Let me in.", thread=monday.prompts()[0])
    assert await monday.answers() == {}


async def test_help_lists_only_what_the_caller_may_do(monday):
    assert "/prompt" not in monday.text(await monday.asks("ada", "/tilth help"))
    assert "/prompt" in monday.text(await monday.asks("mo", "/tilth help"))


async def test_a_typing_mistake_gets_a_hint_and_the_line_back(monday):
    said = monday.text(await monday.asks("ada", "/reflect anwser -- We tried wait time."))
    assert "answer" in said
    assert "We tried wait time." in said


async def test_an_unknown_command_names_what_there_is(monday):
    assert "reflect" in monday.text(await monday.asks("ada", "/reflcet now"))
