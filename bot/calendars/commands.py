"""Commands of the calendar: see it, take something out of it, and what one schedule does in a break."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from bot.calendars import cards, tables
from bot.calendars.rebuild import Effect, LaidBreaks, foresee_effects, lay, lay_sources, read_days
from bot.calendars.records import calendar_command, describe_source, record_source
from bot.calendars.tables import CalendarSource
from bot.chat.cards import Card
from bot.chat.language import N_, _
from bot.chat.menu import Option, OptionKind
from bot.chat.models import Refusal, Role, UnclearOption
from bot.chat.parsing.button_values import read_id
from bot.chat.time.rules import write_rule
from bot.feature import (
    UNDO,
    ButtonHandler,
    CommandHandler,
    Completion,
    Reads,
    Request,
    Waits,
    Writes,
    note_change,
)
from bot.schedules import edits
from bot.schedules import tables as schedules_tables
from bot.schedules.breaks import breaks
from bot.schedules.model import BreakPolicy
from bot.store.store import Store


def show_calendar(conn: Connection, request: Request) -> Card:
    """Show the sources of the calendar, and the next days away."""
    today = request.community.day_of(request.now)
    ahead = breaks(conn, request.community.id, today)
    return cards.calendar_card(tables.standing(conn, request.community.id), ahead, today)


# ── taking away ───────────────────────────────────────────────────────────────


def remove_source(conn: Connection, request: Request) -> Card:
    """Take a source away; from the command or from the select."""
    number = request.number("which")
    if number is None:
        number = _source_number(request.value.rpartition("/")[2])
    found, effects = _remove(conn, request, number)
    return cards.removed_card(found, effects, request.community.zone)


def undo_addition(conn: Connection, request: Request) -> Card:
    """Take back what was just added."""
    found, effects = _remove(conn, request, _source_number(request.value))
    return cards.undone_card(
        _("{name} is no longer in the calendar.", name=cards.name_of(found)), effects, request.community.zone
    )


def _remove(conn: Connection, request: Request, number: int) -> tuple[CalendarSource, list[Effect]]:
    found = tables.find_source(conn, request.community.id, number)
    if found is None or found.removed_at is not None:
        raise UnclearOption("which", _("There is no {id} in the calendar.", id=f"b{number}"))
    tables.remove(conn, found.id, request.now)
    record_source(conn, request, "removed", found, describe_source(found), None)
    return found, lay(conn, request.community, request.now, {})


def _source_number(value: str) -> int:
    """Return the number in a button's value like `b3`."""
    return read_id(value, "b")


@dataclass(frozen=True, slots=True)
class SourceRestorer:
    """Brings a removed source back; its days are read outside a transaction, because a file takes a while."""

    store: Store

    async def restore(self, request: Request) -> Card:
        """Bring back what was removed, for ten minutes."""
        home = request.community
        found = await self.store.read(
            lambda conn: tables.find_source(conn, home.id, _source_number(request.value))
        )
        if found is None or found.removed_at is None or request.now - found.removed_at > UNDO:
            raise Refusal(_("That can no longer be undone."), _("`/tilth calendar` shows what there is."))
        days = await asyncio.to_thread(read_days, found, request.community.day_of(request.now))

        def bring_back(conn: Connection) -> LaidBreaks:
            tables.remove(conn, found.id, None)
            record_source(conn, request, "restored", found, None, describe_source(found))
            return lay_sources(conn, home, request.now, {found.id: days})

        laid = await self.store.write(bring_back)
        effects = await self.store.read(lambda conn: foresee_effects(conn, home, request.now, laid))
        words = _("{name} is back in the calendar.", name=cards.name_of(found))
        return cards.undone_card(words, effects, home.zone)

    def buttons(self) -> tuple[ButtonHandler, ...]:
        """Return the button that brings a source back."""
        return (ButtonHandler("calendar.restore", Waits(self.restore), Role.MODERATOR),)


# ── one schedule ──────────────────────────────────────────────────────────────


def set_policy(conn: Connection, request: Request) -> Card:
    """Set what one schedule, of prompts or of discussions, does in a break."""
    name, wanted = request.text("schedule").lower(), BreakPolicy(request.text("policy"))
    found = schedules_tables.by_name(conn, request.community.id, name)
    if found is None or not found.running:
        raise UnclearOption("schedule", _("There is no schedule {id}.", id=name))
    edits.change_schedule(conn, request.community.id, found.id, request.now, break_policy=wanted)
    old, new = {"breaks": found.break_policy.value}, {"breaks": wanted.value}
    note_change(conn, request, "changed", name, old, new)
    return cards.policy_card(replace(found, break_policy=wanted), name)


# ── choices while typing ──────────────────────────────────────────────────────


def source_choices(conn: Connection, request: Request) -> Iterable[tuple[str, str]]:
    """Offer the parts of the calendar by name."""
    found = tables.standing(conn, request.community.id)
    return ((f"b{one.id}", f"b{one.id} {cards.name_of(one)}") for one in found)


def schedule_choices(conn: Connection, request: Request) -> Iterable[tuple[str, str]]:
    """Offer the schedules of prompts and discussions that run."""
    for one in schedules_tables.schedules(conn, request.community.id):
        if one.running and one.name:
            yield one.name, f"{one.name} {one.label}: {write_rule(one.rule)}"[:100]


_WHICH = Option(
    "which",
    N_("Which part, like b3"),
    OptionKind.ID,
    required=True,
    positional=True,
    letter="b",
    completes=True,
)
COMMANDS = (
    CommandHandler(calendar_command("", N_("When the community is away"), label=N_("Calendar")), Reads(show_calendar)),
    CommandHandler(
        calendar_command("remove", N_("Take something out of the calendar"), _WHICH, label=N_("Remove days")), Writes(remove_source)
    ),
    CommandHandler(
        calendar_command(
            "policy", N_("What one schedule does in a break"),
            Option("schedule", N_("Which schedule, like s3 or d4"), required=True, positional=True, completes=True),
            Option("policy", N_("Leave it out, post on return, or post anyway"), OptionKind.CHOICE, required=True,
                   positional=True, choices=tuple(BreakPolicy)),
            example="/tilth calendar policy s3 hold", label=N_("Breaks of one schedule"),
        ),
        Writes(set_policy),
    ),
)  # fmt: skip
BUTTONS = (
    ButtonHandler("calendar.remove", Writes(remove_source), Role.MODERATOR),
    ButtonHandler("calendar.undo", Writes(undo_addition), Role.MODERATOR),
)
COMPLETIONS = (
    Completion("tilth calendar remove", "which", source_choices),
    Completion("tilth calendar policy", "schedule", schedule_choices),
)
