"""The cards of plans beside the page itself: one part in full, what was saved, what is asked before that, the history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot.chat.cards import (
    Block,
    Button,
    Buttons,
    Card,
    Facts,
    Heading,
    Markdown,
    Select,
    say,
)
from bot.chat.language import N_, _
from bot.chat.short_text import shorten
from bot.team_plans.labels import ACTS, PARTS
from bot.team_plans.model import (
    ADJUST,
    DROP,
    KEEP,
    PlanEntry,
    PlanPart,
    PlanSheet,
    TeamPlan,
    next_sheet,
    sheet_of_new_change,
)
from bot.team_plans.page import (
    CHOOSE,
    PART,
    can_add,
    see_button,
    sheet_button,
)
from bot.team_plans.sections import Names, entry_rows
from bot.team_plans.sheets import LABEL

UNDO, REMOVE, RESTORE, DONE, MORE = "plan.undo", "plan.remove", "plan.restore", "plan.done", "plan.more"
EACH = 4
"""Entries on one page of a part, and changes on one page of the history."""
OPTIONS = 25

MORE_ACTS = {
    PlanPart.CAUSES: N_("Add another cause"),
    PlanPart.VOICES: N_("Add another voice"),
    PlanPart.NEXT: N_("Add another step"),
}


def part_card(plan: TeamPlan, part: PlanPart, names: Names, page: int = 0) -> Card:
    """One part in full, with what can be done about each thing in it."""
    entries = plan.of(part)
    title = _("{part}: {team}", part=_(PARTS[part]), team=plan.team)
    blocks: list[Block] = [Heading(title)]
    shown = entries[page * EACH : (page + 1) * EACH]
    for one in shown:
        blocks.append(Facts(tuple(entry_rows(plan, one, names))))
        blocks.append(Buttons(entry_buttons(plan, one)))
    ways: list[Button] = []
    if len(entries) > (page + 1) * EACH:
        ways.append(Button(_("More"), does=MORE, value=f"t{plan.team_id}/{part.value}/{page + 1}"))
    if can_add(plan, part):
        ways.append(sheet_button(plan, PlanSheet(part.value), main=True))
    return say(title, *blocks, Buttons((*ways, see_button(plan))))


def entry_buttons(plan: TeamPlan, one: PlanEntry) -> tuple[Button, ...]:
    """What can be done about one entry."""
    here = f"t{plan.team_id}/e{one.id}"
    remove = Button(_("Remove"), does=REMOVE, value=here)
    edit = _("Edit")
    match one.part:
        case PlanPart.CHOICE:
            whys = _("Edit the whys") if one.whys else _(ACTS[PlanSheet.WHYS])
            return sheet_button(plan, PlanSheet.WHYS, one, label=whys), remove
        case PlanPart.CHANGE:
            measure = sheet_button(plan, PlanSheet.MEASURE, one)
            return sheet_button(plan, PlanSheet.CHANGE, one, label=edit), measure, remove
        case PlanPart.NEXT:
            done, mark = one.done_at is not None, int(one.done_at is None)
            label = _("Not done yet") if done else _("Mark as done")
            tick = Button(label, does=DONE, value=f"{here}/{mark}", style="plain" if done else "main")
            return tick, sheet_button(plan, PlanSheet.NEXT, one, label=edit), remove
        case _:
            return sheet_button(plan, PlanSheet(one.part.value), one, label=edit), remove


# ── choosing ──────────────────────────────────────────────────────────────────


def choose_card(plan: TeamPlan) -> Card:
    """The causes that can be chosen, one tap each."""
    title = _("Choose causes: {team}", team=plan.team)
    ask = _(
        "Which cause do you choose? If you changed it, would the problem shrink? Can you change it? "
        "Pick two or three, one at a time."
    )
    left = plan.unchosen()
    blocks: list[Block] = [Heading(title), Markdown(ask)]
    ways = [see_button(plan)]
    if plan.choices:
        blocks.append(Facts(tuple((_("Chosen so far"), _name_cause(plan, one)) for one in plan.choices)))
        ways.insert(
            0, Button(_("Change what is chosen"), does=PART, value=f"t{plan.team_id}/{PlanPart.CHOICE.value}")
        )
    for at in range(0, len(left), OPTIONS):
        options = tuple((f"e{one.id}", shorten(one.text("cause"), LABEL)) for one in left[at : at + OPTIONS])
        blocks.append(Select(_("Choose a cause"), CHOOSE, options, value=f"t{plan.team_id}"))
    return say(title, *blocks, Buttons(tuple(ways)))


def _name_cause(plan: TeamPlan, choice: PlanEntry) -> str:
    cause = plan.find(choice.about_id)
    return cause.text("cause") if cause is not None else _("It was removed.")


# ── saved ─────────────────────────────────────────────────────────────────────


def saved_card(
    plan: TeamPlan, sheet: PlanSheet, one: PlanEntry, undo: int, names: Names, today: date
) -> Card:
    """The answer to something that was saved: what, and what comes next."""
    title = _("Saved in the plan of {team}", team=plan.team)
    rows = tuple(entry_rows(plan, one, names))
    said: list[Block] = [Facts(rows)] if rows else []
    if sheet is PlanSheet.LOOK:
        said.append(Markdown(_after_look(one.text("verdict"))))
    ways = list(_ways_on(plan, sheet, one, today))
    ways.append(see_button(plan))
    if undo:
        ways.append(Button(_("Undo"), does=UNDO, value=f"t{plan.team_id}/e{one.id}/{undo}"))
    return say(title, Markdown(f"**{title}**"), *said, Buttons(tuple(ways[:5])))


def _after_look(verdict: str) -> str:
    said = {
        KEEP: N_("You keep the change. Tell the students and families who helped you."),
        ADJUST: N_("Write the changed version. What you tried first stays in the plan."),
        DROP: N_("You dropped the change. It stays in the plan, with what you learned."),
    }
    return _(said.get(verdict, said[KEEP]))


def _ways_on(plan: TeamPlan, sheet: PlanSheet, one: PlanEntry, today: date) -> Sequence[Button]:
    """What comes next, and the same once more where there can be several."""
    over = sheet is PlanSheet.LOOK and one.text("verdict") in (ADJUST, DROP)
    following = sheet_of_new_change(plan) if over else next_sheet(plan, today)
    about = one if following in (PlanSheet.WHYS, PlanSheet.MEASURE) and following.part is one.part else None
    ways = (
        [sheet_button(plan, following, about, main=True, label=_next_label(plan, following))]
        if following
        else []
    )
    if sheet.part in MORE_ACTS and following is not sheet:
        ways.append(sheet_button(plan, sheet, label=_(MORE_ACTS[sheet.part])))
    if sheet is PlanSheet.CHOICE and plan.unchosen():
        ways.append(sheet_button(plan, sheet, label=_("Choose another cause")))
    return ways


def _next_label(plan: TeamPlan, following: PlanSheet) -> str:
    """What the main button says, where it says more than the act."""
    if following is PlanSheet.CHANGE and plan.changes:
        verdict = plan.verdict_of(plan.changes[-1])
        return _("Write the new version") if verdict == ADJUST else _("Try another cause")
    return ""


# ── removed, undone, done ─────────────────────────────────────────────────────


def removed_card(plan: TeamPlan, one: PlanEntry) -> Card:
    """The answer to something that was removed."""
    words = _("Removed from the plan of **{team}**. You can bring it back.", team=plan.team)
    back = Button(_("Undo"), does=RESTORE, value=f"t{plan.team_id}/e{one.id}")
    return say(_("Removed"), Markdown(words), Buttons((back, see_button(plan))))


def undone_card(plan: TeamPlan) -> Card:
    """The answer to Undo."""
    words = Markdown(_("Undone: the plan of **{team}** is as it was before.", team=plan.team))
    return replace(say(_("Undone"), words, Buttons((see_button(plan),))), replaces=True)


def restored_card(plan: TeamPlan) -> Card:
    """The answer to bringing something back."""
    words = Markdown(_("It is back in the plan of **{team}**.", team=plan.team))
    return replace(say(_("It is back"), words, Buttons((see_button(plan),))), replaces=True)
