"""`/my settings`: a member's zone, sharing, hints, reminders and quiet hours, shown and changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from bot.account import preference_commands
from bot.account.preference_commands import PreferenceCommands
from bot.chat.cards import Block, Button, Buttons, Card, Facts, Heading, Markdown, say
from bot.chat.menu import Command, Option, OptionKind
from bot.chat.models import FORMER_SHARING, Refusal, Sharing
from bot.chat.time.zones import zone as known_zone
from bot.feature import CommandHandler, Request, Writes
from bot.people import tables as people
from bot.people.accounts import member_of
from bot.people.preferences import Preferences, preferences_of

SIZES = ("auto", "full", "half", "bare")


@dataclass(frozen=True, slots=True)
class SettingsCommands:
    """The handler of a member's settings."""

    preferences: PreferenceCommands

    def change_settings(self, conn: Connection, request: Request) -> Card:
        """Change the settings that were given, and show all of them."""
        changes = _changes(request)
        if changes:
            people.change_member(conn, request.member, **changes)
        if "zone" in changes:
            self.preferences.follow_change(conn, request)
        changed = self.preferences.change_preferences(conn, request)
        now = member_of(conn, request.person, request.community, request.now)
        return settings_card(now, preferences_of(conn, now.id), bool(changes) or changed)

    def commands(self) -> tuple[CommandHandler, ...]:
        """`/my` and `/my settings`."""
        settings = Command(
            "my", "settings", "Your zone, who reads your answers, reminders, quiet hours, and whether anything is kept",
            (
                Option("zone", "Your time zone, like Europe/Dublin", OptionKind.ZONE),
                Option("share", "Who reads your answers by default", OptionKind.CHOICE,
                       choices=tuple(kind.value for kind in Sharing), former_choices=FORMER_SHARING),
                Option("help", "Hints with each prompt", OptionKind.CHOICE, choices=SIZES),
                Option("keep", "Whether your answers are kept at all", OptionKind.YES_NO),
                *preference_commands.OPTIONS,
            ),
            examples=("/my settings share:moderators help:bare", "/my settings reminders:light quiet:19:00-08:00"),
        )  # fmt: skip
        return (
            CommandHandler(Command("my", "", "Your settings"), Writes(self.change_settings)),
            CommandHandler(settings, Writes(self.change_settings)),
        )


def _changes(request: Request) -> dict[str, object]:
    changes: dict[str, object] = {}
    if name := request.text("zone"):
        try:
            known_zone(name)
        except ValueError as error:
            raise Refusal(str(error), "Write it like zone:Europe/Dublin.", request.line) from None
        changes["zone"] = name
    if request.values.get("share"):
        changes["sharing"] = Sharing(request.text("share")).value
    if size := request.text("help"):
        changes["help"] = None if size == SIZES[0] else size
    if request.values.get("keep") is not None:
        changes["keeps"] = bool(request.values["keep"])
    return changes


def settings_card(member: people.Member, known: Preferences, changed: bool) -> Card:
    """A member's settings as they are now."""
    rows = (
        ("Time zone", member.zone),
        ("Your answers are read by", (member.sharing or Sharing.ME).value),
        ("Hints", member.help or SIZES[0]),
        ("Your answers are kept", "yes" if member.keeps else "no"),
        *preference_commands.preference_rows(known),
    )
    return say(
        "Your settings",
        Heading("Saved" if changed else "Your settings"),
        Facts(rows),
        Markdown("Change them like this: `/my settings reminders:light quiet:19:00-08:00 progress:team`"),
        Buttons((Button("What is kept about me", does="my.mirror"),)),
    )


def home_blocks(conn: Connection, request: Request) -> Sequence[Block]:
    """Somebody's settings, for the bot's own page."""
    return settings_card(request.member, preferences_of(conn, request.member.id), changed=False).blocks
