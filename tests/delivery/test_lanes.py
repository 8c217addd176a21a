"""Which row is next is known without searching through what waits, and is what a naive look over all rows says."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, delete, select

from bot.chat.cards import say
from bot.chat.models import Place
from bot.delivery import lanes, next_due, outbox, pacing, results
from bot.delivery.claims import Claimer, LeaseTerms, claim_rows
from bot.delivery.facts import SPEAKING, Draft, OutboxState
from bot.delivery.outcomes import CallDelayed
from bot.delivery.pacing import Pace, circuit, pace
from bot.delivery.tables import COLUMNS, OutboxRow, rows
from bot.store import Store
from tests.delivery.rig import MONDAY, SPACE, Rig, make_tables, tell
from tests.seeds import seeds

OPEN = Pace(lane_rate=0.2, lane_burst=1, space_rate=1e6, overall_rate=1e6, space_burst=1000, overall_burst=1000,
            together=1000)  # fmt: skip
"""Only lanes have a limit: that of a space belongs to no lane."""
TERMS = LeaseTerms()
END = MONDAY + timedelta(days=999)
PEOPLE, CHANNELS = ("ada", "ben", "cleo"), ("general", "random")
Lane = tuple[str, str]


class Look:
    """All rows, as they are, and what follows from them without any lane."""

    def __init__(self, conn: Connection) -> None:
        self.rows = rows(conn, select(*COLUMNS).order_by(outbox.outbox.c.id))
        self.by_key = {row.key: row for row in self.rows}
        self.buckets = {(one.space, one.lane): one.ready_at for one in conn.execute(select(pace))}
        self.held = {(one.space, one.lane): one.open_until for one in conn.execute(select(circuit))}

    def heads(self, now: datetime) -> dict[Lane, OutboxRow]:
        """The row of each lane that may be said at an instant."""
        by_lane: defaultdict[Lane, list[OutboxRow]] = defaultdict(list)
        for row in self.rows:
            by_lane[row.space, row.lane].append(row)
        found = {where: self._head(mine, now) for where, mine in by_lane.items()}
        return {where: row for where, row in found.items() if row is not None and self._may(row, now)}

    def _head(self, mine: Sequence[OutboxRow], now: datetime) -> OutboxRow | None:
        waiting = [row for row in mine if row.state is OutboxState.PENDING and (row.expires_at or END) > now]
        if any(row.state in (OutboxState.SENDING, OutboxState.UNKNOWN) for row in mine):
            return None
        if any(row.attempt > 0 and row.not_before > now for row in waiting):
            return None
        due = [row for row in waiting if row.not_before <= now and self._is_free(row)]
        return min(due, key=lambda row: (row.attempt == 0, row.priority, row.id), default=None)

    def _is_free(self, row: OutboxRow) -> bool:
        parent = None if row.after is None else self.by_key.get(row.after)
        return row.after is None or (parent is not None and parent.state is OutboxState.SENT)

    def _may(self, row: OutboxRow, now: datetime) -> bool:
        if row.verb not in SPEAKING:
            return True
        full = self.buckets.get((row.space, row.lane), now) > now
        held = row.priority > 1 and self.held.get((row.space, row.lane), now) > now
        return not full and not held

    def turn(self, now: datetime, room: int) -> list[int]:
        """Ids of the rows that are taken at an instant, in order."""
        order = sorted(self.heads(now).values(), key=lambda row: (row.priority, row.due_at, row.id))
        return [row.id for row in order[:room]]

    def next_at(self, now: datetime) -> datetime | None:
        """The first instant from now on at which there is a row to take."""
        instants = {now, *(row.not_before for row in self.rows), *self.buckets.values(), *self.held.values()}
        return next((at for at in sorted(instants) if at >= now and self.heads(at)), None)


class Year:
    """Everything that can happen to what waits, in any order, and a naive look after each."""

    def __init__(self, store: Store, seed: int) -> None:
        self.rig, self.store, self.dice = Rig(store, pace=OPEN), store, random.Random(seed)
        self.made = 0
        self.taken: list[OutboxRow] = []

    @property
    def now(self) -> datetime:
        return self.rig.clock.now()

    def claim(self, room: int) -> list[OutboxRow]:
        """Claim until there is nothing more to prepare."""
        taken: list[OutboxRow] = []
        while True:
            request = Claimer("me", self.now, room - len(taken), OPEN, TERMS, False, tell, None)
            found = self.store.write_now(lambda conn, request=request: claim_rows(conn, "local", request))
            taken += found.rows
            if not found.others:
                return taken

    def step(self) -> None:
        """Let one thing happen."""
        doings = [self.queue] * 6 + [
            self.wait,
            self.settle,
            self.settle,
            self.take_back,
            self.take,
            self.take,
        ]
        self.dice.choice([*doings, self.hold, self.forget if self.dice.random() < 0.3 else self.release])()

    def queue(self) -> None:
        key, dice = f"k{self.made}", self.dice
        self.made += 1
        more: dict[str, object] = {"priority": dice.randrange(5)}
        if dice.random() < 0.4:
            more["not_before"] = self.now + timedelta(seconds=dice.randrange(-100, 60))
        if dice.random() < 0.2:
            more["expires_at"] = self.now + timedelta(seconds=dice.randrange(1, 90))
        if self.made > 2 and dice.random() < 0.35:
            more["after"] = f"k{max(dice.randrange(self.made - 12, self.made + 2), 0)}"
        if more.get("after") == key:
            del more["after"]
        if "after" in more and dice.random() < 0.4:
            more["verb"] = "pin"
        if dice.random() < 0.5 and "verb" not in more:
            self.rig.direct(key, dice.choice(PEOPLE), **more)
        else:
            self.rig.queue(key, dice.choice(CHANNELS), **more)

    def wait(self) -> None:
        self.rig.clock.set(self.now + timedelta(seconds=self.dice.choice((0.5, 3, 10, 40))))

    def take(self) -> None:
        room = self.dice.randrange(1, 4)
        expected = self.look().turn(self.now, room)
        taken = self.claim(room)
        assert [row.id for row in taken] == expected
        self.taken += taken

    def settle(self) -> None:
        """A call ends, in one of the ways in which calls end."""
        if not self.taken:
            return
        row = self.taken.pop(self.dice.randrange(len(self.taken)))
        delay = CallDelayed("ratelimited", self.dice.choice((0.0, 4.0, 30.0)))
        place = Place(SPACE, row.channel or f"dm-{row.person}", None, row.person is not None)
        ways = {
            "sent": partial(results.mark_sent, place=place, message=f"m{row.id}", now=self.now, copies=False,
                            parts=self.dice.choice((1, 1, 3)), terms=TERMS, tell=tell),
            "later": partial(results.put_off, delay=delay, now=self.now, terms=TERMS, chance=0.0, tell=tell),
            "failed": partial(results.mark_failed, code="no", tell=tell),
            "lost": partial(results.mark_unknown, place=place, until=self.now, code="timeout"),
        }  # fmt: skip
        self.store.write_now(lambda conn: ways[self.dice.choice(list(ways))](conn, row))

    def release(self) -> None:
        """A doubt ends: it is there after all, or it is not, or a moderator looked."""
        doubts = [row for row in self.look().rows if row.state is OutboxState.UNKNOWN]
        if not doubts:
            return
        row, way = self.dice.choice(doubts), self.dice.randrange(3)
        until = self.now + timedelta(seconds=self.dice.choice((0, 20)))
        place = Place(SPACE, row.channel or "dm", None)

        def end(conn: Connection) -> None:
            if way == 0:
                outbox.release_stuck(conn, row.key, self.now)
            elif way == 1:
                results.mark_absent(conn, row, until)
            else:
                results.mark_sent(conn, row, place, f"m{row.id}", self.now, copies=False, parts=1, terms=TERMS, tell=tell)  # fmt: skip

        self.store.write_now(end)

    def take_back(self) -> None:
        key = f"k{self.dice.randrange(self.made + 1)}"
        self.store.write_now(lambda conn: outbox.cancel_draft(conn, key))
        if self.dice.random() < 0.3:
            self.rig.queue(key, self.dice.choice(CHANNELS))

    def hold(self) -> None:
        """A channel refuses us, as a call that is refused finds out; or one is open again."""
        if self.taken and self.dice.random() < 0.7:
            row = self.taken.pop()
            until = self.now + timedelta(seconds=25)

            def refuse(conn: Connection) -> None:
                if results.mark_failed(conn, row, "no", tell):
                    pacing.open_circuit(conn, row.space, row.lane, until, "no")

            self.store.write_now(refuse)

    def forget(self) -> None:
        """Somebody is erased, or a space is left for a while."""
        person = self.dice.choice(PEOPLE)

        def erase(conn: Connection) -> None:
            outbox.forget_people(conn, 1, [(SPACE, person)])
            pacing.forget_people(conn, [(SPACE, person)])

        left = lambda conn: outbox.abandon_space(conn, SPACE, self.now - timedelta(seconds=20))
        self.store.write_now(erase if self.dice.random() < 0.5 else left)
        states = {row.id: row.state for row in self.look().rows}
        self.taken = [row for row in self.taken if states[row.id] is OutboxState.SENDING]

    def look(self) -> Look:
        return self.store.read_now(Look)

    def is_lapsed(self, row: OutboxRow) -> bool:
        """Its sender has vanished: recovery looks, and no claim."""
        return row.state is OutboxState.SENDING and (row.lease_until or self.now) <= self.now

    def check(self) -> None:
        """The lanes say what all rows say, and whoever waits wakes in time."""
        ask = partial(next_due.next_due, now=self.now, paces={"local": OPEN}, terms=TERMS)
        early, truth = self.store.read_now(ask), self.look().next_at(self.now)
        assert truth is None or (early is not None and early <= truth)
        assert self.claim(0) == []
        look = self.look()
        ready = select(lanes.lane.c.space, lanes.lane.c.lane, lanes.lane.c.head).where(lanes.IS_READY)
        found = self.store.read_now(
            lambda conn: {(one.space, one.lane): one.head for one in conn.execute(ready)}
        )
        assert found == {where: row.id for where, row in look.heads(self.now).items()}
        truth, late = look.next_at(self.now), self.store.read_now(ask)
        assert truth is None or (late is not None and late <= truth)
        searched = any(row.state is OutboxState.UNKNOWN or self.is_lapsed(row) for row in look.rows)
        assert look.heads(self.now) or searched or late is None or late > self.now
        for name, broken in outbox.invariants():
            assert self.store.read_now(lambda conn, broken=broken: conn.execute(broken).all()) == [], name


@pytest.mark.parametrize("seed", seeds(3, 40))
def test_the_lanes_say_what_a_naive_look_over_all_rows_says(store: Store, seed: int) -> None:
    year = Year(store, seed)
    for _ in range(90):
        year.step()
        if year.dice.random() < 0.5:
            year.check()
    year.check()
    assert year.made > 20


def test_what_a_lane_says_is_checked_before_its_row_is_claimed(rig: Rig) -> None:
    """A clock that goes back a little: the row that was next is not due any more, and another one is."""
    rig.queue("urgent", priority=1, not_before=MONDAY + timedelta(seconds=10))
    rig.queue("calm", priority=3)
    taken = []
    for seconds, room in ((10, 0), (1, 2), (10, 0)):
        request = Claimer("me", MONDAY + timedelta(seconds=seconds), room, rig.pace, TERMS, False, tell, None)
        taken.append(
            rig.store.write_now(lambda conn, request=request: claim_rows(conn, "local", request)).rows
        )
    assert [[row.key for row in some] for some in taken] == [[], ["calm"], []]


async def test_a_database_that_was_filled_without_lanes_is_said_all_the_same(rig: Rig) -> None:
    """As one that was read from a file: its rows have been seen due, and nobody knows where they wait."""
    for number in range(3):
        rig.queue(f"{number}", priority=3)
        rig.direct(f"d{number}", "ada")
    request = Claimer("me", MONDAY, 0, rig.pace, TERMS, False, tell, None)
    rig.store.write_now(lambda conn: claim_rows(conn, "local", request))

    def lose(conn: Connection) -> None:
        for table in (lanes.lane, lanes.lane_change):
            conn.execute(delete(table))

    rig.store.write_now(lose)
    assert rig.store.read_now(lambda conn: len(conn.execute(lanes.unnoticed_rows()).all())) == 6
    await rig.settle(rig.another("second"))
    for key in ("0", "1", "2", "d0", "d1", "d2"):
        rig.once(key)
    rig.sound()


# ── what it costs ─────────────────────────────────────────────────────────────


class Steps:
    """What SQLite does for a piece of work: statements, steps of its machine, and sorts or searches through a table."""

    def __init__(self, rig: Rig) -> None:
        self.rig = rig
        self.statements: list[str] = []

    def of(self, work: Callable[[Connection], object], *, write: bool) -> tuple[int, int]:
        """How many statements and how many steps (in tens) a piece of work takes."""
        store, taken, before = self.rig.store, [0], len(self.statements)

        def counted(conn: Connection) -> None:
            raw: Any = conn.connection.dbapi_connection
            raw.set_trace_callback(self.statements.append)
            raw.set_progress_handler(lambda: taken.__setitem__(0, taken[0] + 1), 10)
            work(conn)
            raw.set_progress_handler(None, 0)
            raw.set_trace_callback(None)

        (store.write_now if write else store.read_now)(counted)
        return len(self.statements) - before, taken[0]

    def searches(self) -> list[str]:
        """Steps of the plans that read a whole table, or sort."""

        def plan(conn: Connection) -> list[str]:
            raw: Any = conn.connection.dbapi_connection
            asked = [one for one in self.statements if one.startswith(("SELECT", "UPDATE", "DELETE", "WITH"))]
            return [step[3] for one in asked for step in raw.execute(f"EXPLAIN QUERY PLAN {one}").fetchall()]

        plans = self.rig.store.read_now(plan)
        whole = [step for step in plans if step.startswith(("SCAN outbox", "SCAN lane"))]
        whole = [
            step for step in whole if "uq_outbox_doubt" not in step
        ]  # only what is in doubt, and nothing waiting
        return whole + [step for step in plans if "TEMP B-TREE FOR ORDER" in step]


@pytest.mark.parametrize("direct", [True, False])
def test_a_claim_costs_the_same_however_much_waits(tmp_path: Path, direct: bool) -> None:
    found: dict[int, Mapping[str, tuple[int, int]]] = {}
    for size in (20, 1000):
        with Store.open(f"sqlite:///{tmp_path / f'{size}.db'}") as store:
            make_tables(store)
            rig = Rig(store)
            fill(rig, size, direct=direct)
            steps = Steps(rig)
            taken: list[OutboxRow] = []
            claim = lambda conn, rig=rig, taken=taken: taken.extend(
                claim_rows(conn, "local", Claimer("me", rig.clock.now(), 1, rig.pace, TERMS, False, tell, None)).rows
            )  # fmt: skip
            for _ in range(6):
                work = steps.of(claim, write=True)
                row = taken.pop()
                place = Place(SPACE, row.channel or f"dm-{row.person}", None)
                end = partial(results.mark_sent, row=row, place=place, message=f"m{row.id}", now=MONDAY, copies=False,
                              parts=1, terms=TERMS, tell=tell)  # fmt: skip
                steps.of(end, write=True)
            ask = partial(next_due.next_due, now=rig.clock.now(), paces={"local": rig.pace}, terms=TERMS)
            found[size] = {"claim": work, "next_due": steps.of(ask, write=False)}
            assert steps.searches() == []
    for name, (statements, steps_taken) in found[1000].items():
        before = found[20][name]
        assert statements == before[0], name
        assert steps_taken <= 1.5 * before[1] + 5, (name, before, steps_taken)
    assert found[1000]["claim"][0] <= 16


def fill(rig: Rig, size: int, *, direct: bool) -> None:
    """So many messages wait, and every lane is known."""

    def work(conn: Connection) -> None:
        for number in range(size):
            where: dict[str, Any] = {"channel": "general"}
            if direct:
                where = {"verb": "direct", "person": f"p{number}"}
            draft = Draft(
                community_id=1, space=SPACE, key=f"k{number}", kind="reminder", card=say("Hello"), **where
            )
            outbox.queue_draft(conn, draft, MONDAY)

    rig.store.write_now(work)
    request = Claimer("me", MONDAY, 0, rig.pace, TERMS, False, tell, None)
    while rig.store.write_now(lambda conn: claim_rows(conn, "local", request)).others:
        pass
