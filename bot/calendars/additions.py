"""Additions to the calendar: days away, terms, public holidays and calendar files."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection

from bot.calendars import cards, tables
from bot.calendars.rebuild import LaidBreaks, foresee_effects, lay_sources, read_days
from bot.calendars.records import calendar_command, describe_source, record_source
from bot.calendars.sources import LABEL, LARGEST, Days, check_country, parse
from bot.calendars.tables import CalendarSource, SourceKind
from bot.chat.cards import Card
from bot.chat.forms import FieldErrors, Form, Hint, LongText, ShortText, Upload
from bot.chat.language import N_, _
from bot.chat.menu import Option, OptionKind
from bot.chat.models import Refusal, Role
from bot.chat.parsing.command_line import read_option
from bot.chat.time.moment_parser import Day, PhraseError, YearDay, resolve_span
from bot.feature import CommandHandler, FormHandler, Reads, Request, Waits, Writes
from bot.schedules.breaks import breaks
from bot.store.store import Store

PASTED = "BEGIN:VCALENDAR …"
LONGEST_DAYS = 370
"""Days of one break or term: more is a typing error in the year."""


# ── days away and terms ───────────────────────────────────────────────────────


def add_break(conn: Connection, request: Request) -> Card | Form:
    """Add days away; without dates, ask for them."""
    if request.missing:
        return break_form(conn, request)
    return _add_range(conn, request, SourceKind.BREAK, request.text("label") or _("away"))


def add_term(conn: Connection, request: Request) -> Card | Form:
    """Add a term; the gap since the term before is a break."""
    if request.missing:
        return term_form(conn, request)
    return _add_range(conn, request, SourceKind.TERM, request.text("label") or _("term"))


def break_form(_conn: Connection, request: Request) -> Form:
    """Return the form of days away."""
    return _range_form("calendar.add", _("Days away"), "oct 26 to oct 30", _("Fall break"), request)


def term_form(_conn: Connection, request: Request) -> Form:
    """Return the form of a term."""
    return _range_form("calendar.term", _("A term"), "sep 1 to dec 18", _("Fall semester"), request)


def submit_break(conn: Connection, request: Request) -> Card | FieldErrors:
    """Take in the form of days away."""
    return _submit_range(conn, request, SourceKind.BREAK)


def submit_term(conn: Connection, request: Request) -> Card | FieldErrors:
    """Take in the form of a term."""
    return _submit_range(conn, request, SourceKind.TERM)


def _submit_range(conn: Connection, request: Request, origin: SourceKind) -> Card | FieldErrors:
    try:
        dates = read_option(Option("dates", "", OptionKind.SPAN), request.text("dates"))
        filled = replace(request, values={**request.values, "dates": dates})
        return _add_range(conn, filled, origin, request.text("label"))
    except Refusal as refusal:
        return FieldErrors({"dates": f"{refusal.problem} {refusal.fix}".strip()})


def _add_range(conn: Connection, request: Request, origin: SourceKind, label: str) -> Card:
    span: tuple[Day, Day] = request.values["dates"]  # type: ignore[assignment]
    today = request.community.day_of(request.now)
    try:
        first, last = _resolve(span, today)
    except PhraseError as error:
        raise Refusal(error.problem, _("Write it like `oct 26 to oct 30`."), request.line) from None
    if (last - first).days >= LONGEST_DAYS:
        raise Refusal(_("That is longer than a year."), _("Write the year with each date."), request.line)
    details = {"starts": first.isoformat(), "ends": last.isoformat()}
    fresh = _fresh(request, origin, label, details)
    return _tell_addition(conn, request, *_add_source(conn, request, fresh, read_days(fresh, today)))


def _resolve(span: tuple[Day, Day], today: date) -> tuple[date, date]:
    """Return the dates that are meant: of a term or break that has begun this year's, not those in a year's time."""
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


def _range_form(form_id: str, title: str, dates: str, label: str, request: Request) -> Form:
    return Form(
        form_id, title,
        (
            ShortText("dates", _("From and to"), dates),
            ShortText("label", _("What it is called"), label, value=request.text("label")[:LABEL], limit=LABEL),
        ),
    )  # fmt: skip


# ── holidays and files, which take a while to read ────────────────────────────


@dataclass(frozen=True, slots=True)
class SlowAdditions:
    """Additions that are read outside a transaction: a library of holidays, and calendar files."""

    store: Store

    async def add_holidays(self, request: Request) -> Card:
        """Add the public holidays of a country or region."""
        country, region = await asyncio.to_thread(
            check_country, request.text("country"), request.text("region")
        )
        label = f"Public holidays, {country}" + (f" ({region})" if region else "")
        details = {"country": country, "region": region}
        return await self._add(request, SourceKind.HOLIDAYS, label, details)

    async def add_file(self, request: Request) -> Card | Form:
        """Add a calendar file that was pasted; with nothing pasted, ask for it."""
        text = request.text("file") or request.text("text")
        if not text:
            return _file_form(request)
        read = await asyncio.to_thread(parse, text)
        named = str(read.get("X-WR-CALNAME", "")).strip()
        label = request.text("label") or named or _("Calendar file")
        return await self._add(request, SourceKind.FILE, label, {"text": text, "only": request.text("only")})

    async def submit_file(self, request: Request) -> Card | FieldErrors:
        """Take in the form of a calendar file."""
        try:
            card = await self.add_file(request)
        except Refusal as refusal:
            field = "file" if request.text("file") else "text"
            return FieldErrors({field: f"{refusal.problem} {refusal.fix}".strip()})
        nothing = _("Please choose a file, or paste one.")
        return card if isinstance(card, Card) else FieldErrors({"file": nothing})

    async def _add(
        self, request: Request, origin: SourceKind, label: str, details: Mapping[str, Any]
    ) -> Card:
        fresh = _fresh(request, origin, label, details)
        days = await asyncio.to_thread(read_days, fresh, request.community.day_of(request.now))
        if origin is SourceKind.FILE and not days:
            raise Refusal(
                _("That file has no whole-day event in the next three years."),
                _("Leave out `only:`, or check that its events are days and not hours."),
            )
        # In two pieces, each of them short; whoever is killed between them has the days laid by the job that extends them.
        home, now = request.community, request.now
        made = await self.store.write(partial(remember_source, request=request, fresh=fresh, lay_at=now))
        laid = await self.store.write(partial(lay_sources, home=home, now=now, read={made.id: days}))
        # Everybody's commands would wait while it is foreseen what that changes for each schedule.
        return await self.store.read(lambda conn: _tell_addition(conn, request, made, laid))

    def commands(self) -> tuple[CommandHandler, ...]:
        """Return the commands that add holidays and files."""
        country = Option("country", N_("Two letters, like US"), required=True, positional=True)
        holidays = calendar_command(
            "holidays", N_("Public holidays of a country or region"),
            country, Option("region", N_("A part of the country, like NY")),
            example="/tilth calendar holidays US region:NY", label=N_("Add public holidays"),
        )  # fmt: skip
        file = calendar_command(
            "import", N_("The whole-day events of an .ics file"),
            Option("only", N_("Only events with this word in their title")),
            Option("text", N_("The file, as text"), OptionKind.TEXT),
            opens=True, label=N_("Import a calendar"),
        )  # fmt: skip
        return (
            CommandHandler(holidays, Waits(self.add_holidays)),
            CommandHandler(file, Waits(self.add_file)),
        )

    def forms(self) -> tuple[FormHandler, ...]:
        """Return the form of a calendar file."""
        form = Reads(lambda _conn, request: _file_form(request))
        return (FormHandler("calendar.import", form, Waits(self.submit_file), Role.MODERATOR),)


def _file_form(request: Request) -> Form:
    return Form(
        "calendar.import", _("A calendar file"),
        (
            Hint(_("Whole-day events count as days away.")),
            ShortText("label", _("Name"), _("School calendar"), limit=LABEL, required=False),
            ShortText("only", _("Only events with this word"), _("holiday"), limit=60, required=False,
                      value=request.text("only")),
            Upload("file", _("The .ics file"), ("ics",), required=False, limit=LARGEST),
            LongText("text", _("Or its text"), PASTED, required=False, limit=3000),
        ),
    )  # fmt: skip


def _fresh(request: Request, origin: SourceKind, label: str, details: Mapping[str, Any]) -> CalendarSource:
    """Return a source that is no row yet."""
    label = " ".join(label.split())[:LABEL]
    return CalendarSource(0, request.community.id, origin, label, details, request.now, None, None)


def _add_source(
    conn: Connection, request: Request, fresh: CalendarSource, days: Sequence[Days]
) -> tuple[CalendarSource, LaidBreaks]:
    """Add a source with its days."""
    made = remember_source(conn, request, fresh)
    return made, lay_sources(conn, request.community, request.now, {made.id: days})


def remember_source(
    conn: Connection, request: Request, fresh: CalendarSource, *, lay_at: datetime | None = None
) -> CalendarSource:
    """Add a source whose days are laid later, by whoever added it or by the job that lays days out further."""
    home = request.community.id
    made = tables.add(conn, home, fresh.origin, fresh.label, fresh.details, request.now, lay_at)
    record_source(conn, request, "added", made, None, describe_source(made))
    return made


def _tell_addition(conn: Connection, request: Request, made: CalendarSource, laid: LaidBreaks) -> Card:
    """Tell what a source adds to the calendar, and what that changes."""
    home, today = request.community, request.community.day_of(request.now)
    added = [one for one in breaks(conn, home.id, today) if one.source == made.id]
    effects = foresee_effects(conn, home, request.now, laid)
    return cards.changed_card(_("Added to the calendar"), made, added, effects, home.zone)


_LABEL = Option("label", N_("What it is called"), OptionKind.TEXT)
_DATES = Option(
    "dates", N_("From and to, like oct 26 to oct 30"), OptionKind.SPAN, required=True, positional=True
)
COMMANDS = (
    CommandHandler(
        calendar_command(
            "add", N_("Days on which nothing is posted"), _DATES, _LABEL, opens=True,
            example="/tilth calendar add oct 26 to oct 30 -- Fall break", label=N_("Add days off"),
        ),
        Writes(add_break),
    ),
    CommandHandler(
        calendar_command(
            "term", N_("A term; the gap since the one before is a break"), _DATES, _LABEL, opens=True,
            example="/tilth calendar term sep 1 to dec 18 -- Fall semester", label=N_("Add a term"),
        ),
        Writes(add_term),
    ),
)  # fmt: skip
FORMS = (
    FormHandler("calendar.add", Reads(break_form), Writes(submit_break), Role.MODERATOR),
    FormHandler("calendar.term", Reads(term_form), Writes(submit_term), Role.MODERATOR),
)
