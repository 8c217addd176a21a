"""`/report scales` and the pages of charts and teams, for moderators; pictures are drawn within the read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.chat.cards import Card
from bot.chat.language import N_
from bot.chat.menu import Command
from bot.chat.models import Role, StaleValue
from bot.chat.parsing.button_values import read_id, read_number
from bot.feature import ButtonHandler, CommandHandler, Reads, Request
from bot.pictures.columns import BARS
from bot.reports import scale_cards, scales, trend_cards
from bot.reports.cards import CHARTS, SCALES, TEAMS
from bot.reports.figures import read_trend
from bot.reports.scales import ScaleName
from bot.reports.team_answers import read_teams
from bot.schedules.weeks import Week, week_at, week_named

WEEKS = 4
"""Weeks of which a page shows the answers of teams."""


@dataclass(frozen=True, slots=True)
class TrendCommands:
    """The commands and buttons of trends."""

    def commands(self) -> Sequence[CommandHandler]:
        """What moderators can ask for."""
        scale = Command("report", "scales", N_("How people picked on scales, week by week"), role=Role.MODERATOR, label=N_("Scales"))  # fmt: skip
        team = Command("report", "teams", N_("Answers of each team in the last four weeks"), role=Role.MODERATOR, label=N_("By team"))  # fmt: skip
        return (CommandHandler(scale, Reads(show_scales)), CommandHandler(team, Reads(show_teams)))

    def buttons(self) -> Sequence[ButtonHandler]:
        """What can be pressed on the cards."""
        return (
            ButtonHandler(SCALES, Reads(turn_scale), Role.MODERATOR),
            ButtonHandler(CHARTS, Reads(show_charts), Role.MODERATOR),
            ButtonHandler(TEAMS, Reads(turn_teams), Role.MODERATOR),
        )


def show_scales(conn: Connection, request: Request) -> Card:
    """The scale that was asked last."""
    found = scales.list_scales(conn, request.community.id)
    if not found:
        return scale_cards.no_scale_card()
    return scale_cards.scale_card(scales.read_trend(conn, found[0]), found, request.community.zone)


def turn_scale(conn: Connection, request: Request) -> Card:
    """The scale that was chosen, in the place of the one that is shown."""
    wanted = request.value.removeprefix("/")
    if not wanted:
        return show_scales(conn, request)
    name = ScaleName(read_id(wanted, "p"), read_number(wanted.partition("/")[2]))
    found = scales.list_scales(conn, request.community.id)
    chosen = next((one for one in found if one.name == name), None)
    if chosen is None:
        raise StaleValue
    card = scale_cards.scale_card(scales.read_trend(conn, chosen), found, request.community.zone)
    return replace(card, replaces=True)


def show_charts(conn: Connection, request: Request) -> Card:
    """The weeks up to one as a picture."""
    last = _last(request)
    week = min(week_named(request.value) or last, last)
    return trend_cards.chart_card(read_trend(conn, request.community.id, week))


def show_teams(conn: Connection, request: Request) -> Card:
    """The first page of teams."""
    return _teams(conn, request, 0)


def turn_teams(conn: Connection, request: Request) -> Card:
    """A page of teams; the first one as a card of its own."""
    page = read_number(request.value) if request.value else 0
    return replace(_teams(conn, request, page), replaces=page > 0)


def _teams(conn: Connection, request: Request, page: int) -> Card:
    last = _last(request)
    weeks = [last.shifted(-back) for back in range(WEEKS - 1, -1, -1)]
    keys = [one.key for one in weeks]
    found = read_teams(conn, request.community.id, keys, page * BARS, BARS + 1)
    return trend_cards.teams_card(found, weeks, page)


def _last(request: Request) -> Week:
    """The last week that is over."""
    return week_at(request.now, ZoneInfo(request.community.zone)).shifted(-1)
