"""A sender on a real database and the pretend platform, with a clock that stands still until a test moves it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Column, Connection, Integer, MetaData, Table, Text, select

from adapters.local.adapter import LocalAdapter
from bot.chat.cards import Card, say
from bot.chat.port import AdapterState
from bot.delivery import next_due, outbox, pacing, restore_guard
from bot.delivery.claims import LeaseTerms
from bot.delivery.facts import Draft, Fact, Failed, Stuck, marker_of
from bot.delivery.pacing import Pace
from bot.delivery.sender import Sender, no_crash
from bot.delivery.tables import OutboxRow
from bot.people.tables import ensure_community
from bot.runtime.clock import SteerableClock
from bot.store import Store, metadata

MONDAY = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)
SPACE = "local:harbour"
assert restore_guard.epoch.metadata is metadata

beside = MetaData()
told = Table(
    "told", beside,
    Column("id", Integer, primary_key=True),
    Column("what", Text), Column("key", Text), Column("detail", Text), Column("ref", Text),
)  # fmt: skip
"""Facts are kept in the database, so that a test sees which were committed."""

BRISK = Pace(lane_rate=1e6, space_rate=1e6, overall_rate=1e6, read_rate=1e6, space_burst=1000, overall_burst=1000,
             lane_burst=1000, read_burst=1000, together=16)  # fmt: skip
"""For tests that are about something else."""


def tell(conn: Connection, fact: Fact) -> None:
    detail = fact.code if isinstance(fact, Failed | Stuck) else fact.message
    conn.execute(told.insert().values(what=type(fact).__name__, key=fact.key, detail=detail, ref=fact.ref))


def make_tables(store: Store) -> None:
    def make(conn: Connection) -> None:
        metadata.create_all(conn)
        beside.create_all(conn)
        ensure_community(conn, "harbour", "Harbour", "Europe/Dublin", MONDAY)

    store.write_now(make)


class Rig:
    """Everything a test of delivery needs; further senders on the same database come from `another`."""

    def __init__(
        self, store: Store, *, pace: Pace = BRISK, memory: AdapterState | None = None,
        channels: Sequence[str] = ("general", "random"),
    ) -> None:  # fmt: skip
        self.store, self.pace = store, pace
        self.clock = SteerableClock(MONDAY)
        self.adapter = LocalAdapter(self.clock, memory, SPACE, "Harbour")
        for name in channels:
            self.adapter.world.add_channel(name, name)
        self.adapter.world.add_person("ada", "Ada")
        self.adapter.world.add_person("ben", "Ben")
        self.faults = self.adapter.faults
        self.sender = self.another("first")

    def another(
        self, owner: str, *, at: Callable[[str], None] = no_crash, store: Store | None = None, **more: Any
    ) -> Sender:
        given: dict[str, Any] = {"tell": tell, "paces": {"local": self.pace}, "chance": lambda: 0.5} | more
        adapters = given.pop("adapters", {"local": self.adapter})
        return Sender(store or self.store, self.clock, adapters, owner=owner, at=at, **given)

    # ── doing ─────────────────────────────────────────────────────────────────

    def queue(self, key: str, channel: str | None = "general", **more: Any) -> bool:
        verb = more.get("verb", "post")
        speaks = verb in ("post", "direct", "update")
        given: dict[str, Any] = {"kind": "prompt", "card": say(key) if speaks else None} | more
        draft = Draft(community_id=1, space=SPACE, key=key, channel=channel, **given)
        return self.store.write_now(lambda conn: outbox.queue_draft(conn, draft, self.clock.now()))

    def direct(self, key: str, person: str, **more: Any) -> bool:
        return self.queue(key, None, verb="direct", person=person, **more)

    async def settle(self, sender: Sender | None = None) -> int:
        """Beat until nothing moves at this instant."""
        moved = 0
        while some := await (sender or self.sender).beat():
            moved += some
        return moved

    async def run(self, seconds: float, sender: Sender | None = None) -> None:
        """Let this much time pass, stopping wherever the sender says that it has something to do."""
        sender = sender or self.sender
        end = self.clock.now() + timedelta(seconds=seconds)
        while True:
            await self.settle(sender)
            due = self.store.read_now(sender.next_due)
            if due is None or due > end:
                break
            assert due > self.clock.now(), "a clock that is stepped must not stand still"
            self.clock.set(due)
        self.clock.set(end)
        await self.settle(sender)

    # ── seeing ────────────────────────────────────────────────────────────────

    def row(self, key: str) -> OutboxRow:
        found = self.store.read_now(lambda conn: outbox.find_by_key(conn, key))
        assert found is not None
        return found

    def said(self, key: str) -> list[str]:
        """Ids of the messages in the world that carry the marker of a key."""
        marker = marker_of(key)
        return [
            one.id for one in self.adapter.world.messages.values() if one.marker == marker and not one.deleted
        ]

    def titles(self, channel: str) -> list[str]:
        there = self.adapter.world.messages.values()
        return [one.card.title for one in there if one.channel == channel and one.card and not one.deleted]

    def facts(self) -> list[tuple[str, str, str]]:
        question = select(told.c.what, told.c.key, told.c.detail).order_by(told.c.id)
        return [tuple(row) for row in self.store.read_now(lambda conn: conn.execute(question).all())]

    def once(self, key: str) -> None:
        """Exactly one message is there, the row names it, and its feature was told once."""
        row = self.row(key)
        assert self.said(key) == [row.external_id], (key, row.state, self.said(key))
        assert row.state == "sent"
        assert [fact for fact in self.facts() if fact[1] == key and fact[0] == "Sent"] == [
            ("Sent", key, row.external_id)
        ]

    def sound(self) -> None:
        """Every invariant holds."""

        def find_broken(conn: Connection) -> list[str]:
            return [name for name, query in outbox.invariants() if conn.execute(query).all()]

        assert self.store.read_now(find_broken) == []
        late = next_due.overdue_rows(self.clock.now(), timedelta(seconds=120))
        assert self.store.read_now(lambda conn: conn.execute(late).all()) == []


def card(title: str) -> Card:
    return say(title)


class Killed(Exception):
    """Stands for a process that ends here, in tests that stay in one process."""


def dies_at(name: str) -> Callable[[str], None]:
    def at(point: str) -> None:
        if point == name:
            raise Killed(name)

    return at


@contextmanager
def opened(url: str) -> Any:
    with Store.open(url) as store:
        make_tables(store)
        yield store


__all__ = [
    "BRISK",
    "MONDAY",
    "SPACE",
    "Killed",
    "LeaseTerms",
    "Pace",
    "Rig",
    "card",
    "dies_at",
    "opened",
    "pacing",
    "tell",
]
