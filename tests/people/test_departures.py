"""Somebody has left when none of their accounts is anywhere any more, and not before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from bot.chat.models import Person
from bot.people import accounts, departures
from bot.people import tables as people
from bot.store.migrate import upgrade
from bot.store.store import Store

NOW = datetime(2026, 10, 5, 8, 0, tzinfo=UTC)
HILL, LAKE = Person("local:hill", "ada", "Ada Quinn"), Person("local:lake", "ada", "Ada Quinn")


@pytest.fixture
def store(database_url: str):
    """Ada has an account in two spaces."""
    upgrade(database_url)
    with Store.open(database_url) as one:
        one.write_now(_furnish)
        yield one


def _furnish(conn) -> None:
    home = people.ensure_community(conn, "home", "Home", "Europe/Dublin", NOW)
    for who in (HILL, LAKE):
        people.see_space(conn, who.space, who.space, home.id, NOW)
        accounts.member_of(conn, who, home, NOW)
    both = update(accounts.account).where(accounts.account.c.space == LAKE.space).values(member_id=1)
    conn.execute(both)


def test_who_left_one_of_two_spaces_has_not_left(store: Store):
    later = NOW + timedelta(days=1)
    assert store.write_now(lambda conn: departures.leave_account(conn, HILL, NOW)) is None
    assert store.read_now(lambda conn: departures.members_who_left(conn, later)) == []
    assert store.read_now(lambda conn: departures.present_among(conn, [1])) == {1}
    assert store.write_now(lambda conn: departures.leave_account(conn, LAKE, NOW)) == 1
    assert store.read_now(lambda conn: departures.members_who_left(conn, later)) == [(1, 1)]
    assert store.read_now(lambda conn: departures.present_among(conn, [1])) == set()


def test_leaving_is_news_once(store: Store):
    for who in (HILL, LAKE):
        store.write_now(lambda conn, who=who: departures.leave_account(conn, who, NOW))
    assert store.write_now(lambda conn: departures.leave_account(conn, LAKE, NOW + timedelta(days=9))) is None
    gone = NOW + timedelta(days=1)
    assert store.read_now(lambda conn: departures.members_who_left(conn, gone)) == [(1, 1)]
