"""A team's plan as the canvas of its channel, changed there and in chat by several people at once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.stories.test_team_place import north, pages, places
from tests.stories.test_team_plan import PROBLEM, facts, writes

__all__ = ["north"]

pytestmark = pytest.mark.only("slack", reason="only Slack's channels carry a canvas")


@pytest.fixture
async def canvas(north):
    """The plan of a team as the canvas of its channel."""
    north.platform.slack.manifest.scopes.update({"canvases:read", "canvases:write"})
    await writes(north, "ada", "problem", **PROBLEM)
    await writes(north, "ben", "next", what="Buy whiteboards", owner="ben", day="Oct 20")
    await places(north)
    await north.later(seconds=30)
    return north


def slack_of(stage):
    return stage.platform.slack, stage.platform._ids["c2"]


def text(stage):
    """What people read on the canvas, printed for whoever reads along with `-s`."""
    slack, channel = slack_of(stage)
    shown = slack.canvas_text(channel).replace("*", "").replace("\\", "")
    print(f"\n{shown}\n{'─' * 60}")
    return shown


def write(stage, old, new):
    slack, channel = slack_of(stage)
    slack.write_on_canvas(channel, old, new)


async def test_two_people_change_a_plan_on_its_canvas_and_in_chat_and_nothing_is_lost(canvas):
    stage = canvas
    slack, _channel = slack_of(stage)
    shown = text(stage)
    for words in (
        "# Plan of North",
        "What: Students ask for help only after class.",
        "- [ ] Buy whiteboards",
    ):
        assert words in shown
    assert pages(stage) == [], "the canvas is the page, and no message is"
    assert "is the canvas of" in facts(stage, await stage.asks("ada", "/team place", "c2"))
    # One line is changed on the canvas, another in chat, a box is ticked, one is added, and somebody writes beside it all.
    write(stage, "Math, grade 7", "Math and science, grade 7")
    write(stage, "- [ ] Buy whiteboards", "- [x] Buy whiteboards")
    write(stage, "", "- [ ] Ask families")
    write(stage, "", "Our own notes, with a list:\n\n- tea\n- coffee")
    await writes(stage, "cleo", "problem", since="Last spring")
    await writes(
        stage, "dora", "cause", cause="We answer the first hand.", category="relationships", basis="guess"
    )
    await stage.later(minutes=3)
    shown = text(stage)
    for words in (
        "Where: Math and science, grade 7", "Since when: Last spring", "- [x] Buy whiteboards", "- [ ] Ask families",
        "Cause: We answer the first hand.", "Our own notes, with a list:", "- coffee",
    ):  # fmt: skip
        assert shown.count(words) == 1, words
    plan = facts(stage, await stage.asks("eli", "/team plan"))
    for words in ("Math and science, grade 7", "Last spring", "Ask families", "We answer the first hand."):
        assert words in plan
    history = facts(stage, await stage.asks("eli", "/team plan history"))
    assert "on the canvas" in history
    edits = len(slack.calls("canvases.edit"))
    await stage.later(minutes=45)
    assert len(slack.calls("canvases.edit")) == edits, "what is true is not written again"
    # Both change the same words: both are kept, the canvas is left alone, and its place asks.
    write(stage, "Since when:** Last spring", "Since when:** Last May")
    await writes(stage, "cleo", "problem", since="Last June")
    await stage.later(minutes=1)
    assert "Since when: Last May" in text(stage)
    asked = [one for one in stage.room(None, "c2") if "not in the plan" in one.text]
    assert len(asked) == 1
    assert "May" not in asked[0].text
    both = await stage.presses("ben", asked[0], "See what waits")
    assert {"Last June", "Last May"} <= set(facts(stage, both).replace("> ", "").split("\n"))
    form = await stage.presses("ben", both, "Put both together")
    await stage.fills_in("ben", form, since="Last May or June")
    await stage.later(minutes=1)
    assert "Since when: Last May or June" in text(stage)
    assert [one for one in stage.room(None, "c2") if "not in the plan" in one.text] == []
    assert "waits for your answer" not in facts(stage, await stage.asks("ben", "/team plan"))
    assert await stage.broken() == []


async def test_what_cannot_be_taken_from_a_canvas_stays_there_and_is_asked_about(canvas):
    stage = canvas
    await writes(stage, "eli", "voice", said="I need a minute.", students="A student in grade 7")
    await stage.later(minutes=1)
    # A likely name of a student is asked about, and no further word of it is spread.
    write(stage, "I need a minute.", "Maria needs a minute.")
    write(stage, "October 2026", "Octember")
    write(stage, "Say how much will be", "We say how much will be")
    await stage.later(minutes=12)
    shown = text(stage)
    for words in ("Maria needs a minute.", "Octember", "We say how much will be"):
        assert words in shown
    plan = await stage.asks("ada", "/team plan")
    assert "I need a minute." in facts(stage, plan)
    assert "Maria" not in facts(stage, plan)
    assert "1 change on the canvas waits for your answer." in facts(stage, plan)
    # Nobody has to answer within a day.
    stage.clock.advance(timedelta(days=3))
    await stage.app.upkeep.tidy()
    place = facts(stage, await stage.asks("ada", "/team place", "c2"))
    assert "I can’t read these lines of the canvas: “Aim” and “By when”." in place
    asked = await stage.presses("ada", plan, "See what waits")
    assert "I found “Maria”." in facts(stage, asked)
    dropped = await stage.presses("ada", asked, "Keep what is in the plan")
    assert "I saved nothing" in facts(stage, dropped)
    write(stage, "Octember", "October 2026")
    await stage.later(minutes=12)
    assert "They said: I need a minute." in text(stage)
    # Whoever changes the words and is asked about them once more still answers for the canvas.
    write(stage, "I need a minute.", "Maria has no time.")
    await stage.later(minutes=12)
    asked = await stage.presses("ada", await stage.asks("ada", "/team plan"), "See what waits")
    form = await stage.presses("ada", asked, "Change the words")
    again = await stage.fills_in("ada", form, said="Maria has little time.")
    await stage.presses("ada", again, "Save it as it is")
    await stage.later(minutes=12)
    assert "They said: Maria has little time." in text(stage)
    assert "waits for your answer" not in facts(stage, await stage.asks("ada", "/team plan"))
    assert "By when" not in facts(stage, await stage.asks("ada", "/team place", "c2"))
    # What is deleted on the canvas comes back, and what is removed in chat goes.
    write(stage, "**Where:** Math, grade 7", "")
    await stage.later(minutes=12)
    assert "Where: Math, grade 7" in text(stage)
    voice = await stage.chooses(
        "eli", await stage.asks("eli", "/team plan"), "Add or change a part", "What students said"
    )
    await stage.presses("eli", voice, "Remove")
    await stage.later(minutes=1)
    assert "Maria" not in text(stage)
    # Whoever is erased leaves the canvas as well.
    write(stage, "Students ask for help", "Students ask Ben Okafor for help")
    await stage.later(minutes=12)
    write(stage, "**Where:** Math, grade 7", "**Where:** Where Ben Okafor teaches")
    await writes(stage, "cleo", "problem", where="Math, grade 8")
    await stage.later(minutes=1)
    assert "waits for your answer" in facts(stage, await stage.asks("ada", "/team plan"))
    form = await stage.asks("ben", "/my data delete")
    await stage.fills_in("ben", form, word="DELETE")
    await stage.later(minutes=1)
    assert "Students ask somebody for help" in text(stage)
    assert "Okafor" not in text(stage)
    assert "Where: Math, grade 8" in text(stage)
    assert "waits for your answer" not in facts(stage, await stage.asks("ada", "/team plan"))
    assert await stage.broken() == []


async def test_a_canvas_is_made_once_and_is_left_alone_where_it_is_not_ours(north):
    stage = north
    slack, channel = slack_of(stage)
    await writes(stage, "ada", "problem", **PROBLEM)
    # Without the scopes the plan is a message, and the card says what is missing.
    await places(stage)
    await stage.later(seconds=30)
    assert len(pages(stage)) == 1
    card = await stage.asks("ada", "/team place", "c2")
    assert "not allowed to use canvases here" in facts(stage, card)
    slack.manifest.scopes.update({"canvases:read", "canvases:write"})
    # Somebody else's canvas is left alone.
    theirs = slack.make_canvas(channel, "# Lunch\n\nPizza on Friday", "UX")
    await stage.presses("ada", card, "Try a canvas")
    await stage.later(seconds=30)
    assert slack.canvas_text(channel) == "# Lunch\n\nPizza on Friday\n"
    card = await stage.asks("ada", "/team place", "c2")
    assert "There is a canvas already that is not mine." in facts(stage, card)
    theirs.deleted = True
    # The answer to making one is lost: what was made is found again.
    slack.fail("conversations.canvases.create", drop="after")
    await stage.presses("ada", card, "Try a canvas")
    await stage.later(minutes=3)
    assert len(slack.calls("conversations.canvases.create")) == 1
    assert "What: Students ask for help only after class." in text(stage)
    assert pages(stage) == []
    # Somebody is typing, and Slack asks us to wait: it is done later, once.
    slack.canvas_of(channel).locked = 2
    slack.fail("canvases.getContent", ratelimit=3)
    await writes(stage, "ben", "problem", since="Last spring")
    await stage.later(minutes=5)
    assert text(stage).count("Last spring") == 1
    # What waits on it, and the question about that, go with it.
    write(stage, "Since when:** Last spring", "Since when:** Last May")
    await writes(stage, "cleo", "problem", since="Last spring or so")
    await stage.later(minutes=1)
    assert "waits for your answer" in facts(stage, await stage.asks("ben", "/team plan"))
    assert [one for one in stage.room(None, "c2") if "not in the plan" in one.text]
    # Somebody deletes it: that is noticed without a change of the plan, and it comes once more; then no more by itself.
    slack.delete_canvas(channel)
    await stage.later(minutes=12)
    assert "Last spring" in text(stage)
    assert "waits for your answer" not in facts(stage, await stage.asks("ben", "/team plan"))
    assert [one for one in stage.room(None, "c2") if "not in the plan" in one.text] == []
    slack.delete_canvas(channel)
    await stage.later(minutes=30)
    assert slack.canvas_of(channel) is None
    card = await stage.asks("ada", "/team place", "c2")
    assert "Somebody removed the plan of North" in facts(stage, card)
    await stage.presses("ada", card, "Post it again")
    await stage.later(seconds=30)
    # Taken away, the canvas goes; where people wrote beside the plan, only the plan goes.
    write(stage, "", "Our own notes")
    await stage.presses("ada", card, "Remove it from there")
    await stage.later(minutes=3)
    assert text(stage).split("\n")[0] == "Our own notes"
    assert await stage.broken() == []
