"""What moderators do with the calendar: add days, terms, holidays and files, take them away, see what that changes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.calendars import cards, tables
from bot.calendars.rebuild import AGAIN, Effect, lay, read_days
from bot.calendars.sources import LABEL, Days, check_country, parse
from bot.calendars.tables import Origin, Source
from bot.chat.cards import Card
from bot.chat.forms import FieldErrors, Form, Hint, LongText, ShortText
from bot.chat.menu import Kind, Option
from bot.chat.models import Refusal
from bot.chat.parsing.command_line import read_option
from bot.chat.time.moment_parser import Day, PhraseError, YearDay, resolve_span
from bot.feature import UNDO, Ask
from bot.people import audit
from bot.people import tables as people
from bot.runtime.clock import Clock
from bot.schedules import edits
from bot.schedules import tables as schedules_tables
from bot.schedules.breaks import breaks
from bot.schedules.tables import BreakPolicy
from bot.store.store import Store

log = logging.getLogger(__name__)

LONGEST_DAYS = 370
"""Days of one break or term: more is a typing error in the year."""


class Keeping:
    """The calendar of a community, as its moderators keep it."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    async def show(self, ask: Ask) -> Card:
        """The sources of the calendar, and the next days away."""
        today = _today(ask)

        def look(conn: Connection) -> Card:
            ahead = breaks(conn, ask.community.id, today)
            return cards.calendar_card(tables.standing(conn, ask.community.id), ahead, today)

        return await self._store.read(look)

    # ── adding ────────────────────────────────────────────────────────────────

    async def add_break(self, ask: Ask) -> Card | Form:
        """Days away."""
        if ask.missing:
            return await self.break_form(ask)
        return await self._add_range(ask, Origin.BREAK, ask.text("label") or "away")

    async def add_term(self, ask: Ask) -> Card | Form:
        """A term; the gap since the term before is a break."""
        if ask.missing:
            return await self.term_form(ask)
        return await self._add_range(ask, Origin.TERM, ask.text("label") or "term")

    async def break_form(self, ask: Ask) -> Form:
        """The form of a break."""
        return _range_form("calendar.add", "Days away", "26 oct to 30 oct", "Half term", ask)

    async def term_form(self, ask: Ask) -> Form:
        """The form of a term."""
        return _range_form("calendar.term", "A term", "1 sep to 18 dec", "Autumn term", ask)

    async def take_break(self, ask: Ask) -> Card | FieldErrors:
        """The form of a break came back."""
        return await self._take_range(ask, Origin.BREAK)

    async def take_term(self, ask: Ask) -> Card | FieldErrors:
        """The form of a term came back."""
        return await self._take_range(ask, Origin.TERM)

    async def _take_range(self, ask: Ask, origin: Origin) -> Card | FieldErrors:
        try:
            dates = read_option(Option("dates", "", Kind.SPAN), ask.text("dates"))
            filled = replace(ask, values={**ask.values, "dates": dates})
            return await self._add_range(filled, origin, ask.text("label"))
        except Refusal as refusal:
            return FieldErrors({"dates": f"{refusal.problem} {refusal.fix}".strip()})

    async def _add_range(self, ask: Ask, origin: Origin, label: str) -> Card:
        span: tuple[Day, Day] = ask.values["dates"]  # type: ignore[assignment]
        try:
            first, last = _span(span, _today(ask))
        except PhraseError as error:
            raise Refusal(error.problem, "Write it like 26 oct to 30 oct.", ask.line) from None
        if (last - first).days >= LONGEST_DAYS:
            raise Refusal("That is longer than a year.", "Write the year with each date.", ask.line)
        details = {"starts": first.isoformat(), "ends": last.isoformat()}
        return await self._add(ask, origin, label, details)

    async def add_holidays(self, ask: Ask) -> Card:
        """Public holidays of a country or region."""
        country, region = await asyncio.to_thread(check_country, ask.text("country"), ask.text("region"))
        label = f"Public holidays, {country}" + (f" ({region})" if region else "")
        return await self._add(ask, Origin.HOLIDAYS, label, {"country": country, "region": region})

    async def add_file(self, ask: Ask) -> Card | Form:
        """A calendar file that was pasted; with nothing pasted, the form for it."""
        text = ask.text("text")
        if not text:
            return await self.file_form(ask)
        read = await asyncio.to_thread(parse, text)
        named = str(read.get("X-WR-CALNAME", "")).strip()
        details = {"text": text, "only": ask.text("only")}
        return await self._add(ask, Origin.FILE, ask.text("label") or named or "Calendar file", details)

    async def file_form(self, ask: Ask) -> Form:
        """The form for a calendar file."""
        return Form(
            "calendar.import", "A calendar file",
            (
                Hint("Open the `.ics` file as text and paste it here. Whole-day events count as days away. "
                     "A long file goes in parts, or after `/tilth calendar import --` in a message to me."),
                ShortText("label", "Name", "School calendar", limit=LABEL, required=False),
                ShortText("only", "Only events with this word", "holiday", limit=60, required=False,
                          value=ask.text("only")),
                LongText("text", "The file", "BEGIN:VCALENDAR …", limit=3000),
            ),
        )  # fmt: skip

    async def take_file(self, ask: Ask) -> Card | FieldErrors:
        """The form for a calendar file came back."""
        try:
            card = await self.add_file(ask)
        except Refusal as refusal:
            return FieldErrors({"text": f"{refusal.problem} {refusal.fix}".strip()})
        return card if isinstance(card, Card) else FieldErrors({"text": "Please fill this in."})

    async def _add(self, ask: Ask, origin: Origin, label: str, details: Mapping[str, Any]) -> Card:
        label = " ".join(label.split())[:LABEL]
        fresh = Source(0, ask.community.id, origin, label, details, ask.now, None, None)
        days = await asyncio.to_thread(read_days, fresh, _today(ask))
        if origin is Origin.FILE and not days:
            raise Refusal(
                "There is no whole-day event in that for the next three years.",
                "Leave out `only:`, or check that the file holds days and not hours.",
            )

        def keep(conn: Connection) -> Card:
            made = tables.add(conn, ask.community.id, origin, label, details, ask.now)
            effects = lay(conn, ask.community, ask.now, {made.id: days})
            _note(conn, ask, "added", made, None, _kept(made))
            laid = [one for one in breaks(conn, ask.community.id, _today(ask)) if one.source == made.id]
            return cards.changed_card("Added to the calendar", made, laid, effects, ask.community.zone)

        return await self._store.write(keep)

    # ── taking away ───────────────────────────────────────────────────────────

    async def remove(self, ask: Ask) -> Card:
        """Take a source away; from the command or from the select."""
        number = ask.number("which")
        if number is None:
            number = _number(ask.value.rpartition("/")[2])

        def drop(conn: Connection) -> Card:
            found, effects = self._drop(conn, ask, number)
            return cards.removed_card(found, effects, ask.community.zone)

        return await self._store.write(drop)

    async def undo(self, ask: Ask) -> Card:
        """Take back what was just added."""

        def drop(conn: Connection) -> Card:
            found, effects = self._drop(conn, ask, _number(ask.value))
            return cards.undone_card(f"{found.label} is not in the calendar.", effects, ask.community.zone)

        return await self._store.write(drop)

    @staticmethod
    def _drop(conn: Connection, ask: Ask, number: int) -> tuple[Source, list[Effect]]:
        found = tables.find(conn, ask.community.id, number)
        if found is None or found.removed_at is not None:
            there = ", ".join(f"b{one.id}" for one in tables.standing(conn, ask.community.id))
            fix = f"There is {there}." if there else "The calendar is empty."
            raise Refusal(f"I know no b{number} in the calendar.", fix, ask.line)
        tables.remove(conn, found.id, ask.now)
        _note(conn, ask, "removed", found, _kept(found), None)
        return found, lay(conn, ask.community, ask.now, {})

    async def restore(self, ask: Ask) -> Card:
        """Bring back what was removed, for ten minutes."""
        found = await self._store.read(lambda conn: tables.find(conn, ask.community.id, _number(ask.value)))
        if found is None or found.removed_at is None or ask.now - found.removed_at > UNDO:
            raise Refusal("That can no longer be undone.", "`/tilth calendar` shows what there is.")
        days = await asyncio.to_thread(read_days, found, _today(ask))

        def back(conn: Connection) -> Card:
            tables.remove(conn, found.id, None)
            _note(conn, ask, "restored", found, None, _kept(found))
            effects = lay(conn, ask.community, ask.now, {found.id: days})
            return cards.undone_card(f"{found.label} is back in the calendar.", effects, ask.community.zone)

        return await self._store.write(back)

    # ── policy ────────────────────────────────────────────────────────────────

    async def policy(self, ask: Ask) -> Card:
        """What one schedule, of prompts or of discussions, does in a break."""
        name, wanted = ask.text("schedule"), BreakPolicy(ask.text("policy"))

        def change(conn: Connection) -> Card:
            digits = name[1:]
            found = (
                schedules_tables.find_schedule(conn, ask.community.id, int(digits))
                if digits.isdigit()
                else None
            )
            if found is None:
                raise Refusal(
                    f"I know no schedule {name}.", "`/prompt queue` and `/discuss list` name them.", ask.line
                )
            edits.change_schedule(conn, ask.community.id, found.id, ask.now, break_policy=wanted)
            old, new = {"breaks": found.break_policy.value}, {"breaks": wanted.value}
            who = (ask.community.id, ask.member.id, ask.role)
            audit.note(conn, *who, "changed", name, old, new, ask.now)
            return cards.policy_card(replace(found, break_policy=wanted), name)

        return await self._store.write(change)

    # ── choices while typing ──────────────────────────────────────────────────

    async def sources_like(self, ask: Ask, text: str) -> tuple[tuple[str, str], ...]:
        """The parts of the calendar by name."""
        found = await self._store.read(lambda conn: tables.standing(conn, ask.community.id))
        pairs = ((f"b{one.id}", f"b{one.id} {one.label}") for one in found)
        return tuple(pair for pair in pairs if text.lower() in pair[1].lower())

    async def schedules_like(self, ask: Ask, text: str) -> tuple[tuple[str, str], ...]:
        """The schedules of prompts and discussions that run, by title."""
        found = await self._store.read(lambda conn: schedules_tables.schedules(conn, ask.community.id))
        names = ((f"{'d' if one.kind == 'discussion' else 's'}{one.id}", one) for one in found if one.enabled)
        pairs = ((name, f"{name} {one.title}: {one.rule}"[:100]) for name, one in names)
        return tuple(pair for pair in pairs if text.lower() in pair[1].lower())

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


def _lay_one(conn: Connection, one: Source, days: list[Days] | None, now: datetime) -> None:
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


def _kept(one: Source) -> dict[str, object]:
    """What goes on record of a source; a file's own text does not."""
    return {"label": one.label, **{name: value for name, value in one.details.items() if name != "text"}}


def _note(
    conn: Connection, ask: Ask, what: str, one: Source,
    before: Mapping[str, object] | None, after: Mapping[str, object] | None,
) -> None:  # fmt: skip
    audit.note(conn, ask.community.id, ask.member.id, ask.role, what, f"b{one.id}", before, after, ask.now)


def _today(ask: Ask) -> date:
    return ask.now.astimezone(ZoneInfo(ask.community.zone)).date()


def _number(value: str) -> int:
    """The number in a button's value like `b3`."""
    return int(value[1:])


def _range_form(form_id: str, title: str, dates: str, label: str, ask: Ask) -> Form:
    return Form(
        form_id, title,
        (
            ShortText("dates", "From and to", dates),
            ShortText("label", "What it is called", label, value=ask.text("label")[:LABEL], limit=LABEL),
        ),
    )  # fmt: skip
