"""The forms behind `/my settings`: today's values in words, changed in place."""

from __future__ import annotations

from sqlalchemy import Connection

from bot.account.settings_words import (
    HELP_SIZES,
    LANGUAGE_NAMES,
    PROGRESS_READERS,
    READERS,
    YES_NO,
    quiet_line,
    reminder_words,
    say_pairs,
)
from bot.chat.cards import Button
from bot.chat.forms import Choice, Form, ShortText
from bot.chat.language import _
from bot.chat.models import Sharing
from bot.feature import Request
from bot.people.preferences import Preferences, Reminders, preferences_of

HOURS, READING, RECALL = "my.hours", "my.reading", "my.recall"


def build_hours_form(conn: Connection, request: Request, per_week: int) -> Form:
    """When and how somebody is written to; `per_week` is the most reminders in a week."""
    known = preferences_of(conn, request.member.id)
    return Form(
        HOURS, _("Reminders and hours"),
        (
            Choice(
                "reminders", _("Reminders"), reminder_words(per_week),
                value=(Reminders.OFF if known.stopped else known.reminders).value,
            ),
            ShortText(
                "quiet", _("Quiet hours"), _("Like 8 PM to 7 AM. Write none for no quiet hours."), limit=40,
                value=quiet_line(known.quiet),
            ),
            Choice(
                "direct", _("May Tilth write to you directly?"), say_pairs(YES_NO), value="yes" if known.direct else "no"
            ),
            ShortText(
                "zone", _("Your time zone"), _("Like America/Chicago, or a city like Chicago."), limit=60,
                value=request.member.zone,
            ),
            Choice(
                "language", _("Your language"), say_pairs(LANGUAGE_NAMES), value=request.member.language or "auto"
            ),
        ),
        submit=_("Save"),
    )  # fmt: skip


def build_reading_form(conn: Connection, request: Request) -> Form:
    """What is saved, who reads it, and how much help a prompt comes with."""
    member, known = request.member, preferences_of(conn, request.member.id)
    return Form(
        READING, _("Answers and privacy"),
        (
            Choice("keep", _("Save what I answer"), say_pairs(YES_NO), value="yes" if member.keeps else "no"),
            Choice(
                "share", _("Who can read my answers"), say_pairs(READERS), _("You can change this for each answer."),
                value=(member.sharing or Sharing.ME).value,
            ),
            Choice("progress", _("Who sees how far I am"), say_pairs(PROGRESS_READERS), value=known.progress.value),
            Choice(
                "hand", _("Show my lead if I might want a hand"), say_pairs(YES_NO),
                _("Yes: the people who lead your team see the title of a lesson you have had open longer than planned, and since when. Nobody else sees it."),
                value="yes" if known.hand else "no",
            ),
            Choice("help", _("Hints with a prompt"), say_pairs(HELP_SIZES), value=member.help or "auto"),
        ),
        submit=_("Save"),
    )  # fmt: skip


def settings_buttons(known: Preferences) -> tuple[Button, ...]:
    """The buttons under somebody's settings."""
    recall = _("Stop showing my earlier words") if known.recall else _("Show me my earlier words")
    return (
        Button(_("Reminders and hours"), opens=HOURS, style="main"),
        Button(_("Answers and privacy"), opens=READING),
        Button(recall, does=RECALL, value="no" if known.recall else "yes"),
    )
