"""The card with which a meeting ends: what was written into the plan, in a few lines."""

from __future__ import annotations

from bot.chat.cards import Block, Buttons, Card, Facts, Heading, Markdown, Words, say
from bot.chat.language import _, ngettext
from bot.team_plans.labels import PARTS
from bot.team_plans.meetings.tables import TeamMeeting
from bot.team_plans.model import PlanEntry, PlanPart, TeamPlan
from bot.team_plans.page import see_button
from bot.team_plans.sections import Names, step_row
from bot.team_plans.sheets import shorten

LINE, LINES = 120, 10
"""Characters of a line, and lines."""


def summary_card(meeting: TeamMeeting, plan: TeamPlan, written: set[int], names: Names) -> Card:
    """What a meeting ended with: what was written, in a few lines; or how much, where it is for the plan only."""
    title = _("The meeting of {team} is over", team=plan.team)
    found = [one for one in plan.entries if one.id in written]
    blocks: list[Block] = [Heading(title)]
    if not found:
        blocks.append(Markdown(_("Nothing new was written into the plan.")))
    elif not meeting.tells:
        blocks.append(Markdown(_count(len(found))))
    else:
        rows = _lines(plan, written, names)
        blocks.append(Facts(rows[:LINES]))
        if len(rows) > LINES:
            blocks.append(Markdown(_count(len(found))))
    return say(title, *blocks, Buttons((see_button(plan),)))


def _count(count: int) -> str:
    return ngettext(
        "{count} thing was written into the plan.", "{count} things were written into the plan.", count
    )


def _lines(plan: TeamPlan, written: set[int], names: Names) -> tuple[tuple[str, Words], ...]:
    """A line for each thing that was written, next steps first. What students said is counted, and not repeated."""
    rows: list[tuple[str, Words]] = []
    for part in sorted(PlanPart, key=lambda one: one is not PlanPart.NEXT):
        mine = [one for one in plan.of(part) if one.id in written]
        if part is PlanPart.VOICES and mine:
            rows.append((_(PARTS[part]), str(len(mine))))
            continue
        steps = part is PlanPart.NEXT
        rows += [step_row(one, names) if steps else (_(PARTS[part]), _gist(plan, one)) for one in mine]
    return tuple(rows)


def _gist(plan: TeamPlan, one: PlanEntry) -> str:
    """The first words of an entry."""
    names = ("what", "cause", "amount", "happened")
    if one.part is PlanPart.CHOICE:
        cause = plan.find(one.about_id)
        text = cause.text("cause") if cause is not None else ""
        text = one.whys[-1] if one.whys else text
    else:
        text = next((said for name in names if (said := one.text(name))), "")
    return shorten(text, LINE)
