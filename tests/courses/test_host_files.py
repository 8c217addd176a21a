"""Files of course hosts: recognized by their first line, read as their sources write them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.content import spreadsheet
from bot.courses.progress_import import columns
from bot.courses.progress_import.hosts import CANVAS, CLASSROOM, MOODLE, read_host
from tests.courses.taught import COURSE
from tests.stories import test_imports as files


def read(text):
    return read_host(spreadsheet.read(text))


def said(table):
    return {one.names[0]: [(mark.status, mark.at) for mark in one.marks] for one in table.learners}


def test_a_canvas_gradebook_is_read_without_its_lines_about_nobody():
    table = read(files.CANVAS)
    assert table.host == CANVAS
    assert table.columns == ("Prepare Your Soil", "Lesson 2: Change the Discourse", "Final quiz")
    assert table.others == ("Attendance",)
    assert said(table) == {
        "Ada Quinn": [("done", ""), ("", ""), ("done", "")],
        "Ben Okafor": [("", ""), ("done", ""), ("", "")],
        "Nobody Here": [("done", "")] * 3,
    }
    assert table.learners[0].emails == ("ada@school.example",)
    assert table.learners[0].names == ("Ada Quinn", "Quinn, Ada")


def test_a_canvas_gradebook_with_names_apart_and_semicolons_is_the_same():
    table = read(
        "LastName;FirstName;ID;SIS Login ID;Section;Soil (1)\nPoints Possible;;;;;10\nQuinn;Ada;1;ada;A;9,5\n"
    )
    assert table.host == CANVAS
    assert said(table) == {"Ada Quinn": [("done", "")]}
    assert table.learners[0].emails == ()


@pytest.mark.parametrize(
    ("cell", "status"),
    [
        ("10", "done"), ("0.5", "done"), ("0,5", "done"), ("8/10", "done"), ("A-", "done"), ("complete", "done"), ("100%", "done"),
        ("0", ""), ("0.00", ""), ("0/10", ""), ("", ""), ("EX", ""), ("N/A", ""), ("F", ""), ("-", ""), ("incomplete", ""),
    ],
)  # fmt: skip
def test_a_grade_above_nothing_is_done(cell, status):
    [learner] = read(
        f'Last Name,First Name,Email Address,Soil\nQuinn,Ada,ada@school.example,"{cell}"\n'
    ).learners
    assert [mark.status for mark in learner.marks] == [status]


def test_a_classroom_file_is_read_without_its_dates_and_points():
    table = read(files.CLASSROOM)
    assert table.host == CLASSROOM
    assert table.columns == ("Soil check", "Change the Discourse")
    assert said(table) == {"Ada Quinn": [("done", ""), ("", "")], "Ben Okafor": [("", ""), ("done", "")]}


def test_a_moodle_report_is_read_with_its_dates():
    table = read(files.MOODLE)
    assert table.host == MOODLE
    assert table.columns == ("Prepare Your Soil", "Change the Discourse")
    assert said(table) == {
        "Ada Quinn": [("done", "2026-10-02 10:30:00"), ("", "")],
        "Ben Okafor": [("started", "2026-10-01 09:00:00"), ("done", "2026-10-02 09:00:00")],
    }


def test_a_moodle_report_in_spanish_is_read():
    table = read(
        ',"Dirección de correo","Suelo",""\n"Ada Quinn","ada@school.example","Finalizado","2026-10-02 10:30:00"\n"Ben Okafor","","No finalizado",""\n'
    )
    assert said(table) == {"Ada Quinn": [("done", "2026-10-02 10:30:00")], "Ben Okafor": [("", "")]}


@pytest.mark.parametrize(
    "text",
    [
        "person,lesson,status,at\nAda Quinn,1,done,\n",
        "Student,Grade\nAda,1\n",
        ",a,b,c\nAda,1,2,3\n",
        "a\n1\n",
        ",\n,\n",
    ],
)
def test_any_other_table_is_none_of_theirs(text):
    rows = spreadsheet.read(text)
    assert not rows or read_host(rows) is None


@pytest.mark.parametrize("name", ["An hour kept whole", "an hour kept whole", "1. An Hour Kept Whole", "Lesson 1: An hour kept whole", "Lección 1 An hour kept whole", "an-hour-kept-whole", "Lesson 1"])  # fmt: skip
def test_a_column_is_matched_by_the_name_of_its_lesson(name):
    assert columns.match_columns(("Attendance", name), COURSE, {}) == {"an-hour-kept-whole": 1}


def test_two_columns_of_one_name_are_nobodys_until_somebody_says():
    there = ("Who is missing", "An hour kept whole", "Who is missing")
    assert columns.match_columns(there, COURSE, {}) == {"an-hour-kept-whole": 1}
    assert columns.list_unclear(COURSE, {"an-hour-kept-whole": 1}, {}) == ["who-is-missing"]
    assert columns.match_columns(there, COURSE, {"who-is-missing": 2})["who-is-missing"] == 2
    without = columns.match_columns(there, COURSE, {"who-is-missing": columns.NONE})
    assert without == {"an-hour-kept-whole": 1}


def test_the_likeliest_columns_are_offered_first_and_those_of_others_not_at_all():
    there = ("Attendance", "Missing people", "An hour kept whole", *(f"Quiz {n}" for n in range(12)))
    ranked = columns.rank_columns(there, "Who is missing", {"an-hour-kept-whole": 2})
    assert ranked[0] == 1
    assert 2 not in ranked
    assert len(ranked) == columns.CANDIDATES


def test_a_course_is_told_from_its_translation_by_the_titles():
    translated = replace(
        COURSE, slug="otra", lessons=tuple(replace(one, title=f"Otra {one.slug}") for one in COURSE.lessons)
    )
    there = ("An hour kept whole", "Attendance")
    assert columns.count_matches(there, COURSE) == (1, 1)
    assert columns.count_matches(there, translated) == (0, 1)
