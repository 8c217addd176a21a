"""How a course goes for one member: when lessons come, what editing changes, and what a mark means."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.models import Person
from bot.courses.enrollment import tables
from bot.courses.enrollment.tables import Enrollment
from bot.courses.lessons import catalog
from bot.courses.lessons import tables as lessons_tables
from bot.courses.lessons.catalog import CatalogCourse
from bot.courses.lessons.completion import LessonCompletion
from bot.courses.lessons.learner_path import learner_path
from bot.courses.lessons.model import Pacing
from bot.courses.lessons.release import forecast_releases, next_release, plan_enrollment, stations_of
from bot.courses.lessons.tables import LessonMark
from bot.courses.teams import tables as teams_tables
from bot.facts import LessonAnswered, LessonArrived, LessonDone
from bot.people import accounts
from bot.people import tables as people
from bot.people.hours import Hours
from bot.people.preferences import Away
from bot.store.migrate import upgrade
from bot.store.store import Store
from tests.courses.taught import COURSE, WEEKLY, lesson

DUBLIN = ZoneInfo("Europe/Dublin")
NIGHTS = (time(20), time(7))
MONDAY = datetime(2026, 10, 5, 11, 0, tzinfo=UTC)
"""Noon in Dublin."""
FREE = Hours(DUBLIN, NIGHTS, ())
DAYS = Pacing("days", 0, 7, time(9), 5)
PREVIOUS = Pacing("previous", 0, 0, time(9), 5)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=DUBLIN).astimezone(UTC)


def enrolled(at: datetime = MONDAY, **changes: object) -> Enrollment:
    one = Enrollment(
        1, 1, 1, 1, "self", at, at.astimezone(DUBLIN).date(), None, None, None, None, None, at, None, None
    )
    return replace(one, **changes)  # type: ignore[arg-type]


# ── when lessons come ─────────────────────────────────────────────────────────


def test_the_preview_of_each_pacing():
    day = MONDAY.astimezone(DUBLIN).date()
    weekly = forecast_releases(COURSE, day, FREE, MONDAY)
    assert weekly == [local("2026-10-12 09:00"), local("2026-10-19 09:00")]
    days = forecast_releases(replace(COURSE, pacing=DAYS), day, FREE, MONDAY)
    assert days == [MONDAY, local("2026-10-12 09:00")]
    previous = forecast_releases(replace(COURSE, pacing=PREVIOUS), day, FREE, MONDAY)
    assert previous == [MONDAY, None]


def test_who_joins_at_night_gets_the_first_lesson_in_the_morning():
    night = local("2026-10-05 23:00")
    [first, _] = forecast_releases(replace(COURSE, pacing=PREVIOUS), date(2026, 10, 5), FREE, night)
    assert first == local("2026-10-06 07:00")


def test_a_clock_change_keeps_the_hour_on_the_wall():
    stations = learner_path(
        COURSE,
        [
            LessonMark(
                1,
                1,
                1,
                1,
                COURSE.lessons[0],
                0,
                local("2026-10-19 09:00"),
                MONDAY,
                None,
                None,
                None,
                None,
                None,
            )
        ],
    )
    at = next_release(WEEKLY, stations, enrolled(), FREE, MONDAY)
    assert at == local("2026-10-26 09:00")
    assert at == datetime(2026, 10, 26, 9, 0, tzinfo=UTC)


def test_a_weekly_lesson_stays_on_its_weekday_and_another_comes_on_the_first_day_back():
    hours = Hours(DUBLIN, NIGHTS, (Away(date(2026, 10, 12), date(2026, 10, 14)),))
    day = MONDAY.astimezone(DUBLIN).date()
    assert forecast_releases(COURSE, day, hours, MONDAY)[0] == local("2026-10-19 09:00")
    assert forecast_releases(replace(COURSE, pacing=DAYS), day, hours, MONDAY)[1] == local("2026-10-15 09:00")


_pacings = st.one_of(
    st.builds(Pacing, st.just("weekly"), st.integers(0, 6), st.just(0), st.times(), st.just(5)),
    st.builds(Pacing, st.just("days"), st.just(0), st.integers(1, 30), st.times(), st.just(5)),
    st.builds(Pacing, st.just("previous"), st.just(0), st.just(0), st.times(), st.just(5)),
)
_aways = st.lists(
    st.builds(lambda start, days: Away(start, start + timedelta(days=days)), st.dates(date(2026, 9, 1), date(2027, 3, 1)), st.integers(0, 20)),
    max_size=4,
)  # fmt: skip
_quiets = st.tuples(st.times(), st.times()).map(
    lambda two: tuple(one.replace(second=0, microsecond=0) for one in two)
)
_zones = st.sampled_from(
    ["Europe/Dublin", "Asia/Tokyo", "America/New_York", "Pacific/Kiritimati", "Australia/Lord_Howe"]
)


@given(
    pacing=_pacings, away=_aways, quiet=_quiets, zone=_zones, reached=st.booleans(),
    now=st.datetimes(datetime(2026, 9, 1), datetime(2027, 3, 1)),  # noqa: DTZ001
)  # fmt: skip
def test_a_lesson_never_comes_at_night_or_while_somebody_is_away(pacing, away, quiet, zone, reached, now):
    now = now.replace(tzinfo=UTC)
    hours = Hours(ZoneInfo(zone), quiet, tuple(away))
    marks = (
        [LessonMark(1, 1, 1, 1, COURSE.lessons[0], 0, now, now, None, now, None, None, now)]
        if reached
        else []
    )
    at = next_release(pacing, learner_path(COURSE, marks), enrolled(now), hours, now)
    assert at is not None
    assert at >= now
    assert hours.is_free(at)
    if reached:
        assert pacing.release == "previous" or hours.day_of(at) > hours.day_of(now)


def test_nothing_comes_while_a_course_rests_or_is_over():
    stations = learner_path(COURSE, [])
    for changes in ({"paused_at": MONDAY}, {"left_at": MONDAY}, {"done_at": MONDAY}):
        assert next_release(WEEKLY, stations, enrolled(**changes), FREE, MONDAY) is None


# ── on a database ─────────────────────────────────────────────────────────────


@pytest.fixture
def world(database_url):
    """One member who takes the course and has reached its first lesson."""
    upgrade(database_url)
    store = Store.open(database_url)

    def furnish(conn):
        home = people.ensure_community(conn, "home", "Home", "Europe/Dublin", MONDAY)
        people.see_space(conn, "local:home", "Home", home.id, MONDAY)
        accounts.member_of(conn, Person("local:home", "p1", "Ada Quinn"), home, MONDAY)
        catalog.fill_catalog(conn, (COURSE,), MONDAY)
        one = tables.enroll_member(conn, home.id, 1, 1, "self", MONDAY.date(), MONDAY)
        team = teams_tables.create_team(conn, home.id, "North", MONDAY)
        teams_tables.join_team(conn, home.id, team, 1, MONDAY)
        lessons_tables.insert_mark(
            conn, home.id, one.id, 1, 1, COURSE.lessons[0], 0, MONDAY, MONDAY + timedelta(days=5)
        )
        plan_enrollment(conn, one, MONDAY)
        return one

    one = store.write_now(furnish)
    yield store, one
    store.close_now()


def test_editing_a_running_course_changes_only_what_is_not_yet_reached(world):
    store, one = world
    first, second = COURSE.lessons
    edited = replace(
        COURSE,
        lessons=(
            replace(first, title="Another title"),
            lesson("in-between", "In between"),
            replace(second, title="Who is there"),
        ),
    )
    store.write_now(lambda conn: catalog.fill_catalog(conn, (edited,), MONDAY))
    _, stations = store.write_now(lambda conn: stations_of(conn, one))
    assert [station.lesson.title for station in stations] == [
        "An hour kept whole",
        "In between",
        "Who is there",
    ]
    # A reached lesson that leaves the course stays with whoever reached it.
    store.write_now(lambda conn: catalog.fill_catalog(conn, (replace(COURSE, lessons=(second,)),), MONDAY))
    _, stations = store.write_now(lambda conn: stations_of(conn, one))
    assert [station.lesson.title for station in stations] == ["An hour kept whole", "Who is missing"]


def test_a_finished_course_stays_finished_when_lessons_are_added(world):
    store, one = world
    told = []
    marking = LessonCompletion(lambda _conn, fact: told.append(fact))

    def finish(conn):
        for each in COURSE.lessons:
            marking.done(conn, tables.find_enrollment(conn, 1, one.id), each.slug, "button", "", MONDAY)
        return tables.find_enrollment(conn, 1, one.id)

    finished = store.write_now(finish)
    assert finished.done_at == MONDAY
    assert [fact for fact in told if isinstance(fact, LessonDone)] == [
        LessonDone(1, 1, f"common-ground/{each.slug}") for each in COURSE.lessons
    ]
    assert [fact for fact in told if not isinstance(fact, LessonDone)] == [
        LessonArrived(
            1, 1, f"common-ground/{each.slug}", f"on-{each.slug}", MONDAY, local("2026-10-12 09:00")
        )
        for each in COURSE.lessons[1:]  # the first had come before
    ]
    more = replace(COURSE, lessons=(*COURSE.lessons, lesson("one-more", "One more")))
    store.write_now(lambda conn: catalog.fill_catalog(conn, (more,), MONDAY))
    _, stations = store.write_now(lambda conn: stations_of(conn, finished))
    assert len(stations) == 2


def test_a_course_that_left_the_files_goes_on_for_whoever_is_in_it(world):
    store, one = world
    store.write_now(lambda conn: catalog.fill_catalog(conn, (), MONDAY))
    assert store.write_now(lambda conn: catalog.offered_courses(conn, 1)) == []
    listed, stations = store.write_now(lambda conn: stations_of(conn, one))
    assert isinstance(listed, CatalogCourse)
    assert listed.retired
    assert [station.lesson.slug for station in stations] == ["an-hour-kept-whole"]


@pytest.mark.parametrize(
    ("prompt", "state"),
    [("on-an-hour-kept-whole", "done"), ("another-one", "started")],
    ids=["completes", "begins"],
)
def test_a_reflection_finishes_or_begins_a_lesson(world, prompt, state):
    store, one = world
    marking = LessonCompletion(lambda _conn, _fact: None)
    fact = LessonAnswered(1, 1, "common-ground/an-hour-kept-whole", prompt, says_something=True)
    store.write_now(lambda conn: marking.answered(conn, fact, MONDAY))
    _, stations = store.write_now(lambda conn: stations_of(conn, one))
    assert stations[0].state == state


def test_a_reflection_does_not_finish_a_lesson_that_has_not_come(world):
    store, one = world
    marking = LessonCompletion(lambda _conn, _fact: None)
    fact = LessonAnswered(1, 1, "common-ground/who-is-missing", "on-who-is-missing", says_something=True)
    store.write_now(lambda conn: marking.answered(conn, fact, MONDAY))
    _, stations = store.write_now(lambda conn: stations_of(conn, one))
    assert stations[1].state == "ahead"


def test_a_teams_weeks_follow_every_change(world):
    store, one = world
    marking = LessonCompletion(lambda _conn, _fact: None)

    def weeks(conn):
        return teams_tables.team_weeks(conn, 1, 1)

    slug = COURSE.lessons[0].slug
    store.write_now(lambda conn: marking.done(conn, one, slug, "button", "", MONDAY))
    assert store.write_now(weeks) == {"2026-W41": 1}
    store.write_now(lambda conn: teams_tables.leave_team(conn, 1, 1, 1, MONDAY))
    assert store.write_now(weeks) == {}
    store.write_now(lambda conn: teams_tables.join_team(conn, 1, 1, 1, MONDAY))
    assert store.write_now(weeks) == {"2026-W41": 1}
    assert store.write_now(lambda conn: teams_tables.community_week(conn, 1, "2026-W41")) == [("North", 1)]
    later = MONDAY + timedelta(days=1)
    store.write_now(lambda conn: marking.undo(conn, one, slug, later))
    assert store.write_now(weeks) == {}


def test_what_is_said_last_holds_even_when_the_clock_went_back(world):
    store, one = world
    marking = LessonCompletion(lambda _conn, _fact: None)
    slug = COURSE.lessons[0].slug
    ahead = MONDAY + timedelta(days=300)
    store.write_now(lambda conn: marking.done(conn, one, slug, "button", "", ahead))
    assert store.write_now(lambda conn: marking.undo(conn, one, slug, MONDAY))
    _, stations = store.write_now(lambda conn: stations_of(conn, one))
    assert stations[0].state == "open"
