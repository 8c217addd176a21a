"""What moderators might look at: decks that run low, posts that failed, looks of teams that are due, and what comes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, and_, func, select

from bot.delivery.facts import CANCELLED, QUIET, OutboxState, Verb
from bot.delivery.tables import outbox
from bot.reflections.prompts import selection
from bot.reflections.prompts.low_stock import is_low
from bot.reflections.schedule.settings import KIND, source_of
from bot.schedules import tables as schedules_tables
from bot.team_plans import tables as plans
from bot.team_plans.check_ins.tables import plan_check
from bot.team_plans.model import LOOKS, look_day

SHOWN = 5
"""Things of one kind that a report names."""
AROUND = timedelta(days=13)
"""How long before that a look that is told of was due: a team that never takes it is not named for ever."""
_UNSAID = (*QUIET, CANCELLED)


@dataclass(frozen=True, slots=True)
class LowDeck:
    """A schedule that has few prompts left that it has not asked."""

    schedule: str
    left: int


@dataclass(frozen=True, slots=True)
class FailedPost:
    """A post in a channel that the platform did not take, with its own word for why."""

    channel: str
    code: str


@dataclass(frozen=True, slots=True)
class DueLook:
    """A look at a change that a team has not taken, of a team whose plan everyone may read."""

    team: str
    weeks: str
    day: date


@dataclass(frozen=True, slots=True)
class Attention:
    """What there is to look at."""

    low: tuple[LowDeck, ...] = ()
    failed: tuple[FailedPost, ...] = ()
    looks: tuple[DueLook, ...] = ()


def find_attention(
    conn: Connection, community_id: int, since: datetime, until: date, now: datetime
) -> Attention:
    """What failed since an instant, what runs low now, and which looks are due until a day."""
    return Attention(
        tuple(list_low_decks(conn, community_id, now)),
        tuple(list_failed_posts(conn, community_id, since)),
        tuple(list_due_looks(conn, community_id, until)),
    )


def list_low_decks(conn: Connection, community_id: int, now: datetime) -> list[LowDeck]:
    """Schedules of prompts that run low, by the rule by which moderators are told at once."""
    found = []
    for one in schedules_tables.schedules(conn, community_id):
        if one.kind != KIND or not one.running or one.instead_of is not None:
            continue
        left = selection.count_supply(conn, community_id, source_of(one), now)
        if is_low(left):
            found.append(LowDeck(one.name or "", left.left))
    return found


def list_failed_posts(conn: Connection, community_id: int, since: datetime) -> list[FailedPost]:
    """Posts in channels that were not taken since an instant, newest first: each channel and reason once."""
    o = outbox.c
    ours = and_(o.community_id == community_id, o.state == OutboxState.FAILED, o.verb == Verb.POST)
    said = and_(ours, o.part == 0, o.due_at >= since, o.private.is_(False), o.error.not_in(_UNSAID))
    last = func.max(o.not_before)
    grouped = select(o.channel, o.error, last.label("last")).where(said).group_by(o.channel, o.error)
    rows = conn.execute(grouped.order_by(last.desc()).limit(SHOWN + 1))
    return [FailedPost(row.channel or "", row.error or "") for row in rows]


def list_due_looks(conn: Connection, community_id: int, until: date) -> list[DueLook]:
    """Looks due in the two weeks up to a day and not taken, of teams whose plans everyone may read, earliest first."""
    shared = dict(plans.shared_teams(conn, community_id))
    c, first = plan_check.c, until - AROUND
    asked = and_(c.community_id == community_id, c.weeks.in_(LOOKS), c.day.between(first, until))
    due = select(c.team_id).where(asked)
    found = []
    for team_id in set(conn.execute(due.distinct()).scalars()) & shared.keys():
        change = (plan := plans.load_plan(conn, team_id)).change
        weeks = "" if change is None else plan.weeks_to_look(change)
        day = None if change is None else look_day(change, weeks)
        if day is not None and first <= day <= until:
            found.append(DueLook(shared[team_id], weeks, day))
    return sorted(found, key=lambda one: (one.day, one.team))
