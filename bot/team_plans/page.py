"""The plan of a team as one card: each part with what stands in it, or with what to do next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.chat.cards import Block, Button, Buttons, Card, Heading, Markdown, Note, Picture, Select, Words, say
from bot.chat.language import _
from bot.chat.models import Sharing
from bot.chat.plain_text import card_text
from bot.team_plans.labels import (
    ACTS,
    EMPTY,
    PARTS,
)
from bot.team_plans.model import (
    ONCE,
    PlanEntry,
    PlanPart,
    PlanSheet,
    TeamPlan,
    next_sheet,
)
from bot.team_plans.sections import LINES, SHOW, Names, coming_look, shorten_block
from bot.team_plans.sheets import WRITE

ROOM = 3300
"""Characters of the page: the smallest message of any platform holds 4,000, with buttons and notes."""
SEE, PART, CHOOSE, HISTORY, SHARE, UNSHARE, FISHBONE, PRINT = (
    "plan.see", "plan.part", "plan.choose", "plan.history", "plan.share", "plan.unshare", "plan.fishbone", "plan.print",
)  # fmt: skip


def plan_page(
    plan: TeamPlan, names: Names, today: date, *, editable: bool = True, pictures: Sequence[Picture] = (),
    readers: Words = "",
) -> Card:  # fmt: skip
    """The page of a plan. `editable`: for its team, with buttons; else read-only, for the community. `readers` says who
    reads it there."""
    title = _("Plan of {team}", team=plan.team)
    following = next_sheet(plan, today) if editable else None
    blocks: list[Block] = [Heading(title)]
    for part in PlanPart:
        blocks += _section(plan, part, names, following, editable=editable)
    fitting = _fitted(blocks)
    if fitting != blocks:
        fitting.append(Note(_("Long answers are shortened here. Open a part to read all of it.")))
    blocks = fitting
    blocks += pictures
    if editable:
        blocks += _doors(plan)
        blocks.append(Note(readers or _readers(plan, names)))
    else:
        see = [_fishbone_button(plan)] if plan.causes and not pictures else []
        blocks.append(Buttons((*see, _print_button(plan))))
    return say(title, *blocks)


def _fitted(blocks: list[Block]) -> list[Block]:
    """The blocks with their answers so short that one message holds the page."""
    for most in LINES:
        shown = [shorten_block(block, most) for block in blocks]
        if len(card_text(Card("", tuple(shown)))) <= ROOM:
            break
    return shown


def _readers(plan: TeamPlan, names: Names) -> str:
    if plan.sharing is not Sharing.EVERYONE:
        return _("Only your team can read this plan.")
    who = names.get(plan.shared_by, "") if plan.shared_by is not None else ""
    if who:
        return _(
            "{name} shared this plan: everybody in this community can read it. Only your team can change it.",
            name=who,
        )
    return _("Everybody in this community can read this plan. Only your team can change it.")


def _section(
    plan: TeamPlan, part: PlanPart, names: Names, following: PlanSheet | None, *, editable: bool
) -> list[Block]:
    """One part: its name, what stands in it, and the buttons that come next."""
    begun = bool(plan.of(part))
    if not begun and not editable:
        return []
    head = f"**{_(PARTS[part])}**"
    shown = SHOW[part](plan, names) if begun else coming_look(plan) if part is PlanPart.LOOK else []
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
    buttons = [_fishbone_button(plan)] if plan.causes else []
    if plan.entries:
        buttons.append(Button(_("See the history"), does=HISTORY, value=here))
    buttons.append(_print_button(plan))
    if plan.sharing is Sharing.EVERYONE:
        buttons.append(Button(_("Stop sharing"), does=UNSHARE, value=here))
    elif plan.entries:
        buttons.append(Button(_("Share the plan"), does=SHARE, value=here))
    blocks: list[Block] = [Select(_("Add or change a part"), PART, parts, value=here)] if parts else []
    return [*blocks, Buttons(tuple(buttons))]


def _fishbone_button(plan: TeamPlan) -> Button:
    return Button(_("See the fishbone"), does=FISHBONE, value=f"t{plan.team_id}")


def _print_button(plan: TeamPlan) -> Button:
    return Button(_("Print"), does=PRINT, value=f"t{plan.team_id}")


def can_add(plan: TeamPlan, part: PlanPart) -> bool:
    """Whether something can be added to a part."""
    if part in ONCE:
        return not plan.of(part)
    if part is PlanPart.CHOICE:
        return bool(plan.unchosen())
    if part is PlanPart.CHANGE:
        return plan.change is None
    return part is not PlanPart.LOOK or plan.change is not None
