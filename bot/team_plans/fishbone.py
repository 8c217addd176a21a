"""The fishbone of a plan: the problem, the causes by category, and which of them are chosen."""

from __future__ import annotations

from bot.chat.cards import Buttons, Card, Heading, Picture, say
from bot.chat.language import _
from bot.pictures.fishbone import Bone, BoneCause, Evidence, fishbone_picture
from bot.team_plans.labels import CATEGORY_NAMES, EVIDENCE
from bot.team_plans.model import TeamPlan
from bot.team_plans.page import see_button


def fishbone_of(plan: TeamPlan) -> Picture:
    """The picture, with the same words as its alt text."""
    return fishbone_picture(problem_of(plan), bones_of(plan))


def problem_of(plan: TeamPlan) -> str:
    """What stands at the head."""
    return plan.problem.text("what") if plan.problem is not None else _("The problem is not written yet.")


def bones_of(plan: TeamPlan) -> list[Bone]:
    """The causes by category, those without causes too."""
    chosen = {one.about_id for one in plan.choices}
    return [
        Bone(
            _(name),
            tuple(
                BoneCause(
                    one.text("cause"), EVIDENCE.get(one.text("basis"), Evidence.GUESS), one.id in chosen
                )
                for one in plan.causes
                if one.text("category") == code
            ),
        )
        for code, name in CATEGORY_NAMES.items()
    ]


def fishbone_card(plan: TeamPlan) -> Card:
    """The picture on a card."""
    title = _("Fishbone of {team}", team=plan.team)
    return say(title, Heading(title), fishbone_of(plan), Buttons((see_button(plan),)))
