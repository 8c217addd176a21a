"""What a member's settings are called: the words for every value, on cards and in forms."""

from __future__ import annotations

from datetime import time

from bot.chat.language import N_, OWN_NAMES, _, format_time
from bot.people.audience import SHARING_NAMES
from bot.people.preferences import Preferences, Reminders

Words = tuple[tuple[str, str], ...]
LANGUAGE_NAMES: Words = (("auto", N_("As on my device")), *OWN_NAMES.items())
YES_NO: Words = (("yes", N_("Yes")), ("no", N_("No")))
READERS: Words = SHARING_NAMES
PROGRESS_READERS: Words = READERS
HELP_SIZES: Words = (
    ("auto", N_("As much as I need")),
    ("full", N_("All hints")),
    ("half", N_("A short hint")),
    ("bare", N_("No hints")),
)


def say_pairs(words: Words) -> Words:
    """The same pairs in the reader's language."""
    return tuple((value, say_value(words, value)) for value, _label in words)


def say_value(words: Words, value: str) -> str:
    """One value in the reader's language."""
    label = dict(words).get(value, value)
    return label if words is LANGUAGE_NAMES and value != "auto" else _(label)


def quiet_line(hours: tuple[time, time]) -> str:
    """Quiet hours as people write them."""
    first, last = hours
    if first == last:
        return _("none")
    return _("{starts} to {ends}", starts=format_time(first), ends=format_time(last))


def reminder_words(per_week: int) -> Words:
    """How much somebody can be reminded, in the reader's language; usually `per_week` times a week at most."""
    return (
        (Reminders.STANDARD.value, _("The usual, at most {count} a week", count=per_week)),
        (Reminders.LIGHT.value, _("Few, at most 1 a week")),
        (Reminders.OFF.value, _("None")),
    )


def reminder_line(known: Preferences, per_week: int) -> str:
    """How much somebody is reminded."""
    return _("Stopped") if known.stopped else dict(reminder_words(per_week))[known.reminders.value]
