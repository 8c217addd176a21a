"""What a letter is made from, to whom it is offered, and which one an offer opens."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import event, insert

from bot.chat import models as chat
from bot.chat.plain_text import card_text
from bot.feature import Request
from bot.letters import own_entries
from bot.letters.commands import LetterCommands
from bot.letters.offers import _plan, _whom_to_offer
from bot.letters.own_entries import read_entries
from bot.letters.school_year import SchoolYears
from bot.people.accounts import member_of
from bot.reflections.answers import tables
from bot.reflections.examples import SCALED
from bot.reflections.schedule import asked_prompts
from tests.reports.town import OPENS, SPACE, Person, Town, founded_town


def answered(town: Town, number: int, lesson: str | None) -> None:
    """One more prompt that Member 1 answered, a day after the one before."""
    at = OPENS + timedelta(days=number)
    asked_prompts.open_asking(
        town.conn, occurrence_id=number, community_id=1, schedule_id=1, prompt_id=number,
        prompt=replace(SCALED, lesson=lesson), direct=False, opened_at=at, closes_at=at + timedelta(days=1),
    )  # fmt: skip
    row = {"id": number, "community_id": 1, "occurrence_id": number, "member_id": 1, "sharing": "me"}
    town.conn.execute(insert(tables.answer).values(**row, first_at=at, shared_at=at, late=False))
    tables.store_part(town.conn, 1, number, "form", f"form/{number}/0", f"Words {number}.", None, at, None)


def test_a_course_has_all_its_answers_however_many_came_later(monkeypatch):
    monkeypatch.setattr(own_entries, "MOST", 3)
    with founded_town() as town:
        town.add(Person(1))
        for number in range(2, 9):
            answered(town, number, "causes/five-whys" if number < 4 else None)
        said: list[str] = []
        event.listen(town.conn, "before_cursor_execute", lambda *args: said.append(args[2]))
        of_course = read_entries(town.conn, 1, 1, None, "Europe/Dublin", "causes")
        assert [one.words for one in of_course] == ["Words 3.", "Words 2."]
        few = len(said)
        newest = read_entries(town.conn, 1, 1, OPENS + timedelta(days=5), "Europe/Dublin")
        assert [one.words for one in newest] == ["Words 8.", "Words 7.", "Words 6."]
        assert few <= 5, said
        assert len(said) - few <= 5


def test_an_offer_opens_the_year_that_it_was_made_for():
    with founded_town() as town:
        town.add(Person(1))
        for number in range(2, 6):
            answered(town, number, None)
        who, now = chat.Person(SPACE, "p1", ""), OPENS + timedelta(days=400)
        member = member_of(town.conn, who, town.home, now)
        asked = Request(
            town.home, member, chat.Role.MEMBER, who, chat.Place(SPACE, "c1"), now, value="year/2026-08-20"
        )
        commands = LetterCommands(SchoolYears())
        assert "You have 4 answers here." in card_text(commands.show_offered_letter(town.conn, asked))
        for value in ("year", "year/", "year/0001-01-01", "2026-08-20"):
            with pytest.raises(chat.StaleValue):
                commands.show_offered_letter(town.conn, replace(asked, value=value))


def test_nobody_is_offered_a_second_letter_because_the_last_day_of_the_year_was_moved():
    terms = [(date(2026, 9, 1), date(2026, 10, 16))]
    years, today = SchoolYears(lambda _conn, _community_id: terms), date(2026, 10, 20)
    with founded_town() as town:
        town.add(Person(1))
        for number in range(2, 6):
            answered(town, number, None)
        year, whom = _whom_to_offer(town.conn, years, town.home, today)
        assert whom == [1]
        _plan(town.conn, town.home, year, whom, OPENS)
        terms[0] = (date(2026, 9, 1), date(2026, 10, 15))
        year, whom = _whom_to_offer(town.conn, years, town.home, today)
        assert (year.ends, whom) == (date(2026, 10, 15), [])
