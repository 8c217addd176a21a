"""A large group is enrolled a piece at a time, by the rules as they are when each piece is written."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.chat.models import Person
from bot.courses.enrollment import groups, tables
from bot.courses.lessons import catalog
from bot.courses.teams import tables as teams_tables
from bot.people import accounts
from bot.people import tables as people
from bot.runtime.clock import SteerableClock
from tests.courses.taught import COURSE
from tests.databases import open_quickly

NOW = datetime(2026, 10, 5, 11, 0, tzinfo=UTC)
SIZE = groups.PIECE * 2 + 3


@pytest.fixture
async def store(tmp_path):
    """A team of many members in a community with one course."""
    (tmp_path / "groups.sqlite").touch()
    store = open_quickly(f"sqlite:///{tmp_path / 'groups.sqlite'}", "truncate")

    def furnish(conn):
        home = people.ensure_community(conn, "home", "Home", "Europe/Dublin", NOW)
        people.see_space(conn, "local:home", "Home", home.id, NOW)
        team = teams_tables.create_team(conn, home.id, "North", NOW)
        catalog.fill_catalog(conn, [COURSE], NOW)
        for number in range(SIZE):
            accounts.member_of(conn, Person("local:home", f"p{number}", f"Person {number}"), home, NOW)
            teams_tables.join_team(conn, home.id, team, number + 1, NOW)
        return tables.add_rule(conn, home.id, 1, "team", str(team), NOW, 1)

    await store.write(furnish)
    yield store
    await store.close()


def takers(conn):
    every = tables.enrollments_by_member(conn, tables.enrollment_rules(conn)[0])
    return sorted(one for one, known in every.items() if known.left_at is None)


async def test_a_large_group_is_enrolled_a_piece_at_a_time(store):
    [rule] = await store.read(tables.enrollment_rules)
    assert await store.write(lambda conn: groups.enroll_first(conn, rule, NOW)) == SIZE
    assert await store.read(takers) == list(range(1, groups.PIECE + 1)), "the command holds nobody up"
    sync = groups.GroupSync(store, SteerableClock(NOW))
    assert await sync.run() == SIZE - groups.PIECE
    assert await store.read(takers) == list(range(1, SIZE + 1))
    assert await sync.run() == 0


async def test_who_left_by_themselves_is_neither_counted_nor_enrolled_again(store):
    [rule] = await store.read(tables.enrollment_rules)
    sync = groups.GroupSync(store, SteerableClock(NOW))
    await sync.run()

    def leave(conn):
        one = tables.enrollment_in(conn, 1, 5)
        tables.change_enrollment(conn, one.id, left_at=NOW, left_by=tables.SELF)

    await store.write(leave)
    assert await store.write(lambda conn: groups.sync_members(conn, 1, [5, 6], NOW)) == 0
    assert await store.write(lambda conn: groups.enroll_first(conn, rule, NOW)) == SIZE - 1
    assert 5 not in await store.read(takers)
