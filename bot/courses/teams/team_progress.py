"""`/team progress`: how far a team is, as whoever asks may see it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from sqlalchemy import Connection

from bot.chat.cards import Card, Picture, say
from bot.chat.menu import Command, Option
from bot.chat.models import Refusal, Sharing
from bot.courses.enrollment import tables
from bot.courses.lessons import catalog
from bot.courses.lessons import tables as lessons_tables
from bot.courses.lessons.catalog import CatalogCourse
from bot.courses.lessons.course_views import COURSE
from bot.courses.teams import cards, resolve
from bot.courses.teams import tables as teams_tables
from bot.courses.teams.progress_view import TeamProgressView, Viewer, Walker, stand
from bot.feature import ButtonHandler, CommandHandler, Request, Waits
from bot.people.preferences import visibility
from bot.pictures.bars import Bar, chart
from bot.store.store import Store


class TeamProgress:
    """Shows teams how far they are."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def progress(self, request: Request) -> Card:
        """How far a team is in a course."""
        seen = await self._store.read(lambda conn: self._standing(conn, request))
        if isinstance(seen, Card):
            return seen
        standing, lessons, weeks = seen
        picture = await asyncio.to_thread(_picture, standing, weeks)
        return cards.standing_card(standing, picture, lessons)

    def _standing(
        self, conn: Connection, request: Request
    ) -> Card | tuple[TeamProgressView, list[str], list[tuple[str, int]]]:
        team = resolve.team(conn, request)
        mates = teams_tables.mates(conn, team.id)
        ids = [mate.member_id for mate in mates]
        listed = self._course(conn, request, ids)
        if isinstance(listed, Card):
            return listed
        taking = {one.member_id for one in tables.in_course(conn, listed.id, ids)}
        dots = lessons_tables.dots(conn, listed.id, ids)
        shown = visibility(conn, ids)
        walkers = [
            Walker(
                mate.member_id,
                mate.name,
                shown.get(mate.member_id, Sharing.ME),
                frozenset(dot.lesson for dot in dots if dot.member_id == mate.member_id and dot.done_at),
                frozenset(dot.lesson for dot in dots if dot.member_id == mate.member_id and dot.started_at),
            )
            for mate in mates
            if mate.member_id in taking
        ]
        lessons = {one.slug: one.title for one in listed.course.lessons}
        viewer = Viewer(request.member.id, request.role, request.member.id in ids)
        standing = stand(team.name, listed.course.title, len(mates), walkers, lessons, viewer)
        weeks = teams_tables.weeks(conn, team.id, listed.id) if standing.whole and standing.lessons else {}
        return standing, list(lessons.values()), [(week[5:], done) for week, done in weeks.items()]

    @staticmethod
    def _course(conn: Connection, request: Request, ids: list[int]) -> CatalogCourse | Card:
        """The course that is meant: the one named, or the one the team takes."""
        number = request.number("course")
        if number is not None:
            found = catalog.find(conn, request.community.id, number)
            if found is None:
                known = ", ".join(one.name for one in catalog.offered(conn, request.community.id)) or "none"
                raise Refusal(f"I know no course c{number}.", f"Courses: {known}.", request.line)
            return found
        courses = catalog.offered(conn, request.community.id)
        taken = [one for one in courses if tables.in_course(conn, one.id, ids)]
        fitting = taken or courses
        if not fitting:
            return say("There is no course yet")
        return fitting[0]

    def commands(self) -> tuple[CommandHandler, ...]:
        """The command that shows it."""
        which = Option("team", "Which team", positional=True, completes=True)
        command = Command("team", "progress", "How far a team is", (which, COURSE))
        return (CommandHandler(command, Waits(self.progress)),)

    def actions(self) -> tuple[ButtonHandler, ...]:
        """The button that shows it."""
        return (ButtonHandler("team.see", Waits(self.progress)),)


def _picture(standing: TeamProgressView, weeks: Sequence[tuple[str, int]]) -> Picture | None:
    if standing.lessons:
        bars = [
            Bar(f"{i}. {one.title}", one.done, one.started, one.of)
            for i, one in enumerate(standing.lessons, 1)
        ]
        return chart(standing.team, standing.course, bars, "people", weeks)
    if standing.total is not None:
        done, of = standing.total
        return chart(standing.team, standing.course, [Bar("All lessons together", done, 0, of)], "lessons")
    return None
