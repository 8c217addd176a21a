"""When a community is away, and what becomes of an occurrence: breaks, pauses, and coming too late."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache, partial
from zoneinfo import ZoneInfo

from sqlalchemy import Column, Connection, Date, ForeignKey, Index, Integer, Table, Text, and_, delete, select

from bot.chat.language import N_
from bot.chat.time.moment_parser import Rule, parse_rule
from bot.schedules.edits import plan_again
from bot.schedules.model import (
    BREAK,
    BY_HAND,
    FURTHEST,
    PAUSED,
    BreakPolicy,
    CatchUp,
    Occurrence,
    OccurrenceState,
    Schedule,
)
from bot.schedules.recurrence import Instant, instants, local_to_utc
from bot.store.foresight import SetQuestion, ask_once
from bot.store.schema import metadata
from bot.store.wanted import SetStatement

away_break = Table(
    "away_break",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("starts", Date, nullable=False),
    Column("ends", Date, nullable=False),
    Column("label", Text, nullable=False),
    Column("source", Integer),
    Index("ix_away_break_community_id_ends", "community_id", "ends"),
)
"""Both dates are local and belong to the break; which zone they are local in, each schedule knows. `source` is what
laid it here, for whoever lays it anew (`lay_breaks`)."""


@dataclass(frozen=True, slots=True)
class Break:
    """Days on which a community is away, the last one included."""

    id: int
    community_id: int
    starts: date
    ends: date
    label: str
    source: int | None = None


@dataclass(frozen=True, slots=True)
class BreakVerdict:
    """What becomes of an occurrence, and why; the times (see the table `occurrence`) only where they move."""

    state: OccurrenceState
    reason: str | None = None
    fire_at: datetime | None = None
    owed_at: datetime | None = None


ON_TIME = timedelta(minutes=2)
EVENING = time(18)
SOON = timedelta(hours=1)

OFF = N_("the schedule is switched off")
SUPERSEDED = N_("missed: a newer one is due")
AWAY = N_("missed: bot was away")
AT_ONCE = N_("late: posted on return")
MORNING = N_("late: held until morning")

AS_PLANNED = BreakVerdict(OccurrenceState.PLANNED)


# ── records ───────────────────────────────────────────────────────────────────


def add_break(
    conn: Connection, community_id: int, starts: date, ends: date, label: str, now: datetime
) -> int:
    """Remember a break and plan the community's schedules again; its id. Raises `ValueError` if it ends too early."""
    if ends < starts:
        raise ValueError("a break ends on or after its first day")
    row = {"community_id": community_id, "starts": starts, "ends": ends, "label": label}
    number = conn.execute(away_break.insert().values(row).returning(away_break.c.id)).scalar_one()
    plan_again(conn, community_id, now)
    return int(number)


def lay_breaks(
    conn: Connection, community_id: int, source: int, days: Iterable[tuple[date, date, str]], now: datetime
) -> bool:
    """Let the breaks of one source be exactly these (first day, last day, label); whether that changed anything."""
    c = away_break.c
    ours = and_(c.community_id == community_id, c.source == source)
    wanted = sorted(set(days))
    known = conn.execute(select(c.starts, c.ends, c.label).where(ours)).all()
    if sorted((row.starts, row.ends, row.label) for row in known) == wanted:
        return False
    conn.execute(delete(away_break).where(ours))
    rows = [
        {"community_id": community_id, "starts": first, "ends": last, "label": label, "source": source}
        for first, last, label in wanted
    ]
    if rows:
        conn.execute(away_break.insert(), rows)
    plan_again(conn, community_id, now)
    return True


def laid_sources(conn: Connection, community_id: int) -> set[int]:
    """The sources that the breaks of a community come from, also those of breaks that are over."""
    c = away_break.c
    query = select(c.source).where(c.community_id == community_id, c.source.is_not(None)).distinct()
    return set(conn.execute(query).scalars())


_BREAKS = SetQuestion.about(away_break)


def breaks(conn: Connection, community_id: int, since: date = date.min) -> list[Break]:
    """The breaks of a community that end on or after a date, soonest first."""

    def ask() -> list[Break]:
        return breaks_of(conn, (community_id,), since).get(community_id, [])

    return list(ask_once(conn, _BREAKS, (community_id, since), ask))


_SINCE = SetStatement(
    lambda wanted: (
        select(away_break)
        .join(wanted, away_break.c.community_id == wanted.c.home)
        .where(away_break.c.ends >= wanted.c.since)
        .order_by(away_break.c.starts, away_break.c.id)
    ),
    home=Integer,
    since=Date,
)


def breaks_of(conn: Connection, community_ids: Collection[int], since: date) -> Mapping[int, list[Break]]:
    """The breaks of several communities at once, for the tick."""
    found: dict[int, list[Break]] = {}
    for row in _SINCE.rows(conn, [(one, since) for one in sorted(set(community_ids))]):
        found.setdefault(row.community_id, []).append(Break(*row))
    return found


# ── pure ──────────────────────────────────────────────────────────────────────


def covering(breaks: Iterable[Break], day: date) -> Break | None:
    """The first of these breaks that a date belongs to."""
    return next((away for away in breaks if away.starts <= day <= away.ends), None)


def day_back(breaks: Sequence[Break], day: date) -> date:
    """The first date from this one on that belongs to no break."""
    while (away := covering(breaks, day)) is not None:
        day = away.ends + timedelta(days=1)
    return day


def after_break(breaks: Sequence[Break], at: datetime, zone: ZoneInfo) -> datetime:
    """The instant itself, or where it falls into a break, the same time of day on the first day back."""
    local = at.astimezone(zone)
    back = day_back(breaks, local.date())
    if back == local.date():
        return at
    return local_to_utc(datetime.combine(back, local.time()), zone)[0]


def deadline(breaks: Sequence[Break], at: datetime, zone: ZoneInfo, policy: BreakPolicy) -> datetime:
    """When something that should end at `at` ends: nothing closes while people are away, unless breaks are ignored."""
    return at if policy is BreakPolicy.IGNORE else after_break(breaks, at, zone)


def foresee(
    day: date,
    wall: time,
    zone: ZoneInfo,
    following: Callable[[], date | None],
    breaks: Sequence[Break],
    policy: BreakPolicy,
    paused_until: date | None,
) -> BreakVerdict:
    """What the calendar makes of an occurrence on a local date; `following` is asked for its successor's.

    A held occurrence gives way when another one falls on or before the day of return: people come back to one
    prompt, not to a pile of them.
    """
    if paused_until is not None and day < paused_until:
        return BreakVerdict(OccurrenceState.SKIPPED, PAUSED)
    away = None if policy is BreakPolicy.IGNORE else covering(breaks, day)
    if away is None:
        return AS_PLANNED
    reason = f"{BREAK}{away.label}"
    if policy is BreakPolicy.SKIP:
        return BreakVerdict(OccurrenceState.SKIPPED, reason)
    back, successor = day_back(breaks, day), following()
    if successor is not None and successor <= back:
        return BreakVerdict(OccurrenceState.SKIPPED, f"{reason}, a later one takes its place")
    at, _ = local_to_utc(datetime.combine(back, wall), zone)
    return BreakVerdict(OccurrenceState.PLANNED, f"{reason}, held until the return", at, at)


def forecast(
    rule: Rule,
    zone: ZoneInfo,
    anchor: date,
    after: datetime,
    breaks: Sequence[Break],
    policy: BreakPolicy,
    paused_until: date | None,
) -> Iterator[tuple[Instant, BreakVerdict]]:
    """Every instant with what the calendar makes of it."""
    for instant in instants(rule, zone, anchor, after):
        following = partial(_successor, rule, zone, anchor, instant.at)
        day = instant.local.date()
        yield instant, foresee(day, rule.at, zone, following, breaks, policy, paused_until)


def _successor(rule: Rule, zone: ZoneInfo, anchor: date, after: datetime) -> date | None:
    found = next(instants(rule, zone, anchor, after), None)
    return None if found is None else found.local.date()


def judge(
    o: Occurrence,
    s: Schedule,
    now: datetime,
    zone: ZoneInfo,
    breaks: Sequence[Break],
    newest: datetime | None,
) -> BreakVerdict:
    """What becomes of an occurrence whose time has come; `newest` is when its schedule's newest such one was due.

    On time means less than two minutes after `fire_at`. What is later goes by the schedule's catch-up policy, and
    never more than one of a schedule.
    """
    if not s.running:
        return BreakVerdict(OccurrenceState.SKIPPED, OFF)
    if o.reason == BY_HAND:
        return BreakVerdict(OccurrenceState.QUEUED, BY_HAND)
    wall = datetime.fromisoformat(o.wall)
    day = now.astimezone(zone).date()
    if s.direct:  # members whose day begins earlier are asked on the day before
        day = max(day, wall.date())
    following = partial(_successor, rule_of(s.rule), zone, s.anchor, o.due_at)
    calendar = foresee(day, wall.time(), zone, following, breaks, s.break_policy, s.paused_until)
    if calendar.state is not OccurrenceState.PLANNED or calendar.fire_at is not None:
        return calendar
    if newest is not None and newest > o.due_at:
        return BreakVerdict(OccurrenceState.SKIPPED, SUPERSEDED)
    if now - o.fire_at < ON_TIME or (s.direct and now < o.owed_at):
        return BreakVerdict(OccurrenceState.QUEUED, o.reason)
    late = catch_up(s, o.owed_at, o.fire_at, now, wall.time(), zone)
    if late is None and s.catch_up is CatchUp.ASK:
        return BreakVerdict(OccurrenceState.ASKED, AWAY)
    if s.direct and now - o.owed_at <= s.grace + FURTHEST:  # judged for each member by their own clock
        return BreakVerdict(OccurrenceState.QUEUED, AT_ONCE)
    return BreakVerdict(OccurrenceState.SKIPPED, AWAY) if late is None else late


def catch_up(
    s: Schedule, owed: datetime, planned: datetime, now: datetime, wall: time, zone: ZoneInfo
) -> BreakVerdict | None:
    """What becomes of something that is late: at once, or on the next morning (`fire_at`); None when it is too late.

    `owed` is when it should have been said, `planned` when it last was to be said; `zone` is that of its clock.
    """
    if now - owed > s.grace:
        return None
    local = now.astimezone(zone)
    same_day = local.date() == planned.astimezone(zone).date()
    if s.catch_up is not CatchUp.LATEST or now - owed < SOON or (same_day and local.time() < EVENING):
        return BreakVerdict(OccurrenceState.QUEUED, AT_ONCE)
    return BreakVerdict(OccurrenceState.PLANNED, MORNING, _morning(local, wall, zone))


def _morning(local: datetime, wall: time, zone: ZoneInfo) -> datetime:
    """The rule's wall time on the next local day on which it is not past."""
    at, _ = local_to_utc(datetime.combine(local.date(), wall), zone)
    if at >= local:
        return at
    return local_to_utc(datetime.combine(local.date() + timedelta(days=1), wall), zone)[0]


@lru_cache(maxsize=4096)
def rule_of(text: str) -> Rule:
    """The rule of a canonical text; kept, because a thousand schedules say the same few things."""
    return parse_rule(text)[0]
