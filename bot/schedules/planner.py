"""The planner: makes occurrences ahead of time, and hands each over to its feature once, when it is due.

schedule ──plan──▶ occurrence `planned` ──due──▶ `queued` (with the feature's outbox row, one transaction)
                                        ├──────▶ `skipped` · `asked` · `failed`, with the reason
                                        └──────▶ `planned` again, for later
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.chat.language import N_
from bot.runtime.clock import Clock
from bot.schedules import edits, planner_queries
from bot.schedules.breaks import ON_TIME, Break, BreakVerdict, judge
from bot.schedules.model import BY_HAND, Occurrence, OccurrenceState, Schedule
from bot.schedules.occurrences import HORIZON, Zones, breaks_for, lay_out, recompute
from bot.store import Store
from bot.store.dialect import explain_fault, is_lost
from bot.store.foresight import asking_once
from bot.store.slices import Slice, work_in_slices

BATCH = 500

BUG = "bug"
NOBODY = N_("nothing here sends this kind")

log = logging.getLogger(__name__)

next_due = planner_queries.next_due


@dataclass(frozen=True, slots=True)
class DueOccurrence:
    """An occurrence as its feature sees it: `late` by how much, `wall` the local time it was meant for.

    `owed_at` is when the rule says, or the return from a break. `by_hand`: a moderator sends it at once.
    """

    id: int
    key: str
    schedule: Schedule
    due_at: datetime
    wall: str
    late: timedelta
    owed_at: datetime
    by_hand: bool
    breaks: Sequence[Break]
    """Those of its community that are not over; read once for all that is due."""

    @property
    def community_id(self) -> int:
        """The community of its schedule."""
        return self.schedule.community_id


class ScheduleKind(Protocol):
    """What a feature does when one of its occurrences is due.

    Both run inside the transaction that records it, may run more than once before it is committed, and may only
    touch the database through `conn`.
    """

    @property
    def noun(self) -> str:
        """The command under which moderators find it."""
        ...

    def due(self, conn: Connection, due: DueOccurrence) -> None:
        """Write the outbox row and whatever else belongs to it."""
        ...

    def ask(self, conn: Connection, due: DueOccurrence) -> None:
        """Tell the moderators that it is too late to go out unasked."""
        ...


@dataclass(frozen=True, slots=True)
class _Fault:
    """Something that failed: which row, and where in the code, but not what it said."""

    what: str
    error: str
    where: str


_Step = Callable[..., list[_Fault]]
"""Takes a connection, a slice, and `now`."""


class Planner:
    """Wakes up, does what is due and returns how much that was; several may share one PostgreSQL.

    Its work is cut into slices, so that many things that are due at once keep nobody waiting. `steady` says whether the
    clock can be relied on; `zones` finds a zone by name.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        kinds: Mapping[str, ScheduleKind],
        *,
        steady: Callable[[], bool] = lambda: True,
        zones: Zones = ZoneInfo,
        batch: int = BATCH,
    ) -> None:
        self._store, self._clock, self._kinds = store, clock, kinds
        self._steady, self._zones, self._batch = steady, zones, batch

    async def tick(self) -> int:
        """Make the occurrences whose turn it is, then settle those that are due."""
        if not self._steady():
            return 0
        now = self._clock.now()
        first = await self._store.read(next_due)
        if first is None or first > now:
            return 0
        return await self._all(self._plan, now) + await self._all(self._settle, now)

    async def replan(self) -> int:
        """Compute what is planned again from local time, at start and daily; how many occurrences moved.

        A country that changes its clocks moves next Monday's 09:00. The row keeps its key, so it moves and
        cannot double.
        """
        ZoneInfo.clear_cache()  # zoneinfo reads each zone once per process, and zone data may have been updated
        now, moved = self._clock.now(), 0
        last: planner_queries.PlannedPlace | None = (now, 0, 0)
        while last is not None:
            last, changed = await self._store.write(partial(self._replan, now=now, last=last))
            moved += changed
        return moved

    async def _all(self, step: _Step, now: datetime) -> int:
        return await work_in_slices(self._store, partial(step, now=now), most=self._batch, after=_log_faults)

    def _plan(self, conn: Connection, piece: Slice, now: datetime) -> list[_Fault]:
        rows = planner_queries.schedules_to_plan(conn, now, piece.limit)
        since = min((row.cursor for row in rows), default=now)
        breaks = breaks_for(conn, rows, since)
        made: list[Mapping[str, Any]] = []
        planned: list[tuple[int, datetime, datetime | None]] = []
        faults = []
        for row in piece.each(rows):
            try:
                new, cursor, plan_at = lay_out(
                    row, breaks.get(row.community_id, ()), now + HORIZON, self._zones
                )
            except Exception as error:  # noqa: BLE001 - one bad rule must not stop the others
                faults.append(_fault(f"planning schedule {row.id}", error))
                planned.append((row.id, row.cursor, now + timedelta(hours=1)))
                continue
            made.extend(new)
            planned.append((row.id, cursor, plan_at))
        planner_queries.keep_occurrences(conn, made)
        planner_queries.set_planned(conn, planned)
        return faults

    def _settle(self, conn: Connection, piece: Slice, now: datetime) -> list[_Fault]:
        claimed = planner_queries.due(conn, now, piece.limit)
        stale = {s.id: s for o, s in claimed if o.version != s.version and o.reason != BY_HAND}
        edits.repair(conn, list(stale.values()), now)
        rows = [(o, s) for o, s in claimed if s.id not in stale]
        breaks = breaks_for(conn, [s for _, s in rows], now)
        doubtful = {s.id for o, s in rows if o.reason is not None or now - o.fire_at >= ON_TIME}
        newest = planner_queries.newest_owed(conn, doubtful, now)
        verdicts = {}
        for o, s in rows:
            away = breaks.get(s.community_id, ())
            verdicts[o.id] = judge(o, s, now, self._zones(s.zone), away, newest.get(s.id))
        orders = [
            (o, s) for o, s in rows if verdicts[o.id].state in (OccurrenceState.QUEUED, OccurrenceState.ASKED)
        ]
        piece.done += len(claimed) - len(orders)
        taken, faults = self._hand_over(conn, piece, orders, verdicts, breaks, now)
        later = {o.id for o, _ in orders[taken:]}  # there was no time for them: they are still planned
        decided = ((o, verdicts[o.id]) for o, _ in rows if o.id not in later)
        planner_queries.settle_occurrences(conn, decided, now)
        return faults

    def _hand_over(
        self, conn: Connection, piece: Slice, orders: Sequence[tuple[Occurrence, Schedule]],
        verdicts: dict[int, BreakVerdict], breaks: Mapping[int, Sequence[Break]], now: datetime,
    ) -> tuple[int, list[_Fault]]:  # fmt: skip
        """Tell the features, all in one savepoint; when one fails, each in its own, so that the fault stays alone.

        How many of them there was time for, and what failed.
        """
        taken, faults = 0, []
        try:
            with conn.begin_nested(), asking_once(conn):
                for o, s in piece.each(orders):
                    taken += 1
                    self._tell(conn, o, s, verdicts[o.id], breaks.get(s.community_id, ()), now)
        except Exception as error:  # noqa: BLE001 - which it was is found out below
            _raise_if_database(error)
        else:
            return taken, []
        for o, s in orders[:taken]:
            try:
                with conn.begin_nested():
                    self._tell(conn, o, s, verdicts[o.id], breaks.get(s.community_id, ()), now)
            except Exception as error:  # noqa: BLE001 - the fault stays with its owner
                _raise_if_database(error)
                verdicts[o.id] = BreakVerdict(
                    OccurrenceState.FAILED, NOBODY if s.kind not in self._kinds else BUG
                )
                faults.append(_fault(f"occurrence {o.id}", error))
        piece.done += 1  # the one that failed was not counted
        piece.cut = True  # and those behind it were not reached
        return taken, faults

    def _tell(
        self, conn: Connection, o: Occurrence, s: Schedule, verdict: BreakVerdict, away: Sequence[Break], now: datetime
    ) -> None:  # fmt: skip
        late = max(now - o.owed_at, timedelta())
        due = DueOccurrence(o.id, o.key, s, o.due_at, o.wall, late, o.owed_at, o.reason == BY_HAND, away)
        kind = self._kinds[s.kind]
        if verdict.state is OccurrenceState.ASKED:
            kind.ask(conn, due)
        else:
            kind.due(conn, due)

    def _replan(
        self, conn: Connection, now: datetime, last: planner_queries.PlannedPlace
    ) -> tuple[planner_queries.PlannedPlace | None, int]:
        """Compute some occurrences again; the place of the last of them, None when there are no more, and how many moved."""
        rows = planner_queries.planned_after(conn, now, last, self._batch)
        breaks, moved = breaks_for(conn, [s for _, s in rows], now), []
        piece = Slice(self._batch, self._store.times.clock)
        for o, s in piece.each(rows):
            row = recompute(o, s, breaks.get(s.community_id, ()), self._zones)
            moved += [] if row is None else [row]
        planner_queries.move_occurrences(conn, moved)
        over = not piece.cut and len(rows) < self._batch
        return None if over else planner_queries.place_of(rows[piece.done - 1][0]), len(moved)


def _log_faults(faults: Sequence[_Fault]) -> None:
    """Say what failed, once it is committed: work may run several times."""
    for fault in faults:
        log.error("%s failed with %s at\n%s", fault.what, fault.error, fault.where)


def _raise_if_database(error: Exception) -> None:
    """Pass on what is the database's fault and not the feature's: the whole piece of work is to be tried again."""
    if is_lost(error) or explain_fault(error) is not None:
        raise error


def _fault(what: str, error: Exception) -> _Fault:
    return _Fault(what, type(error).__name__, "".join(traceback.format_tb(error.__traceback__)))
