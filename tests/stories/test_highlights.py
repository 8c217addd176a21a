"""One answer a week may be shown to everyone: its author is asked, decides, and can take it back at any time."""

from __future__ import annotations

import pytest

from tests.stories.test_exports import unzip
from tests.stories.traces import search_tables

GOOD = "We asked three students what they would change about the hallway, and all three said the same thing: the noise after lunch."
ASKS = "May everyone read your answer?"


@pytest.fixture
async def told(stage):
    """It is Monday morning after a week in which Ada shared an answer with the moderators, and Ben a short one."""
    await stage.opens_channel("c2", "moderators")
    await stage.asks("ida", "/tilth setup alerts:#moderators")
    await stage.confirms("/prompt schedule #staffroom every mon 09:00 closes:4d")
    await stage.until("2026-10-05 10:00")
    await stage.asks("ada", f"/reflect answer share:moderators -- {GOOD}")
    await stage.asks("ben", "/reflect answer share:everyone -- The caretaker.")
    await stage.until("2026-10-12 08:40")
    return stage


def shown(stage):
    """The answers that are shown in the room."""
    return [one for one in stage.room() if "Worth reading" in stage.text(one)]


def asked(stage, who="ada"):
    """The questions an author got."""
    return [one for one in stage.inbox(who) if ASKS in stage.text(one)]


async def agreed(stage, button="Yes, with my name"):
    """A moderator asks, and the author says yes; the author's receipt."""
    note = stage.room(None, "c2")[-1]
    assert GOOD not in stage.text(note), "the note quotes nobody"
    choice = await stage.presses("mo", note, "Look at it")
    assert GOOD in stage.text(choice)
    await stage.presses("mo", choice, "Ask Ada Quinn")
    assert "was asked about this answer already" in stage.text(
        await stage.presses("mo", choice, "Ask Ada Quinn")
    )
    await stage.settles()
    [question] = asked(stage)
    return await stage.presses("ada", question, button)


async def show(stage):
    """The moderator shows it in the room."""
    await stage.settles()
    [yes] = [one for one in stage.inbox("mo") if "Its author agrees" in stage.text(one)]
    form = await stage.presses("mo", yes, "Choose a channel")
    await stage.fills_in("mo", form)
    await stage.settles()


async def test_an_answer_is_asked_for_agreed_to_shown_and_taken_back(told):
    stage = told
    receipt = await agreed(stage)
    assert "with your name" in stage.text(receipt)
    assert shown(stage) == [], "a yes alone shows nothing"
    await show(stage)
    [post] = shown(stage)
    assert GOOD in stage.text(post)
    assert "Ada Quinn" in stage.text(post)
    [question] = asked(stage)
    for button, named in (("Yes, without my name", False), ("Yes, with my name", True)):
        await stage.presses("ada", question, button)
        await stage.settles()
        [post] = shown(stage)
        assert ("Ada Quinn" in stage.text(post)) is named, "what is shown follows the last decision"
    assert "it is shown" in stage.text(await stage.asks("mo", "/report highlights"))
    assert "showed an answer to everyone: h1" in stage.text(await stage.asks("ida", "/tilth audit"))
    exported = unzip(stage, await stage.asks("mo", "/report export format:csv"))
    assert '"with name"' in exported["answers.csv"], "consent stands in the row"
    back = await stage.presses("ada", receipt, "Take it back")
    assert "no longer shown" in stage.text(back)
    await stage.presses("ada", receipt, "Take it back")
    await stage.settles()
    assert shown(stage) == []
    exported = unzip(stage, await stage.asks("mo", "/report export format:csv"))
    assert '"with name"' not in exported["answers.csv"]
    assert "There is no answer to suggest" in stage.text(
        await stage.presses("mo", await stage.asks("mo", "/report highlights"), "Find one")
    ), "nobody is asked twice"
    assert await stage.broken() == []


async def test_without_a_name_it_has_none_and_goes_with_the_answer(told):
    stage = told
    await agreed(stage, "Yes, without my name")
    await show(stage)
    [post] = shown(stage)
    assert "Ada" not in stage.text(post)
    await stage.asks("ada", "/reflect delete a1")
    await stage.settles()
    assert shown(stage) == []
    assert "their name" not in stage.text(await stage.asks("mo", "/report highlights"))


async def test_a_no_is_a_no_and_nothing_is_left_of_who_is_erased(told):
    stage = told
    assert "Nobody asks you about it again." in stage.text(await agreed(stage, "No"))
    await stage.settles()
    assert not any("Its author agrees" in stage.text(one) for one in stage.inbox("mo"))
    [question] = asked(stage)
    await stage.presses("ada", question, "Yes, with my name")
    await show(stage)
    assert len(shown(stage)) == 1, "a no can become a yes"
    held = {
        one
        for one in search_tables(stage.app.store, (GOOD,))
        if one.partition(".")[0] not in stage.platform.keeps_in
    }
    assert held == {f"part.text: {GOOD}"}, "its words stand nowhere but in the answer"
    form = await stage.asks("ada", "/my data delete")
    await stage.fills_in("ada", form, word="DELETE")
    await stage.settles()
    assert shown(stage) == []
    assert await stage.broken() == []
