"""How something goes, in people's own words: what is clear is read, and nothing is guessed."""

from __future__ import annotations

from datetime import date

import pytest

from bot.chat.time.days import resolve_day
from bot.intents.progress_words import ProgressWord, read_progress

TODAY = date(2026, 10, 7)


@pytest.mark.parametrize(
    ("text", "progress", "line"),
    [
        ("done", ProgressWord.DONE, ""),
        ("Done!", ProgressWord.DONE, ""),
        ("It's done.", ProgressWord.DONE, ""),
        ("We finished it", ProgressWord.DONE, ""),
        ("done: 30 copies are in the office", ProgressWord.DONE, "30 copies are in the office"),
        ("Done - two classes so far", ProgressWord.DONE, "two classes so far"),
        ("ya está listo", ProgressWord.DONE, ""),
        ("Hecho, hay 30 copias", ProgressWord.DONE, "hay 30 copias"),
        ("started", ProgressWord.STARTED, ""),
        ("we have started", ProgressWord.STARTED, ""),
        ("empezamos", ProgressWord.STARTED, ""),
        ("stuck", ProgressWord.STUCK, ""),
        ("I'm stuck", ProgressWord.STUCK, ""),
        ("still stuck", ProgressWord.STUCK, ""),
        ("stuck: no room", ProgressWord.STUCK, "no room"),
        ("I am stuck because the room is taken", ProgressWord.STUCK, "because the room is taken"),
        ("estoy atascada: no hay sala", ProgressWord.STUCK, "no hay sala"),
        ("No avanza", ProgressWord.STUCK, ""),
    ],
)
def test_it_is_read_with_what_is_said_beside_it(text, progress, line):
    read = read_progress(text)
    assert read is not None
    assert (read.progress, read.line, read.day) == (progress, line, None)


@pytest.mark.parametrize(
    ("text", "day", "line"),
    [
        ("we moved it to Friday", date(2026, 10, 9), ""),
        ("Moving to Dec 4", date(2026, 12, 4), ""),
        ("Not yet. By Oct 15", date(2026, 10, 15), ""),
        ("not done yet, in 2 weeks", date(2026, 10, 21), ""),
        ("Friday", date(2026, 10, 9), ""),
        ("by tomorrow", date(2026, 10, 8), ""),
        ("Rosa is sick, we moved it to 10/20", date(2026, 10, 20), "Rosa is sick, we moved it to 10/20"),
    ],
)
def test_a_day_that_it_moved_to_is_read(text, day, line):
    read = read_progress(text)
    assert read is not None
    assert read.progress is ProgressWord.MOVED
    assert read.day is not None
    assert resolve_day(read.day, TODAY) == day
    assert read.line == line


def test_what_stands_among_other_words_may_be_said_of_something_else():
    loose = {
        text: read_progress(text).loose
        for text in (
            "Stuck in traffic, and the bus driver waved",
            "The kids asked, so we moved the quiz to Friday",
            "3/4",
            "10/20.",
            "stuck: no room",
            "by 3/4",
            "We're stuck",
        )
    }
    assert list(loose.values()) == [True, True, True, True, False, False, False]


@pytest.mark.parametrize(
    "text",
    [
        "", "?", "not done", "done?", "can we move it to Friday?", "I am not stuck", "We talked about it on Friday.", "done with half of it",
        "nearly done", "The kids got stuck on question 4.", "no", "yes", "we moved the tables", "idk",
        "It was done late on Friday", "done later on Friday", "We were stuck, now it runs", "I was stuck on it for a week",
    ],
)  # fmt: skip
def test_what_is_not_clear_is_not_read(text):
    assert read_progress(text) is None
