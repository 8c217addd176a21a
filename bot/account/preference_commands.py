"""A member's preferences: reminders, quiet hours, direct messages, days away, and the word that stops it all."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import time

from sqlalchemy import Connection

from bot.chat.cards import Button, Buttons, Card, Markdown, Moment, Note, compose, say
from bot.chat.language import N_, _, format_day
from bot.chat.menu import Command, Option, OptionKind
from bot.chat.menu_cards import RUN
from bot.chat.models import FORMER_SHARING, Refusal, Sharing
from bot.chat.parsing.button_values import read_id
from bot.chat.time.days import Day, resolve_span
from bot.chat.time.moment_parser import PhraseError
from bot.facts import MessagesResumed
from bot.feature import ButtonHandler, CommandHandler, Request, Writes
from bot.people import preferences
from bot.people.hours import hours_of
from bot.people.preferences import PreferencesChanged, Reminders, preferences_of
from bot.reminders import policy

NO_QUIET = ("none", "no", "off", "never", "ninguna", "ninguno", "nunca")
_CLOCK = r"(?:las?\s+)?([01]?[0-9]|2[0-3])(?::([0-5][0-9]))?\s*([ap]\.?\s?m\.?)?"
_HOURS = re.compile(rf"(?:(?:from|de|desde)\s+)?{_CLOCK}\s*(?:-|–|—|to|until|a|hasta)\s*{_CLOCK}")
"""Quiet hours as people write them, and as forms and cards of every language show them."""

OPTIONS = (
    Option("reminders", N_("How much I may remind you"), OptionKind.CHOICE, choices=tuple(one.value for one in Reminders)),
    Option("quiet", N_("Hours in which I write nothing unasked, like 20:00-07:00, or none")),
    Option("direct", N_("Whether I may write to you directly"), OptionKind.YES_NO),
    Option(
        "progress", N_("Who sees how far you are in a course"), OptionKind.CHOICE,
        choices=tuple(one.value for one in Sharing), former_choices=FORMER_SHARING,
    ),
    Option("hand", N_("Whether your team’s lead sees when you might want a hand"), OptionKind.YES_NO),
    Option("recall", N_("Whether a prompt shows you your own words from months ago"), OptionKind.YES_NO),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PreferenceCommands:
    """Handlers of what a member wants, which tell every feature that plans something for them."""

    tell: Callable[[Connection, object], None]

    def change_preferences(self, conn: Connection, request: Request) -> bool:
        """Store the preferences that were given with `/my settings`; whether there were any."""
        changes = given_preferences(request)
        if changes:
            stopped = preferences.preferences_of(conn, request.member.id).stopped
            if changes.get("reminders") not in (None, Reminders.OFF):
                changes |= {"stopped_at": None, "resumed_at": request.now}
            preferences.change_preferences(conn, request.community.id, request.member.id, **changes)
            self.follow_change(conn, request)
            if stopped and "stopped_at" in changes:
                self.tell(conn, MessagesResumed(request.community.id, request.member.id, request.now))
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
            raise Refusal(error.problem, _("Write it like 19 dec to 5 jan."), request.line) from None
        if ends < today:
            raise Refusal(
                _("Those days have passed."), _("Name days to come, like 19 dec to 5 jan."), request.line
            )
        preferences.add_days_away(conn, request.community.id, request.member.id, starts, ends)
        self.follow_change(conn, request)
        return say(
            _("Have a good time"),
            Markdown(
                _(
                    "You are away from **{day}** to **{day2}**, the last day included.",
                    day=format_day(starts),
                    day2=format_day(ends),
                )
            ),
            Note(
                _(
                    "No prompt, no lesson and no reminder comes to you directly until then. /my back ends it "
                    "early."
                )
            ),
        )

    def come_back(self, conn: Connection, request: Request) -> Card:
        """End the days away today."""
        today = hours_of(conn, request.community.id, request.member.id, request.now).day_of(request.now)
        there = preferences.end_days_away(conn, request.member.id, today)
        self.follow_change(conn, request)
        return say(_("Welcome back") if there else _("You were not away"))

    # ── stop and resume ───────────────────────────────────────────────────────

    def stop_reminders(self, conn: Connection, request: Request) -> Card:
        """End everything that is written to somebody unasked."""
        known = preferences.preferences_of(conn, request.member.id)
        if request.at is not None and known.resumed_at is not None and request.at < known.resumed_at:
            return say(
                _("Messages are on"), Markdown(_("You turned messages on again after you wrote that."))
            )
        policy.stop_reminders(conn, request.community.id, request.member.id, request.now)
        self._tell_change(conn, request)
        words = _(
            "You will get no more messages from me: no reminders, no lessons, no prompts. To get them again, write **resume**."
        )
        resume = Button(_("Resume"), does=RUN, value="my resume")
        return say(_("Messages are off"), Markdown(words), Buttons((resume,)))

    def resume_reminders(self, conn: Connection, request: Request) -> Card:
        """Write to somebody again, as they had it before they stopped it."""
        policy.resume_reminders(conn, request.community.id, request.member.id, request.now)
        self.tell(conn, MessagesResumed(request.community.id, request.member.id, request.now))
        self._tell_change(conn, request)
        words = _("Messages are on again. To turn them off, write **stop**.")
        settings = Button(_("My settings"), does=RUN, value="my")
        return say(_("Messages are on"), Markdown(words), Buttons((settings,)))

    def commands(self) -> tuple[CommandHandler, ...]:
        """The commands about being left in peace."""
        days = Option("days", N_("From when to when"), OptionKind.SPAN, required=True, positional=True)
        away = Command(
            "my",
            "away",
            N_("Days when I send you nothing"),
            (days,),
            examples=("/my away 19 dec to 5 jan",),
            label=N_("Days away"),
            common=True,
        )
        stop = Command(
            "my",
            "stop",
            N_("Stop all messages to you; the word stop does the same"),
            label=N_("Stop messages"),
            common=True,
        )
        resume = Command(
            "my",
            "resume",
            N_("Get messages again; the word resume does the same"),
            label=N_("Resume messages"),
        )
        return (
            CommandHandler(away, Writes(self.go_away)),
            CommandHandler(
                Command("my", "back", N_("You are back already"), label=N_("I am back")),
                Writes(self.come_back),
                _is_away,
            ),
            CommandHandler(stop, Writes(self.stop_reminders), _is_reminded),
            CommandHandler(resume, Writes(self.resume_reminders), _is_stopped),
        )

    def buttons(self) -> tuple[ButtonHandler, ...]:
        """The buttons every reminder has."""
        return (
            ButtonHandler("reminder.later", Writes(postpone_reminders)),
            ButtonHandler("reminder.stop", Writes(self.stop_reminders)),
        )


def _is_away(conn: Connection, request: Request) -> bool:
    today = hours_of(conn, request.community.id, request.member.id, request.now).day_of(request.now)
    return bool(preferences.days_away(conn, request.member.id, today))


def _is_stopped(conn: Connection, request: Request) -> bool:
    return preferences_of(conn, request.member.id).stopped


def _is_reminded(conn: Connection, request: Request) -> bool:
    return not _is_stopped(conn, request)


def postpone_reminders(conn: Connection, request: Request) -> Card:
    """Hold back reminders of this series for some days."""
    until = policy.postpone_series(
        conn, request.community.id, request.member.id, read_id(request.value), request.now
    )
    if until is None:
        raise Refusal(_("That reminder is no longer here."), _("`/my settings` says how much I remind you."))
    words = compose(
        _("That is fine. I won’t mention it before {until}."),
        until=Moment(until, request.member.zone, "date"),
    )
    return replace(say(_("Later, then"), Markdown(words)), replaces=True)


def given_preferences(request: Request) -> dict[str, object]:
    """The preferences a command names, as columns; raises `Refusal` for hours that are none."""
    changes: dict[str, object] = {}
    if request.text("reminders"):
        changes["reminders"] = Reminders(request.text("reminders"))
    for name in ("direct", "hand", "recall"):
        if request.values.get(name) is not None:
            changes[name] = bool(request.values[name])
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
            _("“{given}” is not a range of hours.", given=given[:40]),
            _("Write them like quiet:20:00-07:00, or quiet:none."),
            request.line,
        )
    return _clock(*found.groups()[:3]), _clock(*found.groups()[3:])


def _clock(hour: str, minute: str | None, half: str | None) -> time:
    """A time of day, on either clock: 8 PM is 20:00, 12 AM midnight."""
    number = int(hour)
    if half is not None and 1 <= number <= 12:
        number = number % 12 + (12 if half.startswith("p") else 0)
    return time(number, int(minute or 0))
