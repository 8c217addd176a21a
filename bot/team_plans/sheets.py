"""The forms of a plan: made from what stands there, and read back as values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from bot.chat.forms import TITLE, Choice, Form, FormField, Hint, Input, LongText, Pick, ShortText
from bot.chat.language import _, current_locale, format_day
from bot.chat.short_text import shorten
from bot.chat.time.date_parser import parse_day
from bot.chat.time.days import MONTH_FIRST, NumericDay, YearDay, resolve_day
from bot.chat.time.local_names import with_english_names
from bot.chat.time.vocabulary import PhraseError
from bot.team_plans.labels import (
    BASIS_NAMES,
    CATEGORY_NAMES,
    HINTS,
    LABELS,
    LOOK_NAMES,
    SAID,
    TITLES,
    VERDICT_NAMES,
)
from bot.team_plans.model import DAY, FIELDS, OWNER, PlanEntry, PlanSheet, TeamPlan

WRITE = "plan.write"
"""The id of every form of a plan."""
ABOUT = "about"
"""The field of a change that says which chosen cause it is for."""
LONG = {"evidence", "said", "happened", "learned", "wrong", "prediction"}
OPTIONAL = {
    "where", "since", "evidence", "asked", "students", "learned", "wrong", "why2", "why3", "why4", "why5", OWNER, DAY,
}  # fmt: skip
REQUIRED = {(PlanSheet.PROBLEM, "students"), (PlanSheet.AIM, "students"), (PlanSheet.NEXT, DAY)}
"""Fields that are needed here, and elsewhere not."""
CHOICES = {"category": CATEGORY_NAMES, "basis": BASIS_NAMES, "verdict": VERDICT_NAMES}
LIMITS = {"said": 600, "evidence": 400, "happened": 600, "learned": 600, "students": 120}
LIMIT = 300
LABEL = 75
"""Characters of a button or option."""
MOST_CHOICES = 10
"""Options of a choice; the newest chosen causes are offered."""
BACK = timedelta(days=300)
"""A day without a year that is further ahead was last year's: a change may have begun already."""


def build_sheet(
    plan: TeamPlan,
    sheet: PlanSheet,
    value: str,
    known: Mapping[str, str],
    about: PlanEntry | None,
    *,
    new: bool,
) -> Form:
    """The form, filled with `known` values by field; `about` is the entry that it is about, if any."""
    fields: list[FormField] = []
    if notice := _notice(plan, sheet, about):
        fields.append(Hint(notice))
    fields += [_field(sheet, name, known.get(name, "")) for name in FIELDS[sheet]]
    if new and sheet is PlanSheet.CHANGE and len(plan.choices) > 1:
        offered = choices_offered(plan)
        fields.append(Choice(ABOUT, _(LABELS[sheet][ABOUT]), offered, value=known.get(ABOUT, "")))
    return Form(WRITE, _(TITLES[sheet])[:TITLE], tuple(fields), value)


def choices_offered(plan: TeamPlan) -> tuple[tuple[str, str], ...]:
    """(id, cause) of the chosen causes that a change can be for."""
    found = [(str(one.id), cause.text("cause")) for one in plan.choices if (cause := plan.find(one.about_id))]
    return tuple((value, shorten(label, LABEL)) for value, label in found[-MOST_CHOICES:])


def _notice(plan: TeamPlan, sheet: PlanSheet, about: PlanEntry | None) -> str:
    """What a form is about, in one line above it."""
    if sheet is PlanSheet.WHYS and about is not None:
        cause = plan.find(about.about_id)
        return _("The cause: {cause}", cause=shorten(cause.text("cause"), 200)) if cause is not None else ""
    if sheet is PlanSheet.LOOK and about is not None:
        predicted = about.text("prediction")
        return _("You predicted: {prediction}", prediction=shorten(predicted, 200)) if predicted else ""
    return ""


def _field(sheet: PlanSheet, name: str, value: str) -> Input:
    label, hint = _(LABELS[sheet][name]), HINTS.get((sheet, name), "")
    needed = (sheet, name) in REQUIRED or name not in OPTIONAL
    said = _(hint) if hint else ""
    if name in CHOICES:
        options = tuple((code, _(text)) for code, text in CHOICES[name].items())
        return Choice(name, label, options, said, value=value)
    if name == OWNER:
        return Pick(OWNER, label, "member", required=False, value=value)
    if name == DAY:
        return ShortText(
            DAY, label, _("Like Dec 4, Friday, or in 2 weeks."), required=needed, value=value, limit=40
        )
    limit = LIMITS.get(name, LIMIT)
    kind = LongText if name in LONG else ShortText
    return kind(name, label, said, required=needed, value=value[:limit], limit=limit)


def write_day(day: date | None) -> str:
    """A day as it stands in a form, so that it can be read back."""
    if day is None:
        return ""
    return f"{day.month}/{day.day}/{day.year}" if writes_month_first() else day.isoformat()


def writes_month_first() -> bool:
    """Whether the reader's country writes the month before the day, and counts twelve hours."""
    return current_locale().partition("_")[2] in MONTH_FIRST


def read_form_day(text: str, today: date, *, past: bool) -> date:
    """The day that somebody wrote; raises `PhraseError`. `past`: one without a year may have been before today."""
    written = parse_day(with_english_names(text))
    day = resolve_day(written, today)
    yearless = isinstance(written, YearDay) or (isinstance(written, NumericDay) and written.year is None)
    if past and yearless and day - today > BACK:
        return day.replace(year=day.year - 1, day=min(day.day, 28) if day.month == 2 else day.day)
    return day


def day_problem(error: PhraseError) -> str:
    """Why a day cannot be read, and what works."""
    return f"{error.problem} {_('Like Dec 4, Friday, or in 2 weeks.')}"


def field_rows(
    plan: TeamPlan, sheet: PlanSheet, one: PlanEntry, names: Mapping[int, str]
) -> Sequence[tuple[str, str]]:
    """(name, answer) of each field of a form that an entry holds something in."""
    rows = [(_(SAID[sheet][name]), say_field(one, name, names)) for name in FIELDS[sheet]]
    if sheet is PlanSheet.CHANGE and (cause := plan.cause_of(one.about_id)) is not None:
        rows.append((_(SAID[sheet][ABOUT]), cause.text("cause")))
    return [(label, said) for label, said in rows if said]


def say_field(one: PlanEntry, name: str, names: Mapping[int, str]) -> str:
    """What a field of an entry holds, in words."""
    if name == OWNER:
        return names.get(one.owner_id, "") if one.owner_id is not None else ""
    if name == DAY:
        return format_day(one.day) if one.day is not None else ""
    text = one.text(name)
    coded = {**CHOICES, "weeks": LOOK_NAMES}.get(name)
    return _(coded[text]) if coded and text in coded else text
