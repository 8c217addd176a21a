"""Who may ask for what: decided for every event, from what the platform shows now."""

from __future__ import annotations

import pytest

MODERATORS_ONLY = [
    "/prompt schedule #staffroom every mon 09:00",
    "/prompt list",
    "/prompt now s1",
    "/prompt pause s1",
    "/prompt resume s1",
    "/prompt skip s1",
    "/prompt unskip o1",
    "/prompt delete s1",
    "/prompt place s1 #staffroom",
    "/prompt add",
    "/prompt edit p1",
    "/prompt edit s1",
    "/prompt show p1",
    "/prompt retire p1",
    "/prompt unretire p1",
    "/prompt tag p1 -- term1",
    "/prompt move p1 top",
    "/prompt import",
    "/prompt export",
    "/prompt review",
]
ADMINS_ONLY = ["/prompt pings s1 @teachers", "/tilth setup", "/tilth audit"]


def words(stage, shown):
    """What was shown: the text of a card; a form says nothing about roles."""
    return "" if stage.is_form(shown) else stage.text(shown)


async def test_a_member_is_told_which_role_it_takes_and_nothing_else(monday):
    for line in MODERATORS_ONLY:
        said = monday.text(await monday.asks("ada", line))
        assert said == "Only a moderator can do that. Ask one of them to do it for you.", line


@pytest.mark.parametrize("who", ["mo", "ida"])
async def test_moderators_and_admins_may(monday, who):
    for line in MODERATORS_ONLY:
        assert "Only a" not in words(monday, await monday.asks(who, line)), line


async def test_what_admins_decide_is_not_for_moderators(monday):
    for line in ADMINS_ONLY:
        for who in ("ada", "mo"):
            said = monday.text(await monday.asks(who, line))
            assert said == "Only an admin can do that. Ask one of them to do it for you.", (line, who)
        assert "Only a" not in monday.text(await monday.asks("ida", line)), line


@pytest.mark.only("local", reason="the rule is the core's: every button and form of moderators, by its id")
async def test_every_button_and_form_of_moderators_is_checked(monday):
    from bot.chat.events import ButtonPressed, FormSubmitted
    from bot.chat.models import Person

    ada, place = Person(monday.space, "ada", "Ada Quinn"), monday.place()
    theirs = [one for feature in monday.app.features for one in (*feature.buttons, *feature.forms)]
    checked = [one for one in theirs if one.id.startswith(("prompt.", "alerts.", "tilth."))]
    assert len(checked) > 20
    for one in checked:
        for event in (
            ButtonPressed(ada, place, one.id, "s1"),
            FormSubmitted(ada, place, one.id, "s1", {}),
        ):
            card = await monday.app.dispatcher.hear(event)
            said = monday.text(card)
            assert "Only a" in said or "out of date" in said, one.id


@pytest.mark.only("local", reason="what is offered while typing is the core's")
async def test_what_is_offered_while_typing_has_titles_and_is_for_moderators(monday):
    from bot.chat.events import CompletionRequest
    from bot.chat.models import Person

    async def offered(who, facts, verb, option):
        person = Person(monday.space, who, who, frozenset(facts))
        return await monday.app.dispatcher.complete(
            CompletionRequest(person, monday.place(), "prompt", verb, option, "")
        )

    for verb, option in (
        ("retire", "prompt"),
        ("pause", "schedule"),
        ("list", "deck"),
        ("unskip", "occurrence"),
        ("edit", "prompt"),
    ):
        assert await offered("ada", (), verb, option) == ()
        found = await offered("mo", ("moderator",), verb, option)
        assert all(label not in ("", value) and len(label) > len(value) for value, label in found), verb
        assert found or option == "occurrence"


async def test_a_button_is_checked_like_a_command(monday):
    preview = await monday.asks("mo", "/prompt schedule #staffroom every tue 09:00")
    assert "Only a moderator" in monday.text(await monday.forges("ada", preview, "Confirm"))
    await monday.later(weeks=1)
    assert len(monday.prompts()) == 2, "Mondays only"


async def test_a_demotion_counts_from_the_next_thing_a_person_does(monday):
    assert "Only a" not in monday.text(await monday.asks("mo", "/prompt list"))
    await monday.joins("mo", "Mo Hale")
    assert "Only a moderator" in monday.text(await monday.asks("mo", "/prompt list"))


@pytest.mark.only("local", "slack", reason="whoever is in a Discord server is a member")
async def test_a_stranger_may_neither_ask_nor_answer(monday):
    await monday.joins("guest", "A Guest", stranger=True)
    assert "Only a member" in monday.text(await monday.asks("guest", "/reflect now"))
    await monday.says("guest", "Let me in.", thread=monday.prompts()[0])
    assert await monday.answers() == {}


async def test_help_lists_only_what_the_caller_may_do(monday):
    assert "Prompts" not in monday.text(await monday.asks("ada", "/tilth help"))
    assert "Prompts" in monday.text(await monday.asks("mo", "/tilth help"))


@pytest.mark.only("local", "slack", reason="Discord's client lets nobody mistype a command")
async def test_a_typing_mistake_gets_a_hint_and_the_line_back(monday):
    said = monday.text(await monday.asks("ada", "/reflect anwser -- We tried wait time."))
    assert "answer" in said
    assert "We tried wait time." in said


@pytest.mark.only("local", reason="elsewhere the client knows the commands")
async def test_an_unknown_command_names_what_there_is(monday):
    assert "reflect" in monday.text(await monday.asks("ada", "/reflcet now"))
