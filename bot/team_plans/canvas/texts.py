"""What is said about the canvas of a plan: who reads and changes it, when it is looked at, and why there is none."""

from __future__ import annotations

from bot.chat.cards import ChannelLink, Words, compose
from bot.chat.language import _
from bot.chat.port import CANVAS_TAKEN
from bot.team_plans.model import TeamPlan
from bot.team_plans.places import LOOK_MINUTES


def canvas_readers(plan: TeamPlan) -> str:
    """Who reads and changes the plan on a canvas."""
    return _(
        "Everybody in this channel can read and change this canvas. It is the plan of {team}.", team=plan.team
    )


def carried_words(plan: TeamPlan, channel: ChannelLink) -> Words:
    """A plan is the canvas of a channel."""
    text = _(
        "The plan of **{team}** is the canvas of {channel}. Everybody there can change it on the canvas, too. I look at it "
        "every {minutes} minutes, and before I write on it."
    )
    return compose(text, team=plan.team, channel=channel, minutes=LOOK_MINUTES)


def uncarried_reason(code: str) -> str:
    """Why a plan is a message, where it could be the canvas of its place; and what helps."""
    if code == CANVAS_TAKEN:
        return _(
            "There is a canvas already that is not mine. I leave it alone, so the plan is a pinned message. "
            "If you delete that canvas, press “Try a canvas”."
        )
    if code == "missing_scope":
        return _(
            "The plan is a pinned message, because Tilth is not allowed to use canvases here. Your Tilth admin can allow it. "
            "Then press “Try a canvas”."
        )
    return _("The plan is a pinned message, because a canvas is not possible here ({code}).", code=code)
