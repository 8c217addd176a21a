"""Trends compare weeks that may be told, and a warning of shorter answers needs three weeks in a row."""

from __future__ import annotations

from datetime import date

import pytest

from bot.chat import plain_text
from bot.reports.attention import Attention
from bot.reports.cards import week_card
from bot.reports.examples import HOME
from bot.reports.figures import PromptFigure, ShorterAnswers, WeekReport, WeekTotal, find_shorter, sum_week
from bot.reports.tables import PromptCount
from bot.schedules.weeks import Week

WEEK = Week(date(2026, 10, 5))


def count(answered, asked=None, words=None):
    return PromptCount(1, 1, WEEK.key, asked, answered, True, None, words)


def weeks(*lengths):
    return [WeekTotal(WEEK, 1, 9, None, words) for words in lengths]


def test_a_week_is_the_sum_of_what_may_be_told():
    assert sum_week(WEEK, []) == WeekTotal(WEEK, 0, None, None, None)
    assert sum_week(WEEK, [count(None)]) == WeekTotal(WEEK, 1, None, None, None)
    both = sum_week(WEEK, [count(6, 12, 30), count(9, None, 10), count(None)])
    assert both == WeekTotal(WEEK, 3, 15, 0.5, 20)


@pytest.mark.parametrize(
    ("lengths", "found"),
    [
        ((40, 38, 42, 20, 18, 16), ShorterAnswers(18, 40)),
        ((40, 38, 42, 20, 39, 16), None),
        ((40, 38, 42, 35, 33, 36), None),
        ((40, 38, 20, 18, 16), None),
        ((40, None, 38, 42, None, 20, 18, None, 16), ShorterAnswers(18, 40)),
        ((), None),
    ],
)
def test_three_short_weeks_in_a_row_are_a_sign_and_one_is_none(lengths, found):
    assert find_shorter(weeks(*lengths)) == found


def test_prompts_of_a_theme_stand_together_under_its_name():
    two = [
        PromptFigure(title, None, 9, True, theme=theme)
        for title, theme in (("a", "Soil"), ("b", "Voice"), ("c", "Soil"))
    ]
    report = WeekReport(HOME, WEEK, tuple(two), (), None, 0, False, None, Attention())
    said = plain_text.card_text(week_card(report, ()))
    assert (
        said.index("Soil") < said.index("*a*") < said.index("*c*") < said.index("Voice") < said.index("*b*")
    )
    alone = WeekReport(HOME, WEEK, tuple(two[:1]), (), None, 0, False, None, Attention())
    assert "Soil" not in plain_text.card_text(week_card(alone, ())), "one theme needs no name"
