"""A stored file is out of date once anything in it was taken back or edited, and not because something new was said."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.chat.models import Sharing
from bot.exports.scope import ExportScope, read_slice
from bot.exports.seen import SeenAnswers, last_decision, still_holds
from bot.reflections.answers import tables
from bot.reports.highlights.tables import Consent, begin_highlight, decide
from tests.reports.town import CLOSES, OPENS, Person, Town, founded_town

LATER = CLOSES + timedelta(hours=1)


def say(town: Town, answer: int, text: str, name: str, edited: bool = False) -> None:
    """A message of an answer, or what it says now."""
    at = LATER if edited else None
    tables.store_part(town.conn, 1, answer, "direct", f"direct/{name}", text, None, OPENS, at)


@pytest.fixture
def town() -> Iterator[Town]:
    with founded_town() as town:
        for number in (1, 2):
            town.add(Person(number, sharing=Sharing.MODERATORS, text="In the hallway."))
        say(town, 1, "Mr Flint said no.", "first")
        say(town, 1, "It is loud there.", "second")
        town.close()
        for number in (1, 2):
            begin_highlight(town.conn, 1, 1, number, number, 2, OPENS)
        decide(town.conn, 1, Consent.AGREED, OPENS, named=True)
        yield town


def edit(town: Town) -> None:
    say(town, 1, "Somebody said no.", "first", edited=True)


def delete(town: Town) -> None:
    tables.drop_parts(town.conn, ["direct/first"])


def say_instead(town: Town) -> None:
    """SQLite gives the id of the newest piece again."""
    tables.drop_parts(town.conn, ["direct/second"])
    tables.store_part(town.conn, 1, 2, "direct", "direct/third", "And in the gym.", None, LATER, None)


def take_back(town: Town) -> None:
    decide(town.conn, 1, Consent.WITHDRAWN, LATER)


def take_name(town: Town) -> None:
    decide(town.conn, 1, Consent.AGREED, LATER)


def hide(town: Town) -> None:
    town.conn.execute(update(tables.answer).where(tables.answer.c.id == 2).values(hidden_at=LATER))


def say_more(town: Town) -> None:
    say(town, 2, "And in the gym.", "third")
    town.add(Person(3, sharing=Sharing.EVERYONE, text="On the stairs."))


def agree(town: Town) -> None:
    decide(town.conn, 2, Consent.AGREED, LATER, named=True)


@pytest.mark.parametrize(
    ("changed", "holds"),
    [(edit, False), (delete, False), (take_back, False), (take_name, False), (hide, False), (say_instead, False), (say_more, True), (agree, True)],
)  # fmt: skip
def test_a_file_holds_until_something_in_it_was_taken_back_or_edited(town, changed, holds):
    seen = SeenAnswers(decided=last_decision(town.conn, [1]))
    seen = seen.with_answers(read_slice(town.conn, 1, [1], (0, 0), 100))
    assert (seen.count, seen.parts) == (2, 4)
    assert still_holds(town.conn, town.home, ExportScope(), seen)
    changed(town)
    assert still_holds(town.conn, town.home, ExportScope(), seen) is holds
