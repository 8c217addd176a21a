"""The cards about words on a canvas that wait for an answer from the team."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.chat.cards import Block, Button, Buttons, Card, Heading, Markdown, Note, Quote, say
from bot.chat.language import _, format_list, ngettext
from bot.team_plans.draft_cards import ClashingField, draft_buttons, version_blocks
from bot.team_plans.labels import PARTS, SAID
from bot.team_plans.model import PlanSheet, TeamPlan
from bot.team_plans.page import see_button

WAITING = "plan.canvas"
"""The button that shows what waits."""


def waiting_button(plan: TeamPlan) -> Button:
    """Shows what waits for an answer."""
    return Button(_("See what waits"), does=WAITING, value=f"t{plan.team_id}", style="main")


def waiting_card(plan: TeamPlan) -> Card:
    """For the place of a plan: something on its canvas waits for an answer. It names no words."""
    title = _("The canvas has a question")
    words = _(
        "Something on this canvas is not in the plan of **{team}** yet. Somebody in the team, please look at it.",
        team=plan.team,
    )
    return say(title, Markdown(words), Buttons((waiting_button(plan),)))


def waiting_note(plan: TeamPlan, count: int) -> tuple[Block, ...]:
    """The same above the plan itself."""
    told = ngettext(
        "{count} change on the canvas waits for your answer.",
        "{count} changes on the canvas wait for your answer.",
        count,
    )
    return Markdown(told), Buttons((waiting_button(plan),))


def nothing_card(plan: TeamPlan) -> Card:
    """Nothing waits any more."""
    words = Markdown(_("Nothing on the canvas waits for an answer. The plan has it all."))
    return say(_("Nothing waits"), words, Buttons((see_button(plan),)))


def clash_card(draft_id: int, fields: Sequence[ClashingField], more: int) -> Card:
    """What stands in the plan, and what people wrote on the canvas at the same time."""
    title = _("Two versions")
    first = _("Somebody changed this on the canvas, and somebody else changed it in the plan. Both are kept.")
    both = version_blocks(fields, _("On the canvas"))
    buttons = draft_buttons(
        draft_id, _("Put both together"), _("Take what is on the canvas"), _("Keep what is in the plan")
    )
    return say(title, Heading(title), Markdown(first), *both, buttons, *_more(more))


def names_card(draft_id: int, words: Sequence[str], text: str, more: int) -> Card:
    """The question whether names are to stay in what somebody wrote on the canvas."""
    title = _("Is this a name?")
    asked = _(
        "Somebody wrote this on the canvas. I found {names}. If this is a person’s name, please leave it out. "
        "It is not in the plan yet.",
        names=format_list([f"“{word}”" for word in words[:5]]),
    )
    buttons = draft_buttons(
        draft_id, _("Change the words"), _("Take it as it is"), _("Keep what is in the plan")
    )
    return say(title, Heading(title), Markdown(asked), Quote(text), buttons, *_more(more))


def _more(count: int) -> tuple[Block, ...]:
    if not count:
        return ()
    told = ngettext("{count} more waits after this.", "{count} more wait after this.", count)
    return (Note(told),)


def unread_note(keys: Sequence[str]) -> tuple[Block, ...]:
    """Which lines of a canvas cannot be read as what they stand for."""
    names = dict.fromkeys(name for key in keys if (name := _name_of(key)))
    if not keys:
        return ()
    lines = format_list([f"“{name}”" for name in names][:5])
    told = _(
        "I can’t read these lines of the canvas: {lines}. They stay there, and the plan is as it was.",
        lines=lines,
    )
    return (Markdown(told),)


def _name_of(key: str) -> str:
    """What the line of a canvas is called."""
    head, *rest = key.split("/")
    name = rest[0] if head in ("part", "hint") and rest else head
    sheet = next((one for one in PlanSheet if one.value == name), None)
    if sheet is None:
        return _("The lines at the top")
    said = SAID.get(sheet, {}).get(rest[-1]) if rest else None
    return _(said or PARTS[sheet.part])


def examples(plan: TeamPlan) -> tuple[Card, ...]:
    """Every card of this module."""
    field = ClashingField(_("What"), "We wait three seconds.", "We wait five seconds.")
    note = replace(
        say("", *waiting_note(plan, 2), *unread_note(("next/3/day", "hint/causes"))), title=_("Team plan")
    )
    return (
        waiting_card(plan),
        nothing_card(plan),
        clash_card(3, (field,), 1),
        names_card(4, ("Maria",), "Maria asked her friend.", 0),
        note,
    )
