"""`/my settings`: a member's zone, sharing, hints, reminders and quiet hours, shown and changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from bot.account import preference_commands
from bot.account.preference_commands import PreferenceCommands
from bot.account.settings_forms import (
    HOURS,
    READING,
    RECALL,
    build_hours_form,
    build_reading_form,
    settings_buttons,
)
from bot.account.settings_words import (
    HELP_SIZES,
    LANGUAGE_NAMES,
    PROGRESS_READERS,
    READERS,
    YES_NO,
    quiet_line,
    reminder_line,
    say_value,
)
from bot.chat.cards import Block, Buttons, Card, Facts, Heading, say
from bot.chat.forms import FieldErrors, Form
from bot.chat.language import N_, _, speaking
from bot.chat.menu import Command, Option, OptionKind
from bot.chat.models import FORMER_SHARING, Refusal, Sharing
from bot.chat.time.zones import nearest_zones
from bot.chat.time.zones import zone as known_zone
from bot.feature import ButtonHandler, CommandHandler, FormHandler, Reads, Request, Writes
from bot.people import tables as people
from bot.people.accounts import member_of
from bot.people.preferences import Preferences, preferences_of

SIZES = ("auto", "full", "half", "bare")


@dataclass(frozen=True, slots=True)
class SettingsCommands:
    """The handler of a member's settings; `per_week` is the most reminders that one gets in a week."""

    preferences: PreferenceCommands
    per_week: int

    def change_settings(self, conn: Connection, request: Request) -> Card:
        """Change the settings that were given, and show all of them."""
        changed = self._change(conn, request)
        return self._show(conn, request, changed=changed)

    def _change(self, conn: Connection, request: Request) -> bool:
        """Store the settings that were given; whether there were any."""
        changes = _changes(request)
        if changes:
            people.change_member(conn, request.member, **changes)
        if "zone" in changes:
            self.preferences.follow_change(conn, request)
        return self.preferences.change_preferences(conn, request) or bool(changes)

    def _show(self, conn: Connection, request: Request, *, changed: bool) -> Card:
        now = member_of(conn, request.person, request.community, request.now)
        with speaking(now.locale):
            return settings_card(now, preferences_of(conn, now.id), self.per_week, changed=changed)

    def home_blocks(self, conn: Connection, request: Request) -> Sequence[Block]:
        """Somebody's settings, for the bot's own page."""
        known = preferences_of(conn, request.member.id)
        return settings_card(request.member, known, self.per_week, changed=False).blocks

    def build_hours_form(self, conn: Connection, request: Request) -> Form:
        """The form of reminders and hours."""
        return build_hours_form(conn, request, self.per_week)

    def _shown(self, conn: Connection, request: Request) -> dict[str, object]:
        """What the forms of the settings show now, by the names of their fields."""
        forms = (self.build_hours_form(conn, request), build_reading_form(conn, request))
        return {field.name: field.value for form in forms for field in form.inputs}

    def submit_form(self, conn: Connection, request: Request) -> Card | FieldErrors:
        """Change what was changed in a form; what was left as it was shown was not chosen, and stays."""
        shown = self._shown(conn, request)
        values = {
            name: value
            for name, value in request.values.items()
            if value is not None and value != shown.get(name)
        }
        for name in ("keep", "direct", "hand"):
            if name in values:
                values[name] = values[name] == "yes"
        asked = replace(request, values=values)
        errors = {}
        for field, read in (("zone", _changes), ("quiet", preference_commands.given_preferences)):
            try:
                read(asked)
            except Refusal as refusal:
                errors[field] = f"{refusal.problem} {refusal.fix}".strip()
        if errors:
            return FieldErrors(errors)
        self._change(conn, asked)
        return replace(self._show(conn, asked, changed=True), replaces=True)

    def change_recall(self, conn: Connection, request: Request) -> Card:
        """Let prompts bring back one's own earlier words, or no longer; twice is as good as once."""
        asked = replace(request, values={"recall": request.value == "yes"})
        self._change(conn, asked)
        return replace(self._show(conn, asked, changed=True), replaces=True)

    def buttons(self) -> tuple[ButtonHandler, ...]:
        """The button of the settings."""
        return (ButtonHandler(RECALL, Writes(self.change_recall)),)

    def forms(self) -> tuple[FormHandler, ...]:
        """The forms of the settings."""
        return (
            FormHandler(HOURS, Reads(self.build_hours_form), Writes(self.submit_form)),
            FormHandler(READING, Reads(build_reading_form), Writes(self.submit_form)),
        )

    def commands(self) -> tuple[CommandHandler, ...]:
        """`/my` and `/my settings`."""
        settings = Command(
            "my", "settings", N_("Your zone, who reads your answers, reminders, quiet hours, and whether "
                                 "anything is saved"),
            (
                Option("zone", N_("Your time zone, like Europe/Dublin"), OptionKind.ZONE),
                Option("language", N_("Your language"), OptionKind.CHOICE, choices=tuple(dict(LANGUAGE_NAMES))),
                Option("share", N_("Who reads your answers by default"), OptionKind.CHOICE,
                       choices=tuple(kind.value for kind in Sharing), former_choices=FORMER_SHARING),
                Option("help", N_("Hints with each prompt"), OptionKind.CHOICE, choices=SIZES),
                Option("keep", N_("Whether your answers are saved at all"), OptionKind.YES_NO),
                *preference_commands.OPTIONS,
            ),
            examples=("/my settings share:moderators help:bare", "/my settings reminders:light quiet:19:00-08:00"), label=N_("Change settings"), repeats=True,
        )  # fmt: skip
        return (
            CommandHandler(
                Command("my", "", N_("Your settings"), label=N_("My settings")), Writes(self.change_settings)
            ),
            CommandHandler(settings, Writes(self.change_settings)),
        )


def _changes(request: Request) -> dict[str, object]:
    changes: dict[str, object] = {}
    if name := request.text("zone"):
        if not _is_zone(name):
            near = nearest_zones(name, 4)
            if len(near) != 1:
                example = _("Write it like America/Chicago.")
                fix = _("Did you mean {zones}?", zones=", ".join(near)) if near else example
                raise Refusal(_("There is no such time zone."), fix, request.line)
            name = near[0]
        changes["zone"] = str(known_zone(name))
    if language := request.text("language"):
        changes["language"] = None if language == "auto" else language
    if request.values.get("share"):
        changes["sharing"] = Sharing(request.text("share")).value
    if size := request.text("help"):
        changes["help"] = None if size == SIZES[0] else size
    if request.values.get("keep") is not None:
        changes["keeps"] = bool(request.values["keep"])
    return changes


def _is_zone(name: str) -> bool:
    try:
        known_zone(name)
    except ValueError:
        return False
    return True


def settings_card(member: people.Member, known: Preferences, per_week: int, *, changed: bool) -> Card:
    """A member's settings as they are now."""
    rows = (
        (_("Save what I answer"), say_value(YES_NO, "yes" if member.keeps else "no")),
        (_("Who can read my answers"), say_value(READERS, (member.sharing or Sharing.ME).value)),
        (_("Who sees how far I am"), say_value(PROGRESS_READERS, known.progress.value)),
        (_("My team’s lead sees when I might want a hand"), say_value(YES_NO, "yes" if known.hand else "no")),
        (_("A prompt shows me my words from months ago"), say_value(YES_NO, "yes" if known.recall else "no")),
        (_("Hints with a prompt"), say_value(HELP_SIZES, member.help or SIZES[0])),
        (_("Reminders"), reminder_line(known, per_week)),
        (_("Quiet hours"), quiet_line(known.quiet)),
        (_("May Tilth write to you directly?"), say_value(YES_NO, "yes" if known.direct else "no")),
        (_("Your time zone"), member.zone),
        (_("Your language"), say_value(LANGUAGE_NAMES, member.language or "auto")),
    )
    title = _("Saved") if changed else _("Your settings")
    return say(_("Your settings"), Heading(title), Facts(rows), Buttons(settings_buttons(known)))
