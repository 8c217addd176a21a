"""The plan of a team as one card: each part with what stands in it, or with what to do next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from bot.chat.cards import Block, Button, Buttons, Card, Facts, Heading, Markdown, Note, Quote, Select, say
from bot.chat.language import N_, _, format_day, ngettext
from bot.chat.models import Sharing
from bot.team_plans.check_ins.standing import said_rows
from bot.team_plans.labels import (
    ACTS,
    BASIS_WORDS,
    CATEGORY_NAMES,
    EMPTY,
    PARTS,
    VERDICT_NAMES,
)
from bot.team_plans.model import (
    ADJUST,
    CATEGORIES,
    DROP,
    ONCE,
    WEEKS,
    PlanEntry,
    PlanPart,
    PlanSheet,
    TeamPlan,
    look_day,
    next_sheet,
)
from bot.team_plans.sheets import WRITE, field_rows, say_field

SEE, PART, CHOOSE, HISTORY, SHARE, UNSHARE, FISHBONE = (
    "plan.see", "plan.part", "plan.choose", "plan.history", "plan.share", "plan.unshare", "plan.fishbone",
)  # fmt: skip
SHOWN = 8
"""Causes and steps on the page; the part's own card shows all of them."""
VOICES_SHOWN = 3
LINE = 160
"""Characters of one answer on the page."""
Rows = Sequence[tuple[str, str]]
Names = Mapping[int, str]
"""Members' names by id; whoever was erased has none."""


def plan_page(plan: TeamPlan, names: Names, today: date, *, editable: bool = True) -> Card:
    """The page of a plan. `editable`: for its team, with buttons; else read-only, for the community."""
    title = _("Plan of {team}", team=plan.team)
    following = next_sheet(plan, today) if editable else None
    blocks: list[Block] = [Heading(title)]
    for part in PlanPart:
        blocks += _section(plan, part, names, following, editable=editable)
    if editable:
        blocks += _doors(plan)
        blocks.append(Note(_readers(plan)))
    return say(title, *blocks)


def _readers(plan: TeamPlan) -> str:
    if plan.sharing is Sharing.EVERYONE:
        return _("Everybody in this community can read this plan. Only your team can change it.")
    return _("Only your team can read this plan.")


def _section(
    plan: TeamPlan, part: PlanPart, names: Names, following: PlanSheet | None, *, editable: bool
) -> list[Block]:
    """One part: its name, what stands in it, and the buttons that come next."""
    begun = bool(plan.of(part))
    if not begun and not editable:
        return []
    head = f"**{_(PARTS[part])}**"
    shown = _SHOW[part](plan, names) if begun else coming_look(plan) if part is PlanPart.LOOK else []
    blocks: list[Block] = [Markdown(head if begun else f"{head}\n{_(EMPTY[part])}"), *shown]
    sheet = following if following is not None and following.part is part else None
    if sheet is None and not begun and _is_possible(plan, part):
        sheet = PlanSheet(part.value)
    if editable and sheet is not None:
        blocks.append(Buttons((sheet_button(plan, sheet, main=sheet is following),)))
    return blocks


def _is_possible(plan: TeamPlan, part: PlanPart) -> bool:
    """Whether a part can be written already."""
    if part is PlanPart.CHOICE:
        return bool(plan.causes)
    return plan.change is not None if part is PlanPart.LOOK else True


def sheet_button(
    plan: TeamPlan, sheet: PlanSheet, entry: PlanEntry | None = None, *, main: bool = False, label: str = ""
) -> Button:
    """The button that opens a form, or what asks for it; for an entry, where one is to be changed."""
    said = label or _(ACTS[sheet])
    style = "main" if main else "plain"
    if sheet is PlanSheet.CHOICE:
        return Button(said, does=CHOOSE, value=f"t{plan.team_id}", style=style)  # type: ignore[arg-type]
    value = f"{sheet.value}/t{plan.team_id}" + (f"/e{entry.id}" if entry is not None else "")
    return Button(said, opens=WRITE, value=value, style=style)  # type: ignore[arg-type]


def see_button(plan: TeamPlan) -> Button:
    """The button that shows the plan."""
    return Button(_("See the plan"), does=SEE, value=f"t{plan.team_id}")


def _doors(plan: TeamPlan) -> list[Block]:
    """Every part to open, and what there is beside the parts."""
    here = f"t{plan.team_id}"
    parts = tuple((part.value, _(PARTS[part])) for part in PlanPart if plan.of(part))
    buttons = [Button(_("See the history"), does=HISTORY, value=here)] if plan.entries else []
    if plan.causes:
        buttons.insert(0, Button(_("See the fishbone"), does=FISHBONE, value=here))
    if plan.sharing is Sharing.EVERYONE:
        buttons.append(Button(_("Stop sharing"), does=UNSHARE, value=here))
    elif plan.entries:
        buttons.append(Button(_("Share the plan"), does=SHARE, value=here))
    blocks: list[Block] = [Select(_("Add or change a part"), PART, parts, value=here)] if parts else []
    return [*blocks, Buttons(tuple(buttons))] if buttons else blocks


# ── what stands in each part ──────────────────────────────────────────────────


def _cut(text: str, most: int = LINE) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _facts(rows: Rows) -> list[Block]:
    return [Facts(tuple((label, _cut(said)) for label, said in rows))] if rows else []


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


def _once(plan: TeamPlan, part: PlanPart, names: Names) -> list[Block]:
    return _facts(field_rows(plan, PlanSheet(part.value), plan.of(part)[0], names))


def _problem(plan: TeamPlan, names: Names) -> list[Block]:
    return _once(plan, PlanPart.PROBLEM, names)


def _aim(plan: TeamPlan, names: Names) -> list[Block]:
    return _once(plan, PlanPart.AIM, names)


def cause_row(one: PlanEntry) -> tuple[str, str]:
    """A cause with its place on the fishbone, and what it is based on."""
    label = _(CATEGORY_NAMES.get(one.text("category"), N_("Cause")))
    basis, evidence = _(BASIS_WORDS.get(one.text("basis"), N_("a guess"))), one.text("evidence")
    cause = _cut(one.text("cause"), 120)
    if evidence:
        return label, _(
            "{cause} ({basis}: {evidence})", cause=cause, basis=basis, evidence=_cut(evidence, 80)
        )
    return label, _("{cause} ({basis})", cause=cause, basis=basis)


def _causes(plan: TeamPlan, _names: Names) -> list[Block]:
    known = [*CATEGORIES, ""]
    ordered = sorted(plan.causes, key=lambda one: known.index(one.text("category")))
    rows = tuple(cause_row(one) for one in ordered[:SHOWN])
    return [Facts(rows), *_more(len(ordered) - SHOWN)]


def _choices(plan: TeamPlan, _names: Names) -> list[Block]:
    rows: list[tuple[str, str]] = []
    for one in plan.choices:
        cause = plan.find(one.about_id)
        rows.append((_("Cause"), cause.text("cause") if cause is not None else _("It was removed.")))
        rows += [(_("Why?"), why) for why in one.whys]
    return _facts(rows)


def _voices(plan: TeamPlan, _names: Names) -> list[Block]:
    shown = plan.voices[-VOICES_SHOWN:]
    quotes = [Quote(_cut(one.text("said"), 200), one.text("students") or None) for one in shown]
    return [*quotes, *_more(len(plan.voices) - VOICES_SHOWN)]


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
    over = (
        [(_("How it stands"), verdict_name(plan, last))]
        if plan.is_over(last)
        else said_rows(plan, last, names)
    )
    return _facts([*rows, *change_rows(plan, last, names), *over])


def look_rows(plan: TeamPlan, change: PlanEntry, *, named: bool) -> list[tuple[str, str]]:
    """The looks at a change; `named`: with the change itself, where there was more than one."""
    looks = plan.looks_of(change)
    rows = [(_("Change"), change.text("what"))] if named and looks else []
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


def step_row(one: PlanEntry, names: Names) -> tuple[str, str]:
    """A next step: by when, what, and who."""
    what, who = _cut(one.text("what"), 120), say_field(one, "owner", names)
    label = format_day(one.day) if one.day is not None else _("No date yet")
    if one.done_at is not None:
        label = _("Done")
    return label, _("{what} ({who})", what=what, who=who) if who else what


def _steps(plan: TeamPlan, names: Names) -> list[Block]:
    ordered = sorted(plan.steps, key=lambda one: (one.done_at is not None, one.day or date.max, one.id))
    rows = [row for one in ordered[:SHOWN] for row in (step_row(one, names), *said_rows(plan, one, names))]
    return [*_facts(rows), *_more(len(ordered) - SHOWN)]


_SHOW = {
    PlanPart.PROBLEM: _problem,
    PlanPart.CAUSES: _causes,
    PlanPart.CHOICE: _choices,
    PlanPart.VOICES: _voices,
    PlanPart.AIM: _aim,
    PlanPart.CHANGE: _changes,
    PlanPart.LOOK: _looks,
    PlanPart.NEXT: _steps,
}


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
        about = ((_("Change"), change.text("what")),) if change is not None else ()
        return (
            (_("When"), say_field(one, WEEKS, names)),
            *about,
            *field_rows(plan, PlanSheet.LOOK, one, names),
        )
    done = ((_("Done"), _("Yes")),) if one.done_at is not None else ()
    return (*field_rows(plan, PlanSheet(one.part.value), one, names), *done, *said_rows(plan, one, names))


def can_add(plan: TeamPlan, part: PlanPart) -> bool:
    """Whether something can be added to a part."""
    if part in ONCE:
        return not plan.of(part)
    if part is PlanPart.CHOICE:
        return bool(plan.unchosen())
    if part is PlanPart.CHANGE:
        return plan.change is None
    return part is not PlanPart.LOOK or plan.change is not None
