"""`/course` for doing: join, leave, pause, resume, extend, and lessons begun, done and undone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import TypeVar

from sqlalchemy import Connection

from bot.chat.cards import Card, Markdown, Moment, say
from bot.chat.forms import Form, Hint, LongText
from bot.chat.menu import Command, Option, OptionKind
from bot.chat.models import Refusal
from bot.chat.time.date_parser import Day, resolve_day
from bot.courses import cards
from bot.courses.enrollment import tables
from bot.courses.lessons import cards as lessons_cards
from bot.courses.lessons import resolve
from bot.courses.lessons import tables as lessons_tables
from bot.courses.lessons.completion import NOTE, LessonCompletion
from bot.courses.lessons.course_views import COURSE, LESSON
from bot.courses.lessons.learner_path import Station
from bot.courses.lessons.release import plan, stations_of
from bot.courses.lessons.resolve import EnrolledCourse
from bot.courses.teams import tables as teams_tables
from bot.feature import ButtonHandler, CommandHandler, FormHandler, Request, Waits
from bot.people.hours import hours_of
from bot.store.store import Store

T = TypeVar("T")
LONGEST = timedelta(days=180)
"""How far a lesson can be moved in one go."""


class CourseCommands:
    """What members change."""

    def __init__(self, store: Store, marking: LessonCompletion) -> None:
        self._store = store
        self._marking = marking

    async def _write(self, work: Callable[[Connection], T]) -> T:
        return await self._store.write(work)

    # ── joining and leaving ───────────────────────────────────────────────────

    async def join(self, request: Request) -> Card:
        """Take a course, after its preview."""

        def work(conn: Connection) -> Card:
            listed = resolve.offered(conn, request)
            if listed is None:
                raise Refusal("Which course?", "`/course list` shows them.")
            before = tables.of_course(conn, listed.id, request.member.id)
            if before is not None and before.left_at is None:
                at = before.drip_at if before.running else None
                return replace(cards.joined(listed, at, request.member.zone, again=True), replaces=True)
            hours = hours_of(conn, request.community.id, request.member.id, request.now)
            one = tables.enrol(
                conn, request.community.id, listed.id, request.member.id, tables.SELF, hours.day_of(request.now), request.now
            )  # fmt: skip
            plan(conn, one, request.now)
            teams_tables.recount_member(conn, request.community.id, request.member.id, listed.id)
            planned = tables.find(conn, request.community.id, one.id) or one
            again = before is not None
            return replace(
                cards.joined(listed, planned.drip_at, request.member.zone, again=again), replaces=True
            )

        return await self._write(work)

    async def leave(self, request: Request) -> Card:
        """Leave a course; what was done stays."""

        def work(conn: Connection) -> Card:
            row = resolve.course(conn, request)
            tables.change(
                conn, row.one.id, left_at=request.now, left_by=tables.SELF, drip_at=None, nudge_at=None
            )
            teams_tables.recount_member(conn, request.community.id, request.member.id, row.listed.id)
            return cards.left(row.listed)

        return await self._write(work)

    async def rejoin(self, request: Request) -> Card:
        """Undo leaving, within ten minutes; later there is the way through the preview."""

        def work(conn: Connection) -> Card:
            number = resolve.number_of(request)
            one = tables.of_course(conn, number or 0, request.member.id)
            if one is None or one.community_id != request.community.id or one.left_at is None:
                raise Refusal("There is nothing to undo.", "`/course` shows your courses.")
            if request.now - one.left_at > cards.UNDO_FOR:
                raise Refusal("Ten minutes are over.", f"`/course join c{number}` goes on where you were.")
            tables.change(conn, one.id, left_at=None, left_by=None)
            one = replace(one, left_at=None, left_by=None)
            plan(conn, one, request.now)
            teams_tables.recount_member(conn, request.community.id, request.member.id, one.course_id)
            listed, _ = stations_of(conn, one)
            planned = tables.find(conn, request.community.id, one.id) or one
            return replace(
                cards.joined(listed, planned.drip_at, request.member.zone, again=True), replaces=True
            )

        return await self._write(work)

    async def pause(self, request: Request) -> Card:
        """Let a course rest, until a day or until it is resumed."""

        def work(conn: Connection) -> Card:
            row = resolve.course(conn, request, running=True)
            self._unfinished(row)
            until = self._day(conn, request)
            tables.change(
                conn,
                row.one.id,
                paused_at=request.now,
                paused_until=until,
                alive_at=request.now,
                nudge_at=None,
            )
            plan(conn, replace(row.one, paused_at=request.now, paused_until=until), request.now)
            words = f"{cards.DAYS[until.weekday()]} {until.day} {until:%B %Y}" if until else ""
            return cards.rests(row.listed, words)

        return await self._write(work)

    @staticmethod
    def _day(conn: Connection, request: Request) -> date | None:
        given: Day | None = request.values.get("until")  # type: ignore[assignment]
        if given is None:
            return None
        today = hours_of(conn, request.community.id, request.member.id, request.now).day_of(request.now)
        until = resolve_day(given, today)
        if until <= today:
            raise Refusal("That day is not ahead.", "Name a later one, like until:fri.", request.line)
        return until

    @staticmethod
    def _unfinished(row: EnrolledCourse) -> None:
        if row.one.done_at is not None:
            raise Refusal(f"You have finished “{row.listed.course.title}”.", "There is nothing left to come.")

    async def resume(self, request: Request) -> Card:
        """Let a course go on."""

        def work(conn: Connection) -> Card:
            rows = resolve.taken(conn, request)
            resting = [row for row in rows if row.one.paused]
            if resolve.number_of(request) is None and len(resting) == 1:
                row = resting[0]
            else:
                row = resolve.course(conn, request, running=True)
            self._unfinished(row)
            tables.change(conn, row.one.id, paused_at=None, paused_until=None, alive_at=request.now)
            plan(conn, replace(row.one, paused_at=None, paused_until=None, alive_at=request.now), request.now)
            planned = tables.find(conn, request.community.id, row.one.id) or row.one
            return replace(
                cards.joined(row.listed, planned.drip_at, request.member.zone, again=True), replaces=True
            )

        return await self._write(work)

    async def extend(self, request: Request) -> Card:
        """Give oneself more time for a lesson."""

        def work(conn: Connection) -> Card:
            row, station = resolve.lesson(conn, request)
            by: timedelta = request.values["by"]  # type: ignore[assignment]
            if station.mark is None or station.state == "done":
                state = "has not come yet" if station.mark is None else "is done"
                raise Refusal(
                    f"“{station.lesson.title}” {state}.", "Only an open lesson can be moved.", request.line
                )
            if not timedelta() < by <= LONGEST:
                raise Refusal(
                    "I can move a lesson by one day to half a year.", "Write it like 1w.", request.line
                )
            at = max(station.mark.due_at, request.now) + by
            lessons_tables.change(conn, station.mark.id, due_at=at)
            tables.change(conn, row.one.id, alive_at=request.now)
            plan(conn, replace(row.one, alive_at=request.now), request.now)
            moved = (
                "Planned until ",
                Moment(at, request.member.zone, "date"),
                " now. Nobody asks before then.",
            )
            return say(f"More time for {station.lesson.title}", Markdown(moved))

        return await self._write(work)

    # ── lessons ───────────────────────────────────────────────────────────────

    async def start(self, request: Request) -> Card:
        """A lesson is begun."""

        def work(conn: Connection) -> Card:
            row, station = resolve.of_button(conn, request)
            self._marking.start(conn, row.one, station.lesson.slug, request.now, request.now)
            listed, stations = stations_of(conn, row.one)
            here = next(each for each in stations if each.lesson.slug == station.lesson.slug)
            return replace(lessons_cards.lesson_card(row.one, listed, here), replaces=True)

        return await self._write(work)

    async def done(self, request: Request) -> Card:
        """A lesson is done, by command or button, perhaps with a note."""
        note = self._note(request, request.text("text"))
        how = "button" if request.value else "command"
        return await self._write(
            lambda conn: self._done(conn, request, *resolve.lesson(conn, request), how, note)
        )

    def _done(
        self, conn: Connection, request: Request, row: EnrolledCourse, station: Station, how: str, note: str
    ) -> Card:
        self._marking.done(conn, row.one, station.lesson.slug, how, note, request.now)
        listed, stations = stations_of(conn, row.one)
        return lessons_cards.marked(row.one, listed, station, stations, note)

    @staticmethod
    def _note(request: Request, text: str) -> str:
        if text and not request.member.keeps:
            raise Refusal(
                "You asked me to keep nothing you write, so I cannot keep a note.",
                "Mark the lesson done without one, or `/my settings keep:yes` changes that.",
                text,
            )
        if len(text) > NOTE:
            raise Refusal(f"A note has up to {NOTE:,} characters; this one has {len(text):,}.", "", text)
        return text

    async def note_form(self, request: Request) -> Form | Card:
        """The form that finishes a lesson with a reflection or a note."""

        def look(conn: Connection) -> Form:
            row, station = resolve.of_button(conn, request)
            lesson, known = station.lesson, station.mark.note if station.mark is not None else None
            ask_for = lesson.completing.ask if lesson.completing else "What will you keep from this lesson?"
            return Form(
                "course.note", lesson.title[:45],
                (
                    Hint(ask_for),
                    LongText("note", "Your reflection", required=False, value=known or "", limit=NOTE),
                    Hint("It is yours alone. An empty one is fine: the lesson is done either way."),
                ),
                lessons_cards.state_of(row.one, lesson),
                submit="Done",
            )  # fmt: skip

        return await self._store.read(look)

    async def take_note(self, request: Request) -> Card:
        """Keep the form."""
        note = self._note(request, request.text("note"))
        return await self._write(
            lambda conn: self._done(conn, request, *resolve.of_button(conn, request), "form", note)
        )

    async def undo(self, request: Request) -> Card:
        """A lesson is not done after all."""

        def work(conn: Connection) -> Card:
            row, station = resolve.lesson(conn, request, done=True)
            self._marking.undo(conn, row.one, station.lesson.slug, request.now)
            listed, stations = stations_of(conn, replace(row.one, done_at=None))
            return lessons_cards.unmarked(listed, station, stations)

        return await self._write(work)

    # ── what it offers ────────────────────────────────────────────────────────

    def commands(self) -> tuple[CommandHandler, ...]:
        """The doing commands under /course."""
        by = Option("by", "How much longer, like 1w", OptionKind.DURATION, required=True, positional=True)
        needed = replace(LESSON, required=True)
        return (
            CommandHandler(
                Command(
                    "course", "done", "A lesson is done, perhaps with a note for yourself",
                    (LESSON, Option("text", "A note for yourself", OptionKind.TEXT)),
                    examples=("/course done c1.2 -- We found the hour on Thursdays.",),
                ),
                Waits(self.done),
            ),
            CommandHandler(Command("course", "undo", "A lesson is not done after all", (LESSON,)), Waits(self.undo)),
            CommandHandler(
                Command(
                    "course", "pause", "Let a course rest",
                    (COURSE, Option("until", "Until which day", OptionKind.DAY)),
                    examples=("/course pause c1 until:fri",),
                ),
                Waits(self.pause),
            ),
            CommandHandler(Command("course", "resume", "Let a course go on", (COURSE,)), Waits(self.resume)),
            CommandHandler(
                Command(
                    "course", "extend", "Give yourself more time for a lesson", (needed, by),
                    examples=("/course extend c1.3 1w",),
                ),
                Waits(self.extend),
            ),
            CommandHandler(Command("course", "leave", "Leave a course", (COURSE,)), Waits(self.leave)),
        )  # fmt: skip

    def actions(self) -> tuple[ButtonHandler, ...]:
        """The doing buttons."""
        return (
            ButtonHandler("course.join", Waits(self.join)),
            ButtonHandler("course.rejoin", Waits(self.rejoin)),
            ButtonHandler("course.rest", Waits(self.pause)),
            ButtonHandler("course.resume", Waits(self.resume)),
            ButtonHandler("course.start", Waits(self.start)),
            ButtonHandler("course.done", Waits(self.done)),
            ButtonHandler("course.undo", Waits(self.undo)),
        )

    def forms(self) -> tuple[FormHandler, ...]:
        """The form of a lesson's note."""
        return (FormHandler("course.note", Waits(self.note_form), Waits(self.take_note)),)
