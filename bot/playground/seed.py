"""Seed data of the playground: prompts in English and Spanish, a weekly discussion, a school year, teams in a course."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.calendars import tables as calendars
from bot.calendars.rebuild import lay, read_days
from bot.calendars.tables import SourceKind
from bot.chat.models import Sharing
from bot.courses.enrollment import tables
from bot.courses.lessons import catalog
from bot.courses.lessons import tables as lessons_tables
from bot.courses.lessons.completion import LessonCompletion
from bot.courses.lessons.release import plan_enrollment, stations_of
from bot.courses.teams import tables as teams_tables
from bot.discussions import topics
from bot.discussions.settings import KIND as DISCUSSION
from bot.discussions.settings import DiscussionSettings
from bot.people import preferences
from bot.people.accounts import member_at
from bot.people.tables import Community
from bot.playground.plan_seed import seed_plan
from bot.playground.school_year import seed_school_year
from bot.reflections.schedule.settings import KIND as PROMPT
from bot.reflections.schedule.settings import PromptSettings
from bot.schedules import edits
from bot.schedules.model import SchedulePlace

COURSE = "root-causes"
NORTH = (("maya", 2), ("tomas", 1), ("lucia", 2), ("sam", 0), ("priya", 1))
SOUTH = (("ines", 1), ("noor", 2), ("emil", 0), ("rosa", 1))
"""The teams: who is in them, and how many of the two lessons that have come are done."""
SHOWS = tuple(person for person, _ in NORTH)
"""Who lets the team see how far they are: one team shows everything, of the other there is only a total."""
NOTES = (
    "We see practice that is not turned in, most of all by students who ride the bus. The gradebook says so.",
    "We thought it was homework at home. We counted, and it stops at the first problem.",
)

PROMPTS = (("c1", "every mon 09:00", "a-year-of-noticing"), ("c3", "every tue 09:00", "para-empezar"))
"""Where, when and from which deck the community is asked; the Spanish deck has a channel of its own."""
OPEN = 4 * 1440
"""Minutes for which a prompt is open."""
LUNCH_TALK = "every wed 12:30"
TOPICS = (
    "The first five minutes", "Whose questions", "Hallways", "What we stopped doing", "Meetings that could be notes",
    "Who is not in the room",
)  # fmt: skip
AWAY = "Professional development days"


def seed_prompts(conn: Connection, home: Community, space: str, now: datetime) -> None:
    """The school year's breaks and holidays, and a prompt in each of the channels in its language."""
    today = now.astimezone(ZoneInfo(home.zone)).date()
    seed_school_year(conn, home, today, now)
    for channel, rule, deck in PROMPTS:
        edits.add_schedule(
            conn, home.id, kind=PROMPT, letter="s", title=deck, rule=rule, zone=home.zone, anchor=today, now=now,
            places=(SchedulePlace(space, channel),), open_minutes=OPEN,
            details=PromptSettings((deck,)).to_details(),
        )  # fmt: skip


def seed_discussions(conn: Connection, home: Community, space: str, channel: str, now: datetime) -> None:
    """A discussion every Wednesday, and next week two days away on which it does not come."""
    today = now.astimezone(ZoneInfo(home.zone)).date()
    plan = DiscussionSettings(
        "Lunch table: {topic}",
        "What did you see of it this week? Bring one moment, or a question.",
    )
    made = edits.add_schedule(
        conn, home.id, kind=DISCUSSION, title=plan.title, rule=LUNCH_TALK, zone=home.zone, anchor=today, now=now,
        letter="d", places=(SchedulePlace(space, channel),), open_minutes=6 * 1440,
        details=plan.to_details(),
    )  # fmt: skip
    topics.add_topics(conn, home.id, made, TOPICS, None, now)
    first = today + timedelta(days=(2 - today.weekday()) % 7 + 7)
    days = {"starts": first.isoformat(), "ends": (first + timedelta(days=1)).isoformat()}
    away = calendars.add(conn, home.id, SourceKind.BREAK, AWAY, days, now)
    lay(conn, home, now, {away.id: read_days(away, today)})


def seed_courses(conn: Connection, home: Community, space: str, now: datetime) -> None:
    """Two teams that have had two lessons; in an empty playground with that course, and only once."""
    listed = catalog.course_by_slug(conn, home.id, COURSE)
    if listed is None or teams_tables.teams(conn, home.id):
        return
    for name, cast in (("North", NORTH), ("South", SOUTH)):
        team_id = teams_tables.create_team(conn, home.id, name, now)
        for person, done in cast:
            found = member_at(conn, home.id, space, person)
            if found is None or team_id is None:
                continue
            teams_tables.join_team(conn, home.id, team_id, found[0], now - timedelta(days=16))
            _walk(conn, home, listed, found[0], done, now)
            if person in SHOWS:
                preferences.change_preferences(conn, home.id, found[0], progress=Sharing.TEAM.value)
        if team_id is not None:
            leader = member_at(conn, home.id, space, cast[0][0])
            if leader is not None:
                teams_tables.set_lead(conn, team_id, leader[0], True)
            if cast is NORTH:
                seed_plan(conn, home, space, team_id, now)


def _walk(
    conn: Connection, home: Community, listed: catalog.CatalogCourse, member_id: int, done: int, now: datetime
) -> None:
    """One member's first weeks: two lessons came, so many are done, and the third can come."""
    marking = LessonCompletion(lambda _conn, _fact: None)
    first, second, third = listed.course.lessons[:3]
    waits = [max(7, one.after_days) for one in (second, third)]
    arrivals = (now - timedelta(days=sum(waits)), now - timedelta(days=waits[1]))
    joined = arrivals[0] - timedelta(days=1)
    one = tables.enroll_member(conn, home.id, listed.id, member_id, tables.SELF, joined.date(), joined)
    for place, (lesson, came) in enumerate(zip((first, second), arrivals, strict=True)):
        due = came + timedelta(days=lesson.open_days or listed.course.pacing.open_days)
        lessons_tables.insert_mark(conn, home.id, one.id, listed.id, member_id, lesson, place, came, due)
        at = came + timedelta(days=1 + member_id % 4, hours=5)
        if place < done:
            marking.done(conn, one, lesson.slug, "form", NOTES[place], now, at)
        elif done:
            marking.start(conn, one, lesson.slug, at, now)
    _, stations = stations_of(conn, one)
    # Whoever let a lesson lie is asked after it some days from now, not in the first minute.
    for station in stations:
        if station.awaits and station.mark is not None:
            lessons_tables.change_mark(conn, station.mark.id, due_at=now + timedelta(days=2))
    plan_enrollment(conn, one, now)
