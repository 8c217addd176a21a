"""What a team learned from a change, ready for whoever offers it to the community."""

from __future__ import annotations

from bot.facts import LessonLearned
from bot.team_plans.model import PlanEntry, PlanPart, TeamPlan


def lesson_of(plan: TeamPlan, look: PlanEntry) -> LessonLearned | None:
    """What a look at a change teaches, once it ended the change; None before that."""
    change = plan.find(look.about_id)
    if look.part is not PlanPart.LOOK or change is None or not plan.is_over(change):
        return None
    if plan.looks_of(change)[-1:] != (look,):
        return None
    cause = plan.cause_of(change.about_id)
    return LessonLearned(
        plan.community_id, plan.team_id, change.id, look.id, cause.text("cause") if cause is not None else "",
        change.text("what"), change.text("prediction"), look.text("happened"), look.text("verdict"), look.text("learned"),
    )  # fmt: skip
