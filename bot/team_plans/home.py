"""A member's teams on the bot's own page: the plan of each, what comes next in it, and the next meeting."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from bot.chat.cards import Block, Button, Buttons, Markdown
from bot.chat.language import _
from bot.courses.teams import tables as teams_tables
from bot.feature import Request
from bot.team_plans import page, tables
from bot.team_plans.meetings import cards as meeting_cards
from bot.team_plans.meetings.tables import next_meeting
from bot.team_plans.model import next_sheet


def home_blocks(conn: Connection, request: Request) -> Sequence[Block]:
    """The plans and meetings of a member's teams."""
    blocks: list[Block] = []
    for one in teams_tables.teams_of(conn, request.community.id, request.member.id):
        plan = tables.load_plan(conn, one.id)
        sheet = next_sheet(plan, request.community.day_of(request.now))
        blocks.append(Markdown(_("**Plan of {team}**", team=one.name)))
        buttons = [Button(_("Plan of {team}", team=one.name), does=page.SEE, value=f"t{one.id}")]
        if sheet is not None:
            buttons.append(page.sheet_button(plan, sheet))
        if coming := next_meeting(conn, one.id, request.now):
            blocks.append(Markdown(meeting_cards.next_line(coming, request.member.zone)))
            see = Button(_("See the meetings"), does=meeting_cards.SEE, value=f"t{one.id}")
            buttons.append(see)
        blocks.append(Buttons(tuple(buttons)))
    return blocks
