"""The card with which a meeting ends: what was written into the plan, in a few lines."""

from __future__ import annotations

from bot.chat.cards import Block, Buttons, Card, Facts, Heading, Markdown, Words, say
from bot.chat.language import _, ngettext
from bot.chat.short_text import shorten
from bot.courses.lessons.cards import team_did_button
from bot.team_plans.labels import PARTS, VERDICT_NAMES
from bot.team_plans.meetings.tables import TeamMeeting
from bot.team_plans.model import KEEP, WEEKS, PlanEntry, PlanPart, PlanSheet, TeamPlan
from bot.team_plans.page import see_button
from bot.team_plans.sections import Names, step_row
from bot.team_plans.sheets import field_rows, say_field

LINE, LINES = 120, 10
"""Characters of a line, and lines."""


def summary_card(
    meeting: TeamMeeting, plan: TeamPlan, written: set[int], names: Names, *, fills: bool = False
) -> Card:
    """What a meeting ended with: what was written, in a few lines; or how much, where it is for the plan only.

    `fills`: the plan has all that the lesson of the meeting asks for, so that whoever took part has done it.
    """
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
    ways = [see_button(plan)]
    if fills:
        blocks.append(
            Markdown(_("Do you take the course? If you took part, this finishes the lesson for you, too."))
        )
        ways.insert(0, team_did_button(meeting.lesson))
    return say(title, *blocks, Buttons(tuple(ways)))


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
        for one in mine:
            rows += _rows(plan, one, names)
    return tuple(rows)


def _rows(plan: TeamPlan, one: PlanEntry, names: Names) -> list[tuple[str, Words]]:
    """What was written as one entry, in a line; of a look, the decision in another."""
    match one.part:
        case PlanPart.NEXT:
            return [step_row(one, names)]
        case PlanPart.CAUSES:
            return [(_("Cause"), _cut(one.text("cause")))]
        case PlanPart.CHOICE:
            cause = plan.find(one.about_id)
            chosen = _cut(cause.text("cause")) if cause is not None else _("It was removed.")
            return [(_("Chosen cause"), chosen), *((_("Why"), _cut(why)) for why in one.whys[-1:])]
        case PlanPart.CHANGE:
            return [(label, _cut(said)) for label, said in field_rows(plan, PlanSheet.CHANGE, one, names)]
        case PlanPart.LOOK:
            verdict = _(VERDICT_NAMES.get(one.text("verdict"), VERDICT_NAMES[KEEP]))
            return [(say_field(one, WEEKS, names), _cut(one.text("happened"))), (_("Decision"), verdict)]
        case _:
            return [(_(PARTS[one.part]), _cut(one.text("what") or one.text("amount")))]


def _cut(text: str) -> str:
    return shorten(text, LINE)
