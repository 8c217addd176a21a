"""`/strategy monthly`: whether the monthly card comes, in which channel, and when next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from sqlalchemy import Connection

from bot.alerts.place_probe import PlaceProbe
from bot.chat.cards import Card
from bot.chat.forms import FieldErrors, Form
from bot.chat.language import N_
from bot.chat.menu import Command
from bot.chat.models import Role, StaleValue
from bot.feature import ButtonHandler, CommandHandler, FormHandler, Reads, Request, Writes, note_change
from bot.reports.monthly_card import cards, tables
from bot.reports.monthly_card.months import last_month, next_slot
from bot.reports.monthly_card.tables import MonthlyChoice, MonthState
from bot.reports.picked_channel import check_channel, picked_place


@dataclass(frozen=True, slots=True)
class MonthlyCommands:
    """Turns the card on and off. `probe` knows where the bot may post."""

    probe: PlaceProbe

    def commands(self) -> Sequence[CommandHandler]:
        """`/strategy monthly`."""
        about = N_("Post each month what people here tried")
        command = Command("strategy", "monthly", about, role=Role.MODERATOR, label=N_("Monthly card"))
        return (CommandHandler(command, Reads(show_choice)),)

    def buttons(self) -> Sequence[ButtonHandler]:
        """The button that turns it off."""
        return (ButtonHandler(cards.SWITCH, Writes(turn_off), Role.MODERATOR),)

    def forms(self) -> Sequence[FormHandler]:
        """Where it is to come."""
        submit = Writes(submit_place, first=partial(check_channel, self.probe))
        return (FormHandler(cards.PLACE, Reads(build_place), submit, Role.MODERATOR),)


def show_choice(conn: Connection, request: Request) -> Card:
    """Whether it comes."""
    home, choice = request.community, tables.find_choice(conn, request.community.id)
    return cards.choice_card(choice, None if choice is None else next_slot(conn, home, choice), home.zone)


def turn_off(conn: Connection, request: Request) -> Card:
    """Turn it off; pressed twice, it stays so."""
    if request.value != cards.OFF:
        raise StaleValue
    before = tables.find_choice(conn, request.community.id)
    if before is not None:
        tables.drop_choice(conn, request.community.id)
        note_change(conn, request, "changed", "monthly card", {"channel": before.place.channel}, None)
    return replace(show_choice(conn, request), replaces=True)


def build_place(conn: Connection, request: Request) -> Form:
    """The form that asks for a channel."""
    choice = tables.find_choice(conn, request.community.id)
    here = choice is not None and choice.place.space == request.place.space
    return cards.place_form(choice.place.channel if choice is not None and here else "")


def submit_place(conn: Connection, request: Request) -> Card | FieldErrors:
    """Want it in the channel that was picked: from the next first working day on."""
    home, place = request.community, picked_place(request)
    before = tables.find_choice(conn, home.id)
    if before is None or before.place != place:
        told = last_month(conn, home, request.now) if before is None else before.told
        state = MonthState.NONE if before is None else before.state
        tables.store_choice(conn, MonthlyChoice(home.id, place, told, state))
        old = None if before is None else {"channel": before.place.channel}
        note_change(conn, request, "changed", "monthly card", old, {"channel": place.channel})
    return show_choice(conn, request)
