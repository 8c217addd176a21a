"""A member's preferences: reminders, quiet hours, direct messages, days away, and the word that stops it all."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, time

from sqlalchemy import Connection

from bot.chat.cards import Card, Markdown, Moment, Note, say
from bot.chat.menu import Command, Option, OptionKind
from bot.chat.models import FORMER_SHARING, Refusal, Sharing
from bot.chat.time.days import Day, resolve_span
from bot.chat.time.moment_parser import PhraseError
from bot.feature import ButtonHandler, CommandHandler, Request, Writes
from bot.people import preferences
from bot.people.hours import hours_of
from bot.people.preferences import Preferences, PreferencesChanged, Reminders, describe_quiet_hours
from bot.reminders import policy

NO_QUIET = ("none", "no", "off", "never")
_HOURS = re.compile(
    r"([01]?[0-9]|2[0-3])(?::([0-5][0-9]))?\s*(?:-|–|—|to)\s*([01]?[0-9]|2[0-3])(?::([0-5][0-9]))?"
)

OPTIONS = (
    Option("reminders", "How much I may remind you", OptionKind.CHOICE, choices=tuple(one.value for one in Reminders)),
    Option("quiet", "Hours in which I write nothing unasked, like 20:00-07:00, or none"),
    Option("direct", "Whether I may write to you directly", OptionKind.YES_NO),
    Option(
        "progress", "Who sees how far you are in a course", OptionKind.CHOICE,
        choices=tuple(one.value for one in Sharing), former_choices=FORMER_SHARING,
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PreferenceCommands:
    """Handlers of what a member wants, which tell every feature that plans something for them."""

    tell: Callable[[Connection, object], None]

    def change_preferences(self, conn: Connection, request: Request) -> bool:
        """Store the preferences that were given with `/my settings`; whether there were any."""
        changes = given_preferences(request)
        if changes:
            if changes.get("reminders") not in (None, Reminders.OFF):
                changes |= {"stopped_at": None, "resumed_at": request.now}
            preferences.change_preferences(conn, request.community.id, request.member.id, **changes)
            self.follow_change(conn, request)
        return bool(changes)

    def follow_change(self, conn: Connection, request: Request) -> None:
        """Take back reminders that no longer fit, and let the features plan again."""
        policy.withdraw_unfit_for(conn, request.member.id, request.now)
        self._tell_change(conn, request)

    def _tell_change(self, conn: Connection, request: Request) -> None:
        self.tell(conn, PreferencesChanged(request.community.id, request.member.id))

    # ── away ──────────────────────────────────────────────────────────────────

    def go_away(self, conn: Connection, request: Request) -> Card:
        """Note days on which nothing comes."""
        span: tuple[Day, Day] = request.values["days"]  # type: ignore[assignment]
        today = hours_of(conn, request.community.id, request.member.id, request.now).day_of(request.now)
        try:
            starts, ends = resolve_span(span, today)
        except PhraseError as error:
            raise Refusal(error.problem, "Write it like 19 dec to 5 jan.", request.line) from None
        if ends < today:
            raise Refusal("Those days are over.", "Name days to come, like 19 dec to 5 jan.", request.line)
        preferences.add_days_away(conn, request.community.id, request.member.id, starts, ends)
        self.follow_change(conn, request)
        return say(
            "Have a good time",
            Markdown(f"You are away from **{_day(starts)}** to **{_day(ends)}**, the last day included."),
            Note(
                "No prompt, no lesson and no reminder comes to you directly until then. /my back ends it early."
            ),
        )

    def come_back(self, conn: Connection, request: Request) -> Card:
        """End the days away today."""
        today = hours_of(conn, request.community.id, request.member.id, request.now).day_of(request.now)
        there = preferences.end_days_away(conn, request.member.id, today)
        self.follow_change(conn, request)
        return say("Welcome back" if there else "You were not away")

    # ── stop and resume ───────────────────────────────────────────────────────

    def stop_reminders(self, conn: Connection, request: Request) -> Card:
        """Stop all reminders."""
        policy.stop_reminders(conn, request.community.id, request.member.id, request.now)
        self._tell_change(conn, request)
        return say(
            "No more reminders",
            Markdown("I remind you of nothing any more. Write **resume** to me, and I do again."),
            Note("Lessons of courses you take still come. /course pause lets them rest, too."),
        )

    def resume_reminders(self, conn: Connection, request: Request) -> Card:
        """Allow reminders again."""
        known = policy.resume_reminders(conn, request.community.id, request.member.id, request.now)
        self._tell_change(conn, request)
        words = f"Reminders are back, as **{known.reminders.value}**. Write **stop**, and none comes."
        return say("Reminders are back", Markdown(words))

    def commands(self) -> tuple[CommandHandler, ...]:
        """The commands about being left in peace."""
        days = Option("days", "From when to when", OptionKind.SPAN, required=True, positional=True)
        away = Command(
            "my",
            "away",
            "Days on which I leave you in peace",
            (days,),
            examples=("/my away 19 dec to 5 jan",),
        )
        stop = Command("my", "stop", "No reminders any more; the word stop does the same")
        resume = Command("my", "resume", "Reminders again; the word resume does the same")
        return (
            CommandHandler(away, Writes(self.go_away)),
            CommandHandler(Command("my", "back", "You are back already"), Writes(self.come_back)),
            CommandHandler(stop, Writes(self.stop_reminders)),
            CommandHandler(resume, Writes(self.resume_reminders)),
        )

    def buttons(self) -> tuple[ButtonHandler, ...]:
        """The buttons every reminder has."""
        return (
            ButtonHandler("reminder.later", Writes(postpone_reminders)),
            ButtonHandler("reminder.stop", Writes(self.stop_reminders)),
        )


def postpone_reminders(conn: Connection, request: Request) -> Card:
    """Hold back reminders of this series for some days."""
    until = policy.postpone_series(
        conn, request.community.id, request.member.id, int(request.value[1:]), request.now
    )
    if until is None:
        raise Refusal("That reminder is no longer here.", "`/my settings` says how much I remind you.")
    words = ("That is fine. I say nothing of it before ", Moment(until, request.member.zone, "date"), ".")
    return replace(say("Later, then", Markdown(words)), replaces=True)


WORDS = {"stop": "/my stop", "resume": "/my resume"}
"""What somebody may write to the bot, alone in a direct message."""


def given_preferences(request: Request) -> dict[str, object]:
    """The preferences a command names, as columns; raises `Refusal` for hours that are none."""
    changes: dict[str, object] = {}
    if request.text("reminders"):
        changes["reminders"] = Reminders(request.text("reminders"))
    if request.values.get("direct") is not None:
        changes["direct"] = bool(request.values["direct"])
    if request.text("progress"):
        changes["progress"] = Sharing(request.text("progress")).value
    if given := request.text("quiet"):
        start, end = _quiet(request, given)
        changes |= {"quiet_from": f"{start:%H:%M}", "quiet_to": f"{end:%H:%M}"}
    return changes


def _quiet(request: Request, given: str) -> tuple[time, time]:
    if given.strip().lower() in NO_QUIET:
        return time(), time()
    found = _HOURS.fullmatch(given.strip().lower())
    if found is None:
        raise Refusal(
            f"“{given[:40]}” are no hours.", "Write them like quiet:20:00-07:00, or quiet:none.", request.line
        )
    first, first_minute, last, last_minute = found.groups()
    return time(int(first), int(first_minute or 0)), time(int(last), int(last_minute or 0))


def preference_rows(known: Preferences) -> tuple[tuple[str, str], ...]:
    """What somebody chose, as lines of their settings."""
    return (
        ("Reminders", "stopped; write resume to have them back" if known.stopped else known.reminders.value),
        ("Quiet hours", describe_quiet_hours(known.quiet)),
        ("I may write to you directly", "yes" if known.direct else "no"),
        ("Your progress is seen by", known.progress.value),
    )


def _day(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}"
