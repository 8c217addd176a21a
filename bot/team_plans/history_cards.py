"""The cards of a plan's history, and of who may read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.chat.cards import Block, Button, Buttons, Card, Facts, Heading, Markdown, Moment, Note, compose, say
from bot.chat.language import N_, _
from bot.chat.short_text import shorten
from bot.team_plans.cards import RESTORE
from bot.team_plans.labels import PARTS
from bot.team_plans.model import PlanEntry, TeamPlan
from bot.team_plans.page import HISTORY, SEE, SHARE, UNSHARE, see_button
from bot.team_plans.place_cards import still_posted
from bot.team_plans.places import PlanPlace
from bot.team_plans.sections import Rows
from bot.team_plans.tables import EntryState

SHARE_NOW = "plan.publish"


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One change of a plan: a sentence for it, who, when, and what was there before; `gone`: its entry is removed now."""

    revision_id: int
    entry: PlanEntry
    who: str
    at: datetime
    sentence: str
    before: Rows
    gone: bool


def history_card(plan: TeamPlan, lines: Sequence[HistoryLine], zone: str, *, more: bool) -> Card:
    """The changes of a plan, the newest first."""
    title = _("History of the plan of {team}", team=plan.team)
    blocks: list[Block] = [Heading(title)]
    if not lines:
        blocks.append(Markdown(_("Nobody has changed this plan yet.")))
    for one in lines:
        blocks.append(
            Markdown(
                compose(
                    _(one.sentence),
                    part=_(PARTS[one.entry.part]),
                    who=one.who or _("somebody"),
                    moment=Moment(one.at, zone),
                )
            )
        )  # fmt: skip
        if one.before:
            blocks.append(Markdown(_("Before:")))
            blocks.append(Facts(tuple((label, shorten(said, 200)) for label, said in one.before)))
        if one.gone:
            back = Button(_("Bring it back"), does=RESTORE, value=f"t{plan.team_id}/e{one.entry.id}")
            blocks.append(Buttons((back,)))
    ways = [see_button(plan)]
    if more:
        ways.insert(
            0, Button(_("Earlier changes"), does=HISTORY, value=f"t{plan.team_id}/{lines[-1].revision_id}")
        )
    note = Note(_("The history goes back 400 days."))
    return say(title, *blocks, Buttons(tuple(ways)), note)


def say_change(before: EntryState | None, after: EntryState | None, *, on_canvas: bool = False) -> str:
    """The sentence for a change, from what an entry held before and after it; a canvas does not say who made it."""
    if on_canvas:
        return (
            N_("**{part}**: added on the canvas, {moment}.")
            if before is None
            else N_("**{part}**: changed on the canvas, {moment}.")
        )
    if before is None:
        return N_("**{part}**: added by {who}, {moment}.")
    if after is not None and after.gone_at is not None and before.gone_at is None:
        return N_("**{part}**: removed by {who}, {moment}.")
    if before.gone_at is not None:
        return N_("**{part}**: brought back by {who}, {moment}.")
    return N_("**{part}**: changed by {who}, {moment}.")


# ── sharing ───────────────────────────────────────────────────────────────────


def share_card(plan: TeamPlan, community: str) -> Card:
    """The question whether everybody may read a plan."""
    title = _("Share the plan of {team}?", team=plan.team)
    words = _(
        "Everybody in **{community}** could read the whole plan: also what students said, and who does what. "
        "Only your team can change it.",
        community=community,
    )
    here = f"t{plan.team_id}"
    buttons = (
        Button(_("Share with everybody"), does=SHARE_NOW, value=here, style="main"),
        Button(_("Keep it in the team"), does=SEE, value=here),
    )
    return say(title, Heading(title), Markdown(words), Buttons(buttons))


def shared_card(plan: TeamPlan) -> Card:
    """The answer to sharing a plan."""
    words = _(
        "Everybody in this community can read the plan of **{team}** now: `/team plan team:{name}`.",
        team=plan.team, name=_quoted(plan.team),
    )  # fmt: skip
    undo = Button(_("Undo"), does=UNSHARE, value=f"t{plan.team_id}")
    return say(_("The plan is shared"), Markdown(words), Buttons((undo, see_button(plan))))


def _quoted(name: str) -> str:
    return f'"{name}"' if " " in name else name


def unshared_card(plan: TeamPlan, where: PlanPlace | None = None) -> Card:
    """The answer to sharing a plan no longer; `where` it is posted still."""
    words = _("Only the team **{team}** can read its plan now.", team=plan.team)
    again = Button(_("Share it again"), does=SHARE, value=f"t{plan.team_id}")
    posted = (Markdown(still_posted(where)),) if where is not None and not where.made else ()
    return say(_("The plan is not shared"), Markdown(words), *posted, Buttons((again, see_button(plan))))
