"""`/course` for one lesson: begin it, finish it, undo that, or give it more time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import Connection

from bot.chat.cards import Button, Card, Markdown, Moment, compose, say
from bot.chat.forms import Form, Hint, LongText, ShortText
from bot.chat.language import N_, _, format_number
from bot.chat.menu import Command, Option, OptionKind
from bot.chat.models import Refusal
from bot.courses.enrollment import tables
from bot.courses.enrollment.tables import Enrollment
from bot.courses.holds.moves import move_own_lesson, move_team_lesson
from bot.courses.lessons import cards, resolve
from bot.courses.lessons import tables as lessons_tables
from bot.courses.lessons.completion import NOTE, LessonCompletion
from bot.courses.lessons.course_views import LESSON, describe_lesson
from bot.courses.lessons.learner_path import Station
from bot.courses.lessons.plan_fills import team_standing
from bot.courses.lessons.release import plan_enrollment, stations_of
from bot.courses.lessons.resolve import EnrolledCourse
from bot.courses.offers import takes_course
from bot.feature import ButtonHandler, CommandHandler, FormHandler, Reads, Request, Writes

LONGEST = timedelta(days=180)
"""How far a lesson can be moved in one go."""
LINE = 300
"""Characters of the line with which a lesson is finished."""


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
            Hint(_("It is yours alone.")),
        ),
        cards.button_value(row.one, lesson),
        submit=_("Done"),
    )  # fmt: skip


def finish_form(conn: Connection, request: Request) -> Form:
    """The form of one line that finishes a lesson."""
    return _line_form(*resolve.lesson_of_button(conn, request))


def _line_form(row: EnrolledCourse, station: Station) -> Form:
    return Form(
        "course.finish", station.lesson.title[:45],
        (
            ShortText("note", _("One thing you did, tried or saw"), required=False, limit=LINE),
            Hint(_("It is yours alone.")),
        ),
        cards.button_value(row.one, station.lesson),
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
        return _lesson_now(conn, row.one, station.lesson.slug)

    def open_lesson(self, conn: Connection, request: Request) -> Card:
        """Let a lesson come that has not come yet, because its member says so."""
        row, station = resolve.lesson_of_button(conn, request)
        self.completion.reached(conn, row.one, station.lesson.slug, request.now)
        tables.change_enrollment(conn, row.one.id, alive_at=request.now)
        plan_enrollment(conn, replace(row.one, alive_at=request.now), request.now)
        return _lesson_now(conn, row.one, station.lesson.slug)

    def finish_by_command(self, conn: Connection, request: Request) -> Card | Form:
        """Mark a lesson as done with what was written; with nothing written, ask for a line."""
        note = checked_note(request, request.text("text"))
        row, station = resolve.taken_lesson(conn, request)
        if not note and station.state != "done":
            return _line_form(row, station)
        return self.finish(conn, request, row, station, "command", note)

    def finish_by_button(self, conn: Connection, request: Request) -> Card:
        """Mark a lesson as done without a note; whoever was not asked for one yet is asked once."""
        return self.finish(conn, request, *resolve.lesson_of_button(conn, request), "button", "")

    def finish_by_form(self, conn: Connection, request: Request) -> Card:
        """Mark a lesson as done, with what the form holds."""
        note = checked_note(request, request.text("note"))
        return self.finish(conn, request, *resolve.lesson_of_button(conn, request), "form", note)

    def finish_by_team(self, conn: Connection, request: Request) -> Card:
        """Mark a lesson as done by whoever is in a team that did what it asks for."""
        row, station = resolve.lesson_of_button(conn, request)
        if station.state == "done":
            return cards.done_card(row.one, row.listed, station, row.stations, "")
        if not team_standing(conn, request.community.id, request.member.id, station.lesson).did:
            button = Button(
                _("Done"), opens="course.finish", value=cards.button_value(row.one, station.lesson)
            )
            raise Refusal(_("Your team's plan does not have all of this lesson yet."), "", "", [button])
        self.completion.done(conn, row.one, station.lesson.slug, "team", "", request.now)
        listed, stations = stations_of(conn, row.one)
        return cards.done_card(row.one, listed, station, stations, "")

    def finish(
        self, conn: Connection, request: Request, row: EnrolledCourse, station: Station, how: str, note: str
    ) -> Card:
        """Mark a lesson as done; a note that says nothing is asked about once, before it is taken."""
        slug = station.lesson.slug
        if request.member.keeps and self.completion.asks_first(conn, row.one, slug, note, request.now):
            return cards.ask_card(row.one, station.lesson)
        self.completion.done(conn, row.one, slug, how, note, request.now)
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
                    "course", "done", N_("Mark a lesson as done, with a line about what you did"), (LESSON, note), opens=True,
                    examples=("/course done c1.2 -- We found the hour on Thursdays.",), label=N_("Mark a lesson done"), common=True,
                ),
                Writes(self.finish_by_command), takes_course,
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
            ButtonHandler("course.open", Writes(self.open_lesson)),
            ButtonHandler("course.done", Writes(self.finish_by_button)),
            ButtonHandler("course.team", Writes(self.finish_by_team)),
            ButtonHandler("course.undo", Writes(self.undo_lesson)),
        )

    def forms(self) -> tuple[FormHandler, ...]:
        """The forms of a lesson's note: of one line, and of an answer to its question."""
        return (
            FormHandler("course.finish", Reads(finish_form), Writes(self.finish_by_form)),
            FormHandler("course.note", Reads(note_form), Writes(self.finish_by_form)),
        )


def _lesson_now(conn: Connection, one: Enrollment, slug: str) -> Card:
    """The card of a lesson as it is now, in place of the one whose button was pressed."""
    row = EnrolledCourse(one, *stations_of(conn, one))
    here = next(each for each in row.stations if each.lesson.slug == slug)
    return replace(describe_lesson(conn, row, here), replaces=True)


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
