"""`/course` for one lesson: begin it, finish it, undo that, or give it more time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import Connection

from bot.chat.cards import Card, Markdown, Moment, compose, say
from bot.chat.forms import Form, Hint, LongText
from bot.chat.language import N_, _, format_number
from bot.chat.menu import Command, Option, OptionKind
from bot.chat.models import Refusal
from bot.courses.enrollment import tables
from bot.courses.holds.moves import move_own_lesson, move_team_lesson
from bot.courses.lessons import cards, resolve
from bot.courses.lessons import tables as lessons_tables
from bot.courses.lessons.completion import NOTE, LessonCompletion
from bot.courses.lessons.course_views import LESSON
from bot.courses.lessons.learner_path import Station
from bot.courses.lessons.release import plan_enrollment, stations_of
from bot.courses.lessons.resolve import EnrolledCourse
from bot.courses.offers import takes_course
from bot.feature import ButtonHandler, CommandHandler, FormHandler, Reads, Request, Writes

LONGEST = timedelta(days=180)
"""How far a lesson can be moved in one go."""


def extend_lesson(conn: Connection, request: Request) -> Card:
    """Give the asker more time for an open lesson."""
    by: timedelta = request.values["by"]  # type: ignore[assignment]
    if not timedelta(days=1) <= by <= LONGEST:
        raise Refusal(
            _("I can move a lesson by one day to half a year."), _("Write it like 1w."), request.line
        )
    if request.text("team"):
        return move_team_lesson(conn, request, by)
    row, station = resolve.taken_lesson(conn, request)
    if station.mark is None:
        return move_own_lesson(conn, request, row, station, by)
    if station.state == "done":
        problem = _("“{lesson}” is done.", lesson=station.lesson.title)
        raise Refusal(problem, _("A lesson that is done cannot be moved."), request.line)
    at = max(station.mark.due_at, request.now) + by
    lessons_tables.change_mark(conn, station.mark.id, due_at=at)
    tables.change_enrollment(conn, row.one.id, alive_at=request.now)
    plan_enrollment(conn, replace(row.one, alive_at=request.now), request.now)
    moved = compose(
        _("Planned until {day} now. You get no reminder before then."),
        day=Moment(at, request.member.zone, "date"),
    )
    return say(_("More time for {lesson}", lesson=station.lesson.title), Markdown(moved))


def note_form(conn: Connection, request: Request) -> Form:
    """The form that finishes a lesson with a reflection or a note."""
    row, station = resolve.lesson_of_button(conn, request)
    lesson, known = station.lesson, station.mark.note if station.mark is not None else None
    question = lesson.completing.ask if lesson.completing else _("What will you keep from this lesson?")
    return Form(
        "course.note", lesson.title[:45],
        (
            Hint(question),
            LongText("note", _("Your reflection"), required=False, value=known or "", limit=NOTE),
            Hint(_("It is yours alone. An empty one is fine: the lesson is done either way.")),
        ),
        cards.button_value(row.one, lesson),
        submit=_("Done"),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class LessonCommands:
    """Handlers that mark lessons, and tell the other features."""

    completion: LessonCompletion

    def start_lesson(self, conn: Connection, request: Request) -> Card:
        """Mark a lesson as begun."""
        row, station = resolve.lesson_of_button(conn, request)
        self.completion.start(conn, row.one, station.lesson.slug, request.now, request.now)
        listed, stations = stations_of(conn, row.one)
        here = next(each for each in stations if each.lesson.slug == station.lesson.slug)
        return replace(cards.lesson_card(row.one, listed, here), replaces=True)

    def finish_lesson(self, conn: Connection, request: Request) -> Card:
        """Mark a lesson as done, by command or button, perhaps with a note."""
        note = checked_note(request, request.text("text"))
        how = "button" if request.value else "command"
        return self._finish(conn, request, *resolve.taken_lesson(conn, request), how, note)

    def submit_note(self, conn: Connection, request: Request) -> Card:
        """Mark a lesson as done, with what the form holds."""
        note = checked_note(request, request.text("note"))
        return self._finish(conn, request, *resolve.lesson_of_button(conn, request), "form", note)

    def _finish(
        self, conn: Connection, request: Request, row: EnrolledCourse, station: Station, how: str, note: str
    ) -> Card:
        self.completion.done(conn, row.one, station.lesson.slug, how, note, request.now)
        listed, stations = stations_of(conn, row.one)
        return cards.done_card(row.one, listed, station, stations, note)

    def undo_lesson(self, conn: Connection, request: Request) -> Card:
        """Mark a lesson as not done after all."""
        row, station = resolve.taken_lesson(conn, request, done=True)
        self.completion.undo(conn, row.one, station.lesson.slug, request.now)
        listed, stations = stations_of(conn, replace(row.one, done_at=None))
        return cards.reopened_card(listed, station, stations)

    def commands(self) -> tuple[CommandHandler, ...]:
        """The commands under /course about one lesson."""
        note = Option("text", N_("A note for yourself"), OptionKind.TEXT)
        needed = replace(LESSON, required=True)
        by = Option("by", N_("How much longer, like 1w"), OptionKind.DURATION, required=True, positional=True)
        team = Option("team", N_("For everybody in a team that you lead"), OptionKind.NAME, completes=True)
        return (
            CommandHandler(
                Command(
                    "course", "done", N_("Mark a lesson as done, with a note to yourself if you like"), (LESSON, note),
                    examples=("/course done c1.2 -- We found the hour on Thursdays.",), label=N_("Mark a lesson done"), common=True,
                ),
                Writes(self.finish_lesson), takes_course,
            ),
            CommandHandler(
                Command("course", "undo", N_("Mark a lesson as not done"), (LESSON,), label=N_("Mark as not done")), Writes(self.undo_lesson), takes_course
            ),
            CommandHandler(
                Command(
                    "course", "extend", N_("Move a lesson: more time for an open one, a later date for one to come"), (needed, by, team),
                    examples=("/course extend c1.3 1w", "/course extend c1.3 1w team:North"), label=N_("More time for a lesson"),
                ),
                Writes(extend_lesson), takes_course,
            ),
        )  # fmt: skip

    def buttons(self) -> tuple[ButtonHandler, ...]:
        """The buttons of a lesson's card."""
        return (
            ButtonHandler("course.start", Writes(self.start_lesson)),
            ButtonHandler("course.done", Writes(self.finish_lesson)),
            ButtonHandler("course.undo", Writes(self.undo_lesson)),
        )

    def forms(self) -> tuple[FormHandler, ...]:
        """The form of a lesson's note."""
        return (FormHandler("course.note", Reads(note_form), Writes(self.submit_note)),)


def checked_note(request: Request, text: str) -> str:
    """A note that may be stored: refuses one that is too long, or of somebody who wants nothing stored."""
    if text and not request.member.keeps:
        raise Refusal(
            _("Saving is off for you, so I cannot save a note."),
            _("Mark the lesson as done without a note, or turn saving on with `/my settings keep:yes`."),
            text,
        )
    if len(text) > NOTE:
        raise Refusal(
            _(
                "A note has up to {limit} characters; this one has {count}.",
                limit=format_number(NOTE),
                count=format_number(len(text)),
            ),
            "",
            text,
        )
    return text
