"""What stands in each part of a plan, as blocks of its page and as rows of its own card."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial

from bot.chat.cards import Block, Facts, Note, Quote, words
from bot.chat.language import N_, _, format_day, ngettext
from bot.chat.short_text import shorten
from bot.pictures.fishbone import Evidence
from bot.team_plans.check_ins.statements import said_rows
from bot.team_plans.labels import CATEGORY_NAMES, EVIDENCE, VERDICT_NAMES
from bot.team_plans.model import (
    ADJUST,
    CATEGORIES,
    DROP,
    WEEKS,
    PlanEntry,
    PlanPart,
    PlanSheet,
    TeamPlan,
    look_day,
)
from bot.team_plans.sheets import field_rows, say_field

ALL = 10_000
"""Characters that nothing in a plan has."""
SHOWN = 8
"""Causes and steps on the page; the part's own card shows all of them."""
VOICES_SHOWN = 3
WHO = 60
LINES = (160, 110, 80, 50)
"""Characters of one answer on the page: fewer where the whole page would be too long."""
Rows = Sequence[tuple[str, str]]
Names = Mapping[int, str]
"""Members' names by id; whoever was erased has none."""


def shorten_block(block: Block, most: int) -> Block:
    """A block of the page with no answer longer than so many characters."""
    match block:
        case Facts(rows):
            return Facts(tuple((label, shorten(words(said), most)) for label, said in rows))
        case Quote(text, by):
            return Quote(shorten(text, most), shorten(by, WHO) if by else by)
        case _:
            return block


def _facts(rows: Rows) -> list[Block]:
    return [Facts(tuple(rows))] if rows else []


def _more(count: int) -> list[Block]:
    if count <= 0:
        return []
    return [
        Note(
            ngettext(
                "{count} more: open the part to see it.", "{count} more: open the part to see them.", count
            )
        )
    ]


def _once(plan: TeamPlan, names: Names, part: PlanPart) -> list[Block]:
    return _facts(field_rows(plan, PlanSheet(part.value), plan.of(part)[0], names))


def cause_row(one: PlanEntry, most: int = 120) -> tuple[str, str]:
    """A cause of at most so many characters with its place on the fishbone, and what it is based on."""
    label = _(CATEGORY_NAMES.get(one.text("category"), N_("Cause")))
    basis, evidence = _(EVIDENCE.get(one.text("basis"), Evidence.GUESS).value), one.text("evidence")
    cause = shorten(one.text("cause"), most)
    if evidence:
        return label, _(
            "{cause} ({basis}: {evidence})",
            cause=cause,
            basis=basis,
            evidence=shorten(evidence, most * 2 // 3),
        )
    return label, _("{cause} ({basis})", cause=cause, basis=basis)


def _ordered_causes(plan: TeamPlan) -> list[PlanEntry]:
    """The causes in the order of the fishbone."""
    known = [*CATEGORIES, ""]
    return sorted(plan.causes, key=lambda one: known.index(one.text("category")))


def _causes(plan: TeamPlan, _names: Names) -> list[Block]:
    ordered = _ordered_causes(plan)
    rows = tuple(cause_row(one) for one in ordered[:SHOWN])
    return [Facts(rows), *_more(len(ordered) - SHOWN)]


def _choices(plan: TeamPlan, _names: Names) -> list[Block]:
    rows: list[tuple[str, str]] = []
    for one in plan.choices:
        cause = plan.find(one.about_id)
        rows.append((_("Cause"), cause.text("cause") if cause is not None else _("It was removed.")))
        rows += [(_("Why"), why) for why in one.whys]
    return _facts(rows)


def _quotes(voices: Sequence[PlanEntry]) -> list[Block]:
    return [Quote(one.text("said"), one.text("students") or None) for one in voices]


def _voices(plan: TeamPlan, _names: Names) -> list[Block]:
    return [*_quotes(plan.voices[-VOICES_SHOWN:]), *_more(len(plan.voices) - VOICES_SHOWN)]


def verdict_name(plan: TeamPlan, change: PlanEntry) -> str:
    """How far a change is, in words."""
    verdict = plan.verdict_of(change)
    if plan.is_over(change):
        return {DROP: _("Dropped"), ADJUST: _("Replaced")}.get(verdict, _("Kept"))
    return _("Running")


def change_rows(plan: TeamPlan, one: PlanEntry, names: Names) -> Rows:
    """Everything a team wrote about a change."""
    return (
        *field_rows(plan, PlanSheet.CHANGE, one, names),
        *field_rows(plan, PlanSheet.MEASURE, one, names),
    )


def _changes(plan: TeamPlan, names: Names) -> list[Block]:
    *before, last = plan.changes
    rows = [(verdict_name(plan, one), one.text("what")) for one in before]
    over = plan.is_over(last)
    stands = [(_("How it stands"), verdict_name(plan, last))] if over else said_rows(plan, last, names)
    return _facts([*rows, *change_rows(plan, last, names), *stands])


def look_rows(plan: TeamPlan, change: PlanEntry, *, named: bool) -> list[tuple[str, str]]:
    """The looks at a change; `named`: with the change itself, where there was more than one."""
    looks, predicted = plan.looks_of(change), change.text("prediction")
    rows = [(_("The change"), change.text("what"))] if named and looks else []
    rows += [(_("We predicted"), predicted)] if predicted and looks else []
    for one in looks:
        verdict = _(VERDICT_NAMES.get(one.text("verdict"), N_("Keep it")))
        rows += [(say_field(one, WEEKS, {}), one.text("happened")), (_("Decision"), verdict)]
    return rows


def _looks(plan: TeamPlan, _names: Names) -> list[Block]:
    several = len(plan.changes) > 1
    rows = [row for one in plan.changes for row in look_rows(plan, one, named=several)]
    return [*_facts(rows), *coming_look(plan)]


def coming_look(plan: TeamPlan) -> list[Block]:
    """The next look at the change that runs, where its day is known."""
    change = plan.change
    day = look_day(change, plan.weeks_to_look(change)) if change is not None else None
    return _facts([(_("Next look"), format_day(day))] if day is not None else [])


def step_row(one: PlanEntry, names: Names, most: int = 120) -> tuple[str, str]:
    """A next step of at most so many characters: by when, what, and who."""
    what, who = shorten(one.text("what"), most), say_field(one, "owner", names)
    label = format_day(one.day) if one.day is not None else _("No date yet")
    if one.done_at is not None:
        label = _("Done")
    return label, _("{what} ({who})", what=what, who=who) if who else what


def _ordered_steps(plan: TeamPlan) -> list[PlanEntry]:
    """The steps: those to do first, by their day."""
    return sorted(plan.steps, key=lambda one: (one.done_at is not None, one.day or date.max, one.id))


def _steps(plan: TeamPlan, names: Names) -> list[Block]:
    ordered = _ordered_steps(plan)
    rows = [row for one in ordered[:SHOWN] for row in (step_row(one, names), *said_rows(plan, one, names))]
    return [*_facts(rows), *_more(len(ordered) - SHOWN)]


SHOW: Mapping[PlanPart, Callable[[TeamPlan, Names], list[Block]]] = {
    PlanPart.PROBLEM: partial(_once, part=PlanPart.PROBLEM),
    PlanPart.CAUSES: _causes,
    PlanPart.CHOICE: _choices,
    PlanPart.VOICES: _voices,
    PlanPart.AIM: partial(_once, part=PlanPart.AIM),
    PlanPart.CHANGE: _changes,
    PlanPart.LOOK: _looks,
    PlanPart.NEXT: _steps,
}


def all_of_part(plan: TeamPlan, part: PlanPart, names: Names) -> list[Block]:
    """Everything that stands in a part, whole; nothing where it is empty. Paper has room where a message has none."""
    if not plan.of(part):
        return coming_look(plan) if part is PlanPart.LOOK else []
    match part:
        case PlanPart.CAUSES:
            return _facts([cause_row(one, ALL) for one in _ordered_causes(plan)])
        case PlanPart.VOICES:
            return _quotes(plan.voices)
        case PlanPart.NEXT:
            steps = _ordered_steps(plan)
            return _facts(
                [row for one in steps for row in (step_row(one, names, ALL), *said_rows(plan, one, names))]
            )
        case _:
            return SHOW[part](plan, names)


def entry_rows(plan: TeamPlan, one: PlanEntry, names: Names) -> Rows:
    """Everything that stands in one entry, for its own card."""
    if one.part is PlanPart.CHANGE:
        stands = (_("How it stands"), verdict_name(plan, one))
        return (*change_rows(plan, one, names), stands, *said_rows(plan, one, names))
    if one.part is PlanPart.CHOICE:
        cause = plan.find(one.about_id)
        named = cause.text("cause") if cause is not None else _("It was removed.")
        return ((_("Cause"), named), *field_rows(plan, PlanSheet.WHYS, one, names))
    if one.part is PlanPart.LOOK:
        change = plan.find(one.about_id)
        about = change_and_prediction(change) if change is not None else ()
        return (
            (_("When"), say_field(one, WEEKS, names)),
            *about,
            *field_rows(plan, PlanSheet.LOOK, one, names),
        )
    done = ((_("Done"), _("Yes")),) if one.done_at is not None else ()
    return (*field_rows(plan, PlanSheet(one.part.value), one, names), *done, *said_rows(plan, one, names))


def change_and_prediction(change: PlanEntry) -> Rows:
    """What a look is beside."""
    predicted = change.text("prediction")
    return ((_("The change"), change.text("what")), *(((_("We predicted"), predicted),) if predicted else ()))
