"""Days in the forms of a plan: read as people write them, and written so that they are read back."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.chat.language import load_catalogs, speaking
from bot.chat.time.moment_parser import parse_when, resolve_when
from bot.team_plans.meetings.meeting_form import write_instant
from bot.team_plans.sheets import read_form_day, write_day

TODAY = date(2026, 11, 5)


@pytest.mark.parametrize(
    ("text", "past", "day"),
    [
        ("Dec 4", False, date(2026, 12, 4)),
        ("Oct 5", True, date(2026, 10, 5)),
        ("Oct 5", False, date(2027, 10, 5)),
        ("10/5/2027", True, date(2027, 10, 5)),
        ("in 2 weeks", True, date(2026, 11, 19)),
        ("Jan 8", True, date(2027, 1, 8)),
        ("10/26", True, date(2026, 10, 26)),
        ("10/27", True, date(2026, 10, 27)),
    ],
)
def test_a_change_may_have_begun_and_a_deadline_is_ahead(text, past, day):
    assert read_form_day(text, TODAY, past=past) == day


@pytest.mark.parametrize("locale", ["en_US", "es_US", "en_IE", "es_MX"])
def test_a_day_in_a_form_is_read_back_as_it_was(locale):
    with speaking(locale):
        for day in (date(2026, 3, 4), date(2025, 12, 31), date(2027, 10, 5)):
            assert read_form_day(write_day(day), TODAY, past=True) == day


@pytest.mark.parametrize(
    "text", ["4 de diciembre de 2026", "viernes, 4 de diciembre de 2026", "4 dic", "12/4/2026", "dec 4"]
)
def test_a_day_is_read_in_the_language_of_who_writes_it(text):
    load_catalogs()
    with speaking("es_US"):
        assert read_form_day(text, date(2026, 10, 5), past=False) == date(2026, 12, 4)
        assert read_form_day("viernes", date(2026, 10, 5), past=False) == date(2026, 10, 9)
        assert read_form_day("sabado", date(2026, 10, 5), past=False) == date(2026, 10, 10)
        assert read_form_day("4 mar", date(2026, 10, 5), past=False) == date(2027, 3, 4)


@pytest.mark.parametrize(
    ("locale", "written"),
    [("en_US", "10/9/2026 03:05 PM"), ("es_US", "10/9/2026 03:05 PM"), ("en_IE", "2026-10-09 15:05")],
)
def test_the_time_of_a_meeting_is_written_as_at_home_and_read_back(locale, written):
    there = ZoneInfo("America/Chicago")
    at = datetime(2026, 10, 9, 15, 5, 40, tzinfo=there)
    with speaking(locale):
        assert write_instant(at, there.key) == written
        when, zone = parse_when(written)
        now = datetime(2026, 10, 1, 12, tzinfo=there)
        assert resolve_when(when, now) == at.replace(second=0, tzinfo=None)
    assert zone is None
