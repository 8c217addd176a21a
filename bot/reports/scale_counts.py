"""What teams picked on a scale, as sums of at least five people whose picks nobody sees by name.

A person counts in one team alone, and only where nobody else can read their pick. What is left beside the teams that are
told is of at least five people or of nobody, with and without what is shared inside teams: so no sum can be taken from
another to learn of fewer, whichever of these a moderator can read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy import Connection, func, select

from bot.chat.models import Sharing
from bot.courses.teams.tables import teammate
from bot.people.small_groups import MINIMUM, may_tell
from bot.reflections.answers.tables import answer
from bot.reflections.answers.turnout import in_time, is_threaded
from bot.reflections.prompts.answer_kinds.scale import ScaleAnswer
from bot.reflections.schedule.asked_prompts import AskedPrompt
from bot.reflections.taps.tally import is_of, picked
from bot.reports.tables import ScaleCount


def scale_questions(here: AskedPrompt) -> Mapping[int, ScaleAnswer]:
    """The scales of a prompt, by the number of their question."""
    asked = enumerate(here.prompt.questions)
    return {number: one.answer for number, one in asked if isinstance(one.answer, ScaleAnswer)}


def count_scales(conn: Connection, here: AskedPrompt) -> list[ScaleCount]:
    """The sums of teams that may be told of a prompt that has closed."""
    found = []
    for number in scale_questions(here):
        if str(number) not in here.picked:
            continue  # too few picked anything: teams are fewer still
        alone, inside = _unseen_picks(conn, here, number)
        for team_id, given in tellable_teams(alone, _teams_of(conn, here.community_id), inside).items():
            found.append(ScaleCount(here.id, number, team_id, len(given), sum(given)))
    return found


def tellable_teams(
    picks: Mapping[int, int], teams: Mapping[int, int], shared: int = 0
) -> dict[int, list[int]]:
    """What was picked in each team that may be told: `picks` by member, `teams` the one team of each member.

    `shared` is how many more picks only teams can read. The smallest teams are left out until what is left over is of
    nobody, or of five.
    """
    inside: dict[int, list[int]] = defaultdict(list)
    for member_id, pick in picks.items():
        if member_id in teams:
            inside[teams[member_id]].append(pick)
    told = {team_id: given for team_id, given in inside.items() if may_tell(len(given))}
    while told:
        left = len(picks) - sum(map(len, told.values()))
        if not any(0 < few < MINIMUM for few in (left, left + shared)):
            break
        del told[min(told, key=lambda one: (len(told[one]), one))]
    return told


def _unseen_picks(conn: Connection, here: AskedPrompt, number: int) -> tuple[dict[int, int], int]:
    """The last pick of each member whose pick only they can read, and how many more only teams can read."""
    hidden = answer.c.sharing.in_((Sharing.ME.value, Sharing.TEAM.value))
    rows = conn.execute(
        select(answer.c.member_id, answer.c.sharing, picked.c.value)
        .join(picked, picked.c.answer_id == answer.c.id)
        .where(in_time(here.id), hidden, ~is_threaded(), picked.c.value.is_not(None))
        .where(is_of((number,)))
        .order_by(func.coalesce(picked.c.edited_at, picked.c.said_at), picked.c.id)
    )
    last = {row.member_id: (row.sharing, int(row.value["pick"])) for row in rows if "pick" in row.value}
    alone = {one: pick for one, (sharing, pick) in last.items() if sharing == Sharing.ME.value}
    return alone, len(last) - len(alone)


def _teams_of(conn: Connection, community_id: int) -> dict[int, int]:
    """The team in which each member counts: the first one they are in."""
    mine = (teammate.c.community_id == community_id) & teammate.c.left_at.is_(None)
    rows = conn.execute(
        select(teammate.c.member_id, func.min(teammate.c.team_id)).where(mine).group_by(teammate.c.member_id)
    )
    return {row[0]: row[1] for row in rows}
