"""What was counted is told as long as enough people are left unseen; answers of teams are those moderators can read."""

from __future__ import annotations

import random
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from bot.chat.models import Sharing
from bot.chat.plain_text import card_text
from bot.courses.teams import tables as teams_tables
from bot.exports.pseudonyms import Pseudonyms
from bot.exports.records import RecordMaker
from bot.people.small_groups import MINIMUM
from bot.reflections.answers.tables import answer
from bot.reports import figures, tables
from bot.reports.cards import home_card
from bot.reports.figures import read_total, read_trend
from bot.reports.prompt_counts import count_prompt
from bot.reports.team_answers import read_teams
from bot.schedules.weeks import Week
from tests.reports.town import CLOSES, OPENS, Person, Town, anybody, founded_town
from tests.seeds import seeds

WEEK = Week(date(2026, 10, 5))


def told(town: Town) -> int | None:
    """The answers of the week, as they are told now."""
    last = read_trend(town.conn, 1, WEEK)[-1]
    assert read_total(town.conn, 1, WEEK) == last, "one week alone says the same"
    return last.answered


def exported(town: Town) -> set[object]:
    """The same number as an export gives it."""
    maker = RecordMaker(Pseudonyms(b"key", "home"), ZoneInfo(town.home.zone))
    return {one["answered_in_time"] for one in maker.prompt_records(town.conn, town.here())}


def counted(town: Town) -> Town:
    """The same town, with its prompt counted."""
    town.close()
    tables.store_count(town.conn, count_prompt(town.conn, town.here(), town.home, WEEK), CLOSES)
    return town


@pytest.mark.parametrize("sample", [3, 50])
def test_a_number_is_told_no_longer_once_too_few_are_left_unseen(monkeypatch, sample):
    monkeypatch.setattr(figures, "SAMPLE", sample)
    with founded_town() as town:
        for number in range(1, 8):
            town.add(Person(number, sharing=Sharing.ME, text="In the hallway."))
        counted(town)
        assert told(town) == 7
        share = update(answer).values(sharing=Sharing.EVERYONE.value)
        town.conn.execute(share.where(answer.c.id <= 2))
        assert told(town) == 7, "five are left"
        assert exported(town) == {7}
        town.conn.execute(share.where(answer.c.id <= 3))
        assert told(town) is None, "four are left, and those who share are fewer than five"
        assert exported(town) == {""}
        home = card_text(home_card(read_trend(town.conn, 1, WEEK)[-1], 0))
        assert "too few answered to show a number" in home, (
            "it does not say that fewer than five answered: seven did"
        )
        town.conn.execute(share.where(answer.c.id <= 6))
        assert told(town) == 6, "six can be read by name"


@pytest.mark.parametrize("seed", seeds(6, 200))
def test_the_answers_of_a_team_are_those_that_can_be_read(seed):
    chance = random.Random(seed)
    with founded_town() as town:
        ids = [teams_tables.create_team(town.conn, 1, name, OPENS) or 0 for name in ("A", "B", "C")]
        for number in range(1, 25):
            one = anybody(number, chance)
            town.add(one)
            for team in (one.team, chance.choice((None, 2))):
                if team is not None:
                    teams_tables.join_team(town.conn, 1, ids[team - 1], number, OPENS)
        counted(town)
        found = read_teams(town.conn, 1, [WEEK.key], 0, 10)
        for team_id, one in zip(ids, found, strict=True):
            mates = {mate.member_id for mate in teams_tables.team_members(town.conn, team_id)}
            assert one.weeks.get(WEEK.key, 0) == sum(who.read for who in town.people if who.number in mates)
        assert [one.name for one in read_teams(town.conn, 1, [WEEK.key], 1, 1)] == ["B"]
    assert MINIMUM == 5
