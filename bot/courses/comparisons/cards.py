"""Cards about teams that compare their totals."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.cards import (
    Block,
    Button,
    Buttons,
    Card,
    Facts,
    Heading,
    Markdown,
    Moment,
    Note,
    Words,
    compose,
    say,
)
from bot.chat.language import _
from bot.courses.teams.progress_view import TeamTotal
from bot.courses.teams.tables import Team


def ask_card(mine: Team, other: Team) -> Card:
    """To a lead, before they ask: what comparing means."""
    title = _("Compare totals with {team}?", team=other.name)
    words = _(
        "If the people who lead **{other}** agree, everybody in **{mine}** and **{other}** sees the weekly total of each team: "
        "how many lessons its people finished together. Nobody is named. A lead of either team can end it.",
        mine=mine.name,
        other=other.name,
    )
    ask = Button(_("Ask them"), does="team.compare.ask", value=_state(mine, other), style="main")
    return say(title, Heading(title), Markdown(words), Buttons((ask,)))


def asked_card(other: Team) -> Card:
    """The answer to whoever asked."""
    words = _("I asked the people who lead **{team}**. I tell you what they answer.", team=other.name)
    return say(_("I asked {team}", team=other.name), Markdown(words))


def offer_card(mine: Team, other: Team) -> Card:
    """To a lead of the other team: who asks, what it means, and the two answers. `mine` is whose lead asks."""
    title = _("Compare totals with {team}?", team=mine.name)
    words = _(
        "**{mine}** asks to compare totals with **{other}**, which you lead. If you agree, everybody in both teams sees the weekly "
        "total of each team: how many lessons its people finished together. Nobody is named. A lead of either team can end it.",
        mine=mine.name,
        other=other.name,
    )
    buttons = (
        Button(_("Agree"), does="team.compare.agree", value=_state(other, mine), style="main"),
        Button(_("Decline"), does="team.compare.end", value=_state(other, mine)),
    )
    return say(title, Heading(title), Markdown(words), Buttons(buttons))


def answered_card(other: Team, *, agreed: bool) -> Card:
    """To the leads who asked: what the others said, or that it has ended."""
    if agreed:
        words = _("**{team}** agreed. `/team compare {team}` shows both totals.", team=other.name)
        return say(_("{team} agreed", team=other.name), Markdown(words))
    words = _("Your team and **{team}** do not compare totals.", team=other.name)
    return say(_("No comparison with {team}", team=other.name), Markdown(words))


def ended_card(mine: Team, other: Team) -> Card:
    """The answer to whoever declined or ended it."""
    words = _("**{mine}** and **{other}** do not compare totals.", mine=mine.name, other=other.name)
    return say(_("No comparison with {team}", team=other.name), Markdown(words))


def totals_card(
    course: str, totals: Sequence[tuple[Team, TeamTotal | None]], zone: str, *, leads: bool
) -> Card:
    """The totals of two teams in a course, beside each other."""
    title = " · ".join(team.name for team, _total in totals)
    rows = tuple((team.name, _total_words(total, zone)) for team, total in totals)
    (mine, _mine), (other, _other) = totals
    end = Button(_("Stop comparing"), does="team.compare.end", value=_state(mine, other))
    blocks: list[Block] = [Heading(title), Markdown(course), Facts(rows)]
    if leads:
        blocks.append(Buttons((end,)))
    note = _("Each total is counted once a week, of five or more people who keep their own progress private.")
    return say(title, *blocks, Note(note))


def _total_words(total: TeamTotal | None, zone: str) -> Words:
    if total is None:
        return _("Too few people to show totals.")
    return compose(
        _("{done} of {of} lessons done, counted on {day}"),
        done=total.done,
        of=total.of,
        day=Moment(total.counted_at, zone, "date"),
    )


def _state(mine: Team, other: Team) -> str:
    return f"t{mine.id}/t{other.id}"
