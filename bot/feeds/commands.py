"""`/my calendar` and `/tilth feed`: a feed is turned on, gets a new address, and is turned off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from bot.chat.cards import Card
from bot.chat.language import N_, _
from bot.chat.menu import Command, Option, OptionKind
from bot.chat.models import Role, StaleValue
from bot.chat.parsing.button_values import read_fields
from bot.feature import ButtonHandler, CommandHandler, Reads, Request, Writes, note_change
from bot.feeds import cards, tables
from bot.feeds.cards import DUE, NEW, OFF, ON, OWN, FeedView
from bot.feeds.server import FeedServer
from bot.feeds.tables import FeedSubject


@dataclass(frozen=True, slots=True)
class FeedCommands:
    """The handlers of feeds."""

    server: FeedServer

    def commands(self) -> Sequence[CommandHandler]:
        """A member's own feed, and a community's."""
        channel = Option(
            "channel", N_("Only what comes in this channel"), OptionKind.CHANNEL, positional=True
        )
        mine = Command(
            "my", "calendar", N_("Your lessons in your own calendar program"), label=N_("My calendar")
        )
        theirs = Command(
            "tilth", "feed", N_("What is due, in other calendar programs"), (channel,), Role.MODERATOR,
            label=N_("Calendar feed"),
        )  # fmt: skip
        return (CommandHandler(mine, Reads(self.show_own)), CommandHandler(theirs, Reads(self.show_due)))

    def buttons(self) -> Sequence[ButtonHandler]:
        """On, a new address, off."""
        return (
            ButtonHandler(OWN, Writes(self.change_own)),
            ButtonHandler(DUE, Writes(self.change_due), Role.MODERATOR),
        )

    def show_own(self, conn: Connection, request: Request) -> Card:
        """Whether a member has a feed of their lessons, and its address."""
        return self._show(conn, _own(request))

    def show_due(self, conn: Connection, request: Request) -> Card:
        """The same for what is due here, or in one channel."""
        return self._show(conn, _due(request, request.text("channel")))

    def change_own(self, conn: Connection, request: Request) -> Card:
        """Change a member's own feed."""
        what, salt, _channel = _read(request.value)
        return self._change(conn, request, _own(request), what, salt)

    def change_due(self, conn: Connection, request: Request) -> Card:
        """Change the feed of the community or of a channel; on record."""
        what, salt, channel = _read(request.value)
        return self._change(conn, request, _due(request, channel), what, salt)

    def _change(self, conn: Connection, request: Request, subject: FeedSubject, what: str, salt: str) -> Card:
        """Do what a button says; a second press of it is as good as one."""
        if not self.server.base:
            return cards.closed_card()
        found, said, done = tables.find_feed(conn, subject), "", False
        if what == ON:
            tables.turn_on(conn, subject, request.now)
            done = found is None
        elif what == OFF:
            done = found is not None and found.salt.startswith(salt) and tables.turn_off(conn, subject)
            said = _("It is off. The address shows nothing anymore.")
        elif found is not None and found.salt.startswith(salt):
            done = tables.change_address(conn, found.id, found.salt)
            said = _("This is the new address. The old one shows nothing anymore.")
        if done and subject.member_id is None:
            note_change(
                conn, request, "changed", "calendar feed", None, {"channel": subject.channel, "did": what}
            )
        return self._show(conn, subject, said if done else "", replaces=True)

    def _show(
        self, conn: Connection, subject: FeedSubject, said: str = "", *, replaces: bool = False
    ) -> Card:
        if not self.server.base:
            return cards.closed_card()
        feed, owned = tables.find_feed(conn, subject), subject.member_id is not None
        view = FeedView(owned, channel=subject.channel or None)
        if feed is not None:
            view = FeedView(owned, self.server.address(feed), feed.salt, subject.channel or None)
        return cards.feed_card(view, said, replaces=replaces)


def _own(request: Request) -> FeedSubject:
    return FeedSubject(request.community.id, request.member.id)


def _due(request: Request, channel: str) -> FeedSubject:
    return FeedSubject(request.community.id, None, request.place.space if channel else "", channel)


def _read(value: str) -> tuple[str, str, str]:
    """What a button does, the part of the address it is about, and the channel or ""."""
    what, salt, channel = read_fields(value, 3)
    if what not in (ON, NEW, OFF) or not (salt == "" or salt.isalnum()):
        raise StaleValue
    return what, salt, channel
