"""A community of two on a real database, a clock that may jump either way, and a sender that says what is due."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, select, update

from bot.chat.cards import say
from bot.chat.models import Person
from bot.delivery import next_due
from bot.delivery.claims import LeaseTerms
from bot.delivery.facts import Failed, OutboxState
from bot.delivery.tables import outbox
from bot.people import accounts, preferences
from bot.people import tables as people
from bot.people.hours import hours_of
from bot.reminders import policy, tables
from bot.reminders.policy import ReminderDecision, ReminderPolicy, ReminderRequest
from bot.schedules import breaks
from bot.store.migrate import upgrade
from bot.store.store import Store

T = TypeVar("T")
START = datetime(2026, 10, 5, 8, 0, tzinfo=UTC)
BEFORE = START - timedelta(days=30)
MEMBERS = (1, 2)
CAP = 2


def template(folder: Path) -> Path:
    """A database with a community and two members, to be copied."""
    file = folder / "template.db"
    upgrade(f"sqlite:///{file}")
    store = Store.open(f"sqlite:///{file}")

    def furnish(conn: Connection) -> None:
        home = people.ensure_community(conn, "home", "Home", "Europe/Dublin", START)
        people.see_space(conn, "local:home", "Home", home.id, START)
        for number in MEMBERS:
            who = Person("local:home", f"p{number}", f"Member {number}", zone="Europe/Dublin")
            accounts.member_of(conn, who, home, START)

    store.write_now(furnish)
    store.close_now()
    return file


@dataclass(frozen=True, slots=True)
class Said:
    """A reminder as it went out: to whom, when by the bot's clock, and what the member's wishes were then."""

    member: int
    at: datetime
    key: str
    welcome: bool
    stopped: bool


@dataclass(slots=True)
class Rig:
    """The bot's part of the story, step by step."""

    file: Path
    now: datetime = START
    said: list[Said] = field(default_factory=list)
    policy: ReminderPolicy = field(default_factory=lambda: ReminderPolicy(CAP))
    store: Store = field(init=False)

    def __post_init__(self) -> None:
        self.store = Store.open(f"sqlite:///{self.file}")

    def write(self, work: Callable[[Connection], T]) -> T:
        return self.store.write_now(work)

    # ── what happens ──────────────────────────────────────────────────────────

    def restart(self) -> None:
        """The process ends and another begins; nothing but the database is left."""
        self.store.close_now()
        self.store = Store.open(f"sqlite:///{self.file}")
        self.policy = ReminderPolicy(CAP)

    def move(self, by: timedelta) -> None:
        """The clock goes forward, or jumps back."""
        self.now += by
        self.write(lambda conn: next_due.correct_future_instants(conn, self.now, LeaseTerms()))

    def wish(
        self, member: int, series: str, reason: str, period: str, sentences: int = 50
    ) -> ReminderDecision:
        wish = ReminderRequest(
            1,
            member,
            series,
            reason,
            period,
            BEFORE,
            lambda: "You get this because.",
            tuple(f"sentence {number}" for number in range(sentences)),
            lambda wording: say(wording.sentence),
        )
        return self.write(lambda conn: self.policy.remind(conn, wish, self.now))

    def stop(self, member: int) -> None:
        self.write(lambda conn: policy.stop_reminders(conn, 1, member, self.now))

    def resume(self, member: int) -> None:
        self.write(lambda conn: policy.resume_reminders(conn, 1, member, self.now))

    def change(self, member: int, **values: object) -> None:
        def work(conn: Connection) -> None:
            preferences.change_preferences(conn, 1, member, **values)
            policy.withdraw_unfit_for(conn, member, self.now)

        self.write(work)

    def away(self, member: int, starts: date, ends: date) -> None:
        def work(conn: Connection) -> None:
            preferences.add_days_away(conn, 1, member, starts, ends)
            policy.withdraw_unfit_for(conn, member, self.now)

        self.write(work)

    def take_break(self, starts: date, ends: date) -> None:
        def work(conn: Connection) -> None:
            breaks.add_break(conn, 1, starts, ends, "Break", self.now)
            policy.withdraw_unfit(conn, self.now)

        self.write(work)

    def later(self, member: int) -> None:
        def work(conn: Connection) -> None:
            last = (
                conn.execute(select(tables.reminder.c.id).where(tables.reminder.c.member_id == member))
                .scalars()
                .all()
            )
            if last:
                policy.postpone_series(conn, 1, member, last[-1], self.now)

        self.write(work)

    def send(self) -> None:
        """What is due goes out; what is overdue is dropped. As the sender does, without a platform behind it."""

        def work(conn: Connection) -> None:
            rows = conn.execute(
                select(outbox).where(outbox.c.state == OutboxState.PENDING, outbox.c.not_before <= self.now)
            ).all()
            for row in rows:
                member = int(row.person[1:])
                if row.expires_at <= self.now:
                    conn.execute(
                        update(outbox)
                        .where(outbox.c.id == row.id)
                        .values(state=OutboxState.DROPPED, error="expired")
                    )
                    place = row.channel
                    fact = Failed(row.key, row.kind, row.ref, 1, place, "expired")
                    policy.note_failed(conn, fact, self.now)
                    continue
                conn.execute(
                    update(outbox)
                    .where(outbox.c.id == row.id)
                    .values(state=OutboxState.SENT, external_id="m", sent_at=self.now)
                )
                hours, wishes = hours_of(conn, 1, member, self.now), preferences.preferences_of(conn, member)
                unwanted = (
                    wishes.stopped or wishes.reminders is preferences.Reminders.OFF or not wishes.direct
                )
                self.said.append(Said(member, self.now, row.key, hours.is_free(self.now), unwanted))

        self.write(work)

    def close(self) -> None:
        self.store.close_now()


def fresh(template_file: Path, folder: Path, number: int) -> Rig:
    """A rig on a copy of the template."""
    file = folder / f"rig{number}.db"
    shutil.copy(template_file, file)
    return Rig(file)


NIGHT = time(3)
