"""The trend of each scale that was asked more than once or once: its middle and how many picked, by the day it closed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, select

from bot.courses.teams import tables as teams_tables
from bot.people.small_groups import may_tell
from bot.reflections.prompts.answer_kinds.scale import ScaleAnswer
from bot.reflections.schedule.asked_prompts import WHOLE, AskedPrompt, asked_from, asking
from bot.reflections.taps.tally import count_seen
from bot.reports import tables
from bot.reports.scale_counts import scale_questions

ASKED = 200
"""Prompts that are looked through for scales, the newest first."""
POINTS = 8
"""Times that a trend goes back."""


@dataclass(frozen=True, slots=True)
class ScaleName:
    """A scale: a question of a prompt, by which it is asked again."""

    prompt_id: int
    question: int

    @property
    def value(self) -> str:
        """As it travels in a button: `p12/0`."""
        return f"p{self.prompt_id}/{self.question}"


@dataclass(frozen=True, slots=True)
class ScalePoint:
    """One time a scale was asked: how often each number was picked; none where too few picked to be told."""

    at: datetime
    counts: tuple[int, ...]

    @property
    def people(self) -> int:
        """How many picked a number."""
        return sum(self.counts)

    def middle(self, start: int) -> float:
        """The average of a scale that begins at `start`."""
        return sum((start + place) * count for place, count in enumerate(self.counts)) / self.people


@dataclass(frozen=True, slots=True)
class ScaleTrend:
    """A scale over time, oldest first, with the averages of teams by time."""

    name: ScaleName
    title: str
    ask: str
    scale: ScaleAnswer
    points: tuple[ScalePoint, ...]
    teams: Mapping[str, Sequence[tuple[datetime, float]]] = field(default_factory=dict)
    """Of each team: when, and the average."""


@dataclass(frozen=True, slots=True)
class AskedScale:
    """A scale with the times it was asked, newest first."""

    name: ScaleName
    title: str
    asked: tuple[AskedPrompt, ...]


def list_scales(conn: Connection, community_id: int) -> list[AskedScale]:
    """The scales in prompts that have closed, the one that was asked last first."""
    query = (
        select(*WHOLE, asking.c.closed_at.label("over"))
        .where(asking.c.community_id == community_id, asking.c.closed_at.is_not(None))
        .order_by(asking.c.opened_at.desc(), asking.c.occurrence_id.desc())
        .limit(ASKED)
    )
    found: dict[ScaleName, list[AskedPrompt]] = {}
    for row in conn.execute(query):
        here = asked_from(row)
        for number in scale_questions(here):
            found.setdefault(ScaleName(here.prompt_id, number), []).append(here)
    return [AskedScale(name, asked[0].prompt.title, tuple(asked)) for name, asked in found.items()]


def read_trend(conn: Connection, one: AskedScale) -> ScaleTrend:
    """The trend of a scale, as far as it may be told now. Times at which its ends were others are left out."""
    newest = one.asked[0]
    scale = scale_questions(newest)[one.name.question]
    same = [each for each in one.asked if scale_questions(each).get(one.name.question) == scale][:POINTS]
    asked = list(reversed(same))
    points = tuple(ScalePoint(here.closes_at, _told(conn, here, one.name.question)) for here in asked)
    return ScaleTrend(
        one.name, one.title, newest.prompt.questions[one.name.question].ask, scale, points,
        _teams(conn, asked, one.name.question),
    )  # fmt: skip


def _told(conn: Connection, here: AskedPrompt, number: int) -> tuple[int, ...]:
    counts = tuple(here.picked.get(str(number), ()))
    return counts if counts and may_tell(sum(counts), count_seen(conn, here, number)) else ()


def _teams(
    conn: Connection, asked: Sequence[AskedPrompt], number: int
) -> dict[str, list[tuple[datetime, float]]]:
    by_id = {here.id: here for here in asked}
    if not by_id:
        return {}
    home = asked[0].community_id
    names = {one.id: one.name for one in teams_tables.teams(conn, home)}
    found: dict[str, list[tuple[datetime, float]]] = {}
    for one in tables.scales_of(conn, home, by_id):
        if one.question == number and one.team_id in names:
            at = by_id[one.occurrence_id].closes_at
            found.setdefault(names[one.team_id], []).append((at, one.total / one.people))
    return {name: sorted(points) for name, points in sorted(found.items())}
