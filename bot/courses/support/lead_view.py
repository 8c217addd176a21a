"""`/team support`: whoever leads a team sees who might want a hand, of those who chose to show it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from bot.chat.cards import Block, Card, Facts, Heading, Markdown, Moment, Note, compose, say
from bot.chat.language import N_, _
from bot.chat.menu import Command
from bot.chat.models import Refusal
from bot.courses.support.overdue import OverdueLesson, list_overdue
from bot.courses.teams import resolve, tables
from bot.courses.teams.tables import Team
from bot.courses.teams.team_commands import TEAM
from bot.feature import CommandHandler, Reads, Request

SHOWN = 20
"""Lessons that the list shows; of more, those that have been open longest."""


def show_support(conn: Connection, request: Request) -> Card:
    """Who might want a hand, for whoever leads the team and for nobody else."""
    team = resolve.named_or_own_team(conn, request)
    if not tables.is_lead(conn, team.id, request.member.id):
        raise Refusal(
            _("Only the people who lead {team} can see this list.", team=team.name),
            _("`/team` shows who leads it."),
        )
    return support_card(
        team, list_overdue(conn, team.id, request.member.id, request.now), request.member.zone
    )


def leads_team(conn: Connection, request: Request) -> bool:
    """Whether somebody leads a team."""
    mine = tables.teams_of(conn, request.community.id, request.member.id)
    return any(tables.is_lead(conn, one.id, request.member.id) for one in mine)


def support_card(team: Team, found: Sequence[OverdueLesson], zone: str) -> Card:
    """The lessons that are open longer than planned, by name."""
    title = _("Who might want a hand in {team}", team=team.name)
    blocks: list[Block] = [Heading(title)]
    if found:
        rows = tuple(
            (
                one.name,
                compose(_("{lesson}, since {day}"), lesson=one.lesson, day=Moment(one.since, zone, "date")),
            )
            for one in found[:SHOWN]
        )
        blocks += [Markdown(_("These lessons have been open longer than planned:")), Facts(rows)]
    else:
        blocks.append(Markdown(_("Nobody who shows you this has a lesson open longer than planned.")))
    return say(
        title,
        *blocks,
        Note(
            _(
                "You see only people who chose to show this: `/my settings hand:yes`. Only the people who lead {team} see "
                "this list. Nobody is told that you looked.",
                team=team.name,
            )
        ),
    )


COMMANDS = (
    CommandHandler(
        Command("team", "support", N_("Who might want a hand, for the people who lead a team"), (TEAM,), label=N_("Who might want a hand")),
        Reads(show_support),
        leads_team,
    ),
)  # fmt: skip
