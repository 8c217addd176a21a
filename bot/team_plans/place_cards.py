"""The cards about the place of a team's plan: where it is, who will read it there, and what went wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.alerts.cards import cannot_post, reason
from bot.chat.cards import (
    Block,
    Button,
    Buttons,
    Card,
    ChannelLink,
    Heading,
    Markdown,
    Note,
    Words,
    compose,
    say,
)
from bot.chat.language import N_, _, ngettext
from bot.chat.models import Place
from bot.chat.port import CANVAS_TAKEN
from bot.team_plans.canvas.texts import carried_words, uncarried_reason
from bot.team_plans.model import TeamPlan
from bot.team_plans.page import see_button
from bot.team_plans.places import REMOVED, PlanPlace

POST, PICK, REMOVE, AGAIN, MAKE = (
    "plan.place.post", "plan.place.pick", "plan.place.remove", "plan.place.again", "plan.place.make",
)  # fmt: skip
FAILED: Mapping[str, str] = {
    "plan-page": N_("I could not post the plan of **{team}** in {channel}."),
    "plan-page-again": N_("I could not bring the plan of **{team}** in {channel} up to date."),
    "plan-page-pin": N_("The plan of **{team}** is in {channel}, but I could not pin it."),
    "plan-canvas": N_("I could not bring the canvas of {channel} up to date with the plan of **{team}**."),
    "plan-page-gone": N_("I could not remove the old plan of **{team}** from {channel}."),
}
"""What could not be done about a page, by the kind of its row in the outbox."""
NEXT: Mapping[str, str] = {
    "plan-page": N_("I try again when the plan changes. A lead of the team can choose another place: `/team "
                    "place`."),
    "plan-page-again": N_("I try again when the plan changes. A lead of the team can choose another place: "
                          "`/team place`."),
    "plan-canvas": N_("I try again in a few minutes. A lead of the team can choose another place: `/team place`."),
    "plan-page-pin": N_("Let Tilth pin messages there, or pin it yourself."),
    "plan-page-gone": N_("Please delete it yourself."),
}  # fmt: skip


def value_of(team_id: int, place: Place) -> str:
    """A place as the value of a button."""
    return "/".join(filter(None, (f"t{team_id}", place.channel, place.thread)))


def _spot(where: PlanPlace) -> ChannelLink:
    """The link to a place: a thread that was made for the team is a channel of its own where there are such threads."""
    return ChannelLink((where.place.thread if where.made else None) or where.place.channel)


def readers_here(plan: TeamPlan) -> str:
    """Who reads the plan where it is posted, and who may press its buttons."""
    return _("Everybody here can read this plan. Only people in {team} can change it.", team=plan.team)


def also_posted(where: PlanPlace) -> Words:
    """Who reads the plan that is posted somewhere, for its own team; and who changes it, where that is on a canvas."""
    channel = _spot(where)
    if where.carried:
        return compose(
            _("Everybody in {channel} can read this plan, and change it on the canvas there."),
            channel=channel,
        )
    if where.made:
        return compose(
            _("Only your team can read this plan. It is also posted in {channel}."), channel=channel
        )
    return compose(
        _("Your team can read this plan, and everybody in {channel}, where it is posted."), channel=channel
    )


def still_posted(where: PlanPlace) -> Words:
    """A plan is shared no longer, but stands somewhere still."""
    channel = ChannelLink(where.place.channel)
    return compose(_("It stays posted in {channel}. `/team place` moves or removes it."), channel=channel)


def place_card(
    plan: TeamPlan, where: PlanPlace | None, here: Place | None, more: Sequence[Block] = ()
) -> Card:
    """Where a plan is, with what can be done about that. `here` is where somebody asks, if it could be there.

    `more` is said about its canvas."""
    title = _("Where the plan of {team} is", team=plan.team)
    blocks: list[Block] = [Heading(title), Markdown(_state(plan, where))]
    if where is not None and where.problem not in (None, REMOVED):
        blocks.append(Markdown(" ".join(reason(where.problem or ""))))
    if where is not None and where.uncarried is not None:
        blocks.append(Markdown(uncarried_reason(where.uncarried)))
    blocks += [*more, Buttons(tuple(_ways(plan, where, here)))]
    blocks.append(Note(_("Everybody who can read the channel can read the plan there.")))
    return say(title, *blocks)


def _state(plan: TeamPlan, where: PlanPlace | None) -> Words:
    if where is None:
        return _(
            "The plan of **{team}** has no place yet. Choose one: I put the plan there and keep it up to date.",
            team=plan.team,
        )
    text = _("The plan of **{team}** is in {channel}. I keep it up to date there.")
    if where.problem == REMOVED:
        text = _("Somebody removed the plan of **{team}** from {channel}. I do not post it again by myself.")
    elif where.problem is not None:
        text = _("The plan of **{team}** belongs in {channel}, but something is wrong there.")
    elif where.carried:
        return carried_words(plan, _spot(where))
    return compose(text, team=plan.team, channel=_spot(where))


def _ways(plan: TeamPlan, where: PlanPlace | None, here: Place | None) -> list[Button]:
    team = f"t{plan.team_id}"
    ways = []
    if where is not None and where.problem is not None:
        ways.append(Button(_("Post it again"), does=AGAIN, value=team, style="main"))
    elif where is not None and where.uncarried is not None:
        ways.append(Button(_("Try a canvas"), does=AGAIN, value=team))
    if here is not None and (where is None or where.place != here):
        style = "main" if where is None else "plain"
        label = _("Post it in this thread") if here.thread else _("Post it in this channel")
        ways.append(Button(label, does=POST, value=value_of(plan.team_id, here), style=style))  # type: ignore[arg-type]
    ways.append(Button(_("Choose a channel"), opens=PICK, value=team))
    if here is not None and (where is None or not where.made):
        ways.append(Button(_("Make a private place"), does=MAKE, value=team))
    if where is not None:
        ways.append(Button(_("Remove it from there"), does=REMOVE, value=team))
    return ways


def confirm_card(plan: TeamPlan, place: Place, people: int, others: int) -> Card:
    """The question whether the plan may be read by whoever is in a channel; 0 people: nobody knows who is there."""
    title = _("Who will read the plan of {team}?", team=plan.team)
    channel = ChannelLink(place.channel)
    blocks: list[Block] = [
        Heading(title),
        Markdown(compose(_("Everybody in {channel} will see it."), channel=channel)),
    ]
    if people:
        told = ngettext("{count} person is in it now.", "{count} people are in it now.", people)
        outside = ngettext(
            "{count} of them is not in {team}.", "{count} of them are not in {team}.", others, team=plan.team
        )
        blocks.append(Markdown(f"{told} {outside}"))
    blocks.append(
        Markdown(
            _(
                "People who join later will see it, too: the whole plan, with what students said and who "
                "does what."
            )
        )
    )
    blocks.append(
        Markdown(_("If the plan becomes the canvas of the channel, they can change it there, too."))
    )
    post = Button(_("Post it there"), does=f"{POST}.now", value=value_of(plan.team_id, place), style="main")
    return say(
        title,
        *blocks,
        Buttons((post, Button(_("Choose another channel"), opens=PICK, value=f"t{plan.team_id}"))),
    )


def placed_card(plan: TeamPlan, where: PlanPlace, before: PlanPlace | None) -> Card:
    """The plan has a place."""
    channel, title = _spot(where), _("The plan has a place")
    remove = Button(_("Remove it from there"), does=REMOVE, value=f"t{plan.team_id}")
    if before is None:
        words = compose(
            _("I put the plan of **{team}** into {channel} and keep it up to date. `/team place` tells how it looks there."),
            team=plan.team, channel=channel,
        )  # fmt: skip
        return say(title, Markdown(words), Buttons((see_button(plan), remove)))
    words = compose(
        _("I move the plan of **{team}** from {old} to {channel} and keep it up to date there."),
        team=plan.team, old=_spot(before), channel=channel,
    )  # fmt: skip
    back = Button(_("Move it back"), does=POST, value=value_of(plan.team_id, before.place))
    return say(title, Markdown(words), Buttons((see_button(plan), remove, back)))


def made_card(plan: TeamPlan, where: PlanPlace) -> Card:
    """A private place was made for the team."""
    words = compose(
        _("I made a private place for **{team}**: {channel}. I let your team in, and post the plan there."),
        team=plan.team, channel=_spot(where),
    )  # fmt: skip
    later = _("People who join the team later get in, too. People who leave the team lose access.")
    note = Note(_("The people who run this space may be able to look in."))
    return say(
        _("Your team has a private place"),
        Markdown(words),
        Markdown(later),
        Buttons((see_button(plan),)),
        note,
    )


def not_made_card(plan: TeamPlan) -> Card:
    """No private place can be made."""
    words = _(
        "I can’t make a private place here: it is not possible, or I am not allowed to. Your Tilth admin can look it up."
    )
    other = _("You can make a channel or thread yourself. Let me in, then send `/team place` there.")
    pick = Button(_("Choose a channel"), opens=PICK, value=f"t{plan.team_id}")
    return say(_("There is no private place"), Markdown(words), Markdown(other), Buttons((pick,)))


def again_card(plan: TeamPlan, where: PlanPlace) -> Card:
    """The page is posted once more."""
    words = compose(
        _("I post the plan of **{team}** in {channel} again."),
        team=plan.team,
        channel=ChannelLink(where.place.channel),
    )
    return say(_("The plan is posted again"), Markdown(words), Buttons((see_button(plan),)))


def removed_card(plan: TeamPlan, where: PlanPlace | None) -> Card:
    """The plan has no place any more."""
    title, choose = (
        _("The plan has no place"),
        Button(_("Choose a channel"), opens=PICK, value=f"t{plan.team_id}"),
    )
    if where is None:
        words: Words = _("The plan of **{team}** is not posted anywhere.", team=plan.team)
        return say(title, Markdown(words), Buttons((choose, see_button(plan))))
    words = compose(
        _("I remove the plan of **{team}** from {channel}. Nothing in the plan itself changes."),
        team=plan.team, channel=ChannelLink(where.place.channel),
    )  # fmt: skip
    back = Button(_("Post it there again"), does=POST, value=value_of(plan.team_id, where.place))
    return say(title, Markdown(words), Buttons((back, choose, see_button(plan))))


def trouble_card(plan: TeamPlan, kind: str, place: Place, code: str) -> Card:
    """For moderators: something about a page could not be done."""
    lead = compose(_(FAILED[kind]), team=plan.team, channel=ChannelLink(place.channel))
    return cannot_post(lead, code, _(NEXT[kind]))


EXAMPLE = PlanPlace(3, 1, Place("local:example", "c1"), 1, "m1", 0, 0, None)


def examples(plan: TeamPlan, empty: TeamPlan) -> tuple[Card, ...]:
    """Every card of this module."""
    where, place, other = EXAMPLE, EXAMPLE.place, Place("local:example", "c2", "t1")
    made = replace(where, place=replace(place, thread="t2"), made=True)
    removed, closed = replace(where, problem=REMOVED), replace(where, problem="is_archived")
    return (
        place_card(empty, None, other),
        place_card(plan, where, place),
        place_card(plan, removed, None),
        place_card(plan, closed, other),
        place_card(plan, replace(where, carried=True), place),
        *(
            place_card(plan, replace(where, uncarried=code), place)
            for code in (CANVAS_TAKEN, "missing_scope", "teapot")
        ),
        confirm_card(plan, place, 14, 9),
        confirm_card(plan, place, 0, 0),
        placed_card(plan, where, None),
        placed_card(plan, replace(where, place=other), where),
        again_card(plan, where),
        place_card(plan, made, other),
        made_card(plan, made),
        not_made_card(plan),
        removed_card(plan, where),
        removed_card(plan, None),
        *(trouble_card(plan, kind, place, "is_archived") for kind in FAILED),
    )
