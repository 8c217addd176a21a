"""The steps from an empty deployment to a first prompt, shared by `tilth setup` in a terminal and `/tilth setup` in chat.

Both show the same titles and reasons, and read what is typed with the same functions.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.chat.language import LANGUAGES, N_, _, known_language
from bot.chat.time.date_parser import parse_span
from bot.chat.time.days import has_year, resolve_span
from bot.chat.time.zones import zone as known_zone

LONGEST_YEAR = timedelta(days=370)
"""The longest school year: more is a typing error in a date."""
NAME = 60
"""Characters of a community's name."""
DANGER = 1500
"""Characters of the text of who to call."""


class SetupStep(StrEnum):
    """A step of setting up; the value stands in buttons."""

    HOME = "home"
    YEAR = "year"
    DANGER = "danger"
    MODERATORS = "moderators"
    ALERTS = "alerts"
    PROMPT = "prompt"


@dataclass(frozen=True, slots=True)
class StepText:
    """What a step is called, and why somebody should do it; texts of the catalog."""

    step: SetupStep
    title: str
    why: str


STEPS = (
    StepText(
        SetupStep.HOME, N_("Community"),
        N_("Its name, time zone, language and country. Every date and time follows from these."),
    ),
    StepText(
        SetupStep.YEAR, N_("School year"),
        N_("Tilth posts nothing on public holidays, in breaks and in summer. For that it needs your first and last day of school."),
    ),
    StepText(
        SetupStep.DANGER, N_("If somebody is in danger"),
        N_(
            "When somebody writes to Tilth that a person may be in danger, they are told at once who to call. The standard text "
            "has US numbers. Put in the numbers of your school, and read it with whoever is responsible for student safety."
        ),
    ),
    StepText(
        SetupStep.MODERATORS, N_("Moderators"),
        N_("Moderators plan prompts and discussions, and hear of problems. Admins can do all of that too."),
    ),
    StepText(
        SetupStep.ALERTS, N_("Alerts"),
        N_("When a post fails or an answer is reported, Tilth tells moderators. They hear it in a private channel or by direct message."),
    ),
    StepText(
        SetupStep.PROMPT, N_("First prompt"),
        N_("A channel and a time, like every Monday at 9:00 AM. You see the dates before anything is set."),
    ),
)  # fmt: skip
"""Every step, in the order in which they are offered."""


def text_of(step: SetupStep) -> StepText:
    """The title and the reason of a step."""
    return next(one for one in STEPS if one.step is step)


def read_name(text: str) -> str:
    """The name of a community. Raises `ValueError` with words for whoever typed it."""
    name = " ".join(text.split())
    if not 0 < len(name) <= NAME:
        raise ValueError(_("A name has 1 to {most} characters.", most=NAME))
    return name


def read_zone(text: str) -> str:
    """The IANA name of a time zone, from a name, a city or a state. Raises `ValueError`."""
    return str(known_zone(text))


def read_language(text: str) -> str:
    """The code of a language that Tilth speaks. Raises `ValueError`."""
    names = {
        "english": "en",
        "inglés": "en",
        "ingles": "en",
        "spanish": "es",
        "español": "es",
        "espanol": "es",
    }
    code = known_language(names.get(text.strip().lower(), text.strip().lower()))
    if code is None:
        raise ValueError(_("Write one of these: {languages}.", languages=", ".join(LANGUAGES)))
    return code


def read_country(text: str) -> str:
    """The two letters of a country. Raises `ValueError`."""
    code = text.strip().upper()
    if len(code) != 2 or not code.isascii() or not code.isalpha():
        raise ValueError(_("Write the country with two letters, like US, CA or MX."))
    return code


def read_school_year(text: str, today: date) -> tuple[date, date]:
    """The first and the last day of a school year, like `aug 17 to jun 4`. Raises `ValueError`.

    Days without a year are those of the school year that `today` is in, or of the next one; whoever writes the year of one
    of them means that year.
    """
    span = parse_span(text)
    first, last = resolve_span(span, today)
    if first > today and not any(has_year(one) for one in span):
        earlier = (_year_before(first), _year_before(last))
        if earlier[0] <= today <= earlier[1]:
            first, last = earlier
    if not timedelta(days=27) <= last - first <= LONGEST_YEAR:
        raise ValueError(
            _("A school year has a first and a last day that are months apart, like aug 17 to jun 4.")
        )
    return first, last


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)
