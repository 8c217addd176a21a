"""Who may ask for what: decided for every event, from what the platform shows now."""

from __future__ import annotations

import pytest

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
    preview = await monday.asks("mo", "/prompt schedule #staffroom every tue 09:00")
    assert "Only a moderator" in monday.text(await monday.forges("ada", preview, "Confirm"))
    await monday.later(weeks=1)
    assert len(monday.prompts()) == 2, "Mondays only"


async def test_a_demotion_counts_from_the_next_thing_a_person_does(monday):
    assert "Only a" not in monday.text(await monday.asks("mo", "/prompt queue"))
    await monday.joins("mo", "Mo Hale")
    assert "Only a moderator" in monday.text(await monday.asks("mo", "/prompt queue"))


async def test_a_stranger_may_neither_ask_nor_answer(monday):
    await monday.joins("guest", "A Guest", stranger=True)
    assert "Only a member" in monday.text(await monday.asks("guest", "/reflect now"))
    await monday.says("guest", "Let me in.", thread=monday.prompts()[0])
    assert await monday.answers() == {}


async def test_help_lists_only_what_the_caller_may_do(monday):
    assert "/prompt" not in monday.text(await monday.asks("ada", "/tilth help"))
    assert "/prompt" in monday.text(await monday.asks("mo", "/tilth help"))


@pytest.mark.only("local", "slack", reason="Discord's client lets nobody mistype a command")
async def test_a_typing_mistake_gets_a_hint_and_the_line_back(monday):
    said = monday.text(await monday.asks("ada", "/reflect anwser -- We tried wait time."))
    assert "answer" in said
    assert "We tried wait time." in said


@pytest.mark.only("local", reason="elsewhere the client knows the commands")
async def test_an_unknown_command_names_what_there_is(monday):
    assert "reflect" in monday.text(await monday.asks("ada", "/reflcet now"))
