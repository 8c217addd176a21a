"""`/tilth setup`: the steps to a first prompt, and where moderators are told of trouble."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from bot.admin import cards, setup_cards
from bot.admin.setup_forms import SetupForms
from bot.alerts import alerts as alerting
from bot.alerts.alerts import Alerts
from bot.chat.cards import Card
from bot.chat.language import N_, _
from bot.chat.menu import Command, Option, OptionKind
from bot.chat.models import Place, Refusal, Role
from bot.feature import CommandHandler, Request, Writes, note_change


@dataclass(frozen=True, slots=True)
class SetupCommand:
    """The handler of `/tilth setup`."""

    alerts: Alerts
    forms: SetupForms

    def change_setup(self, conn: Connection, request: Request) -> Card:
        """Show how far setting up is; or change where moderators are told of trouble."""
        channel, direct = request.text("alerts"), request.values.get("direct")
        if not channel and direct is None:
            return setup_cards.setup_card(self.forms.state(conn, request), replaces=False)
        if channel and direct:
            raise Refusal(
                _("You named two places."),
                _("Write `alerts:#channel` or `direct:yes`, not both."),
                request.line,
            )
        home = request.community.id
        before = alerting.place_of(conn, home)
        if channel:
            alerting.hear_in(conn, home, Place(request.place.space, channel))
        elif direct is False:
            alerting.hear_as_set(conn, home)
        elif direct:
            alerting.hear_in(conn, home, None)
        after = alerting.place_of(conn, home)
        if before != after:
            old, new = ({"place": "direct" if one is None else one.channel} for one in (before, after))
            note_change(conn, request, "changed", "alerts", old, new)
        moderators = len(self.alerts.moderators(conn, home))
        return cards.alerts_card(after, moderators)

    def commands(self) -> tuple[CommandHandler, ...]:
        """`/tilth setup`."""
        command = Command(
            "tilth", "setup", N_("Set Tilth up, step by step; or where I tell moderators about problems"),
            (
                Option("alerts", N_("Tell it in this channel"), OptionKind.CHANNEL),
                Option("direct", N_("Tell each moderator by direct message; with no, the setup decides"), OptionKind.YES_NO),
            ),
            role=Role.ADMIN,
            examples=("/tilth setup alerts:#moderators",), label=N_("Set up Tilth"),
        )  # fmt: skip
        return (CommandHandler(command, Writes(self.change_setup)),)
