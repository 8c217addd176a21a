"""An example of every card of check-ins, for tests and the gallery."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.chat.cards import Card
from bot.chat.language import _, format_day
from bot.team_plans.check_ins import cards
from bot.team_plans.check_ins.cards import AskedItem
from bot.team_plans.examples import NAMES, example_plan
from bot.team_plans.model import CheckState, PlanReport
from bot.team_plans.page import plan_page

_DAY = date(2026, 10, 22)


def check_in_examples() -> tuple[Card, ...]:
    """Every card of check-ins."""
    plan = example_plan()
    change, step = plan.changes[-1], plan.steps[0]
    line = _("The printer is out of paper.")
    said = (
        PlanReport(change.id, CheckState.DONE, "", 1, _DAY),
        PlanReport(step.id, CheckState.STUCK, line, 2, _DAY),
    )
    item = AskedItem(5, plan, step)
    items = (
        item,
        AskedItem(6, plan, replace(change, owner_id=None), owned=False),
        AskedItem(7, plan, change, "2"),
    )
    return (
        cards.question_card(items, _("Your check-in for {day}:", day=format_day(_DAY))),
        cards.look_card(plan, change, "6"),
        cards.done_card(item, 3),
        cards.moved_card(item, _DAY),
        cards.stuck_card(item, ("Ada Quinn",)),
        cards.stuck_card(item, ()),
        cards.stuck_card(item, ("Ada Quinn",), ("Ada Quinn",)),
        cards.told_card(item, ("Ada Quinn",), (), ("Cleo Marsh",), line),
        cards.told_card(item, (), ("Ada Quinn",), (), line),
        cards.kept_card(item, (), 1),
        cards.kept_card(item, ("Ada Quinn",), 1),
        cards.line_card(item),
        cards.done_card(item, 3, line),
        cards.stuck_card(item, ("Ada Quinn",), (), line),
        cards.ask_how_card(item, 4),
        cards.stuck_notice_card(plan, step, "Ben Okafor", line),
        plan_page(replace(plan, check_ins=said), NAMES, _DAY),
    )
