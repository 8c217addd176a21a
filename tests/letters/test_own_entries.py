"""What a letter is made from: the newest of somebody's answers, and all of a course's, read in a few statements."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import event, insert

from bot.letters import own_entries
from bot.letters.own_entries import read_entries
from bot.reflections.answers import tables
from bot.reflections.examples import SCALED
from bot.reflections.schedule import asked_prompts
from tests.reports.town import OPENS, Person, Town, founded_town


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
