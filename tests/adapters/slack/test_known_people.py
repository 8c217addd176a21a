"""How many people of a workspace are remembered, and at what price."""

from __future__ import annotations

import math
import tracemalloc
from dataclasses import replace

import pytest

from adapters.slack.known_people import KnownPeople
from bot.chat.models import Person

SPACE = "slack:T1"


def a_person(number: int) -> Person:
    return Person(
        SPACE, f"U{number:010}", f"Alex Example {number}", frozenset(), zone="America/Chicago", locale="en-US"
    )


def test_the_longest_unseen_are_left_out_first():
    known = KnownPeople(SPACE, most=3)
    for number in (1, 2, 3):
        known.remember(a_person(number), number)
    assert known.find(a_person(1).id) == (a_person(1), 1)
    known.remember(a_person(4), 4)
    assert [name for _id, name in known.names()] == ["Alex Example 3", "Alex Example 1", "Alex Example 4"]
    assert a_person(2).id not in known
    assert known.find(a_person(2).id) is None
    known.remember(a_person(3), 5)
    assert [name for _id, name in known.names()] == ["Alex Example 1", "Alex Example 4", "Alex Example 3"]


@pytest.mark.parametrize(
    ("person", "at"),
    [
        (Person(SPACE, "U1", "Ada Quinn"), -math.inf),
        (Person(SPACE, "U2", "", frozenset({"admin", "owner"}), stranger=True), 0.1 + 0.2),
        (Person(SPACE, "U3", "Zoë \x1f O’Neil", bot=True, zone="Europe/Dublin", locale="es-419"), 7.0),
    ],
)
def test_somebody_is_remembered_as_they_are(person: Person, at: float):
    known = KnownPeople(SPACE)
    known.remember(person, at)
    assert known.find(person.id) == (person, at)


def test_news_of_somebody_counts_at_once():
    known = KnownPeople(SPACE)
    for admin in (True, False):
        now = replace(a_person(1), facts=frozenset({"admin"} if admin else ()))
        known.remember(now, 1.0)
        assert known.find(now.id) == (now, 1.0)


def test_memory_stops_growing_and_a_row_is_small():
    tracemalloc.start()
    try:
        known = KnownPeople(SPACE, most=5000)
        for number in range(30_000):
            known.remember(a_person(number), float(number))
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(known) <= 5000
    assert taken / 5000 < 300
