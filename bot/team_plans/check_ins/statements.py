"""What somebody said about a change or a step, as a line of the plan."""

from __future__ import annotations

from collections.abc import Mapping

from bot.chat.language import N_, _, format_day
from bot.team_plans.model import CheckState, PlanEntry, PlanPart, PlanReport, TeamPlan

STATES: Mapping[CheckState, str] = {
    CheckState.DONE: N_("Done"),
    CheckState.MOVING: N_("Moving"),
    CheckState.STUCK: N_("Stuck"),
}


def name_state(state: CheckState, part: PlanPart) -> str:
    """What was said, in a word or two; a change is not done on its first day, it has started."""
    return _("Started") if state is CheckState.DONE and part is PlanPart.CHANGE else _(STATES[state])


def said_rows(plan: TeamPlan, entry: PlanEntry, names: Mapping[int, str]) -> list[tuple[str, str]]:
    """(state, line with who said it and when) of what was said last about an entry.

    Nothing where nobody said anything, or no more than that a step is done, which stands there already.
    """
    said = plan.last_said(entry)
    if said is not None and entry.done_at is not None and said.state is CheckState.DONE and not said.line:
        return []
    return [] if said is None else [(name_state(said.state, entry.part), _say(said, names))]


def _say(said: PlanReport, names: Mapping[int, str]) -> str:
    day = format_day(said.day)
    who = names.get(said.member_id, "") if said.member_id is not None else ""
    if said.line and who:
        return _("{line} ({who}, {day})", line=said.line, who=who, day=day)
    if said.line:
        return _("{line} ({day})", line=said.line, day=day)
    return _("{who}, {day}", who=who, day=day) if who else day
