"""A team goes through a course: one finishes by reflecting, one stays silent, one is away, one joins late."""

from __future__ import annotations

import re

import pytest

SOIL, DISCOURSE, STUDENTS = "Prepare Your Soil", "Change the Discourse", "Center Student Perspectives"


def lessons(stage, who: str) -> list[str]:
    """The lessons that have arrived at somebody's: the card says which one of how many it is."""
    found = [re.match(r"Lesson \d of \d: (.+)", stage.text(one)) for one in stage.inbox(who)]
    return [one[1] for one in found if one is not None]


def reminders(stage, who: str) -> list[str]:
    return [stage.text(one) for one in stage.inbox(who) if "You get this because" in stage.text(one)]


async def join(stage, who: str, course: str = "c1") -> str:
    await stage.asks(who, f"/course join {course}")
    return stage.text(await stage.presses(who, stage.last(who), "Join"))


def shows_done(seen, name):
    """Whether a table of progress has a lesson of this person that is done, however the platform draws it."""
    return any(line.startswith(name) and "done" in line for line in seen.splitlines())


async def test_a_team_of_four_goes_through_the_course(stage):
    # Sunday evening. Mo makes a team and enrolls it; who comes later comes along.
    await stage.asks("mo", "/team create North")
    for who in ("Ada Quinn", "Ben Okafor", "Cleo Marsh"):
        await stage.asks("mo", f"/team add @{who} North")
    said = stage.text(await stage.asks("mo", "/course enroll c1 team:North"))
    assert "3 people" in said
    await stage.confirms("/prompt schedule #staffroom every tue 09:00 deck:with-lessons closes:4d")
    # Cleo is away for two weeks; nothing comes to her, and nobody asks.
    await stage.asks("cleo", "/my away 5 oct to 18 oct")

    # Monday at nine, everybody's own nine: the first lesson.
    await stage.until("2026-10-05 08:59")
    assert lessons(stage, "ada") == []
    await stage.until("2026-10-05 09:00")
    assert lessons(stage, "ada") == lessons(stage, "ben") == [SOIL]
    assert lessons(stage, "cleo") == []

    # Tuesday: Ada answers the prompt that completes the lesson. Nothing else is asked of her.
    await stage.until("2026-10-06 09:00")
    [prompt] = stage.prompts()
    await stage.says("ada", "One voice at a time, and the quiet go first.", thread=prompt)
    mine = stage.text(await stage.asks("ada", "/course progress"))
    assert f"{SOIL}: done, " in mine
    assert "6 October 2026" in mine
    assert "1 of 4 lessons done" in mine

    # Of fewer than five people who show theirs to nobody, nothing is said, not even one total.
    seen = stage.text(await stage.asks("ada", "/team progress"))
    assert shows_done(seen, "Ada Quinn")
    assert "lessons done" not in seen
    assert "Ben" not in seen

    # The first week is over. Zoe joins the team late, and begins at the beginning.
    await stage.until("2026-10-09 12:00")
    await stage.joins("zoe", "Zoe Reed")
    await stage.asks("zoe", "/team join North")
    await stage.until("2026-10-12 09:00")
    assert lessons(stage, "zoe") == [SOIL]
    assert lessons(stage, "ada") == [SOIL, DISCOURSE]
    form = await stage.presses("zoe", stage.inbox("zoe")[-1], "Done")
    await stage.fills_in("zoe", form, note="I asked two aides.")
    await stage.asks("ada", "/course done c1.2 -- We found the hour on Thursdays.")
    seen = stage.text(await stage.asks("zoe", "/team progress"))
    assert shows_done(seen, "Zoe Reed")
    assert "lessons done" not in seen
    assert "Ada" not in seen

    # Ben says nothing. On the first working day after five he is reminded once, and told why and how to stop.
    assert reminders(stage, "ben") == []
    await stage.until("2026-10-12 09:20")
    [first] = reminders(stage, "ben")
    assert f"“{SOIL}” has been open for 7 days" in first
    assert "You get at most 2 reminders a week" in first
    assert "Write stop to end them" in first
    assert reminders(stage, "ada") == []

    # Cleo is back, and her course begins where it is for her.
    await stage.until("2026-10-19 09:00")
    assert lessons(stage, "cleo") == [SOIL]
    assert reminders(stage, "cleo") == []
    assert lessons(stage, "ada")[-1] == STUDENTS
    form = await stage.presses("ada", stage.inbox("ada")[-1], "Answer the question")
    done = stage.text(await stage.fills_in("ada", form, note="You told us the bell is too loud."))
    assert f"**{STUDENTS}** is done" in done or f"{STUDENTS} is done" in done

    # Ben was asked a second time a week later, a third time after two more, and is then left alone.
    await stage.until("2026-11-30 09:00")
    assert len(reminders(stage, "ben")) == 3
    assert "I will not remind you of this lesson again" in reminders(stage, "ben")[2]
    assert len(lessons(stage, "ben")) == 4
    await stage.until("2026-12-14 09:00")
    assert len(reminders(stage, "ben")) == 3
    assert await stage.broken() == []


async def test_joining_shows_what_will_come_before_anything_does(stage):
    shown = stage.text(await stage.asks("ada", "/course join c1"))
    assert "Monday 5 October at 09:00" in shown
    assert "Monday 19 October at 09:00" in shown
    assert "You get one lesson a week, on Monday at 09:00 your time." in shown
    await stage.until("2026-10-05 09:00")
    assert stage.inbox("ada") == []


async def test_the_next_lesson_can_wait_until_the_previous_is_done(stage):
    await stage.until("2026-10-05 12:00")
    await join(stage, "ada", "c2")
    await stage.later(minutes=1)
    assert lessons(stage, "ada") == ["What else"]
    await stage.later(days=2)
    assert len(lessons(stage, "ada")) == 1
    await stage.asks("ada", "/course done -- We counted to five.")
    await stage.until("2026-10-08 08:29")
    assert len(lessons(stage, "ada")) == 1
    await stage.until("2026-10-08 08:30")
    assert lessons(stage, "ada")[-1] == "What would help"


async def test_lessons_come_at_each_members_own_hour(stage):
    await stage.joins("kim", "Kim Vale", zone="Asia/Tokyo")
    await join(stage, "kim")
    await stage.until("2026-10-05 00:59")
    assert lessons(stage, "kim") == []
    await stage.until("2026-10-05 01:00")
    assert len(lessons(stage, "kim")) == 1


async def test_a_break_moves_lessons_and_silences_reminders(stage):
    await join(stage, "ada")
    await stage.until("2026-10-05 09:00")
    await stage.asks("mo", "/tilth calendar add 6 oct to 25 oct -- Autumn break")
    await stage.until("2026-10-25 23:00")
    assert len(lessons(stage, "ada")) == 1
    assert reminders(stage, "ada") == []
    await stage.until("2026-10-26 09:01")
    assert lessons(stage, "ada")[-1] == DISCOURSE
    assert len(reminders(stage, "ada")) == 1


async def test_pausing_resuming_extending_and_leaving(stage):
    await join(stage, "ada")
    await stage.until("2026-10-05 09:00")
    moved = stage.text(await stage.asks("ada", "/course extend c1.1 1w"))
    assert "19 October 2026" in moved
    await stage.until("2026-10-16 09:00")
    assert reminders(stage, "ada") == []
    assert "is paused until Monday 2 November 2026" in stage.text(
        await stage.asks("ada", "/course pause c1 until:2 nov")
    )
    await stage.until("2026-10-31 09:00")
    assert len(lessons(stage, "ada")) == 2
    assert reminders(stage, "ada") == []
    await stage.until("2026-11-02 09:00")
    assert len(lessons(stage, "ada")) == 3
    await stage.asks("ada", "/course pause")
    assert "Welcome back" in stage.text(await stage.asks("ada", "/course resume"))
    await stage.asks("ada", "/course leave")
    assert "You are not in a course yet" in stage.text(await stage.asks("ada", "/course"))
    back = stage.text(await stage.presses("ada", stage.room("ada")[-2], "Undo"))
    assert "Welcome back" in back
    await stage.asks("ada", "/course leave")
    left = stage.last("ada")
    await stage.later(minutes=11)
    assert "Ten minutes are over" in stage.text(await stage.presses("ada", left, "Undo"))
    assert await stage.broken() == []


async def test_done_can_be_taken_back(stage):
    await join(stage, "ada", "c2")
    await stage.until("2026-10-05 12:00")
    await stage.asks("ada", "/course done c2.1 -- Five seconds are long.")
    assert "What else: done" in stage.text(await stage.asks("ada", "/course progress"))
    assert "is open again" in stage.text(await stage.asks("ada", "/course undo"))
    await stage.asks("ada", "/course done c2.2 -- Ahead of time.")
    await stage.asks("ada", "/course done c2.1 -- Once more.")
    assert "Evidence of completion" in stage.text(stage.last("ada"))
    await stage.presses("ada", stage.last("ada"), "Mark as not done")
    assert "1 of 2 lessons done" in stage.text(await stage.asks("ada", "/course progress"))
    assert await stage.broken() == []


async def test_another_prompt_of_the_lesson_begins_it_and_does_not_finish_it(stage):
    await join(stage, "ada")
    await stage.confirms("/prompt schedule #staffroom every tue 09:00 deck:with-lessons closes:4d")
    await stage.until("2026-10-06 09:00")
    await stage.until("2026-10-13 09:00")
    await stage.says("ada", "The bench by the gate.", thread=stage.prompts()[-1])
    assert f"{SOIL}: begun" in stage.text(await stage.asks("ada", "/course progress"))


async def test_an_unknown_course_names_the_ones_there_are(stage):
    await join(stage, "ada")
    said = stage.text(await stage.asks("ada", "/course progress c9"))
    assert "There is no course c9." in said
    assert "[From Root Causes to Grassroots Action]" in said


async def test_a_note_is_kept_for_its_author_alone(stage):
    await join(stage, "ada", "c2")
    await stage.until("2026-10-05 12:00")
    await stage.asks("ada", "/course done c2.1 -- The kettle knows everything.")
    await stage.asks("mo", "/team create North")
    for who in ("Ada Quinn", "Mo Hale"):
        await stage.asks("mo", f"/team add @{who} North")
    assert "kettle" not in stage.text(await stage.asks("mo", "/team progress North c2"))
    await stage.asks("ada", "/my settings keep:no")
    refused = stage.text(await stage.asks("ada", "/course done c2.2 -- And this one?"))
    assert "Saving is off for you" in refused
    assert "And this one?" in refused


async def test_groups_are_kept_in_sync_and_nobody_is_enrolled_against_their_will(stage):
    assert "people" in stage.text(await stage.asks("mo", "/course enroll c1 channel:#staffroom"))
    await stage.settles()
    assert "Your courses" in stage.text(await stage.asks("ben", "/course"))
    await stage.asks("ben", "/course leave")
    await stage.joins("zoe", "Zoe Reed")
    await stage.settles()
    assert "Your courses" in stage.text(await stage.asks("zoe", "/course"))
    assert "You are not in a course yet" in stage.text(await stage.asks("ben", "/course"))
    await stage.asks("mo", "/course enroll")
    await stage.presses("mo", stage.last("mo"), "End 1")
    await stage.joins("kai", "Kai Moss")
    await stage.settles()
    assert "You are not in a course yet" in stage.text(await stage.asks("kai", "/course"))


@pytest.mark.only("local", "slack", reason="Discord has no page of a bot's own")
async def test_the_bots_own_page_shows_courses_and_teams(stage):
    await join(stage, "ada")
    await stage.asks("mo", "/team create North")
    await stage.asks("ada", "/team join north")
    await stage.until("2026-10-05 09:00")
    home = await stage.opens_home("ada")
    if home is not None:
        assert f"Open: **{SOIL}**" in stage.text(home) or f"Open: {SOIL}" in stage.text(home)
        assert "North" in stage.text(home)


@pytest.mark.only("local", "slack", reason="Discord offers no command or choice that is not there")
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/course enrol c1 channel:#staffroom", "/course enroll c1 channel:#staffroom"),
        ("/my settings progress:facilitators help:bare", "/my settings progress:moderators help:bare"),
        ("/reflect answer share:facilitators -- We tried.", "/reflect answer share:moderators -- We tried."),
    ],
)
async def test_an_old_spelling_answers_with_the_line_to_copy(stage, old, new):
    said = stage.text(await stage.asks("mo", old))
    assert new in said
