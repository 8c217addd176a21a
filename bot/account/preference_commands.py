"""How somebody wants to be treated: reminders, quiet hours, direct messages, days away, and the one word that stops it all."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, time, timedelta

from sqlalchemy import Connection

from bot.chat.cards import Card, Markdown, Moment, Note, say
from bot.chat.menu import Command, Option, OptionKind
from bot.chat.models import Refusal, Sharing
from bot.chat.time.date_parser import Day, resolve_span
from bot.chat.time.moment_parser import PhraseError
from bot.delivery.facts import Failed
from bot.feature import ButtonHandler, CommandHandler, Request, Waits
from bot.people import preferences
from bot.people.hours import hours_of
from bot.people.preferences import Preferences, PreferencesChanged, Reminders, quiet_text
from bot.reminders import policy, tables
from bot.runtime.clock import Clock
from bot.store.store import Store

REMEMBERED = timedelta(days=400)
"""How long it is remembered that somebody was reminded."""
NO_QUIET = ("none", "no", "off", "never")
_HOURS = re.compile(
    r"([01]?[0-9]|2[0-3])(?::([0-5][0-9]))?\s*(?:-|–|—|to)\s*([01]?[0-9]|2[0-3])(?::([0-5][0-9]))?"
)

OPTIONS = (
    Option("reminders", "How much I may remind you", OptionKind.CHOICE, choices=tuple(one.value for one in Reminders)),
    Option("quiet", "Hours in which I write nothing unasked, like 20:00-07:00, or none"),
    Option("direct", "Whether I may write to you directly", OptionKind.YES_NO),
    Option(
        "progress", "Who sees how far you are in a course", OptionKind.CHOICE, choices=tuple(one.value for one in Sharing)
    ),
)  # fmt: skip


class PreferenceCommands:
    """What members say about being reminded, and what follows."""

    def __init__(self, store: Store, clock: Clock, tell: Callable[[Connection, object], None]) -> None:
        self._store = store
        self._clock = clock
        self._tell = tell

    # ── settings ──────────────────────────────────────────────────────────────

    def change(self, conn: Connection, request: Request) -> bool:
        """Keep the wishes that were given with `/my settings`; whether there were any."""
        changes = wishes(request)
        if changes:
            if changes.get("reminders") not in (None, Reminders.OFF):
                changes |= {"stopped_at": None, "resumed_at": request.now}
            preferences.change(conn, request.community.id, request.member.id, **changes)
            self._changed(conn, request)
        return bool(changes)

    def _changed(self, conn: Connection, request: Request) -> None:
        policy.recall_for(conn, request.member.id, request.now)
        self._tell(conn, PreferencesChanged(request.community.id, request.member.id))

    def zone_changed(self, conn: Connection, request: Request) -> None:
        """Somebody lives in another zone now."""
        self._changed(conn, request)

    # ── away ──────────────────────────────────────────────────────────────────

    async def away(self, request: Request) -> Card:
        """Days on which nothing comes."""

        def work(conn: Connection) -> Card:
            span: tuple[Day, Day] = request.values["days"]  # type: ignore[assignment]
            today = hours_of(conn, request.community.id, request.member.id, request.now).day_of(request.now)
            try:
                starts, ends = resolve_span(span, today)
            except PhraseError as error:
                raise Refusal(error.problem, "Write it like 19 dec to 5 jan.", request.line) from None
            if ends < today:
                raise Refusal(
                    "Those days are over.", "Name days to come, like 19 dec to 5 jan.", request.line
                )
            preferences.go_away(conn, request.community.id, request.member.id, starts, ends)
            self._changed(conn, request)
            return say(
                "Have a good time",
                Markdown(f"You are away from **{_day(starts)}** to **{_day(ends)}**, the last day included."),
                Note(
                    "No prompt, no lesson and no reminder comes to you directly until then. /my back ends it early."
                ),
            )

        return await self._store.write(work)

    async def back(self, request: Request) -> Card:
        """Back already."""

        def work(conn: Connection) -> Card:
            today = hours_of(conn, request.community.id, request.member.id, request.now).day_of(request.now)
            there = preferences.come_back(conn, request.member.id, today)
            self._changed(conn, request)
            return say("Welcome back" if there else "You were not away")

        return await self._store.write(work)

    # ── stop and resume ───────────────────────────────────────────────────────

    async def stop(self, request: Request) -> Card:
        """No reminder any more."""

        def work(conn: Connection) -> Card:
            policy.stop(conn, request.community.id, request.member.id, request.now)
            self._tell(conn, PreferencesChanged(request.community.id, request.member.id))
            return say(
                "No more reminders",
                Markdown("I remind you of nothing any more. Write **resume** to me, and I do again."),
                Note("Lessons of courses you take still come. /course pause lets them rest, too."),
            )

        return await self._store.write(work)

    async def resume(self, request: Request) -> Card:
        """Reminders again."""

        def work(conn: Connection) -> Card:
            known = policy.resume(conn, request.community.id, request.member.id, request.now)
            self._tell(conn, PreferencesChanged(request.community.id, request.member.id))
            return say(
                "Reminders are back",
                Markdown(
                    f"Reminders are back, as **{known.reminders.value}**. Write **stop**, and none comes."
                ),
            )

        return await self._store.write(work)

    async def later(self, request: Request) -> Card:
        """Not now: some days of peace from this."""

        def work(conn: Connection) -> Card:
            until = policy.later(
                conn, request.community.id, request.member.id, int(request.value[1:]), request.now
            )
            if until is None:
                raise Refusal(
                    "That reminder is no longer here.", "`/my settings` says how much I remind you."
                )
            words = (
                "That is fine. I say nothing of it before ",
                Moment(until, request.member.zone, "date"),
                ".",
            )
            return replace(say("Later, then", Markdown(words)), replaces=True)

        return await self._store.write(work)

    # ── what was queued ───────────────────────────────────────────────────────

    async def recall(self) -> int:
        """Take back nudges that wait and may no longer be said."""
        now = self._clock.now()
        return await self._store.write(lambda conn: policy.recall(conn, now))

    async def forget_old(self) -> int:
        """Forget reminders of more than a year ago."""
        before = self._clock.now() - REMEMBERED
        return await self._store.write(lambda conn: tables.purge(conn, before))

    def failed(self, conn: Connection, fact: Failed) -> None:
        """A nudge was not said after all."""
        policy.failed(conn, fact, self._clock.now())

    # ── what it offers ────────────────────────────────────────────────────────

    def commands(self) -> tuple[CommandHandler, ...]:
        """The commands about being left in peace."""
        days = Option("days", "From when to when", OptionKind.SPAN, required=True, positional=True)
        return (
            CommandHandler(
                Command("my", "away", "Days on which I leave you in peace", (days,),
                        examples=("/my away 19 dec to 5 jan",)),
                Waits(self.away),
            ),
            CommandHandler(Command("my", "back", "You are back already"), Waits(self.back)),
            CommandHandler(Command("my", "stop", "No reminders any more; the word stop does the same"), Waits(self.stop)),
            CommandHandler(Command("my", "resume", "Reminders again; the word resume does the same"), Waits(self.resume)),
        )  # fmt: skip

    def actions(self) -> tuple[ButtonHandler, ...]:
        """The buttons every nudge has."""
        return (
            ButtonHandler("nudge.later", Waits(self.later)),
            ButtonHandler("nudge.stop", Waits(self.stop)),
        )


WORDS = {"stop": "/my stop", "resume": "/my resume"}
"""What somebody may write to the bot, alone in a direct message."""


def wishes(request: Request) -> dict[str, object]:
    """The changes that were asked for, as columns; raises `Refusal` for hours that are none."""
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


def rows(known: Preferences) -> tuple[tuple[str, str], ...]:
    """What somebody chose, as lines of their settings."""
    return (
        ("Reminders", "stopped; write resume to have them back" if known.stopped else known.reminders.value),
        ("Quiet hours", quiet_text(known.quiet)),
        ("I may write to you directly", "yes" if known.direct else "no"),
        ("Your progress is seen by", known.progress.value),
    )


def _day(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}"
