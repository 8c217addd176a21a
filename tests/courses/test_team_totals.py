"""A team's total says nothing of fewer than five people, alone, beside names, or subtracted from any other total."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine, insert, select

from bot.chat.models import Sharing
from bot.courses.enrollment.tables import enrollment
from bot.courses.lessons import catalog
from bot.courses.lessons.tables import progress
from bot.courses.teams import tables, team_totals
from bot.courses.teams.team_totals import TotalCell, count_team, counted_member, find_total
from bot.people import preferences
from bot.people import tables as people
from bot.people.small_groups import MINIMUM, may_follow, may_tell
from bot.store.schema import metadata
from tests.courses.taught import COURSE, lesson

START = datetime(2026, 10, 5, 8, 0, tzinfo=UTC)
MEMBERS = range(1, 15)
LESSONS = tuple(f"lesson-{number}" for number in range(6))
LONG = replace(COURSE, lessons=tuple(lesson(slug, slug) for slug in LESSONS))


@dataclass
class School:
    """Two teams on a real database, and what somebody outside wrote down of every total."""

    conn: Connection
    week: int = 1
    told: list[tuple[int, frozenset[tuple[int, int]]]] = field(default_factory=list)

    def join(self, member: int, team: int) -> None:
        for other in (1, 2):
            if other != team:
                tables.leave_team(self.conn, 1, other, member, START)
        tables.join_team(self.conn, 1, team, member, START)

    def join_too(self, member: int, team: int) -> None:
        tables.join_team(self.conn, 1, team, member, START)

    def finish(self, member: int, number: int) -> None:
        mine = (progress.c.member_id == member) & (progress.c.lesson == LESSONS[number])
        self.conn.execute(progress.update().where(mine).values(done_at=START))

    def show(self, member: int, shown: bool) -> None:
        sharing = Sharing.TEAM if shown else Sharing.ME
        preferences.change_preferences(self.conn, 1, member, progress=sharing.value)

    def erase(self, member: int, _what: object) -> None:
        self.conn.execute(progress.delete().where(progress.c.member_id == member))
        self.conn.execute(enrollment.delete().where(enrollment.c.member_id == member))
        team_totals.forget(self.conn, 1, member)
        tables.forget(self.conn, 1, member)

    def count(self) -> None:
        """A week begins; whatever total is new is written down, with what stands behind it."""
        self.week += 1
        for team in (1, 2):
            cell = TotalCell(1, team, 1, f"2026-W{self.week:02}")
            if count_team(self.conn, cell, START + timedelta(weeks=self.week)):
                mine = (counted_member.c.team_id == team) & (counted_member.c.week == cell.week)
                rows = self.conn.execute(select(counted_member).where(mine)).all()
                self.told.append((team, frozenset((row.member_id, row.done) for row in rows)))
                self.holds_of_one(team)
                self.holds_of_two()
            assert not count_team(self.conn, cell, START), "a cell is told once"

    def seen(self) -> set[int]:
        """Whose progress somebody else sees by name."""
        shown = preferences.progress_sharing(self.conn, list(MEMBERS))
        return {member for member, sharing in shown.items() if sharing is not Sharing.ME}

    def holds_of_one(self, team: int) -> None:
        total = find_total(self.conn, team, 1)
        if total is None:
            return
        behind = next(counted for of, counted in reversed(self.told) if of == team)
        assert (total.people, total.done) == (len(behind), sum(done for _, done in behind))
        assert len({member for member, _ in behind} - self.seen()) >= MINIMUM
        assert MINIMUM <= total.done <= total.of - MINIMUM

    def holds_of_two(self) -> None:
        """Subtract the newest total from every other, and take off what is seen by name."""
        *others, (_, newest) = self.told
        for _, other in others:
            assert len({member for member, _ in newest ^ other} - self.seen()) >= MINIMUM


@pytest.fixture(scope="module")
def conn() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    with engine.connect() as conn:
        metadata.create_all(conn)
        people.ensure_community(conn, "home", "Home", "Europe/Dublin", START)
        catalog.fill_catalog(conn, [LONG], START)
        for name in ("North", "South"):
            tables.create_team(conn, 1, name, START)
        for number in MEMBERS:
            row = {"id": number, "community_id": 1, "name": f"Member {number}", "created_at": START}
            conn.execute(insert(people.member).values(row))
            taking = {
                "id": number, "community_id": 1, "course_id": 1, "member_id": number, "source": "self", "joined_at": START,
                "day": START.date(), "alive_at": START,
            }  # fmt: skip
            conn.execute(insert(enrollment).values(taking))
            for place, slug in enumerate(LESSONS):
                mark = {
                    "community_id": 1, "enrollment_id": number, "course_id": 1, "member_id": number, "lesson": slug,
                    "place": place, "content": {}, "released_at": START, "due_at": START,
                }  # fmt: skip
                conn.execute(insert(progress).values(mark))
        conn.commit()
        yield conn
    engine.dispose()


_members = st.sampled_from(list(MEMBERS))
_steps = st.one_of(
    st.tuples(st.just("join"), _members, st.sampled_from([1, 2])),
    st.tuples(st.just("join_too"), _members, st.sampled_from([1, 2])),
    *[st.tuples(st.just("finish"), _members, st.integers(0, 5))] * 3,
    st.tuples(st.just("show"), _members, st.booleans()),
    st.tuples(st.just("erase"), _members, st.none()),
)
_weeks = st.lists(st.lists(_steps, max_size=12), min_size=2, max_size=6)


@given(start=st.lists(st.integers(0, 5), min_size=len(MEMBERS), max_size=len(MEMBERS)), weeks=_weeks)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_two_totals_differ_by_what_fewer_than_five_did(conn, start, weeks):
    school = School(conn)
    try:
        for member, number in zip(MEMBERS, start, strict=True):
            school.join(member, 1 if member <= 8 else 2)
            for done in range(number):
                school.finish(member, done)
        for steps in weeks:
            school.count()
            for verb, member, what in steps:
                getattr(school, verb)(member, what)
                for team in (1, 2):
                    school.holds_of_one(team)
        school.count()
    finally:
        conn.rollback()


def begun(conn: Connection, finished: int = 3) -> School:
    """Seven people in a team, each of whom finished so many lessons, counted once."""
    school = School(conn)
    for member in range(1, 8):
        school.join(member, 1)
        for number in range(finished):
            school.finish(member, number)
    school.count()
    return school


@pytest.fixture
def school(conn: Connection) -> Iterator[School]:
    yield begun(conn)
    conn.rollback()


def test_seven_who_show_nothing_have_one_total(school):
    total = find_total(school.conn, 1, 1)
    assert (total.people, total.done, total.of) == (7, 21, 42)


def test_the_total_stays_until_five_have_moved(school):
    for member in range(1, 5):
        school.finish(member, 3)
        school.count()
        assert find_total(school.conn, 1, 1).done == 21
    school.finish(5, 3)
    school.count()
    assert find_total(school.conn, 1, 1).done == 26


def test_who_shows_theirs_is_not_one_of_five_that_moved(school):
    for member in (1, 2):
        school.show(member, True)
    for member in (3, 4, 5):
        school.finish(member, 3)
    school.count()
    assert len(school.told) == 1


def test_a_total_goes_when_fewer_than_five_are_unseen(school):
    school.show(1, True)
    school.show(2, True)
    assert find_total(school.conn, 1, 1) is not None
    school.show(3, True)
    assert find_total(school.conn, 1, 1) is None


def test_nobody_is_counted_for_two_teams(school):
    for member in range(1, 7):
        school.join_too(member, 2)
    school.count()
    assert find_total(school.conn, 2, 1) is None
    for member in range(8, 13):
        school.join(member, 2)
        school.finish(member, 0)
    school.count()
    assert find_total(school.conn, 2, 1).people == 5


def test_four_have_no_total(school):
    for member in (8, 9):
        school.show(member, True)
        school.join(member, 2)
    for member in (10, 11, 12, 13):
        school.join(member, 2)
        school.finish(member, 0)
        school.finish(member, 1)
    school.count()
    assert [team for team, _ in school.told] == [1]


@pytest.mark.parametrize("finished", [0, 6])
def test_all_or_nothing_is_not_told(conn, finished):
    try:
        assert find_total(begun(conn, finished).conn, 1, 1) is None
    finally:
        conn.rollback()


@given(st.integers(0, 20), st.integers(0, 20))
def test_a_number_is_told_only_with_five_behind_it_who_are_not_named(counted, named):
    assert may_tell(counted, named) == (counted - named in range(5, 100))


@given(st.lists(st.dictionaries(st.integers(0, 8), st.integers(0, 2)), max_size=4))
def test_totals_that_may_follow_each_other_differ_by_five_people(counts):
    kept: list[dict[int, int]] = []
    for one in counts:
        if may_follow(kept, one):
            kept.append(one)
    for one, other in combinations(kept, 2):
        assert sum(one.get(who) != other.get(who) for who in {*one, *other}) >= MINIMUM
