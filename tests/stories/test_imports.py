"""Files that moderators hand in: calendars, prompts, and progress from where a course is hosted."""

from __future__ import annotations

import pytest

from tests.stories.room import Chosen
from tests.stories.test_calendar import ICS

CANVAS = """Student,ID,SIS User ID,SIS Login ID,Section,Attendance,Prepare Your Soil (101),Lesson 2: Change the Discourse (102),Final quiz (103),Current Score
,,,,,,Manual Posting,,,
    Points Possible,,,,,,10,10,20,(read only)
"Quinn, Ada",11,s1,ada@school.example,Period 1,3,10,0,12,90
"Okafor, Ben",12,s2,ben@school.example,Period 1,2,EX,8.5,,80
"Here, Nobody",13,s3,nobody@school.example,Period 1,1,9,9,9,70
"Student, Test",14,,,Period 1,,10,10,10,10
"""
CLASSROOM = """Last Name,First Name,Email Address,Soil check,Change the Discourse
Date,,,2026-09-01,2026-09-08
Points,,,10,10
Quinn,Ada,ada@school.example,8,
Okafor,Ben,ben@school.example,,9
"""
MOODLE = """\t"Email address"\t"Prepare Your Soil"\t""\t"Change the Discourse"\t"2026-10-20 00:00:00"
"Ada Quinn"\t"ada@school.example"\t"Completed"\t"2026-10-02 10:30:00"\t"Not completed"\t""
"Ben Okafor"\t"ben@school.example"\t"Completed (did not achieve pass grade)"\t"2026-10-01 09:00:00"\t"Completed (set by Mo Hale)"\t"2026-10-02 09:00:00"
"""


async def hand_in(stage, name, text, line="/course import", letters="utf-8"):
    """What the moderator sees who hands in a file."""
    form = await stage.asks("mo", line)
    return await stage.fills_in("mo", form, file=Chosen(name, text.encode(letters)))


async def progress(stage, who):
    """What somebody sees of their own lessons."""
    return stage.text(await stage.asks(who, "/course progress"))


async def test_a_calendar_is_handed_in_as_a_file(monday):
    form = await monday.asks("mo", "/tilth calendar import")
    said = monday.text(await monday.fills_in("mo", form, file=Chosen("school.ics", ICS.encode())))
    assert "School days" in said
    assert "skipped (break: Founders' day)" in said


async def test_prompts_are_handed_in_as_a_file(stage):
    form = await stage.asks("mo", "/prompt import")
    lines = "The quiet one | Who said nothing today?\nWho waits on the stairs?\n"
    report = await stage.fills_in("mo", form, deck="halls", file=Chosen("halls.txt", lines.encode()))
    assert "2 prompts added to" in stage.text(report)


async def test_a_form_with_neither_file_nor_text_says_so_and_stays(stage):
    for line in ("/tilth calendar import", "/prompt import", "/course import", "/team import"):
        shown = await stage.fills_in("mo", await stage.asks("mo", line))
        assert "Please choose a file, or paste" in stage.errors(shown)["file"]


async def test_a_canvas_gradebook_shows_what_it_would_do_and_is_taken_in_once(stage):
    card = await hand_in(stage, "grades.csv", CANVAS)
    said = stage.plain(card)
    assert "Nothing is changed yet" in said
    assert "Canvas" in said
    assert "I found nobody called “Nobody Here”." in said
    assert "Attendance" in said  # the columns that are no lesson are named
    assert "Final quiz" in said
    assert "Center Student Perspectives" in said  # a lesson without a column
    assert b"Nobody Here" in stage.files(card)["tilth-refused.csv"]
    assert "Prepare Your Soil: done" not in await progress(stage, "ada")

    report = await stage.presses("mo", card, "Take it in")
    assert "Progress is in" in stage.text(report)
    mine, his = await progress(stage, "ada"), await progress(stage, "ben")
    assert "Prepare Your Soil: done" in mine
    assert "Change the Discourse: done" not in mine  # no points are no progress
    assert "Change the Discourse: done" in his
    assert "Prepare Your Soil: done" not in his  # excused

    again = await stage.presses("mo", card, "Take it in")
    assert "not here any more" in stage.text(again)
    once_more = await hand_in(stage, "grades.csv", CANVAS)
    assert "Take it in" not in once_more.buttons


@pytest.mark.only("slack", reason="only there can addresses be shown to a bot")
async def test_a_person_of_another_name_is_found_by_the_address_that_the_workspace_shows(stage):
    stage.platform.slack.manifest.scopes.add("users:read.email")
    address = {one.real_name: one.email for one in stage.platform.slack.world.people.values()}["Ada Quinn"]
    table = CANVAS.replace("Quinn, Ada", "Quinn-Hale, Adelaide").replace(
        "ada@school.example", address.upper()
    )
    card = await hand_in(stage, "grades.csv", table)
    assert "Adelaide" not in stage.plain(card)
    await stage.presses("mo", card, "Take it in")
    assert "Prepare Your Soil: done" in await progress(stage, "ada")


async def test_what_somebody_took_back_stays_taken_back_whoever_sends_the_gradebook_again(stage):
    await stage.presses("mo", await hand_in(stage, "grades.csv", CANVAS), "Take it in")
    assert "Prepare Your Soil: done" in await progress(stage, "ada")
    await stage.later(minutes=1)
    await stage.asks("ada", "/course undo c1.1")
    assert "Prepare Your Soil: done" not in await progress(stage, "ada")
    card = await hand_in(stage, "grades.csv", CANVAS)
    assert "Take it in" not in card.buttons
    assert "Prepare Your Soil: done" not in await progress(stage, "ada")


async def test_an_excel_file_of_moodle_is_read_with_its_dates(stage):
    card = await hand_in(stage, "progress.csv", f"\ufeff{MOODLE}", letters="utf-16-le")
    assert "Moodle" in stage.plain(card)
    await stage.presses("mo", card, "Take it in")
    assert "2 October 2026" in await progress(stage, "ada")
    assert "Change the Discourse: done" in await progress(stage, "ben")
    assert "Prepare Your Soil: done" not in await progress(stage, "ben")  # begun, not passed


async def test_a_column_of_another_name_is_chosen_in_a_form(stage):
    card = await hand_in(stage, "grades.csv", CLASSROOM)
    assert "Google Classroom" in stage.plain(card)
    form = await stage.presses("mo", card, "Match columns")
    first = next(one.name for one in form.blanks if one.label == "Prepare Your Soil")
    card = await stage.fills_in("mo", form, **{first: "Soil check"})
    await stage.presses("mo", card, "Take it in")
    assert "Prepare Your Soil: done" in await progress(stage, "ada")
    assert "Change the Discourse: done" in await progress(stage, "ben")


async def test_a_table_that_is_left_changes_nothing_and_is_gone(stage):
    card = await hand_in(stage, "grades.csv", CANVAS)
    assert "Nothing was changed" in stage.text(await stage.presses("mo", card, "Leave it"))
    assert "not here any more" in stage.text(await stage.presses("mo", card, "Take it in"))
    assert "Prepare Your Soil: done" not in await progress(stage, "ada")


async def test_a_file_of_unknown_columns_names_its_course_by_a_choice(stage):
    strange = CANVAS.replace("Prepare Your Soil", "Unit A").replace(
        "Lesson 2: Change the Discourse", "Unit B"
    )
    card = await hand_in(stage, "grades.csv", strange)
    assert "Which course is this?" in stage.text(card)
    option = next(one for one in card.selects[0].options if one.startswith("From Root Causes"))
    seen = await stage.chooses("mo", card, "Course", option)
    assert "4 lessons have no column of their name" in stage.plain(seen)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("grades.csv", b"x" * (1024 * 1024 + 1), "KB fit here"),
        ("grades.csv", "person,lesson\nJosé,1\n".encode("cp1252") + b"\x81", "is not in UTF-8"),
        ("grades.csv", b" \n", "is empty"),
        ("grades.csv", b"PK\x03\x04\0\0", "holds no text"),
        ("grades.csv", b"a,b\n1,2\n", "no column “person”"),
    ],
    ids=["too large", "not UTF-8", "empty", "no text", "no table of ours"],
)
async def test_a_file_that_cannot_be_read_is_refused_with_the_reason(stage, name, data, said):
    shown = await stage.fills_in("mo", await stage.asks("mo", "/course import"), file=Chosen(name, data))
    assert said in stage.errors(shown)["file"]


async def test_nothing_of_a_file_reaches_the_log(stage, caplog):
    caplog.set_level("DEBUG")
    await stage.presses("mo", await hand_in(stage, "grades.csv", CANVAS), "Take it in")
    assert "ada@school.example" not in caplog.text
    assert "Here, Nobody" not in caplog.text
