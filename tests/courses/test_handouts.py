"""A lesson on paper: each meeting on one page, in both languages, in letters that the font has."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.courses.lesson_pages import handout
from bot.courses.lessons.files import read_courses
from bot.pictures import text_width

SHIPPED = {one.slug: one for one in read_courses(Path(__file__).parents[2] / "prompts")}
PAGES = [
    (course, lesson) for course in SHIPPED.values() for lesson in course.lessons if lesson.protocol is not None
]  # fmt: skip
SMALLEST = 8.5
"""Points: a grown-up reads it at arm's length."""


def pages(data: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", data))


@pytest.mark.parametrize(
    ("course", "lesson"), PAGES, ids=[f"{one.language}-{two.slug}" for one, two in PAGES]
)
def test_each_meeting_and_each_further_page_fits_on_one_page(course, lesson, monkeypatch):
    monkeypatch.setattr(handout, "SIZES", tuple(size for size in handout.SIZES if size >= SMALLEST))
    handout._make_handouts.cache_clear()
    files = handout.make_handouts(course, lesson)
    assert [pages(one.data) for one in files] == [1] * (1 + len(lesson.sheets))
    assert files[0].name == f"{lesson.slug}.pdf"
    assert files[0].data.startswith(b"%PDF")
    assert f"/Lang ({course.language}".encode() in files[0].data.replace(b"\n", b" ")


def test_the_font_has_every_letter_of_the_lessons():
    written = {letter for course in SHIPPED.values() for letter in str(course.to_json())}
    assert {one for one in written if not text_width.has_letter(one) and not one.isspace()} == set()


def test_the_same_lesson_is_the_same_bytes_whenever_it_is_drawn():
    course, lesson = PAGES[0]
    first = handout.make_handouts(course, lesson)
    handout._make_handouts.cache_clear()
    assert handout.make_handouts(course, lesson) == first
