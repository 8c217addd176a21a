"""`/team progress`: how far a team is, as whoever asks may see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import Connection

from bot.chat.cards import Card, Note, Picture, say
from bot.chat.language import N_, _
from bot.chat.menu import Command
from bot.chat.models import Refusal, Role
from bot.courses.comparisons.tables import compares_with_any
from bot.courses.enrollment import tables
from bot.courses.lessons import catalog
from bot.courses.lessons.catalog import CatalogCourse
from bot.courses.lessons.course_views import COURSE
from bot.courses.teams import cards, resolve
from bot.courses.teams import tables as teams_tables
from bot.courses.teams.learners import list_learners
from bot.courses.teams.progress_view import TeamProgressView, view_progress
from bot.courses.teams.tables import Team
from bot.courses.teams.team_commands import TEAM
from bot.courses.teams.team_totals import find_total
from bot.feature import ButtonHandler, CommandHandler, Reads, Request
from bot.people.audience import Reader
from bot.pictures.bars import Bar, bar_chart
from bot.schedules.weeks import week_named

CLOSED = N_(
    "A team’s total is for its own people and for moderators. `/team compare` lets two teams show each other theirs."
)


def show_progress(conn: Connection, request: Request) -> Card:
    """How far a team is in a course, with a picture that is drawn within the read."""
    team = resolve.named_or_own_team(conn, request)
    mates = teams_tables.team_members(conn, team.id)
    ids = [mate.member_id for mate in mates]
    listed = _course(conn, request, ids)
    if listed is None:
        return say(_("There is no course yet"))
    lessons = {one.slug: one.title for one in listed.course.lessons}
    home, asker = request.community.id, request.member.id
    viewer = Reader(home, asker, request.role, teams_tables.mates_of(conn, home, asker))
    learners, open_total = list_learners(conn, listed.id, mates), _sees_total(conn, request, team)
    total = find_total(conn, team.id, listed.id) if open_total else None
    seen = view_progress(team.name, listed.course.title, len(mates), learners, lessons, viewer, total)
    weeks = teams_tables.team_weeks(conn, team.id, listed.id) if seen.whole and seen.lessons else {}
    named = ((week_named(key), done) for key, done in weeks.items())
    picture = _picture(seen, [(week.monday, done) for week, done in named if week is not None])
    card = cards.progress_card(seen, picture, list(lessons.values()), request.community.zone)
    return card if open_total else replace(card, blocks=(*card.blocks, Note(_(CLOSED))))


def _sees_total(conn: Connection, request: Request, team: Team) -> bool:
    """Whether the total of a team is for the asker: who is in it, moderators, and teams with which it compares totals."""
    own = {one.id for one in teams_tables.teams_of(conn, request.community.id, request.member.id)}
    return team.id in own or request.role >= Role.MODERATOR or compares_with_any(conn, team.id, own)


def _course(conn: Connection, request: Request, ids: list[int]) -> CatalogCourse | None:
    """The course that is named, else the one the team takes, else the first; None where there is none."""
    number = request.number("course")
    courses = catalog.offered_courses(conn, request.community.id)
    if number is not None:
        found = catalog.find_course(conn, request.community.id, number)
        if found is None:
            known = ", ".join(one.name for one in courses)
            there = _("Courses: {known}.", known=known) if known else _("There is no course yet.")
            raise Refusal(_("There is no course c{number}.", number=number), there, request.line)
        return found
    taken = (one for one in courses if tables.enrollments_in(conn, one.id, ids))
    return next(taken, courses[0] if courses else None)


def _picture(seen: TeamProgressView, weeks: Sequence[tuple[date, int]]) -> Picture | None:
    if seen.lessons:
        bars = [
            Bar(f"{i}. {one.title}", one.done, one.started, one.of) for i, one in enumerate(seen.lessons, 1)
        ]
        return bar_chart(seen.team, seen.course, bars, "people", weeks)
    if seen.total is not None:
        together = Bar(_("All lessons together"), seen.total.done, 0, seen.total.of)
        return bar_chart(seen.team, seen.course, [together], "lessons")
    return None


COMMANDS = (
    CommandHandler(
        Command(
            "team",
            "progress",
            N_("How far a team is"),
            (TEAM, COURSE),
            label=N_("Team progress"),
            common=True,
        ),
        Reads(show_progress),
    ),
)
BUTTONS = (ButtonHandler("team.see", Reads(show_progress)),)
