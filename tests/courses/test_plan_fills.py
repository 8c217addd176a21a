"""What a team wrote into its plan, as lessons see it: two looks on two days, an emptied part, and a writer who is forgotten."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.chat.models import Person
from bot.courses.enrollment import tables as enrollments
from bot.courses.lessons import plan_completion, plan_fills
from bot.courses.lessons.catalog import fill_catalog, offered_courses
from bot.courses.lessons.learner_path import Station
from bot.courses.lessons.model import Step
from bot.courses.lessons.plan_completion import note_life
from bot.courses.lessons.reminders import said_goodbye
from bot.courses.teams import tables as teams_tables
from bot.facts import PlanChanged
from bot.people import accounts
from bot.people import tables as people
from bot.reminders.tables import insert_reminder
from tests.courses.taught import COURSE, lesson
from tests.databases import open_quickly

NOW = datetime(2026, 10, 5, 11, 0, tzinfo=UTC)
STEPS = (
    Step("Count.", 5, "look"),
    Step("Plan.", 5, "next"),
    Step("Count again.", 5, "look"),
    Step("Tell.", 5, "next"),
)
AGAIN = replace(lesson("look-again", "Look again"), steps=STEPS)


@pytest.fixture
def team(tmp_path):
    """A team of one member; what is written in a transaction."""
    (tmp_path / "fills.sqlite").touch()
    store = open_quickly(f"sqlite:///{tmp_path / 'fills.sqlite'}", "truncate")

    def furnish(conn):
        home = people.ensure_community(conn, "home", "Home", "Europe/Dublin", NOW)
        people.see_space(conn, "local:home", "Home", home.id, NOW)
        accounts.member_of(conn, Person("local:home", "p1", "Ada Quinn"), home, NOW)
        teams_tables.join_team(conn, home.id, teams_tables.create_team(conn, home.id, "North", NOW), 1, NOW)

    store.write_now(furnish)
    yield store.write_now
    store.close_now()


def fill(part, day, *, filled=True):
    return lambda conn: plan_fills.note_fill(conn, PlanChanged(1, 1, part, 1, filled), date(2026, 10, day))


def did(conn):
    return plan_fills.team_standing(conn, 1, 1, AGAIN).did


def test_two_looks_are_looks_on_two_days(team):
    for one in (fill("next", 5), fill("look", 5), fill("look", 5)):
        team(one)
    assert not team(did), "the same look, written twice"
    team(fill("look", 19))
    assert team(did)
    team(fill("next", 20, filled=False))
    assert not team(did), "the next step was taken out again"


def test_what_a_team_did_stays_done_when_its_writer_is_forgotten(team):
    for one in (fill("next", 5), fill("look", 5), fill("look", 19)):
        team(one)
    assert team(lambda conn: plan_fills.hand_over(conn, 1, 1))[0] == {"part": "next", "on": "2026-10-05"}
    team(lambda conn: plan_fills.forget(conn, 1, 1))
    assert team(lambda conn: plan_fills.hand_over(conn, 1, 1)) == []
    assert team(lambda conn: plan_fills.plan_fills_of(conn, 1).writers(["look", "next"])) == set()
    assert team(did)


def test_whoever_has_no_team_is_in_none_that_did_it(team):
    team(fill("look", 5))
    assert team(lambda conn: plan_fills.team_standing(conn, 1, 99, AGAIN)) == plan_fills.NO_TEAM


def test_whoever_writes_into_the_plan_is_not_silent_in_a_course_that_asks_for_one(team):
    later, asks_not = NOW + timedelta(days=40), replace(COURSE, slug="asks-not")
    asks = replace(COURSE, slug="asks", lessons=(AGAIN,))
    team(lambda conn: fill_catalog(conn, (asks, asks_not), NOW))
    known = team(lambda conn: {one.course.slug: one.id for one in offered_courses(conn, 1)})
    for one in known.values():
        team(lambda conn, one=one: enrollments.enroll_member(conn, 1, one, 1, "self", NOW.date(), NOW))
    team(lambda conn: note_life(conn, PlanChanged(1, 1, "voices", 1), later))
    alive = {one.course_id: one.alive_at for one in team(lambda conn: enrollments.enrollments_of(conn, 1, 1))}
    assert alive == {known["asks"]: later, known["asks-not"]: NOW}


def test_a_sign_of_life_reads_no_course_twice_a_day(team, monkeypatch):
    team(lambda conn: fill_catalog(conn, (replace(COURSE, lessons=(AGAIN,)),), NOW))
    [known] = team(lambda conn: offered_courses(conn, 1))
    team(lambda conn: enrollments.enroll_member(conn, 1, known.id, 1, "self", NOW.date(), NOW))
    read = []
    monkeypatch.setattr(plan_completion.catalog, "find_course", lambda *which: read.append(which))
    team(lambda conn: note_life(conn, PlanChanged(1, 1, "voices", 1), NOW + timedelta(hours=2)))
    assert read == []
    team(lambda conn: note_life(conn, PlanChanged(1, 1, "voices", 1), NOW + timedelta(days=2)))
    assert len(read) == 1


def test_what_a_lesson_does_not_ask_for_is_not_read(team):
    for one in (fill("next", 5), fill("look", 5)):
        team(one)
    assert [part for part, *_ in team(lambda conn: plan_fills.plan_fills_of(conn, 1, ["look"])).rows] == [
        "look"
    ]


def test_a_goodbye_to_a_lesson_holds_when_the_team_does_it_afterwards(team):
    team(lambda conn: fill_catalog(conn, (replace(COURSE, lessons=(AGAIN,)),), NOW))
    [known] = team(lambda conn: offered_courses(conn, 1))
    team(lambda conn: enrollments.enroll_member(conn, 1, known.id, 1, "self", NOW.date(), NOW))
    [one] = team(lambda conn: enrollments.enrollments_of(conn, 1, 1))
    station, reason = Station(1, AGAIN, None), f"lesson:{one.id}:look-again"
    assert not team(lambda conn: said_goodbye(conn, one, station))
    [own] = AGAIN.reminders
    team(lambda conn: insert_reminder(conn, 1, 1, "course:1", reason, "2026-W41", "key", own, NOW))
    for each in (fill("next", 5), fill("look", 5), fill("look", 19)):
        team(each)
    assert team(did)
    assert team(lambda conn: said_goodbye(conn, one, station))
