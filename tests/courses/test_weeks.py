"""Weeks are counted where something was done, and rest in breaks and while somebody is away."""

from __future__ import annotations

from datetime import date

from bot.courses.weeks.count import WeekCount, count_weeks
from bot.people.preferences import Away

MONDAY = date(2026, 10, 5)
TODAY = date(2026, 11, 4)
"""A Wednesday, in the fifth week."""


def test_weeks_are_counted_since_the_first_act_and_the_one_that_goes_on_only_with_an_act():
    acts = [date(2026, 10, 7), date(2026, 10, 9), date(2026, 10, 20)]
    assert count_weeks(acts, (), TODAY) == WeekCount(MONDAY, 2, 4)
    assert count_weeks([*acts, TODAY], (), TODAY) == WeekCount(MONDAY, 3, 5)
    assert count_weeks([], (), TODAY) is None


def test_a_break_and_days_away_are_in_neither_number():
    away = (Away(date(2026, 10, 12), date(2026, 10, 16)), Away(date(2026, 10, 21), date(2026, 10, 22)))
    assert count_weeks([date(2026, 10, 7)], away, TODAY) == WeekCount(MONDAY, 1, 3), "two days are no week"
    assert count_weeks([date(2026, 10, 7), date(2026, 10, 14)], away, TODAY) == WeekCount(MONDAY, 1, 3)
