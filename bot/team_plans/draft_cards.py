"""The cards of drafts: the questions that are asked before something is saved in a plan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
    buttons = draft_buttons(draft_id, _("Change the words"), _("Save it as it is"), _("Don’t save"))
    note = Note(_("Your words wait here for one day."))
    return say(title, Heading(title), Markdown(asked), Quote(text), buttons, note)


def draft_buttons(draft_id: int, change: str, keep: str, drop: str) -> Buttons:
    """What can be done with a draft, in the words of a card."""
    value = f"d{draft_id}"
    return Buttons(
        (
            Button(change, opens=WRITE, value=value, style="main"),
            Button(keep, does=KEEP_DRAFT, value=value),
            Button(drop, does=DROP_DRAFT, value=value),
        )
    )


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
    buttons = draft_buttons(draft_id, _("Put both together"), _("Save mine"), _("Keep what is there"))
    note = Note(_("Your words wait here for one day."))
    return say(title, Heading(title), Markdown(first), *version_blocks(fields, _("Yours")), buttons, note)


def version_blocks(fields: Sequence[ClashingField], mine: str) -> Iterator[Block]:
    """Both versions of each field; `mine` is what the second one is called."""
    for one in fields:
        yield Markdown(f"**{one.label}**")
        yield Quote(one.theirs or "–", _("In the plan now"))
        yield Quote(one.mine or "–", mine)


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
