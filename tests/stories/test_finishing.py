"""A lesson is done by doing: by what a team wrote into its plan, by an answer of substance, or by a line of what was done.

Who says nothing ("idk") is asked once, kindly, through whichever door; then it is taken. Evidence says how each lesson was
finished, and no hours.
"""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest

from bot.pictures import paper
from tests.stories import stage as stage_module
from tests.stories.stage import shipped_courses, staged
from tests.stories.test_courses import DISCOURSE, SOIL, STUDENTS, join, lessons
from tests.stories.test_team_plan import PROBLEM, writes

ASKED = "What is one thing you tried or saw?"


async def progress(stage, who):
    return stage.text(await stage.asks(who, "/course progress"))


async def make_team(stage, *people):
    await stage.asks("mo", "/team create North")
    for who in people:
        await stage.asks(who, "/team join North")


async def test_whoever_wrote_into_the_plan_has_done_the_lesson_and_the_others_say_so_with_one_tap(stage):
    await make_team(stage, "ada", "ben")
    for who in ("ada", "ben", "cleo"):
        await join(stage, who)
    await stage.until("2026-10-05 12:00")
    assert "Without a team" in stage.text(await stage.asks("cleo", "/course lesson c1.1"))
    assert "Without a team" not in stage.text(await stage.asks("ben", "/course lesson c1.1"))
    await writes(stage, "ada", "next", what="Ask the office for the list.", owner="ben", day="Oct 7")
    assert f"{SOIL}: open" in await progress(stage, "ada"), "no step of the lesson names that part"
    saved = await writes(stage, "ada", "problem", **PROBLEM)
    assert f"{SOIL}: done" in await progress(stage, "ada")
    assert f"{SOIL}: open" in await progress(stage, "ben")
    assert "our team did this" not in stage.text(await stage.asks("cleo", "/course lesson c1.1"))
    card = await stage.asks("ben", "/course lesson c1.1")
    await stage.presses("ada", saved, "Undo")
    refused = await stage.presses("ben", card, "Done: our team did this")
    assert "does not have all of this lesson yet" in stage.text(refused), "the part was emptied meanwhile"
    await writes(stage, "ada", "problem", **PROBLEM)
    for _ in range(2):
        assert "is done" in stage.text(await stage.presses("ben", card, "Done: our team did this"))
    assert f"{SOIL}: done" in await progress(stage, "ben")
    # Of a lesson that names several parts, one is a beginning; all are done, also when they were written by two.
    await stage.until("2026-10-12 12:00")
    cause = {"category": "structures", "basis": "guess"}
    await writes(stage, "ada", "cause", cause="Three minutes between classes.", **cause)
    assert f"{DISCOURSE}: begun" in await progress(stage, "ada")
    card = await stage.asks("ben", "/team plan choose")
    await stage.chooses("ben", card, "Choose a cause", "Three minutes between classes.")
    assert f"{DISCOURSE}: done" in await progress(stage, "ada")
    assert f"{DISCOURSE}: done" in await progress(stage, "ben")
    assert await stage.broken() == []


async def test_idk_is_asked_about_once_and_evidence_says_how_each_lesson_was_finished(stage):
    await join(stage, "ada", "c2")
    await stage.until("2026-10-05 12:00")
    form = await stage.asks("ada", "/course done c2.1")
    card = await stage.fills_in("ada", form, note="n/a")
    assert ASKED in stage.text(card)
    assert "What else: open" in await progress(stage, "ada")
    form = await stage.presses("ada", card, "Write one line")
    assert "is done" in stage.text(await stage.fills_in("ada", form, note="I counted to five."))
    asked = await stage.asks("ada", "/course done c2.2 -- idk")
    assert ASKED in stage.text(asked)
    for _ in range(2):
        assert "is done" in stage.text(await stage.presses("ada", asked, "Finish without a note"))
    form = await stage.asks("ada", "/course evidence c2")
    [data] = stage.files(await stage.fills_in("ada", form)).values()
    page = zipfile.ZipFile(BytesIO(data)).read("evidence.html").decode()
    assert page.count("their own word, with a line about what they did") == 1
    assert page.count("their own word") == 2
    assert "hours of work" not in page
    assert "It counts no hours" in page


async def test_an_answer_that_says_nothing_begins_the_lesson_and_asks_for_one_thing(stage):
    for who in ("ada", "ben"):
        await join(stage, who)
    await stage.asks("mo", "/prompt schedule #staffroom every tue 09:00 deck:with-lessons closes:4d")
    await stage.presses("mo", stage.last("mo"), "Confirm")
    await stage.until("2026-10-06 09:00")
    [prompt] = stage.prompts()
    await stage.says("ada", "idk", thread=prompt)
    said = await stage.says("ben", "…", thread=prompt)
    await stage.settles()
    for who in ("ada", "ben"):
        assert f"{SOIL}: begun" in await progress(stage, who)
        assert any(
            ASKED in stage.text(one)
            for one in (*stage.room(who), *stage.thread(who, prompt), *stage.inbox(who))
        )
    await stage.edits("ben", said, "We see lost minutes at the door, most for those who take the bus.")
    await stage.settles()
    assert f"{SOIL}: done" in await progress(stage, "ben")
    form = await stage.presses("ada", prompt, "Answer or edit")
    await stage.fills_in("ada", form, q0="n/a")
    assert f"{SOIL}: done" in await progress(stage, "ada"), "asked once, it is taken"


@pytest.fixture
async def unhurried(tmp_path, platform, monkeypatch):
    """A room with the courses as they ship, with all their weeks."""
    monkeypatch.setattr(stage_module, "story_courses", shipped_courses)
    async with staged(tmp_path, platform) as stage:
        yield stage


@pytest.mark.only("local", reason="when a lesson comes is no platform's business")
async def test_a_lesson_that_waits_says_for_what_and_can_be_opened_all_the_same(unhurried):
    stage = unhurried
    preview = stage.text(await stage.asks("ada", "/course join c1"))
    assert f"Monday 2 November at 09:00 (Irish Time), if you finish “{SOIL}”" in preview
    await stage.presses("ada", stage.last("ada"), "Join")
    await stage.until("2026-10-18 12:00")
    assert lessons(stage, "ada") == [SOIL]
    await stage.until("2026-11-10 12:00")
    assert lessons(stage, "ada") == [SOIL, DISCOURSE], (
        "two weeks after the first, and then none while it is open"
    )
    asked = [stage.text(one) for one in stage.inbox("ada") if "You get this because" in stage.text(one)]
    assert f"“{STUDENTS}” comes when you finish “{SOIL}”." in asked[-1]
    mine = await progress(stage, "ada")
    assert f"“{STUDENTS}” comes when you finish “{SOIL}”." in mine
    assert f"“{STUDENTS}” comes when you finish “{SOIL}”." in stage.text(await stage.asks("ada", "/course"))
    shown = await stage.presses("ada", stage.last("ada"), "Open it now")
    assert "week" in stage.text(shown).lower()
    assert f"{STUDENTS}: open, planned until" in await progress(stage, "ada")
    await stage.asks("ben", "/course join c1")
    await stage.presses("ben", stage.last("ben"), "Join")
    await stage.until("2026-11-16 12:00")
    await stage.asks("ben", "/course done c1.1 -- We wrote one sentence about the buses.")
    await stage.until("2026-12-14 12:00")
    assert lessons(stage, "ben") == [SOIL, DISCOURSE, STUDENTS], "what it waited for is done"
    assert await stage.broken() == []


async def test_a_lesson_is_short_and_the_rest_is_behind_buttons(stage, monkeypatch):
    await join(stage, "ada")
    await stage.until("2026-10-05 12:00")
    card = next(one for one in stage.inbox("ada") if f"of 4: {SOIL}" in stage.text(one))
    assert "Juniper Flats" not in stage.text(card)
    assert "Juniper Flats" in stage.text(await stage.presses("ada", card, "An example"))
    assert "District lead" in stage.text(await stage.presses("ada", card, "Who can help, and how"))
    meeting = await stage.presses("ada", card, "Team meeting, 45 min")
    assert "Say: " in stage.text(await stage.presses("ada", meeting, "What to do and say"))
    assert "chat" in stage.text(await stage.presses("ada", meeting, "On a video call"))
    sheets = await stage.presses("ada", card, "Sheets to use")
    assert "For which students" in stage.text(await stage.presses("ada", sheets, "Problem statement"))
    printed = stage.files(await stage.presses("ada", meeting, "One page to print"))
    assert next(iter(printed)) == "prepare-your-soil.pdf"
    assert set(printed) == set(stage.files(await stage.asks("ada", "/course handout")))
    monkeypatch.setattr(paper, "find_spec", lambda _name: None)
    assert "One page to print" not in (await stage.presses("ada", card, "Team meeting, 45 min")).buttons
    assert "not set up here" in stage.text(await stage.asks("ada", "/course handout c1.1"))
