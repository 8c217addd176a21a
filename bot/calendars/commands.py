"""What moderators do with the calendar: add days, terms, holidays and files, take them away, see what that changes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.calendars import cards, tables
from bot.calendars.rebuild import AGAIN, Effect, lay, read_days
from bot.calendars.sources import LABEL, Days, check_country, parse
from bot.calendars.tables import CalendarSource, SourceKind
from bot.chat.cards import Card
from bot.chat.forms import FieldErrors, Form, Hint, LongText, ShortText
from bot.chat.menu import Option, OptionKind
from bot.chat.models import Refusal
from bot.chat.parsing.command_line import read_option
from bot.chat.time.moment_parser import Day, PhraseError, YearDay, resolve_span
from bot.feature import UNDO, Request
from bot.people import audit
from bot.people import tables as people
from bot.runtime.clock import Clock
from bot.schedules import edits
from bot.schedules import tables as schedules_tables
from bot.schedules.breaks import breaks
from bot.schedules.model import BreakPolicy
from bot.store.store import Store

log = logging.getLogger(__name__)

LONGEST_DAYS = 370
"""Days of one break or term: more is a typing error in the year."""


class CalendarCommands:
    """The calendar of a community, as its moderators keep it."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    async def show(self, request: Request) -> Card:
        """The sources of the calendar, and the next days away."""
        today = _today(request)

        def look(conn: Connection) -> Card:
            ahead = breaks(conn, request.community.id, today)
            return cards.calendar_card(tables.standing(conn, request.community.id), ahead, today)

        return await self._store.read(look)

    # ── adding ────────────────────────────────────────────────────────────────

    async def add_break(self, request: Request) -> Card | Form:
        """Days away."""
        if request.missing:
            return await self.break_form(request)
        return await self._add_range(request, SourceKind.BREAK, request.text("label") or "away")

    async def add_term(self, request: Request) -> Card | Form:
        """A term; the gap since the term before is a break."""
        if request.missing:
            return await self.term_form(request)
        return await self._add_range(request, SourceKind.TERM, request.text("label") or "term")

    async def break_form(self, request: Request) -> Form:
        """The form of a break."""
        return _range_form("calendar.add", "Days away", "26 oct to 30 oct", "Half term", request)

    async def term_form(self, request: Request) -> Form:
        """The form of a term."""
        return _range_form("calendar.term", "A term", "1 sep to 18 dec", "Autumn term", request)

    async def take_break(self, request: Request) -> Card | FieldErrors:
        """The form of a break came back."""
        return await self._take_range(request, SourceKind.BREAK)

    async def take_term(self, request: Request) -> Card | FieldErrors:
        """The form of a term came back."""
        return await self._take_range(request, SourceKind.TERM)

    async def _take_range(self, request: Request, origin: SourceKind) -> Card | FieldErrors:
        try:
            dates = read_option(Option("dates", "", OptionKind.SPAN), request.text("dates"))
            filled = replace(request, values={**request.values, "dates": dates})
            return await self._add_range(filled, origin, request.text("label"))
        except Refusal as refusal:
            return FieldErrors({"dates": f"{refusal.problem} {refusal.fix}".strip()})

    async def _add_range(self, request: Request, origin: SourceKind, label: str) -> Card:
        span: tuple[Day, Day] = request.values["dates"]  # type: ignore[assignment]
        try:
            first, last = _span(span, _today(request))
        except PhraseError as error:
            raise Refusal(error.problem, "Write it like 26 oct to 30 oct.", request.line) from None
        if (last - first).days >= LONGEST_DAYS:
            raise Refusal("That is longer than a year.", "Write the year with each date.", request.line)
        details = {"starts": first.isoformat(), "ends": last.isoformat()}
        return await self._add(request, origin, label, details)

    async def add_holidays(self, request: Request) -> Card:
        """Public holidays of a country or region."""
        country, region = await asyncio.to_thread(
            check_country, request.text("country"), request.text("region")
        )
        label = f"Public holidays, {country}" + (f" ({region})" if region else "")
        return await self._add(request, SourceKind.HOLIDAYS, label, {"country": country, "region": region})

    async def add_file(self, request: Request) -> Card | Form:
        """A calendar file that was pasted; with nothing pasted, the form for it."""
        text = request.text("text")
        if not text:
            return await self.file_form(request)
        read = await asyncio.to_thread(parse, text)
        named = str(read.get("X-WR-CALNAME", "")).strip()
        details = {"text": text, "only": request.text("only")}
        return await self._add(
            request, SourceKind.FILE, request.text("label") or named or "Calendar file", details
        )

    async def file_form(self, request: Request) -> Form:
        """The form for a calendar file."""
        return Form(
            "calendar.import", "A calendar file",
            (
                Hint("Open the `.ics` file as text and paste it here. Whole-day events count as days away. "
                     "A long file goes in parts, or after `/tilth calendar import --` in a message to me."),
                ShortText("label", "Name", "School calendar", limit=LABEL, required=False),
                ShortText("only", "Only events with this word", "holiday", limit=60, required=False,
                          value=request.text("only")),
                LongText("text", "The file", "BEGIN:VCALENDAR …", limit=3000),
            ),
        )  # fmt: skip

    async def take_file(self, request: Request) -> Card | FieldErrors:
        """The form for a calendar file came back."""
        try:
            card = await self.add_file(request)
        except Refusal as refusal:
            return FieldErrors({"text": f"{refusal.problem} {refusal.fix}".strip()})
        return card if isinstance(card, Card) else FieldErrors({"text": "Please fill this in."})

    async def _add(
        self, request: Request, origin: SourceKind, label: str, details: Mapping[str, Any]
    ) -> Card:
        label = " ".join(label.split())[:LABEL]
        fresh = CalendarSource(0, request.community.id, origin, label, details, request.now, None, None)
        days = await asyncio.to_thread(read_days, fresh, _today(request))
        if origin is SourceKind.FILE and not days:
            raise Refusal(
                "There is no whole-day event in that for the next three years.",
                "Leave out `only:`, or check that the file holds days and not hours.",
            )

        def keep(conn: Connection) -> Card:
            made = tables.add(conn, request.community.id, origin, label, details, request.now)
            effects = lay(conn, request.community, request.now, {made.id: days})
            _note(conn, request, "added", made, None, _kept(made))
            laid = [
                one for one in breaks(conn, request.community.id, _today(request)) if one.source == made.id
            ]
            return cards.changed_card("Added to the calendar", made, laid, effects, request.community.zone)

        return await self._store.write(keep)

    # ── taking away ───────────────────────────────────────────────────────────

    async def remove(self, request: Request) -> Card:
        """Take a source away; from the command or from the select."""
        number = request.number("which")
        if number is None:
            number = _number(request.value.rpartition("/")[2])

        def drop(conn: Connection) -> Card:
            found, effects = self._drop(conn, request, number)
            return cards.removed_card(found, effects, request.community.zone)

        return await self._store.write(drop)

    async def undo(self, request: Request) -> Card:
        """Take back what was just added."""

        def drop(conn: Connection) -> Card:
            found, effects = self._drop(conn, request, _number(request.value))
            return cards.undone_card(
                f"{found.label} is not in the calendar.", effects, request.community.zone
            )

        return await self._store.write(drop)

    @staticmethod
    def _drop(conn: Connection, request: Request, number: int) -> tuple[CalendarSource, list[Effect]]:
        found = tables.find_source(conn, request.community.id, number)
        if found is None or found.removed_at is not None:
            there = ", ".join(f"b{one.id}" for one in tables.standing(conn, request.community.id))
            fix = f"There is {there}." if there else "The calendar is empty."
            raise Refusal(f"I know no b{number} in the calendar.", fix, request.line)
        tables.remove(conn, found.id, request.now)
        _note(conn, request, "removed", found, _kept(found), None)
        return found, lay(conn, request.community, request.now, {})

    async def restore(self, request: Request) -> Card:
        """Bring back what was removed, for ten minutes."""
        found = await self._store.read(
            lambda conn: tables.find_source(conn, request.community.id, _number(request.value))
        )
        if found is None or found.removed_at is None or request.now - found.removed_at > UNDO:
            raise Refusal("That can no longer be undone.", "`/tilth calendar` shows what there is.")
        days = await asyncio.to_thread(read_days, found, _today(request))

        def back(conn: Connection) -> Card:
            tables.remove(conn, found.id, None)
            _note(conn, request, "restored", found, None, _kept(found))
            effects = lay(conn, request.community, request.now, {found.id: days})
            return cards.undone_card(
                f"{found.label} is back in the calendar.", effects, request.community.zone
            )

        return await self._store.write(back)

    # ── policy ────────────────────────────────────────────────────────────────

    async def policy(self, request: Request) -> Card:
        """What one schedule, of prompts or of discussions, does in a break."""
        name, wanted = request.text("schedule"), BreakPolicy(request.text("policy"))

        def change(conn: Connection) -> Card:
            digits = name[1:]
            found = (
                schedules_tables.find_schedule(conn, request.community.id, int(digits))
                if digits.isdigit()
                else None
            )
            if found is None:
                raise Refusal(
                    f"I know no schedule {name}.",
                    "`/prompt queue` and `/discuss list` name them.",
                    request.line,
                )
            edits.change_schedule(conn, request.community.id, found.id, request.now, break_policy=wanted)
            old, new = {"breaks": found.break_policy.value}, {"breaks": wanted.value}
            who = (request.community.id, request.member.id, request.role)
            audit.record_change(conn, *who, "changed", name, old, new, request.now)
            return cards.policy_card(replace(found, break_policy=wanted), name)

        return await self._store.write(change)

    # ── choices while typing ──────────────────────────────────────────────────

    def sources_like(self, conn: Connection, request: Request) -> Iterable[tuple[str, str]]:
        """The parts of the calendar by name."""
        found = tables.standing(conn, request.community.id)
        return ((f"b{one.id}", f"b{one.id} {one.label}") for one in found)

    def schedules_like(self, conn: Connection, request: Request) -> Iterable[tuple[str, str]]:
        """The schedules of prompts and discussions that run, by title."""
        found = schedules_tables.schedules(conn, request.community.id)
        names = ((f"{'d' if one.kind == 'discussion' else 's'}{one.id}", one) for one in found if one.running)
        return ((name, f"{name} {one.title}: {one.rule}"[:100]) for name, one in names)

    async def lay_further(self) -> int:
        """Lay holidays and calendar files out further, as time goes on; how many."""
        now = self._clock.now()
        due = await self._store.read(lambda conn: tables.to_lay(conn, now))
        for one in due:
            try:
                days = await asyncio.to_thread(read_days, one, now.date())
            except Refusal as refusal:  # the library of holidays was taken away meanwhile: what is laid stays
                log.warning("calendar source %s: %s", one.id, refusal.problem)
                days = None
            await self._store.write(partial(_lay_one, one=one, days=days, now=now))
        return len(due)


def _lay_one(conn: Connection, one: CalendarSource, days: list[Days] | None, now: datetime) -> None:
    home = people.community_by_id(conn, one.community_id)
    if days is None:
        tables.lay_again(conn, one.id, now + AGAIN)
    else:
        lay(conn, home, now, {one.id: days})


def _span(span: tuple[Day, Day], today: date) -> tuple[date, date]:
    """The dates that are meant: a term or break that has begun is this year's, and not the one in a year's time."""
    first, last = resolve_span(span, today)
    yearless = isinstance(span[0], YearDay) and isinstance(span[1], YearDay)
    if (
        yearless
        and first > today
        and (first.month, first.day) != (2, 29)
        and (last.month, last.day) != (2, 29)
    ):
        before = (first.replace(year=first.year - 1), last.replace(year=last.year - 1))
        if before[0] <= today <= before[1]:
            return before
    return first, last


def _kept(one: CalendarSource) -> dict[str, object]:
    """What goes on record of a source; a file's own text does not."""
    return {"label": one.label, **{name: value for name, value in one.details.items() if name != "text"}}


def _note(
    conn: Connection, request: Request, what: str, one: CalendarSource,
    before: Mapping[str, object] | None, after: Mapping[str, object] | None,
) -> None:  # fmt: skip
    audit.record_change(
        conn,
        request.community.id,
        request.member.id,
        request.role,
        what,
        f"b{one.id}",
        before,
        after,
        request.now,
    )


def _today(request: Request) -> date:
    return request.now.astimezone(ZoneInfo(request.community.zone)).date()


def _number(value: str) -> int:
    """The number in a button's value like `b3`."""
    return int(value[1:])


def _range_form(form_id: str, title: str, dates: str, label: str, request: Request) -> Form:
    return Form(
        form_id, title,
        (
            ShortText("dates", "From and to", dates),
            ShortText("label", "What it is called", label, value=request.text("label")[:LABEL], limit=LABEL),
        ),
    )  # fmt: skip
