"""The figures of a week: what its prompts came to, how that compares with the weeks before, and what waits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import cast
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Integer, Select, bindparam, case, func, select

from bot.people.audience import Reader, public_reader
from bot.people.small_groups import MINIMUM, may_tell
from bot.people.tables import Community
from bot.reflections.answers import silence
from bot.reflections.answers.tables import SHARED, answer
from bot.reflections.answers.turnout import in_time, is_seen, is_threaded
from bot.reflections.schedule import asked_prompts
from bot.reports import tables
from bot.reports.attention import Attention, find_attention
from bot.reports.highlights.candidates import list_candidates
from bot.reports.prompt_counts import count_answers, read_by_moderators
from bot.reports.tables import MessageCount, PromptCount
from bot.reports.waiting_list import count_waiting
from bot.schedules.weeks import Week
from bot.store.compiled import CompiledStatement

TREND = 12
"""The weeks that a trend shows, the newest last."""
RECENT, BEFORE = 3, 6
"""Weeks that are compared with those before them, for the length of answers."""
SAMPLE = 15
"""Answers that are looked at before all of them are."""
SHORTER = 0.7
"""Answers are getting shorter where they have less than this part of the words they had."""


@dataclass(frozen=True, slots=True)
class PromptFigure:
    """A prompt that closed in the week. `everybody`: `answered` are all who did, else those moderators can read.

    `silent`: it had no answers to show. `unnamed`: it took answers without a name, which are not counted here. `opened`: how
    many people looked at what others answered.
    """

    title: str
    asked: int | None
    answered: int | None
    everybody: bool
    silent: bool = False
    unnamed: bool = False
    opened: int | None = None
    theme: str = ""


@dataclass(frozen=True, slots=True)
class WeekTotal:
    """A week of the trend: the answers that may be told, of how many that were asked for, and how long they were.

    `rate` is the part of those who were asked that answered, from the prompts of which both may be told.
    """

    week: Week
    prompts: int
    answered: int | None
    rate: float | None
    words: float | None


@dataclass(frozen=True, slots=True)
class ShorterAnswers:
    """Answers became shorter: about so many words now, and before."""

    now: int
    before: int


@dataclass(frozen=True, slots=True)
class WeekReport:
    """Everything a report of a week says."""

    community: Community
    week: Week
    prompts: tuple[PromptFigure, ...]
    trend: tuple[WeekTotal, ...]
    shorter: ShorterAnswers | None
    waiting: int
    candidate: bool
    counted: MessageCount | None
    attention: Attention

    @property
    def says_something(self) -> bool:
        """Whether anything happened that moderators should hear of unasked."""
        a = self.attention
        return bool(self.prompts or self.waiting or a.failed or a.low or a.looks)


def read_report(conn: Connection, home: Community, week: Week, reader: Reader, now: datetime) -> WeekReport:
    """The report of a week that is over; what waits and what to look at is that of now."""
    told = _counts(conn, home.id, week)
    mine = told[week]
    trend = tuple(sum_week(one, each) for one, each in told.items())
    today = now.astimezone(ZoneInfo(home.zone)).date()
    return WeekReport(
        home, week, tuple(_prompt_figure(conn, one) for one in mine), trend,
        find_shorter(trend), count_waiting(conn, reader, now), bool(list_candidates(conn, reader, now)), tables.find_week(conn, home.id, week.key),
        find_attention(conn, home.id, now - timedelta(days=7), today + timedelta(days=6), now),
    )  # fmt: skip


def read_trend(conn: Connection, community_id: int, week: Week) -> tuple[WeekTotal, ...]:
    """The weeks up to one, the newest last."""
    return tuple(sum_week(one, counts) for one, counts in _counts(conn, community_id, week).items())


def read_total(conn: Connection, community_id: int, week: Week) -> WeekTotal:
    """One week of the trend alone."""
    return sum_week(week, _counts(conn, community_id, week, 1)[week])


def _counts(
    conn: Connection, community_id: int, week: Week, many: int = TREND
) -> dict[Week, list[PromptCount]]:
    """What may be told now of the prompts of each of so many weeks, this one last."""
    weeks = {one.key: one for one in (week.shifted(-back) for back in range(many - 1, -1, -1))}
    found: dict[Week, list[PromptCount]] = {one: [] for one in weeks.values()}
    for count in tables.counts_of_weeks(conn, community_id, list(weeks)):
        found[weeks[count.week]].append(_told_now(conn, count))
    return found


def _told_now(conn: Connection, one: PromptCount) -> PromptCount:
    """A count as it may be told now: somebody may have shared since what only they could read."""
    if not one.everybody or _unseen(conn, one) >= MINIMUM:
        return one
    _all, seen = count_answers(
        conn, one.occurrence_id, read_by_moderators(one.community_id, one.occurrence_id)
    )
    seen_now = seen if may_tell(seen) else None
    return PromptCount(
        one.occurrence_id, one.community_id, one.week, None, seen_now, False, one.opened, one.words
    )


def _unseen(conn: Connection, one: PromptCount) -> int:
    """How many answered unseen, or at least so many as may be told."""
    asked = {"prompt": one.occurrence_id, "community": one.community_id, "most": SAMPLE}
    [found] = _SAMPLED.rows(conn, asked)
    if found.unseen >= MINIMUM or found.looked_at < SAMPLE:
        return int(found.unseen)
    return conn.execute(
        select(func.count()).select_from(answer).where(in_time(one.occurrence_id), ~is_seen(one.community_id))
    ).scalar_one()


def _sample_unseen() -> Select[tuple[int, int]]:
    """Of a few who did not share with everyone, how many there are, and how many of them are not in the thread either.

    They are nearly always enough. The condition for all at once makes PostgreSQL read every message of a year.
    """
    prompt, community, most = (bindparam(one, type_=Integer) for one in ("prompt", "community", "most"))
    private = ~public_reader(cast("int", community)).condition(SHARED)
    some = (
        select(is_threaded().label("threaded"))
        .where(in_time(cast("int", prompt)), private)
        .limit(most)
        .subquery()
    )
    unseen = func.coalesce(func.sum(case((some.c.threaded, 0), else_=1)), 0)
    return select(func.count().label("looked_at"), unseen.label("unseen")).select_from(some)


_SAMPLED = CompiledStatement(_sample_unseen(), "prompt", "community", "most")
"""A trend asks it for each of its prompts."""


def _prompt_figure(conn: Connection, one: PromptCount) -> PromptFigure:
    here = asked_prompts.find_asked_prompt(conn, one.community_id, one.occurrence_id)
    silent = one.answered is None and not silence.has_answers_to_show(
        conn, one.community_id, one.occurrence_id
    )
    title, unnamed, theme = ("", False, "")
    if here is not None:
        title, unnamed, theme = here.prompt.title, here.anonymous, here.prompt.theme
    return PromptFigure(title, one.asked, one.answered, one.everybody, silent, unnamed, one.opened, theme)


def sum_week(week: Week, counts: Sequence[PromptCount]) -> WeekTotal:
    """One week of the trend."""
    answered = [one.answered for one in counts if one.answered is not None]
    rated = [
        (one.answered, one.asked) for one in counts if one.answered is not None and one.asked is not None
    ]
    words = [one.words for one in counts if one.words is not None]
    return WeekTotal(
        week, len(counts), sum(answered) if answered else None,
        sum(given for given, _asked in rated) / sum(asked for _given, asked in rated) if rated else None,
        median(words) if words else None,
    )  # fmt: skip


def find_shorter(trend: Sequence[WeekTotal]) -> ShorterAnswers | None:
    """Whether answers became shorter: of the last three weeks with any, each is below the usual of six before them."""
    lengths = [one.words for one in trend if one.words is not None]
    recent, before = lengths[-RECENT:], lengths[-RECENT - BEFORE : -RECENT]
    if len(recent) < RECENT or len(before) < RECENT:
        return None
    usual = median(before)
    if max(recent) >= SHORTER * usual:
        return None
    return ShorterAnswers(round(median(recent)), round(usual))
