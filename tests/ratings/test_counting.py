"""Taps are counted once, whoever counts and whoever taps beside each other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine, create_engine, insert, text

from bot.people import tables as people
from bot.ratings.tables import Rating, count_due, give_rating, list_totals
from bot.store.migrate import upgrade

NOW = datetime(2026, 11, 2, 15, tzinfo=UTC)
DUE = NOW + timedelta(days=1)
THING = "p12"


@pytest.fixture
def engine(postgres_url: str) -> Iterator[Engine]:
    """Return a database with a community of eight, in which nobody waits for a lock longer than two seconds."""
    upgrade(postgres_url)
    made = create_engine(postgres_url, connect_args={"options": "-c lock_timeout=2000"})
    with made.begin() as conn:
        people.ensure_community(conn, "home", "Home", "America/Chicago", NOW)
        for number in range(1, 9):
            conn.execute(
                insert(people.member).values(
                    id=number, community_id=1, name=f"Member {number}", created_at=NOW
                )
            )
    yield made
    made.dispose()


def tap(conn: Connection, *members: int) -> None:
    for one in members:
        give_rating(conn, 1, THING, one, Rating.YES, NOW)


@pytest.mark.postgres
def test_two_processes_that_count_at_once_count_once(engine: Engine):
    with engine.begin() as conn:
        tap(conn, 1, 2, 3, 4, 5)
    with engine.connect() as one, engine.connect() as other:
        assert count_due(one, DUE, 20) == 1
        assert count_due(other, DUE, 20) == 0, "the other one has it"
        one.commit()
        other.commit()
    with engine.connect() as conn:
        assert [total.people for total in list_totals(conn, 1, 9)] == [5]


@pytest.mark.postgres
def test_a_tap_while_others_are_counted_is_neither_lost_nor_counted_early(engine: Engine):
    with engine.begin() as conn:
        tap(conn, 1, 2, 3, 4, 5)
    with engine.connect() as one, engine.connect() as other:
        assert count_due(one, DUE, 20) == 1
        other.execute(text("SET lock_timeout = '200ms'"))
        with pytest.raises(Exception, match="lock timeout"):
            tap(other, 6)  # it waits until those five are counted
        other.rollback()
        one.commit()
        tap(other, 6)
        other.commit()
    with engine.begin() as conn:
        assert count_due(conn, DUE + timedelta(days=2), 20) == 0, "one more waits for four others"
        assert [total.people for total in list_totals(conn, 1, 9)] == [5]
