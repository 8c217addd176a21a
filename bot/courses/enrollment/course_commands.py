"""`/course` for doing: join, leave, pause, resume, extend, and lessons begun, done and undone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import TypeVar

from sqlalchemy import Connection

from bot.chat.cards import Card, Markdown, Moment, say
from bot.chat.forms import Form, Hint, LongText
from bot.chat.menu import Command, Kind, Option
from bot.chat.models import Refusal
from bot.chat.time.date_parser import Day, resolve_day
from bot.courses import cards
from bot.courses.enrollment import tables
from bot.courses.lessons import cards as lessons_cards
from bot.courses.lessons import resolve
from bot.courses.lessons import tables as lessons_tables
from bot.courses.lessons.completion import NOTE, Marking
from bot.courses.lessons.course_views import COURSE, LESSON
from bot.courses.lessons.learner_path import Station
from bot.courses.lessons.release import plan, stations_of
from bot.courses.lessons.resolve import Taken
from bot.courses.teams import tables as teams_tables
from bot.feature import Action, Answerer, Ask, Questionnaire
from bot.people.hours import hours_of
from bot.store.store import Store

T = TypeVar("T")
LONGEST = timedelta(days=180)
"""How far a lesson can be moved in one go."""


class Taking:
    """What members change."""

    def __init__(self, store: Store, marking: Marking) -> None:
        self._store = store
        self._marking = marking

    async def _write(self, work: Callable[[Connection], T]) -> T:
        return await self._store.write(work)

    # ── joining and leaving ───────────────────────────────────────────────────

    async def join(self, ask: Ask) -> Card:
        """Take a course, after its preview."""

        def work(conn: Connection) -> Card:
            listed = resolve.offered(conn, ask)
            if listed is None:
                raise Refusal("Which course?", "`/course list` shows them.")
            before = tables.of_course(conn, listed.id, ask.member.id)
            if before is not None and before.left_at is None:
                at = before.drip_at if before.running else None
                return replace(cards.joined(listed, at, ask.member.zone, again=True), replaces=True)
            hours = hours_of(conn, ask.community.id, ask.member.id, ask.now)
            one = tables.enrol(
                conn, ask.community.id, listed.id, ask.member.id, tables.SELF, hours.day_of(ask.now), ask.now
            )  # fmt: skip
            plan(conn, one, ask.now)
            teams_tables.recount_member(conn, ask.community.id, ask.member.id, listed.id)
            planned = tables.find(conn, ask.community.id, one.id) or one
            again = before is not None
            return replace(cards.joined(listed, planned.drip_at, ask.member.zone, again=again), replaces=True)

        return await self._write(work)

    async def leave(self, ask: Ask) -> Card:
        """Leave a course; what was done stays."""

        def work(conn: Connection) -> Card:
            row = resolve.course(conn, ask)
            tables.change(conn, row.one.id, left_at=ask.now, left_by=tables.SELF, drip_at=None, nudge_at=None)
            teams_tables.recount_member(conn, ask.community.id, ask.member.id, row.listed.id)
            return cards.left(row.listed)

        return await self._write(work)

    async def rejoin(self, ask: Ask) -> Card:
        """Undo leaving, within ten minutes; later there is the way through the preview."""

        def work(conn: Connection) -> Card:
            number = resolve.number_of(ask)
            one = tables.of_course(conn, number or 0, ask.member.id)
            if one is None or one.community_id != ask.community.id or one.left_at is None:
                raise Refusal("There is nothing to undo.", "`/course` shows your courses.")
            if ask.now - one.left_at > cards.UNDO_FOR:
                raise Refusal("Ten minutes are over.", f"`/course join c{number}` goes on where you were.")
            tables.change(conn, one.id, left_at=None, left_by=None)
            one = replace(one, left_at=None, left_by=None)
            plan(conn, one, ask.now)
            teams_tables.recount_member(conn, ask.community.id, ask.member.id, one.course_id)
            listed, _ = stations_of(conn, one)
            planned = tables.find(conn, ask.community.id, one.id) or one
            return replace(cards.joined(listed, planned.drip_at, ask.member.zone, again=True), replaces=True)

        return await self._write(work)

    async def pause(self, ask: Ask) -> Card:
        """Let a course rest, until a day or until it is resumed."""

        def work(conn: Connection) -> Card:
            row = resolve.course(conn, ask, running=True)
            self._unfinished(row)
            until = self._day(conn, ask)
            tables.change(
                conn, row.one.id, paused_at=ask.now, paused_until=until, alive_at=ask.now, nudge_at=None
            )
            plan(conn, replace(row.one, paused_at=ask.now, paused_until=until), ask.now)
            words = f"{cards.DAYS[until.weekday()]} {until.day} {until:%B %Y}" if until else ""
            return cards.rests(row.listed, words)

        return await self._write(work)

    @staticmethod
    def _day(conn: Connection, ask: Ask) -> date | None:
        given: Day | None = ask.values.get("until")  # type: ignore[assignment]
        if given is None:
            return None
        today = hours_of(conn, ask.community.id, ask.member.id, ask.now).day_of(ask.now)
        until = resolve_day(given, today)
        if until <= today:
            raise Refusal("That day is not ahead.", "Name a later one, like until:fri.", ask.line)
        return until

    @staticmethod
    def _unfinished(row: Taken) -> None:
        if row.one.done_at is not None:
            raise Refusal(f"You have finished “{row.listed.course.title}”.", "There is nothing left to come.")

    async def resume(self, ask: Ask) -> Card:
        """Let a course go on."""

        def work(conn: Connection) -> Card:
            rows = resolve.taken(conn, ask)
            resting = [row for row in rows if row.one.paused]
            if resolve.number_of(ask) is None and len(resting) == 1:
                row = resting[0]
            else:
                row = resolve.course(conn, ask, running=True)
            self._unfinished(row)
            tables.change(conn, row.one.id, paused_at=None, paused_until=None, alive_at=ask.now)
            plan(conn, replace(row.one, paused_at=None, paused_until=None, alive_at=ask.now), ask.now)
            planned = tables.find(conn, ask.community.id, row.one.id) or row.one
            return replace(
                cards.joined(row.listed, planned.drip_at, ask.member.zone, again=True), replaces=True
            )

        return await self._write(work)

    async def extend(self, ask: Ask) -> Card:
        """Give oneself more time for a lesson."""

        def work(conn: Connection) -> Card:
            row, station = resolve.lesson(conn, ask)
            by: timedelta = ask.values["by"]  # type: ignore[assignment]
            if station.mark is None or station.state == "done":
                state = "has not come yet" if station.mark is None else "is done"
                raise Refusal(
                    f"“{station.lesson.title}” {state}.", "Only an open lesson can be moved.", ask.line
                )
            if not timedelta() < by <= LONGEST:
                raise Refusal("I can move a lesson by one day to half a year.", "Write it like 1w.", ask.line)
            at = max(station.mark.due_at, ask.now) + by
            lessons_tables.change(conn, station.mark.id, due_at=at)
            tables.change(conn, row.one.id, alive_at=ask.now)
            plan(conn, replace(row.one, alive_at=ask.now), ask.now)
            moved = ("Planned until ", Moment(at, ask.member.zone, "date"), " now. Nobody asks before then.")
            return say(f"More time for {station.lesson.title}", Markdown(moved))

        return await self._write(work)

    # ── lessons ───────────────────────────────────────────────────────────────

    async def start(self, ask: Ask) -> Card:
        """A lesson is begun."""

        def work(conn: Connection) -> Card:
            row, station = resolve.of_button(conn, ask)
            self._marking.start(conn, row.one, station.lesson.slug, ask.now, ask.now)
            listed, stations = stations_of(conn, row.one)
            here = next(each for each in stations if each.lesson.slug == station.lesson.slug)
            return replace(lessons_cards.lesson_card(row.one, listed, here), replaces=True)

        return await self._write(work)

    async def done(self, ask: Ask) -> Card:
        """A lesson is done, by command or button, perhaps with a note."""
        note = self._note(ask, ask.text("text"))
        how = "button" if ask.value else "command"
        return await self._write(lambda conn: self._done(conn, ask, *resolve.lesson(conn, ask), how, note))

    def _done(self, conn: Connection, ask: Ask, row: Taken, station: Station, how: str, note: str) -> Card:
        self._marking.done(conn, row.one, station.lesson.slug, how, note, ask.now)
        listed, stations = stations_of(conn, row.one)
        return lessons_cards.marked(row.one, listed, station, stations, note)

    @staticmethod
    def _note(ask: Ask, text: str) -> str:
        if text and not ask.member.keeps:
            raise Refusal(
                "You asked me to keep nothing you write, so I cannot keep a note.",
                "Mark the lesson done without one, or `/my settings keep:yes` changes that.",
                text,
            )
        if len(text) > NOTE:
            raise Refusal(f"A note has up to {NOTE:,} characters; this one has {len(text):,}.", "", text)
        return text

    async def note_form(self, ask: Ask) -> Form | Card:
        """The form that finishes a lesson with a reflection or a note."""

        def look(conn: Connection) -> Form:
            row, station = resolve.of_button(conn, ask)
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

    async def take_note(self, ask: Ask) -> Card:
        """Keep the form."""
        note = self._note(ask, ask.text("note"))
        return await self._write(
            lambda conn: self._done(conn, ask, *resolve.of_button(conn, ask), "form", note)
        )

    async def undo(self, ask: Ask) -> Card:
        """A lesson is not done after all."""

        def work(conn: Connection) -> Card:
            row, station = resolve.lesson(conn, ask, done=True)
            self._marking.undo(conn, row.one, station.lesson.slug, ask.now)
            listed, stations = stations_of(conn, replace(row.one, done_at=None))
            return lessons_cards.unmarked(listed, station, stations)

        return await self._write(work)

    # ── what it offers ────────────────────────────────────────────────────────

    def commands(self) -> tuple[Answerer, ...]:
        """The doing commands under /course."""
        by = Option("by", "How much longer, like 1w", Kind.DURATION, required=True, positional=True)
        needed = replace(LESSON, required=True)
        return (
            Answerer(
                Command(
                    "course", "done", "A lesson is done, perhaps with a note for yourself",
                    (LESSON, Option("text", "A note for yourself", Kind.TEXT)),
                    examples=("/course done c1.2 -- We found the hour on Thursdays.",),
                ),
                self.done,
            ),
            Answerer(Command("course", "undo", "A lesson is not done after all", (LESSON,)), self.undo),
            Answerer(
                Command(
                    "course", "pause", "Let a course rest",
                    (COURSE, Option("until", "Until which day", Kind.DAY)),
                    examples=("/course pause c1 until:fri",),
                ),
                self.pause,
            ),
            Answerer(Command("course", "resume", "Let a course go on", (COURSE,)), self.resume),
            Answerer(
                Command(
                    "course", "extend", "Give yourself more time for a lesson", (needed, by),
                    examples=("/course extend c1.3 1w",),
                ),
                self.extend,
            ),
            Answerer(Command("course", "leave", "Leave a course", (COURSE,)), self.leave),
        )  # fmt: skip

    def actions(self) -> tuple[Action, ...]:
        """The doing buttons."""
        return (
            Action("course.join", self.join),
            Action("course.rejoin", self.rejoin),
            Action("course.rest", self.pause),
            Action("course.resume", self.resume),
            Action("course.start", self.start),
            Action("course.done", self.done),
            Action("course.undo", self.undo),
        )

    def forms(self) -> tuple[Questionnaire, ...]:
        """The form of a lesson's note."""
        return (Questionnaire("course.note", self.note_form, self.take_note),)
