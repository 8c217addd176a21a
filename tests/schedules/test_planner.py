"""The planner says everything once, at its time, or records why not."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import (
    Column,
    Connection,
    Integer,
    MetaData,
    Table,
    Text,
    event,
    func,
    insert,
    select,
    update,
)

from bot.people.tables import community
from bot.runtime.clock import SteerableClock
from bot.schedules import breaks, edits, occurrences, planner, planner_queries
from bot.schedules import tables as schedules_tables
from bot.schedules.model import BreakPolicy, CatchUp, Occurrence, OccurrenceState, ScheduleState
from bot.schedules.planner import DueOccurrence, Planner
from bot.store import Store, StoreUnavailable, metadata
from bot.store.compiled import CompiledStatement
from tests.seeds import seeds

DUBLIN = "Europe/Dublin"
MONDAY = date(2026, 10, 5)  # 09:00 in Dublin is 08:00 UTC until 25 October

ours = MetaData()
said = Table(
    "said",
    ours,
    Column("id", Integer, primary_key=True),
    Column("occurrence_id", Integer, nullable=False),
    Column("verb", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("late", Integer, nullable=False),
)
"""Stands for the outbox: what a feature wrote in the planner's transaction. Nothing in it is unique."""


class Speaker:
    """A feature that writes down what it is told, and does what `then` says before it returns."""

    then: Callable[[Connection, DueOccurrence], object] = staticmethod(lambda _conn, _due: None)

    def due(self, conn: Connection, due: DueOccurrence) -> None:
        self._note(conn, "post", due)

    def ask(self, conn: Connection, due: DueOccurrence) -> None:
        self._note(conn, "ask", due)

    def _note(self, conn: Connection, verb: str, due: DueOccurrence) -> None:
        late = int(due.late.total_seconds())
        text = due.schedule.details.get("text", due.schedule.title)
        conn.execute(insert(said).values(occurrence_id=due.id, verb=verb, text=text, key=due.key, late=late))
        self.then(conn, due)


class Room:
    """One community with a clock, a planner and a speaker."""

    def __init__(self, store: Store, at: str = "2026-10-01 12:00") -> None:
        self.store = store
        self.clock = SteerableClock(local(at))
        self.speaker = Speaker()
        self.planner = self.another(store)

    def another(self, store: Store, **options: object) -> Planner:
        return Planner(store, self.clock, {"prompt": self.speaker}, **options)

    def add(self, rule: str = "every mon 09:00", zone: str = DUBLIN, community: int = 1, **options) -> int:
        given = {"kind": "prompt", "title": "Monday", "anchor": MONDAY, "now": self.clock.now(), **options}
        return self.do(edits.add_schedule, community, rule=rule, zone=zone, **given)

    def do(self, work, *args, **options):
        return self.store.write_now(lambda conn: work(conn, *args, **options))

    def get(self, query, *args, **options):
        return self.store.read_now(lambda conn: query(conn, *args, **options))

    async def at(self, *moments: str, zone: str = DUBLIN) -> list[tuple[str, str]]:
        """Tick at these local times and return everything said until then."""
        for moment in moments:
            self.clock.set(local(moment, zone))
            await self.planner.tick()
        return self.said()

    async def run_until(self, end: datetime) -> None:
        """Stop the clock wherever there is something to do, as fast-forwarding does."""
        while (at := self.get(planner.next_due)) is not None and at <= end:
            self.clock.set(at)
            assert await self.planner.tick() > 0
        self.clock.set(end)

    def said(self) -> list[tuple[str, str]]:
        query = select(said.c.verb, said.c.key).order_by(said.c.id)
        return [tuple(row) for row in self.get(lambda conn: conn.execute(query).all())]

    def texts(self, occurrence_ids: list[int]) -> list[str]:
        query = select(said.c.text).where(said.c.occurrence_id.in_(occurrence_ids))
        return self.get(lambda conn: list(conn.scalars(query)))

    def rows(self) -> list[Occurrence]:
        query = select(schedules_tables.occurrence).order_by(schedules_tables.occurrence.c.due_at)
        return self.get(lambda conn: [Occurrence(*row) for row in conn.execute(query)])

    def states(self) -> list[tuple[str, OccurrenceState, str | None]]:
        return [(row.key, row.state, row.reason) for row in self.rows()]


def local(moment: str, zone: str = DUBLIN) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def prepare(conn: Connection) -> None:
    tables = [
        community, schedules_tables.schedule, schedules_tables.schedule_place, schedules_tables.occurrence, breaks.away_break,
    ]  # fmt: skip
    metadata.create_all(conn, tables=tables)
    ours.create_all(conn)
    for number in (1, 2):
        row = {
            "id": number,
            "slug": f"c{number}",
            "name": "C",
            "zone": DUBLIN,
            "created_at": local("2026-01-01"),
        }
        conn.execute(insert(community).values(row))


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    with Store(database_url) as store:
        if store.dialect == "sqlite":  # nothing here has to survive a power cut
            event.listen(store._writing, "connect", lambda raw, _: raw.execute("PRAGMA synchronous=OFF"))
        store.write_now(prepare)
        yield store


@pytest.fixture
def room(store: Store) -> Room:
    return Room(store)


@pytest.fixture
def quick(tmp_path: Path) -> Iterator[Room]:
    """A room on SQLite only, for what has nothing to do with the kind of database."""
    with Store.open(f"sqlite:///{tmp_path / 'quick.db'}") as store:
        store.write_now(prepare)
        yield Room(store)


# ── ahead of time, and once ───────────────────────────────────────────────────


async def test_an_occurrence_is_planned_two_days_ahead_and_said_at_its_time(room: Room):
    room.add()
    assert await room.at("2026-10-03 08:59") == []
    assert room.rows() == []
    await room.at("2026-10-03 09:00")
    (row,) = room.rows()
    assert (row.key, row.wall, row.state) == ("2026-W41", "2026-10-05 09:00", OccurrenceState.PLANNED)
    assert row.due_at == row.fire_at == row.owed_at == datetime(2026, 10, 5, 8, tzinfo=UTC)
    assert await room.at("2026-10-05 08:59") == []
    assert await room.at("2026-10-05 09:00") == [("post", "2026-W41")]
    assert await room.at("2026-10-05 09:00", "2026-10-05 09:01") == [("post", "2026-W41")]
    (row,) = room.rows()
    assert (row.state, row.reason, row.queued_at) == (OccurrenceState.QUEUED, None, row.due_at)


async def test_a_tick_tells_how_much_it_did_and_when_there_is_more(room: Room):
    assert room.get(planner.next_due) is None
    assert await room.planner.tick() == 0
    room.add()
    assert await room.planner.tick() == 1
    assert room.get(planner.next_due) == local("2026-10-03 09:00")
    assert await room.planner.tick() == 0
    await room.at("2026-10-03 09:00")
    assert room.get(planner.next_due) == local("2026-10-05 09:00")


async def test_more_is_due_than_fits_into_a_batch(quick: Room):
    for _ in range(11):
        quick.add("every mon 09:00")
    quick.planner = quick.another(quick.store, batch=4)
    await quick.at("2026-10-03 09:00", "2026-10-05 09:00")
    assert len(quick.said()) == 11


def let_pieces_be_small(room: Room) -> list[float]:
    """Let each prompt take 6 ms by the clock of the slices; the seconds of each piece of work, as they come."""
    at, held = [0.0], []
    room.store.times.clock = lambda: at[0]
    room.store.times.watch = lambda piece: held.append(piece.seconds) if piece.seconds else None
    then = room.speaker.then

    def spend(conn: Connection, due: DueOccurrence) -> None:
        at[0] += 0.006
        then(conn, due)

    room.speaker.then = spend
    return held


async def test_many_prompts_at_once_hold_the_writer_for_a_moment_each(quick: Room):
    for number in range(40):
        quick.add("every mon 09:00", details={"text": f"{number}"})
    await quick.at("2026-10-03 09:00")
    held = let_pieces_be_small(quick)
    await quick.at("2026-10-05 09:00")
    assert len(quick.said()) == 40
    assert max(held) <= 0.015
    assert len(held) >= 20
    assert {state for _, state, _ in quick.states()} == {OccurrenceState.QUEUED}


async def test_a_fault_in_one_piece_keeps_nothing_behind_it_back(quick: Room, caplog):
    def fail(_conn: Connection, due: DueOccurrence) -> None:
        if due.schedule.title in ("1", "7"):
            raise RuntimeError("a bug")

    for number in range(9):
        quick.add("every mon 09:00", title=f"{number}")
    await quick.at("2026-10-03 09:00")
    quick.speaker.then = fail
    let_pieces_be_small(quick)
    await quick.at("2026-10-05 09:00")
    assert len(quick.said()) == 7
    assert [state for _, state, _ in quick.states()].count(OccurrenceState.FAILED) == 2
    assert caplog.text.count("failed with RuntimeError") == 2


async def test_a_planner_that_ends_between_two_pieces_goes_on_where_it_stopped(quick: Room, monkeypatch):
    for _ in range(12):
        quick.add("every mon 09:00")
    await quick.at("2026-10-03 09:00")
    let_pieces_be_small(quick)
    original = quick.store.write

    async def write(work, **how):
        if len(quick.said()) >= 4:
            raise StoreUnavailable("the process ended")
        return await original(work, **how)

    monkeypatch.setattr(quick.store, "write", write)
    with pytest.raises(StoreUnavailable):
        await quick.at("2026-10-05 09:00")
    assert 4 <= len(quick.said()) < 8
    monkeypatch.undo()
    quick.planner = quick.another(quick.store)
    await quick.at("2026-10-05 09:00")
    assert len(quick.said()) == 12
    query = select(func.count(said.c.occurrence_id.distinct()))
    assert quick.get(lambda conn: conn.scalar(query)) == 12


async def test_a_rule_that_ends_leaves_nothing_to_do(quick: Room):
    quick.add("2026-10-05 09:00")
    await quick.run_until(local("2026-10-30 12:00"))
    assert quick.said() == [("post", "2026-10-05")]
    assert quick.get(planner.next_due) is None


async def test_two_planners_say_everything_once(room: Room):
    for number in range(60):
        room.add("every day 09:00", community=number % 2 + 1)
    with Store.open(room.store.url) as second:
        pair = (room.another(room.store, batch=7), room.another(second, batch=7))
        for moment in ("2026-10-01 12:00", "2026-10-02 09:00", "2026-10-03 09:00", "2026-10-04 09:00"):
            room.clock.set(local(moment))
            await asyncio.gather(*(one.tick() for one in pair for _ in range(3)))
    assert len(room.said()) == 180
    query = select(func.count()).select_from(said).group_by(said.c.occurrence_id)
    assert set(room.get(lambda conn: conn.scalars(query).all())) == {1}


@pytest.mark.postgres
@pytest.mark.parametrize("locking", [True, False], ids=["with claims", "without claims it doubles"])
async def test_a_planner_leaves_alone_what_another_has_claimed(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch, locking: bool
):
    with Store.open(postgres_url) as first, Store.open(postgres_url) as second:
        first.write_now(prepare)
        room = Room(first)
        room.add()
        await room.at("2026-10-03 09:00")
        if not locking:
            unclaimed = CompiledStatement(planner_queries._PAIRS, "now", "slice")
            monkeypatch.setattr(planner_queries, "_DUE", unclaimed)
        other = room.another(second)
        nested: list[int] = []

        def tick_elsewhere(_conn: Connection, _due: DueOccurrence) -> None:
            if not nested:  # in the middle of the first planner's transaction
                nested.append(-1)
                nested.append(asyncio.run(other.tick()))

        room.speaker.then = tick_elsewhere
        await room.at("2026-10-05 09:00")
        assert len(room.said()) == (1 if locking else 2)
        assert nested[1] == (0 if locking else 1)


# ── late ──────────────────────────────────────────────────────────────────────

AT_ONCE = "late: posted on return"
MORNING = "late: held until morning"
RETURNS = [
    ("2026-10-05 09:01", "2026-10-05 09:01", None),
    ("2026-10-05 09:02", "2026-10-05 09:02", AT_ONCE),
    ("2026-10-05 09:30", "2026-10-05 09:30", AT_ONCE),
    ("2026-10-05 17:00", "2026-10-05 17:00", AT_ONCE),
    ("2026-10-05 18:00", "2026-10-06 09:00", MORNING),
    ("2026-10-06 07:00", "2026-10-06 09:00", MORNING),
    ("2026-10-06 11:00", "2026-10-07 09:00", MORNING),
    ("2026-10-07 09:00", "2026-10-07 09:00", MORNING),
    ("2026-10-07 09:01", None, "missed: bot was away"),
]


@pytest.mark.parametrize("away_from", ["2026-10-02 12:00", "2026-10-05 08:59"], ids=["Friday", "just before"])
@pytest.mark.parametrize(("back", "posted", "reason"), RETURNS)
async def test_down_over_the_due_time(
    quick: Room, away_from: str, back: str, posted: str | None, reason: str | None
):
    quick.add()
    await quick.at(away_from)
    heard = await quick.at(back)
    if posted != back:
        assert heard == []
    if posted is not None:
        if posted != back:
            just_before = local(posted) - timedelta(seconds=1)
            quick.clock.set(just_before)
            await quick.planner.tick()
            assert quick.said() == []
        await quick.at(posted)
        assert quick.said() == [("post", "2026-W41")]
    await quick.at("2026-10-09 12:00")
    assert len(quick.said()) == (posted is not None)
    state = OccurrenceState.QUEUED if posted else OccurrenceState.SKIPPED
    assert quick.states() == [("2026-W41", state, reason)]


async def test_only_the_newest_of_many_overdue_ones_counts(room: Room):
    room.add("every day 09:00")
    await room.at("2026-10-01 12:00")
    assert await room.at("2026-10-12 10:00") == [("post", "2026-W42-mon")]
    older = [row for row in room.states() if row[0] < "2026-W42"]
    assert len(older) == 10
    assert {row[1:] for row in older} == {(OccurrenceState.SKIPPED, "missed: a newer one is due")}
    assert len(await room.at("2026-10-13 09:00")) == 2


async def test_without_looking_for_the_newest_the_bot_floods(quick: Room, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(planner_queries, "newest_owed", lambda *_: {})
    quick.add("every day 09:00", grace_minutes=30 * 24 * 60)
    await quick.at("2026-10-01 12:00")
    await quick.at("2026-10-12 10:00", "2026-10-13 09:00")
    assert len(quick.said()) > 2


async def test_one_held_until_morning_gives_way_to_the_regular_one(quick: Room):
    quick.add("every day 09:00")
    await quick.at("2026-10-01 12:00", "2026-10-02 19:00", "2026-10-03 09:00")
    assert quick.said() == [("post", "2026-W40-sat")]


async def test_down_again_in_the_morning_it_was_held_for(quick: Room):
    quick.add()
    await quick.at("2026-10-05 20:00")
    assert await quick.at("2026-10-06 12:00") == [("post", "2026-W41")]
    assert quick.states() == [("2026-W41", OccurrenceState.QUEUED, "late: posted on return")]


@pytest.mark.parametrize(
    ("policy", "back", "heard", "state"),
    [
        (CatchUp.SKIP, "2026-10-05 11:00", ["post"], OccurrenceState.QUEUED),
        (CatchUp.SKIP, "2026-10-05 11:01", [], OccurrenceState.SKIPPED),
        (CatchUp.ASK, "2026-10-05 11:00", ["post"], OccurrenceState.QUEUED),
        (CatchUp.ASK, "2026-10-05 11:01", ["ask"], OccurrenceState.ASKED),
    ],
)
async def test_policies_for_what_comes_too_late(
    quick: Room, policy: CatchUp, back: str, heard: list[str], state: OccurrenceState
):
    quick.add(catch_up=policy, grace_minutes=120)
    await quick.at("2026-10-03 09:00", back, "2026-10-05 20:00")
    assert [verb for verb, _ in quick.said()] == heard
    assert quick.rows()[0].state is state


async def test_a_moderator_who_was_asked_can_still_send_it(quick: Room):
    quick.add(catch_up=CatchUp.ASK, grace_minutes=120)
    await quick.at("2026-10-05 20:00")
    (row,) = quick.rows()
    assert quick.do(edits.post_now, 1, row.id, quick.clock.now())
    assert await quick.at("2026-10-05 20:01") == [("ask", "2026-W41"), ("post", "2026-W41")]
    assert not quick.do(edits.post_now, 1, row.id, quick.clock.now())


# ── clocks and calendars ──────────────────────────────────────────────────────


class Wall:
    """A clock that may be set anywhere."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


@pytest.mark.parametrize("step", [timedelta(hours=-1), timedelta(hours=1), timedelta(days=3)])
async def test_when_the_clock_jumps_nothing_is_repeated_and_nothing_floods(room: Room, step: timedelta):
    for _ in range(3):
        room.add("every day 09:00")
    room.clock = clock = Wall(local("2026-10-01 12:00"))
    room.planner = room.another(room.store)
    await room.planner.tick()
    clock.at = local("2026-10-02 09:00")
    await room.planner.tick()
    before = len(room.said())
    assert before == 3
    clock.at += step
    await room.planner.tick()
    assert len(room.said()) - before <= 3
    clock.at -= step
    for _ in range(120):
        await room.planner.tick()
        clock.at += timedelta(hours=1)
    heard = room.said()
    assert len(heard) // 3 == len(set(heard))
    query = select(func.max(func.count(said.c.id)).over()).group_by(said.c.occurrence_id)
    assert room.get(lambda conn: conn.scalar(query)) == 1


async def test_nothing_is_done_while_the_clock_cannot_be_trusted(quick: Room):
    quick.add()
    steady = [False]
    quick.planner = quick.another(quick.store, steady=lambda: steady[0])
    await quick.at("2026-10-05 09:00")
    assert quick.rows() == []
    steady[0] = True
    await quick.at("2026-10-05 09:01")
    assert quick.said() == [("post", "2026-W41")]


@pytest.mark.parametrize(
    ("zone", "rule"),
    [
        ("America/New_York", "every sun 02:30"),
        ("America/New_York", "every sun 01:30"),
        ("America/New_York", "every mon 00:30"),
        ("Europe/Berlin", "every mon 00:00"),
        ("Australia/Lord_Howe", "every sun 01:45"),
        ("Africa/Cairo", "every fri 00:00"),
    ],
)
async def test_every_week_once_through_the_clock_changes_and_week_53(quick: Room, zone: str, rule: str):
    quick.add(rule, zone)
    await quick.run_until(datetime(2027, 10, 1, tzinfo=UTC))
    keys = [key for _, key in quick.said()]
    mondays = [MONDAY - timedelta(days=7) + timedelta(weeks=n) for n in range(54)]
    weeks = ["{}-W{:02}".format(*day.isocalendar()[:2]) for day in mondays]
    first, last = weeks.index(keys[0]), weeks.index(keys[-1])
    assert keys == weeks[first : last + 1]
    assert {"2026-W53", "2027-W01"} <= set(keys)
    assert first <= 1
    assert last >= 51
    assert {row.state for row in quick.rows() if row.queued_at} == {OccurrenceState.QUEUED}


async def test_new_zone_data_moves_what_is_planned(room: Room):
    now_in = {"zone": "Europe/Dublin"}
    room.planner = room.another(room.store, zones=lambda _: ZoneInfo(now_in["zone"]))
    room.add()
    await room.at("2026-10-03 10:00")
    (before,) = room.rows()
    assert await room.planner.replan() == 0
    now_in["zone"] = "Europe/Berlin"  # as if Ireland had moved its clocks
    assert await room.planner.replan() == 1
    (after,) = room.rows()
    assert (after.id, after.key, after.wall) == (before.id, before.key, before.wall)
    assert after.due_at == after.fire_at == after.owed_at == before.due_at - timedelta(hours=1)
    assert await room.at("2026-10-05 08:00", "2026-10-05 09:00", "2026-10-07 09:00") == [("post", "2026-W41")]
    assert len(await room.at("2026-10-10 09:00", "2026-10-12 08:00", "2026-10-12 09:00")) == 2


async def test_without_replanning_it_would_come_at_the_old_time(quick: Room):
    now_in = {"zone": "Europe/Dublin"}
    quick.planner = quick.another(quick.store, zones=lambda _: ZoneInfo(now_in["zone"]))
    quick.add()
    await quick.at("2026-10-03 10:00")
    now_in["zone"] = "Europe/Berlin"
    assert await quick.at("2026-10-05 08:00") == []


async def test_replanning_goes_through_everything_in_batches(quick: Room):
    now_in = {"zone": "Europe/Dublin"}
    quick.planner = quick.another(quick.store, zones=lambda _: ZoneInfo(now_in["zone"]), batch=3)
    for _ in range(10):
        quick.add()
    await quick.at("2026-10-03 10:00")
    now_in["zone"] = "Europe/Berlin"
    assert await quick.planner.replan() == 10
    assert await quick.planner.replan() == 0


# ── breaks ────────────────────────────────────────────────────────────────────


def away(room: Room, starts: date, ends: date, label: str = "Autumn") -> int:
    return room.do(breaks.add_break, 1, starts, ends, label, room.clock.now())


async def test_what_falls_into_a_break_is_skipped_and_says_why(room: Room):
    away(room, MONDAY, MONDAY + timedelta(days=4))
    room.add()
    await room.run_until(local("2026-10-12 10:00"))
    assert room.said() == [("post", "2026-W42")]
    assert room.states()[0] == ("2026-W41", OccurrenceState.SKIPPED, "break: Autumn")


async def test_what_is_held_comes_on_the_first_day_back(room: Room):
    away(room, MONDAY, MONDAY + timedelta(days=1))
    away(room, MONDAY + timedelta(days=2), MONDAY + timedelta(days=2), "Inset day")
    room.add(break_policy=BreakPolicy.HOLD)
    await room.run_until(local("2026-10-08 08:59"))
    assert room.said() == []
    assert room.states() == [("2026-W41", OccurrenceState.PLANNED, "break: Autumn, held until the return")]
    await room.run_until(local("2026-10-08 09:00"))
    assert room.said() == [("post", "2026-W41")]
    await room.run_until(local("2026-10-12 09:00"))
    assert room.said() == [("post", "2026-W41"), ("post", "2026-W42")]


async def test_of_several_held_ones_the_last_is_said_and_the_regular_one_goes_first(quick: Room):
    away(quick, MONDAY, MONDAY + timedelta(days=15))  # until Tuesday 20 October
    quick.add(break_policy=BreakPolicy.HOLD)
    quick.add("every day 09:00", break_policy=BreakPolicy.HOLD)
    await quick.run_until(local("2026-10-21 09:00"))
    heard = [key for _, key in quick.said() if key >= "2026-W41"]
    assert sorted(heard) == ["2026-W43", "2026-W43-wed"]
    reasons = {key: reason for key, _, reason in quick.states()}
    assert reasons["2026-W41"] == reasons["2026-W42"] == "break: Autumn, a later one takes its place"


async def test_a_schedule_may_ignore_breaks(quick: Room):
    away(quick, MONDAY, MONDAY)
    quick.add(break_policy=BreakPolicy.IGNORE)
    await quick.run_until(local("2026-10-05 09:00"))
    assert quick.said() == [("post", "2026-W41")]


@pytest.mark.parametrize("policy", [BreakPolicy.SKIP, BreakPolicy.HOLD])
async def test_a_break_entered_late_still_counts_and_can_be_taken_back(room: Room, policy: BreakPolicy):
    room.add(break_policy=policy)
    await room.at("2026-10-05 08:00")
    room.do(breaks.lay_breaks, 1, 1, [(MONDAY, MONDAY, "Autumn")], room.clock.now())
    assert await room.at("2026-10-05 08:01") == []
    (row,) = room.rows()
    assert row.reason.startswith("break: Autumn")
    assert room.do(breaks.lay_breaks, 1, 1, [], room.clock.now())
    assert await room.at("2026-10-05 08:02", "2026-10-05 09:00") == [("post", "2026-W41")]


async def test_back_late_in_the_middle_of_a_break_says_nothing(quick: Room):
    away(quick, date(2026, 10, 6), date(2026, 10, 9))
    quick.add()
    quick.add(break_policy=BreakPolicy.HOLD)
    await quick.at("2026-10-03 09:00", "2026-10-06 07:00", "2026-10-06 09:00")
    assert quick.said() == []
    await quick.run_until(local("2026-10-11 12:00"))
    assert quick.said() == [("post", "2026-W41")]  # the held one, on Saturday the 10th


# ── moderators ────────────────────────────────────────────────────────────────


@pytest.mark.slow
@pytest.mark.parametrize("seed", seeds(1, 4))  # 250 interleavings each
async def test_an_edit_and_a_tick_in_any_order_give_the_old_text_once_or_the_new_text_once(
    room: Room, seed: int
):
    dice = random.Random(seed)
    due, outcomes = local("2026-10-05 09:00"), set()
    with Store.open(room.store.url) as second:
        for trial in range(250):
            due += timedelta(weeks=1)
            room.clock.set(due - timedelta(days=1))
            number = room.add(f"{due.astimezone(ZoneInfo(DUBLIN)):%Y-%m-%d %H:%M}", details={"text": "old"})
            await room.planner.tick()
            disable = dice.random() < 0.3
            told = await _race(room, second, number, due, disable, dice)
            room.clock.set(due + timedelta(seconds=30))
            await room.planner.tick()
            query = select(schedules_tables.occurrence.c.id).where(
                schedules_tables.occurrence.c.schedule_id == number
            )
            texts = room.texts(list(room.get(lambda conn, query=query: conn.scalars(query).all())))
            expected = ["old"] if told else [] if disable else ["new"]
            assert texts == expected, f"trial {trial}: told {told}, disable {disable}"
            outcomes.add((bool(told), disable))
    assert len(outcomes) == 4  # or the interleavings do not interleave


async def _race(
    room: Room, second: Store, number: int, due: datetime, disable: bool, dice: random.Random
) -> list[Occurrence]:
    """Edit somewhere between 5 s before and 5 s after the due time, beside two planners; what the moderator is told."""
    change = edits.cancel_schedule if disable else partial(edits.change_schedule, details={"text": "new"})
    other = room.another(second)
    told: list[list[Occurrence]] = []

    async def edit(store: Store) -> None:
        told.append(await store.write(lambda conn: change(conn, 1, number, room.clock.now())))

    steps = [room.planner.tick, other.tick, partial(edit, dice.choice((room.store, second)))]
    dice.shuffle(steps)
    if dice.random() < 0.5:
        room.clock.set(due + timedelta(seconds=dice.uniform(-0.5, 5)))
        await asyncio.gather(*(step() for step in steps))
    else:
        for seconds, step in zip(sorted(dice.uniform(-5, 5) for _ in steps), steps, strict=True):
            room.clock.set(due + timedelta(seconds=seconds))
            await step()
    return told[0]


async def test_an_edit_that_forgot_what_was_overdue_would_lose_it(
    quick: Room, monkeypatch: pytest.MonkeyPatch
):
    number = quick.add()
    await quick.at("2026-10-03 09:00")
    quick.clock.set(local("2026-10-05 09:00") + timedelta(seconds=1))
    quick.do(edits.change_schedule, 1, number, quick.clock.now(), title="New")
    start = update(schedules_tables.schedule).values(cursor=quick.clock.now())  # the mechanism switched off
    quick.do(lambda conn: conn.execute(start))
    assert await quick.at("2026-10-05 09:01") == []


async def test_a_change_of_rule_keeps_to_one_a_week(room: Room):
    number = room.add()
    await room.at("2026-10-03 09:00", "2026-10-05 09:00")
    told = room.do(edits.change_schedule, 1, number, room.clock.now(), rule="every wed 10:00")
    assert [row.key for row in told] == ["2026-W41"]
    await room.run_until(local("2026-10-14 10:00"))
    assert room.said() == [("post", "2026-W41"), ("post", "2026-W42")]
    assert room.rows()[-1].wall == "2026-10-14 10:00"


async def test_without_the_unique_key_a_change_of_rule_doubles_the_week(
    quick: Room, monkeypatch: pytest.MonkeyPatch
):
    anyhow = CompiledStatement(insert(schedules_tables.occurrence), *planner_queries._LAID_OUT)
    monkeypatch.setattr(planner_queries, "_KEEP", anyhow)
    quick.do(lambda conn: conn.exec_driver_sql("DROP INDEX uq_occurrence_schedule_id_key"))
    number = quick.add()
    await quick.at("2026-10-03 09:00", "2026-10-05 09:00")
    quick.do(edits.change_schedule, 1, number, quick.clock.now(), rule="every wed 10:00")
    assert await quick.at("2026-10-05 12:00", "2026-10-07 10:00") == [("post", "2026-W41")] * 2


async def test_an_occurrence_of_an_older_version_is_planned_anew(quick: Room):
    quick.add()
    await quick.at("2026-10-03 09:00")
    quick.do(lambda conn: conn.execute(update(schedules_tables.schedule).values(version=7)))
    assert await quick.at("2026-10-05 09:00") == []
    assert await quick.at("2026-10-05 09:00") == [("post", "2026-W41")]
    assert quick.rows()[0].version == 7


async def test_a_pause_and_its_end(room: Room):
    number = room.add()
    room.do(edits.pause, 1, number, room.clock.now(), date(2026, 10, 12))
    await room.run_until(local("2026-10-12 09:00"))
    assert room.states() == [
        ("2026-W41", OccurrenceState.SKIPPED, "paused"),
        ("2026-W42", OccurrenceState.QUEUED, None),
    ]
    room.do(edits.pause, 1, number, room.clock.now())
    await room.run_until(local("2026-10-25 10:00"))
    assert room.states()[-1] == ("2026-W44", OccurrenceState.SKIPPED, "paused")
    room.do(edits.resume, 1, number, room.clock.now())
    await room.run_until(local("2026-10-26 09:00"))
    assert [key for _, key in room.said()] == ["2026-W42", "2026-W44"]


async def test_what_is_disabled_says_nothing_until_it_is_resumed(room: Room):
    number = room.add()
    await room.at("2026-10-03 09:00")
    assert room.do(edits.cancel_schedule, 1, number, room.clock.now()) == []
    assert room.rows() == []
    assert room.get(planner.next_due) is None
    await room.at("2026-10-05 09:00", "2026-10-08 09:00")
    away(room, date(2026, 12, 1), date(2026, 12, 1))
    assert room.get(planner.next_due) is None
    room.do(edits.resume, 1, number, room.clock.now())
    await room.run_until(local("2026-10-12 09:00"))
    assert room.said() == [("post", "2026-W42")]


async def test_what_was_switched_off_in_the_last_second_says_nothing(quick: Room):
    """Another process commits the end of a schedule after its occurrence was planned, and cannot take that back."""
    quick.add()
    await quick.at("2026-10-03 09:00")
    off = update(schedules_tables.schedule).values(state=ScheduleState.CANCELLED)
    quick.do(lambda conn: conn.execute(off))
    assert await quick.at("2026-10-05 09:00") == []
    assert quick.states() == [("2026-W41", OccurrenceState.SKIPPED, breaks.OFF)]


async def test_skipping_taking_it_back_and_sending_at_once(room: Room):
    number = room.add()
    room.do(occurrences.plan_ahead, 1, number, local("2026-10-20 00:00"))
    first, second, third = room.rows()
    assert room.do(edits.skip_occurrence, 1, first.id)
    assert room.do(edits.skip_occurrence, 1, second.id)
    assert room.do(edits.unskip, 1, second.id, room.clock.now())
    assert room.do(edits.post_now, 1, third.id, room.clock.now())
    assert await room.at("2026-10-01 12:01") == [("post", "2026-W43")]
    room.do(edits.change_schedule, 1, number, room.clock.now(), title="New")  # a skip outlives an edit
    await room.run_until(local("2026-10-20 00:00"))
    assert room.said() == [("post", "2026-W43"), ("post", "2026-W42")]
    assert room.states()[0] == ("2026-W41", OccurrenceState.SKIPPED, "skipped by a moderator")
    assert not room.do(edits.skip_occurrence, 1, third.id)


async def test_moderators_see_what_is_next_in_their_own_community_only(room: Room):
    number = room.add()
    room.add("every mon 08:00", community=2)
    await room.at("2026-10-03 09:00")
    (mine,) = room.get(schedules_tables.upcoming, 1, room.clock.now(), local("2026-10-10 00:00"))
    assert mine.schedule_id == number
    assert room.get(schedules_tables.find_occurrence, 1, mine.id) == mine
    assert room.get(schedules_tables.find_occurrence, 2, mine.id) is None
    assert room.get(schedules_tables.find_schedule, 2, number) is None
    assert [one.id for one in room.get(schedules_tables.schedules, 1)] == [number]
    assert not room.do(edits.skip_occurrence, 2, mine.id)
    assert not room.do(edits.post_now, 2, mine.id, room.clock.now())
    with pytest.raises(LookupError):
        room.do(edits.cancel_schedule, 2, number, room.clock.now())


async def test_what_became_of_it_is_recorded_without_losing_the_reason(quick: Room):
    quick.add()
    await quick.at("2026-10-05 09:30")
    (row,) = quick.rows()
    quick.do(schedules_tables.mark, row.id, OccurrenceState.DONE)
    assert quick.states() == [("2026-W41", OccurrenceState.DONE, "late: posted on return")]
    quick.do(schedules_tables.mark, row.id, OccurrenceState.FAILED, "channel_not_found")
    assert quick.states() == [("2026-W41", OccurrenceState.FAILED, "channel_not_found")]


async def test_numbers_of_occurrences_are_not_given_twice(room: Room):
    number = room.add()
    await room.at("2026-10-03 09:00")
    (before,) = room.rows()
    room.do(edits.change_schedule, 1, number, room.clock.now(), title="New")
    await room.at("2026-10-03 09:01")
    (after,) = room.rows()
    assert after.id > before.id


# ── faults ────────────────────────────────────────────────────────────────────


async def test_one_feature_that_fails_does_not_stop_the_others(room: Room, caplog: pytest.LogCaptureFixture):
    for title in ("good", "bad", "fine"):
        room.add(title=title, details={"text": f"my own {title} words"})

    def fail(_conn: Connection, due: DueOccurrence) -> None:
        if due.schedule.title == "bad":
            raise ValueError(due.schedule.details["text"])

    room.speaker.then = fail
    await room.at("2026-10-03 09:00", "2026-10-05 09:00", "2026-10-05 09:01")
    query = select(said.c.text).order_by(said.c.text)
    assert room.get(lambda conn: list(conn.scalars(query))) == ["my own fine words", "my own good words"]
    (bad,) = (row for row in room.rows() if row.state is OccurrenceState.FAILED)
    assert bad.reason == "bug"
    (record,) = (one for one in caplog.records if one.levelno >= logging.ERROR)
    assert f"occurrence {bad.id}" in record.getMessage()
    assert "words" not in record.getMessage()


async def test_a_broken_rule_of_a_table_is_the_features_fault(room: Room):
    room.add()
    room.add(title="bad")

    def fail(conn: Connection, due: DueOccurrence) -> None:
        if due.schedule.title == "bad":
            conn.execute(insert(said).values(verb=None))

    room.speaker.then = fail
    await room.at("2026-10-03 09:00", "2026-10-05 09:00")
    assert sorted(row.state for row in room.rows()) == [OccurrenceState.FAILED, OccurrenceState.QUEUED]
    assert len(room.said()) == 1


async def test_a_fault_of_the_database_is_nobodys_bug_and_is_tried_again(quick: Room):
    quick.add()
    await quick.at("2026-10-03 09:00")

    def lock(conn: Connection, _due: DueOccurrence) -> None:
        conn.exec_driver_sql("PRAGMA query_only=ON")
        try:
            conn.execute(insert(said).values(verb="x"))
        finally:
            conn.exec_driver_sql("PRAGMA query_only=OFF")

    quick.speaker.then = lock
    with pytest.raises(StoreUnavailable):
        await quick.at("2026-10-05 09:00")
    quick.speaker.then = lambda *_: None
    assert await quick.at("2026-10-05 09:01") == [("post", "2026-W41")]


async def test_a_kind_that_no_feature_sends_any_more_is_recorded(quick: Room):
    quick.add(kind="gone")
    quick.add()
    await quick.at("2026-10-05 09:00")
    assert quick.said() == [("post", "2026-W41")]
    assert sorted(row.reason or "" for row in quick.rows()) == ["", "nothing here sends this kind"]


async def test_a_rule_that_cannot_be_read_does_not_stop_the_others(
    quick: Room, caplog: pytest.LogCaptureFixture
):
    number = quick.add("whenever it suits")
    quick.add()
    assert await quick.at("2026-10-05 09:00") == [("post", "2026-W41")]
    assert f"schedule {number}" in caplog.text
    quick.do(edits.change_schedule, 1, number, quick.clock.now(), rule="every tue 09:00")
    assert len(await quick.at("2026-10-05 09:01", "2026-10-06 09:00")) == 2


async def test_every_occurrence_has_one_outcome(quick: Room):
    away(quick, date(2026, 10, 12), date(2026, 10, 16))
    quick.add("every day 09:00")
    quick.add("every weekday 17:00", break_policy=BreakPolicy.HOLD, catch_up=CatchUp.ASK)
    for day in range(1, 30):
        if day % 4:
            await quick.at(f"2026-10-{day:02} 12:00", f"2026-10-{day:02} 17:00")
    rows = quick.rows()
    assert len({(row.schedule_id, row.key) for row in rows}) == len(rows)
    queued = [row.id for row in rows if row.state is OccurrenceState.QUEUED]
    assert sorted(queued) == sorted(
        quick.get(lambda conn: conn.scalars(select(said.c.occurrence_id).where(said.c.verb == "post")).all())
    )
    assert all(row.reason for row in rows if row.state in (OccurrenceState.SKIPPED, OccurrenceState.ASKED))


# ── cost ──────────────────────────────────────────────────────────────────────


async def test_nothing_reads_a_whole_table_or_everything_planned(quick: Room):
    number = quick.add("every day 09:00")
    await quick.at("2026-10-01 12:00")
    statements: list[str] = []  # with their values, whoever compiled them

    def listen(raw, _record, _proxy) -> None:
        raw.set_trace_callback(statements.append)

    for engine in (quick.store._writing, quick.store._reading):
        event.listen(engine, "checkout", listen)
    quick.store.write_now(lambda conn: conn.connection.dbapi_connection.set_trace_callback(statements.append))
    await quick.at("2026-10-05 10:00")
    await quick.planner.replan()
    now = quick.clock.now()
    for work in (edits.change_schedule, edits.pause, edits.resume, edits.cancel_schedule):
        quick.do(work, 1, number, now)
    away(quick, MONDAY, MONDAY)
    quick.do(edits.skip_occurrence, 1, 1)
    quick.do(edits.unskip, 1, 1, now)
    quick.do(edits.post_now, 1, 1, now)
    quick.get(schedules_tables.upcoming, 1, now, now)
    begun = ("SELECT", "UPDATE", "DELETE", "WITH")
    plain = [one for one in statements if one.startswith(begun) and "FROM said" not in one]
    assert len(plain) >= 20
    for text in plain:
        lines = quick.get(lambda conn, t=text: conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {t}").all())
        for line in lines:
            given = line[3].startswith(("SCAN CONSTANT", "SCAN json_each", "SCAN wanted"))
            assert "SCAN" not in line[3] or given, f"{line[3]}: {text}"
            assert "rowid>" not in line[3], f"reads everything that was ever done: {text}"
            everything_planned = line[3].endswith("INDEX ix_occurrence_state_fire_at (state=?)")
            # The least of an index is its first entry: SQLite reads no further.
            first_only = "LIMIT" in text or "SELECT min(occurrence.fire_at)" in text
            assert not everything_planned or first_only, f"{line[3]}: {text}"


async def test_an_idle_tick_only_looks_once_and_writes_nothing(quick: Room, monkeypatch: pytest.MonkeyPatch):
    quick.add()
    await quick.at("2026-10-01 12:00")
    statements: list[str] = []
    event.listen(quick.store._reading, "before_cursor_execute", lambda *args: statements.append(args[2]))
    monkeypatch.setattr(quick.store, "write", None)
    assert await quick.planner.tick() == 0
    assert len(statements) == 1
