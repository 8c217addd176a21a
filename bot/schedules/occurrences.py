"""Looking ahead: what a rule will do, laid out as rows, shown to a moderator, and computed again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice, takewhile
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.chat.time.moment_parser import Rule
from bot.schedules import planner_queries, tables
from bot.schedules.breaks import Break, BreakVerdict, breaks_of, forecast, rule_of
from bot.schedules.model import BreakPolicy, Occurrence, OccurrenceState, Schedule
from bot.schedules.recurrence import Instant

HORIZON = timedelta(hours=48)
NEAR = timedelta(days=3)

Zones = Callable[[str], ZoneInfo]


@dataclass(frozen=True, slots=True)
class PreviewedInstant:
    """What will become of one instant of a rule; `fire_at` is when it goes out, None when it does not."""

    instant: Instant
    state: OccurrenceState
    reason: str | None
    fire_at: datetime | None


def preview(
    rule: Rule,
    zone: ZoneInfo,
    anchor: date,
    after: datetime,
    breaks: Sequence[Break] = (),
    policy: BreakPolicy = BreakPolicy.SKIP,
    count: int = 5,
    paused_until: date | None = None,
) -> list[PreviewedInstant]:
    """The next instants of a rule and what will become of each, by the same code that plans them."""
    coming = forecast(rule, zone, anchor, after, breaks, policy, paused_until)
    return [
        PreviewedInstant(at, verdict.state, verdict.reason, _fires(at, verdict))
        for at, verdict in islice(coming, count)
    ]


def plan_ahead(
    conn: Connection, community_id: int, schedule_id: int, until: datetime, zones: Zones = ZoneInfo
) -> None:
    """Make occurrences further ahead than the planner would, so that a moderator can skip or send one of them."""
    row = tables.lock_schedule(conn, community_id, schedule_id)
    if row.running:
        breaks = breaks_for(conn, [row], row.cursor).get(community_id, ())
        new, cursor, plan_at = lay_out(row, breaks, until, zones)
        planner_queries.keep_occurrences(conn, new)
        planner_queries.set_planned(conn, [(row.id, cursor, plan_at)])


def breaks_for(conn: Connection, rows: Iterable[Schedule], since: datetime) -> Mapping[int, Sequence[Break]]:
    """The breaks that can matter to these schedules from an instant on, whatever their zones."""
    communities = {row.community_id for row in rows}
    return breaks_of(conn, communities, since.date() - timedelta(days=2)) if communities else {}


def lay_out(
    row: Schedule, breaks: Sequence[Break], until: datetime, zones: Zones
) -> tuple[list[Mapping[str, Any]], datetime, datetime | None]:
    """The rows of a schedule up to `until`, its new cursor, and when to plan the next one."""
    new: list[Mapping[str, Any]] = []
    # The cursor is the last instant that has a row, not `until`: zone data may yet move one to before `until`.
    cursor = row.cursor
    rule, zone = rule_of(row.rule), zones(row.zone)
    coming = forecast(rule, zone, row.anchor, cursor, breaks, row.break_policy, row.paused_until)
    for instant, verdict in coming:
        if instant.at > until:
            return new, cursor, instant.at - HORIZON
        cursor = instant.at
        new.append(
            {
                "community_id": row.community_id,
                "schedule_id": row.id,
                "key": instant.key,
                "due_at": instant.at,
                "owed_at": verdict.owed_at or instant.at,
                "fire_at": verdict.fire_at or instant.at,
                "wall": instant.local.isoformat(" ", "minutes"),
                "note": instant.note,
                "state": verdict.state,
                "reason": verdict.reason,
                "version": row.version,
            }
        )
    return new, cursor, None


def recompute(o: Occurrence, s: Schedule, breaks: Sequence[Break], zones: Zones) -> Mapping[str, Any] | None:
    """The changes to a planned occurrence by today's zone data and calendar; None when it stays as it is."""
    coming = forecast(
        rule_of(s.rule), zones(s.zone), s.anchor, o.due_at - NEAR, breaks, s.break_policy, s.paused_until
    )
    near = takewhile(lambda pair: pair[0].at <= o.due_at + NEAR, coming)
    found = next((pair for pair in near if pair[0].key == o.key), None)
    if found is None:
        return None
    at, verdict = found
    fire_at = verdict.fire_at or at.at
    if (at.at, fire_at, at.note, verdict.state, verdict.reason) == (
        o.due_at,
        o.fire_at,
        o.note,
        o.state,
        o.reason,
    ):
        return None
    return {
        "this": o.id,
        "new_due_at": at.at,
        "new_owed_at": verdict.owed_at or at.at,
        "new_fire_at": fire_at,
        "new_note": at.note,
        "new_state": verdict.state,
        "new_reason": verdict.reason,
    }


def _fires(instant: Instant, verdict: BreakVerdict) -> datetime | None:
    return (verdict.fire_at or instant.at) if verdict.state is OccurrenceState.PLANNED else None
