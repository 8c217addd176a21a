"""What is counted of a prompt is what somebody would get by counting by hand, and is told only of five or more."""

from __future__ import annotations

import random
from datetime import date
from statistics import median_low
from zoneinfo import ZoneInfo

import pytest

from bot.chat.models import Sharing
from bot.reports.prompt_counts import count_prompt
from bot.reports.scale_counts import tellable_teams
from bot.reports.tables import PromptCount
from bot.schedules.weeks import Week, answering_days, week_at, week_named
from tests.reports.town import CLOSES, OPENS, Person, Town, anybody, founded_town
from tests.seeds import seeds

DUBLIN = ZoneInfo("Europe/Dublin")
WEEK = Week(date(2026, 10, 5))


def by_hand(town: Town) -> PromptCount:
    """The same count, the slow way."""
    first, last = date(2026, 10, 5), date(2026, 10, 9)
    asked = answered = unseen = seen = looked = 0
    lengths = []
    for one in town.people:
        gone = one.away is not None and one.away[0] <= first and one.away[1] >= last
        asked += one.answered or (one.present and not gone)
        answered += one.answered
        unseen += one.answered and not one.seen
        seen += one.read
        looked += one.looked
        if one.read and one.text and not one.hidden:
            lengths.append(len(one.text.split()))
    everybody = unseen >= 5
    told = answered if everybody else seen if seen >= 5 else None
    apart = told is not None and asked - answered >= 5 and asked - told >= 5
    return PromptCount(
        1, 1, "2026-W41", asked if apart else None, told, everybody, looked if looked >= 5 else None,
        median_low(lengths) if len(lengths) >= 5 else None,
    )  # fmt: skip


@pytest.mark.parametrize("seed", seeds(12, 400))
def test_a_prompt_is_counted_as_anybody_would_count_it(seed):
    chance = random.Random(seed)
    with founded_town() as town:
        for number in range(1, chance.randint(8, 30)):
            town.add(anybody(number, chance))
        town.close()
        counted = count_prompt(town.conn, town.here(), town.home, WEEK)
        assert counted == by_hand(town)
        for number in (counted.answered, counted.opened):
            assert number is None or number >= 5


def test_who_was_away_all_the_time_is_not_counted_and_who_came_back_in_time_is():
    with founded_town() as town:
        for number in range(1, 7):
            town.add(Person(number, sharing=Sharing.EVERYONE, text="It went well."))
        for number in range(7, 12):
            town.add(Person(number))
        town.add(Person(12, away=(date(2026, 10, 5), date(2026, 10, 9))))
        town.add(Person(13, away=(date(2026, 10, 5), date(2026, 10, 8))))
        town.close()
        assert count_prompt(town.conn, town.here(), town.home, WEEK).asked == 12


@pytest.mark.parametrize("seed", seeds(40, 2000))
def test_no_sum_of_teams_leaves_fewer_than_five(seed):
    chance = random.Random(seed)
    picks = {number: chance.randint(1, 5) for number in range(chance.randint(0, 40))}
    teams = {number: chance.randint(1, 4) for number in picks if chance.random() < 0.9}
    shared = chance.randint(0, 6)
    told = tellable_teams(picks, teams, shared)
    for team_id, given in told.items():
        assert sorted(given) == sorted(pick for one, pick in picks.items() if teams.get(one) == team_id)
        assert len(given) >= 5
    left = len(picks) - sum(map(len, told.values()))
    if told:
        assert not 0 < left < 5
        assert not 0 < left + shared < 5


def test_all_teams_are_told_where_nobody_is_left_over():
    picks = dict.fromkeys(range(10), 3)
    assert tellable_teams(picks, {one: one % 2 for one in picks}).keys() == {0, 1}
    assert tellable_teams(picks, {one: one % 2 for one in picks}, shared=2).keys() == {1}
    assert tellable_teams(picks | {10: 3}, {one: one % 2 for one in picks}).keys() == {1}


def test_weeks_are_those_of_the_community_and_named_by_the_iso_year():
    assert week_at(OPENS, DUBLIN) == WEEK
    assert WEEK.key == "2026-W41"
    assert week_named("2026-W41") == WEEK
    assert week_named("2026-W54") is week_named("nonsense") is week_named("") is None
    assert week_named("0001-W01") is week_named("9999-W52") is None, (
        "nobody reckons with weeks at the ends of time"
    )
    assert Week(date(2026, 12, 28)).key == "2026-W53"
    assert Week(date(2026, 10, 19)).ends(DUBLIN).isoformat() == "2026-10-26T00:00:00+00:00"
    sunday = OPENS.replace(day=4, hour=23, minute=30)
    assert week_at(sunday, DUBLIN) == WEEK, "it is Monday in Dublin already"


def test_the_days_of_a_prompt_are_its_working_days():
    assert answering_days(OPENS, CLOSES, DUBLIN) == (date(2026, 10, 5), date(2026, 10, 9))
    morning = CLOSES.replace(hour=8)
    assert answering_days(OPENS, morning, DUBLIN)[1] == date(2026, 10, 8)
    next_monday = CLOSES.replace(day=12, hour=8)
    assert answering_days(OPENS, next_monday, DUBLIN)[1] == date(2026, 10, 9)
    saturday = OPENS.replace(day=3)
    assert answering_days(saturday, CLOSES, DUBLIN)[0] == date(2026, 10, 5)
