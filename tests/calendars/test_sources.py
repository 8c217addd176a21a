"""Calendars that others write: what is read from them, and what is refused with words that help."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bot.calendars.sources import LARGEST, check_country, days_of, events, holidays, parse
from bot.calendars.tables import CalendarSource, SourceKind
from bot.chat.models import Refusal

SINCE, UNTIL = date(2026, 9, 1), date(2029, 9, 1)
NOW = datetime(2026, 9, 1, tzinfo=UTC)


def event(*lines: str) -> str:
    return "\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT"])


def term(label: str, starts: str, ends: str) -> CalendarSource:
    return CalendarSource(1, 1, SourceKind.TERM, label, {"starts": starts, "ends": ends}, NOW, None, None)


def test_events_cut_out_of_a_file_are_read_without_the_rest_of_it():
    found = events(
        event("SUMMARY:Half term", "DTSTART;VALUE=DATE:20261026", "DTEND;VALUE=DATE:20261031"),
        "",
        SINCE,
        UNTIL,
    )
    assert found == [(date(2026, 10, 26), date(2026, 10, 30), "Half term")]


def test_a_day_without_an_end_is_one_day():
    assert events(event("DTSTART;VALUE=DATE:20261026"), "", SINCE, UNTIL) == [
        (date(2026, 10, 26), date(2026, 10, 26), "day off")
    ]


def test_repetitions_are_laid_out_and_their_exceptions_left_out():
    found = events(
        event("SUMMARY:Founders", "DTSTART;VALUE=DATE:20261012", "RRULE:FREQ=YEARLY", "EXDATE;VALUE=DATE:20271012"),
        "", SINCE, UNTIL,
    )  # fmt: skip
    assert [first for first, _, _ in found] == [date(2026, 10, 12), date(2028, 10, 12)]


def test_only_events_with_the_word_count():
    text = (
        event("SUMMARY:Bank HOLIDAY", "DTSTART;VALUE=DATE:20261026")
        + "\n"
        + event("SUMMARY:Sports day", "DTSTART;VALUE=DATE:20261028")
    )
    assert [label for _, _, label in events(text, "holiday", SINCE, UNTIL)] == ["Bank HOLIDAY"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("https://calendar.example/basic.ics", "do not fetch"),
        ("webcal://calendar.example/basic.ics", "do not fetch"),
        ("See you on Monday", "no event"),
        (event("DTSTART;VALUE=DATE:20261012", "RRULE:FREQ=SECONDLY"), "more often than daily"),
        (event("DTSTART:not a date"), "cannot read"),
        ("BEGIN:VEVENT\n" + "x" * LARGEST, "I read up to"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(text, problem):
    with pytest.raises(Refusal) as refusal:
        events(text, "", SINCE, UNTIL)
    assert problem in refusal.value.problem


def test_a_calendar_full_of_days_off_is_refused():
    with pytest.raises(Refusal) as refusal:
        events(event("DTSTART;VALUE=DATE:20260901", "RRULE:FREQ=DAILY"), "", SINCE, UNTIL)
    assert "I take up to 500" in refusal.value.problem


def test_a_whole_file_is_read_with_its_name():
    whole = (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nX-WR-CALNAME:School\r\n"
        + event("DTSTART;VALUE=DATE:20261012")
        + "\r\nEND:VCALENDAR"
    )
    assert str(parse(whole)["X-WR-CALNAME"]) == "School"


def test_holidays_of_a_region_are_more_than_those_of_its_country():
    everywhere, bavaria = (holidays("DE", region, SINCE, date(2027, 8, 31)) for region in ("", "BY"))
    assert len(bavaria) > len(everywhere)
    assert check_country("de", "de-by") == ("DE", "BY")
    for nonsense in (
        "Atlantis",
        "",
        "mon",
        "public",
    ):  # the last two are names in the library, and no countries
        with pytest.raises(Refusal):
            check_country(nonsense, "")


def test_a_term_stands_for_the_gap_before_it_and_the_first_for_none():
    autumn, spring = term("Autumn", "2026-09-01", "2026-12-18"), term("Spring", "2027-01-06", "2027-03-26")
    assert days_of(autumn, SINCE, [autumn, spring]) == []
    assert days_of(spring, SINCE, [autumn, spring]) == [
        (date(2026, 12, 19), date(2027, 1, 5), "between Autumn and Spring")
    ]
    touching = term("Next", "2027-03-27", "2027-06-01")
    assert days_of(touching, SINCE, [autumn, spring, touching]) == []
