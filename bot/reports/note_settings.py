"""`/report note`: whether the Monday note comes, where, and when next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.alerts.alerts import place_of
from bot.chat.cards import Button, Buttons, Card, ChannelLink, Heading, Markdown, Moment, Note, compose, say
from bot.chat.language import N_, _
from bot.chat.menu import Command, Option, OptionKind
from bot.chat.models import Place, Role, StaleValue
from bot.feature import ButtonHandler, CommandHandler, Request, Writes, note_change
from bot.reports.monday_note import is_switched_on, slot_of, switch_note
from bot.schedules.weeks import week_at

NOTE, ON, OFF = "report.note", "on", "off"


def commands() -> Sequence[CommandHandler]:
    """The command."""
    option = Option("monday", N_("Whether the note comes each Monday"), OptionKind.YES_NO)
    note = Command("report", "note", N_("Turn the note of each Monday on or off"), (option,), role=Role.MODERATOR, label=N_("Monday note"))  # fmt: skip
    return (CommandHandler(note, Writes(change_note)),)


def buttons() -> Sequence[ButtonHandler]:
    """The button that turns it on or off."""
    return (ButtonHandler(NOTE, Writes(press_switch), Role.MODERATOR),)


def change_note(conn: Connection, request: Request) -> Card:
    """Show whether the note comes, or change it."""
    wanted = request.values.get("monday")
    return _show(conn, request) if wanted is None else _switch(conn, request, on=bool(wanted))


def press_switch(conn: Connection, request: Request) -> Card:
    """Turn the note on or off; pressed twice, it stays so."""
    if request.value not in (ON, OFF):
        raise StaleValue
    return _switch(conn, request, on=request.value == ON)


def _switch(conn: Connection, request: Request, *, on: bool) -> Card:
    before = is_switched_on(conn, request.community.id)
    if before != on:
        switch_note(conn, request.community.id, on)
        note_change(conn, request, "changed", "report note", {"comes": before}, {"comes": on})
    return _show(conn, request)


def _show(conn: Connection, request: Request) -> Card:
    home = request.community
    if not is_switched_on(conn, home.id):
        return note_card(None, None, home.zone)
    week = week_at(request.now, ZoneInfo(home.zone)).shifted(-1)
    slots = (slot_of(conn, home, week.shifted(ahead), request.now) for ahead in range(4))
    return note_card(next((at for at in slots if at > request.now), None), place_of(conn, home.id), home.zone)


def note_card(next_at: datetime | None, place: Place | None, zone: str) -> Card:
    """Whether the note comes; `next_at` is None where it is off."""
    title = _("The Monday note")
    if next_at is None:
        return say(
            title, Heading(title), Markdown(_("The note is off. `/report week` shows the same at any time.")),
            Buttons((Button(_("Turn it on"), does=NOTE, value=ON, style="main"),)),
        )  # fmt: skip
    when = compose(_("The next one comes {when}, if there is something to tell."), when=Moment(next_at, zone))
    where = (
        (_("Each moderator gets it in a direct message."),)
        if place is None
        else compose(_("It comes in {channel}."), channel=ChannelLink(place.channel))
    )
    return say(
        title, Heading(title), Markdown((*when, " ", *where)),
        Buttons((Button(_("Turn it off"), does=NOTE, value=OFF),)),
        Note(_("It comes on a working day. A Tilth admin chooses where: /tilth setup.")),
    )  # fmt: skip
