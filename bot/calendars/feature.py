"""`/tilth calendar`: when a community is away, and what that does to everything that is due."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from bot.calendars import cards, tables
from bot.calendars.commands import CalendarCommands
from bot.chat.menu import Command, Option, OptionKind
from bot.chat.models import Role
from bot.feature import (
    ButtonHandler,
    CommandHandler,
    Completion,
    DataSubject,
    Feature,
    FormHandler,
    PeriodicJob,
    Waits,
)
from bot.runtime.clock import Clock
from bot.schedules.model import BreakPolicy
from bot.store.store import Store

_LABEL = Option("label", "What it is called", OptionKind.TEXT)
_DATES = Option(
    "dates", "From and to, like 26 oct to 30 oct", OptionKind.SPAN, required=True, positional=True
)


def feature(store: Store, clock: Clock) -> Feature:
    """The calendar."""
    keeping = CalendarCommands(store, clock)
    return Feature(
        name="calendars",
        forget=_nothing,
        hand_over=_none,
        commands=commands(keeping),
        actions=(
            ButtonHandler("calendar.remove", Waits(keeping.remove), Role.MODERATOR),
            ButtonHandler("calendar.undo", Waits(keeping.undo), Role.MODERATOR),
            ButtonHandler("calendar.restore", Waits(keeping.restore), Role.MODERATOR),
        ),
        forms=(
            FormHandler("calendar.add", Waits(keeping.break_form), Waits(keeping.take_break), Role.MODERATOR),
            FormHandler("calendar.term", Waits(keeping.term_form), Waits(keeping.take_term), Role.MODERATOR),
            FormHandler(
                "calendar.import", Waits(keeping.file_form), Waits(keeping.take_file), Role.MODERATOR
            ),
        ),
        completions=(
            Completion("tilth calendar remove", "which", keeping.sources_like),
            Completion("tilth calendar policy", "schedule", keeping.schedules_like),
        ),
        beats=(PeriodicJob("laying the calendar", 3600, keeping.lay_further, tables.next_lay),),
        invariants=tables.invariants(),
        examples=cards.examples,
    )


_COUNTRY = Option("country", "Two letters, like IE", required=True, positional=True)
_WHICH = Option(
    "which", "Which part, like b3", OptionKind.ID, required=True, positional=True, letter="b", completes=True
)


def _command(verb: str, summary: str, *options: Option, opens: bool = False, example: str = "") -> Command:
    """A command of moderators."""
    examples = (example,) if example else ()
    return Command(
        "tilth", f"calendar {verb}".strip(), summary, options, Role.MODERATOR, opens, examples=examples
    )


def commands(keeping: CalendarCommands) -> tuple[CommandHandler, ...]:
    """The commands under /tilth calendar."""
    return (
        CommandHandler(_command("", "When the community is away"), Waits(keeping.show)),
        CommandHandler(
            _command(
                "add", "Days on which nothing is posted", _DATES, _LABEL, opens=True,
                example="/tilth calendar add 26 oct to 30 oct -- Half term",
            ),
            Waits(keeping.add_break),
        ),
        CommandHandler(
            _command(
                "term", "A term; the gap since the one before is a break", _DATES, _LABEL, opens=True,
                example="/tilth calendar term 1 sep to 18 dec -- Autumn term",
            ),
            Waits(keeping.add_term),
        ),
        CommandHandler(
            _command(
                "holidays", "Public holidays of a country or region",
                _COUNTRY, Option("region", "A part of the country, like BY"),
                example="/tilth calendar holidays DE region:BY",
            ),
            Waits(keeping.add_holidays),
        ),
        CommandHandler(
            _command(
                "import", "The whole-day events of an .ics file",
                Option("only", "Only events with this word in their title"),
                Option("text", "The file, as text", OptionKind.TEXT),
                opens=True,
            ),
            Waits(keeping.add_file),
        ),
        CommandHandler(
            _command(
                "remove", "Take something out of the calendar", _WHICH,
            ),
            Waits(keeping.remove),
        ),
        CommandHandler(
            _command(
                "policy", "What one schedule does in a break",
                Option("schedule", "Which schedule, like s3 or d4", required=True, positional=True, completes=True),
                Option("policy", "Leave it out, post on return, or post anyway", OptionKind.CHOICE, required=True,
                       positional=True, choices=tuple(BreakPolicy)),
                example="/tilth calendar policy s3 hold",
            ),
            Waits(keeping.policy),
        ),
    )  # fmt: skip


def _nothing(_conn: Connection, _whose: DataSubject) -> None:
    """The calendar is about days, not people: nobody's name is in it."""


def _none(_conn: Connection, _whose: DataSubject) -> Mapping[str, list[dict[str, object]]]:
    return {}
