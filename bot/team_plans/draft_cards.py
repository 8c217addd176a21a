"""The cards of drafts: the questions that are asked before something is saved in a plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.chat.cards import Block, Button, Buttons, Card, Heading, Markdown, Note, Quote, say
from bot.chat.language import _, format_list
from bot.team_plans.labels import LABELS
from bot.team_plans.model import PlanEntry, PlanSheet
from bot.team_plans.page import SEE
from bot.team_plans.sections import Names
from bot.team_plans.sheets import WRITE, say_field

KEEP_DRAFT, DROP_DRAFT = "plan.keep", "plan.drop"


def names_card(draft_id: int, words: Sequence[str], text: str) -> Card:
    """The question whether names are to stay in what students said."""
    title = _("Is this a name?")
    asked = _(
        "I found {names}. If this is a person’s name, please leave it out. Nothing is saved yet.",
        names=format_list([f"“{word}”" for word in words[:5]]),
    )
    value = f"d{draft_id}"
    buttons = (
        Button(_("Change the words"), opens=WRITE, value=value, style="main"),
        Button(_("Save it as it is"), does=KEEP_DRAFT, value=value),
        Button(_("Don’t save"), does=DROP_DRAFT, value=value),
    )
    note = Note(_("Your words wait here for one day."))
    return say(title, Heading(title), Markdown(asked), Quote(text), Buttons(buttons), note)


@dataclass(frozen=True, slots=True)
class ClashingField:
    """A field that two people changed: what stands in the plan, and what the second one wrote."""

    label: str
    theirs: str
    mine: str


def clash_card(draft_id: int, who: str, fields: Sequence[ClashingField]) -> Card:
    """Both versions of what two people wrote at the same time."""
    title = _("Somebody else changed this, too")
    first = (
        _("{name} saved this part of the plan while you were writing. Your words are not lost.", name=who)
        if who
        else _("Somebody saved this part of the plan while you were writing. Your words are not lost.")
    )
    blocks: list[Block] = [Heading(title), Markdown(first)]
    for one in fields:
        blocks.append(Markdown(f"**{one.label}**"))
        blocks.append(Quote(one.theirs or "–", _("In the plan now")))
        blocks.append(Quote(one.mine or "–", _("Yours")))
    value = f"d{draft_id}"
    buttons = (
        Button(_("Put both together"), opens=WRITE, value=value, style="main"),
        Button(_("Save mine"), does=KEEP_DRAFT, value=value),
        Button(_("Keep what is there"), does=DROP_DRAFT, value=value),
    )
    note = Note(_("Your words wait here for one day."))
    return say(title, *blocks, Buttons(buttons), note)


def dropped_card(team_id: int) -> Card:
    """The answer to a draft that is not to be saved."""
    back = Button(_("See the plan"), does=SEE, value=f"t{team_id}")
    words = Markdown(_("I saved nothing. The plan is as it was."))
    return replace(say(_("Not saved"), words, Buttons((back,))), replaces=True)


def clashing_fields(
    sheet: PlanSheet, fields: Sequence[str], theirs: PlanEntry, mine: PlanEntry, names: Names
) -> list[ClashingField]:
    """What two people wrote in the same fields, with the questions they answer."""
    return [
        ClashingField(_(LABELS[sheet][name]), say_field(theirs, name, names), say_field(mine, name, names))
        for name in fields
        if name in LABELS[sheet]
    ]
