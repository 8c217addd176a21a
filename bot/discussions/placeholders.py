"""Placeholders in titles and opening texts: which there are, and what stands in their place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from bot.chat.language import N_, _, format_calendar_day, format_list
from bot.chat.models import Refusal
from bot.facts import CurrentLesson

KNOWN = {
    "week": N_("the number of the week, 1 to 53"),
    "n": N_("1 for the first, 2 for the second"),
    "date": N_("its date"),
    "topic": N_("the next topic of its list"),
    "lesson": N_("the lesson of the course your community takes"),
    "starter": N_("the conversation starter of that lesson, once for each lesson"),
}
FLOOR = N_("open floor")
"""The topic when there is none."""

_SLOT = re.compile(r"\{([^{}\n]{0,30})\}")


def wanted(template: str) -> frozenset[str]:
    """The names of the placeholders in a text."""
    return frozenset(name.strip().lower() for name in _SLOT.findall(template))


def check(template: str, returning: str = "", *, lesson: CurrentLesson | None = None) -> None:
    """Refuse a placeholder that means nothing; `lesson` is the one the community is at, if any."""
    names = wanted(template)
    unknown = sorted(names - set(KNOWN))
    if unknown:
        there = format_list([f"{{{name}}} ({_(about)})" for name, about in KNOWN.items()])
        problem = _("“{name}” is not a word that can be filled in.", name=unknown[0])
        raise Refusal(problem, _("You can use {words}.", words=there), returning)
    if {"lesson", "starter"} & names and lesson is None:
        raise Refusal(
            _("The name of a lesson needs a course, and nobody takes one here."),
            _("Take it out, or use a topic and `/discuss topics`."),
            returning,
        )


def fill(template: str, values: Mapping[str, str]) -> str:
    """The text with every placeholder replaced."""
    return _SLOT.sub(lambda slot: values.get(slot[1].strip().lower(), slot[0]), template)


def values(day: date, number: int, topic: str, lesson: str, starter: str = "") -> dict[str, str]:
    """What stands for each placeholder on a local date."""
    return {
        "week": str(day.isocalendar().week),
        "n": str(number),
        "date": format_calendar_day(day),
        "topic": topic,
        "lesson": lesson,
        "starter": starter,
    }
