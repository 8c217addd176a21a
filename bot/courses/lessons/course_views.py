"""`/course` for looking: what there is, what would come, how far one is, and the lessons themselves."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence

from sqlalchemy import Connection

from bot.chat.cards import Block, Card, Picture, say
from bot.chat.menu import Command, Option, OptionKind
from bot.courses import cards
from bot.courses.enrollment import tables
from bot.courses.lessons import cards as lessons_cards
from bot.courses.lessons import catalog, resolve
from bot.courses.lessons.learner_path import done_count
from bot.courses.lessons.release import foresee
from bot.courses.lessons.resolve import EnrolledCourse
from bot.feature import ButtonHandler, CommandHandler, Completion, Request, Waits
from bot.people.hours import hours_of
from bot.pictures.bars import Bar, chart
from bot.store.store import Store

COURSE = Option("course", "Which course", OptionKind.ID, positional=True, letter="c", completes=True)
LESSON = Option(
    "lesson", "Which lesson, like c1.2", OptionKind.ID, positional=True, letter="c.", completes=True
)


class CourseViews:
    """What members look at."""

    def __init__(self, store: Store) -> None:
        self._store = store

    # ── courses ───────────────────────────────────────────────────────────────

    async def home(self, request: Request) -> Card:
        """One's courses, or an invitation."""

        def look(conn: Connection) -> Card:
            blocks = self.blocks(conn, request)
            if not blocks:
                return cards.nothing_taken(catalog.offered(conn, request.community.id))
            return say("Your courses", *blocks)

        return await self._store.read(look)

    @staticmethod
    def blocks(conn: Connection, request: Request) -> Sequence[Block]:
        """One's courses, for the bot's own page."""
        rows = [(row.listed, row.one, row.stations) for row in resolve.taken(conn, request)]
        return cards.home(rows) if rows else ()

    async def listing(self, request: Request) -> Card:
        """What can be joined."""

        def look(conn: Connection) -> Card:
            mine = tables.of_member(conn, request.community.id, request.member.id)
            return cards.listing(
                catalog.offered(conn, request.community.id), {one.course_id: one.id for one in mine}
            )

        return await self._store.read(look)

    async def preview(self, request: Request) -> Card:
        """What would come, for one course; the list where it is not clear which."""

        def look(conn: Connection) -> Card:
            listed = resolve.offered(conn, request)
            if listed is None:
                return cards.listing(catalog.offered(conn, request.community.id), {})
            hours = hours_of(conn, request.community.id, request.member.id, request.now)
            dates = foresee(listed.course, hours.day_of(request.now), hours, request.now)
            return cards.preview(listed, dates, request.member.zone)

        return await self._store.read(look)

    async def progress(self, request: Request) -> Card:
        """How far one is, as a picture and in words."""
        row = await self._store.read(lambda conn: resolve.course(conn, request))
        picture = await asyncio.to_thread(_picture, row)
        coming = row.one.drip_at if row.one.running else None
        return cards.progress_card(row.listed, row.one, row.stations, picture, coming, request.member.zone)

    # ── lessons ───────────────────────────────────────────────────────────────

    async def lesson(self, request: Request) -> Card:
        """One lesson in full."""

        def look(conn: Connection) -> Card:
            row, station = resolve.lesson(conn, request)
            return lessons_cards.lesson_card(row.one, row.listed, station)

        return await self._store.read(look)

    async def meeting(self, request: Request) -> Card:
        """A team's meeting about a lesson."""
        return await self._store.read(
            lambda conn: lessons_cards.meeting(resolve.lesson(conn, request)[1].lesson)
        )

    async def starter(self, request: Request) -> Card:
        """Words to start a talk with."""
        return await self._store.read(
            lambda conn: lessons_cards.starter(resolve.lesson(conn, request)[1].lesson)
        )

    # ── what it offers ────────────────────────────────────────────────────────

    def courses_like(self, conn: Connection, request: Request) -> Iterable[tuple[str, str]]:
        """Courses that can be joined."""
        found = catalog.offered(conn, request.community.id)
        return ((one.name, one.course.title) for one in found)

    def mine_like(self, conn: Connection, request: Request) -> Iterable[tuple[str, str]]:
        """Courses one takes."""
        found = resolve.taken(conn, request)
        return ((one.listed.name, one.listed.course.title) for one in found)

    def lessons_like(self, conn: Connection, request: Request) -> Iterable[tuple[str, str]]:
        """Lessons of the courses one takes."""
        found = resolve.taken(conn, request)
        return (
            (f"{row.listed.name}.{station.number}", f"{station.lesson.title} ({cards.STATES[station.state]})")
            for row in found
            for station in row.stations
        )

    def commands(self) -> tuple[CommandHandler, ...]:
        """The looking commands under /course."""
        return (
            CommandHandler(Command("course", "", "Your courses"), Waits(self.home)),
            CommandHandler(Command("course", "list", "The courses there are"), Waits(self.listing)),
            CommandHandler(
                Command(
                    "course", "join", "What a course would bring you, and joining it", (COURSE,),
                    examples=("/course join c1",),
                ),
                Waits(self.preview),
            ),
            CommandHandler(Command("course", "progress", "How far you are in a course", (COURSE,)), Waits(self.progress)),
            CommandHandler(
                Command("course", "lesson", "A lesson in full", (LESSON,), examples=("/course lesson c1.2",)),
                Waits(self.lesson),
            ),
        )  # fmt: skip

    def actions(self) -> tuple[ButtonHandler, ...]:
        """The looking buttons."""
        return (
            ButtonHandler("course.list", Waits(self.listing)),
            ButtonHandler("course.preview", Waits(self.preview)),
            ButtonHandler("course.see", Waits(self.progress)),
            ButtonHandler("course.lesson", Waits(self.lesson)),
            ButtonHandler("course.meeting", Waits(self.meeting)),
            ButtonHandler("course.starter", Waits(self.starter)),
        )

    def completions(self) -> tuple[Completion, ...]:
        """Choices while typing."""
        own = ("progress", "pause", "resume", "leave", "evidence")
        lessons = ("lesson", "done", "undo", "extend")
        return (
            *(Completion(f"course {verb}", "course", self.courses_like) for verb in ("join", "import", "enrol")),
            *(Completion(f"course {verb}", "course", self.mine_like) for verb in own),
            *(Completion(f"course {verb}", "lesson", self.lessons_like) for verb in lessons),
        )  # fmt: skip


def _picture(row: EnrolledCourse) -> Picture:
    bars = [
        Bar(
            f"{station.number}. {station.lesson.title}",
            int(station.state == "done"),
            int(station.state == "started"),
            1,
            cards.STATES[station.state],
        )
        for station in row.stations
    ]
    whole = Bar("All together", done_count(row.stations), 0, len(row.stations))
    return chart(row.listed.course.title, "", [whole, *bars], "lessons")
