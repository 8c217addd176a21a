"""A member's preferences: reminders, quiet hours, direct messages, days away, who sees their progress."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Date,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    bindparam,
    delete,
    select,
    update,
)

from bot.chat.models import Sharing
from bot.store.dialect import insert
from bot.store.foresight import SetQuestion, ask_once
from bot.store.schema import metadata
from bot.store.types import EnumText, UtcDateTime


class Reminders(StrEnum):
    """How much reminding somebody wants."""

    OFF = "off"
    LIGHT = "light"
    """One reminder for each thing, one in seven days."""
    STANDARD = "standard"


QUIET = (time(17), time(8))
"""Nobody is written to unasked outside working hours, from five in the afternoon to eight in the morning, unless they
say otherwise."""

preferences = Table(
    "preferences",
    metadata,
    Column("member_id", ForeignKey("member.id"), primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("reminders", EnumText(Reminders), nullable=False, default=Reminders.STANDARD),
    Column("quiet_from", Text),
    Column("quiet_to", Text),
    Column("direct", Boolean, nullable=False, default=True),
    Column("progress", Text, nullable=False, default=Sharing.ME.value),
    Column("stopped_at", UtcDateTime),
    Column("resumed_at", UtcDateTime),
    Column("hand", Boolean, nullable=False, default=False),
    Column("recall", Boolean, nullable=False, default=False),
)
"""What a member chose; without a row, the defaults hold. Local wall times like `20:00`; null: the default.
`stopped_at`: they said stop, and hear nothing unasked until they say resume (`resumed_at`).
`hand`: the people who lead their team see which lesson they have had open longer than planned. `recall`:
prompts bring back their own words from months ago."""

away = Table(
    "away",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("member_id", ForeignKey("member.id"), nullable=False),
    Column("starts", Date, nullable=False),
    Column("ends", Date, nullable=False),
    Index("ix_away_member", "member_id", "ends"),
)
"""Days on which a member is away, the last one included, in their own zone."""


@dataclass(frozen=True, slots=True)
class Preferences:
    """A member's preferences, with the defaults filled in. `progress` is who sees how far they are."""

    reminders: Reminders = Reminders.STANDARD
    quiet: tuple[time, time] = QUIET
    direct: bool = True
    progress: Sharing = Sharing.ME
    stopped: bool = False
    resumed_at: datetime | None = None
    hand: bool = False
    recall: bool = False

    @property
    def reachable(self) -> bool:
        """Whether anything may be written to them unasked: they take direct messages, and did not say stop."""
        return self.direct and not self.stopped


@dataclass(frozen=True, slots=True)
class Away:
    """Days on which somebody is away, the last one included."""

    starts: date
    ends: date


@dataclass(frozen=True, slots=True)
class PreferencesChanged:
    """The fact that a member's preferences, zone or days away changed, so that plans are made again."""

    community_id: int
    member_id: int


_OF_MEMBER = select(preferences).where(preferences.c.member_id == bindparam("member"))
_PREFERENCES = SetQuestion.about(preferences)


def preferences_of(conn: Connection, member_id: int) -> Preferences:
    """The preferences of a member."""
    return ask_once(conn, _PREFERENCES, member_id, lambda: _read_preferences(conn, member_id))


def _read_preferences(conn: Connection, member_id: int) -> Preferences:
    row = conn.execute(_OF_MEMBER, {"member": member_id}).one_or_none()
    if row is None:
        return Preferences()
    quiet = (
        QUIET[0] if row.quiet_from is None else time.fromisoformat(row.quiet_from),
        QUIET[1] if row.quiet_to is None else time.fromisoformat(row.quiet_to),
    )
    stopped = row.stopped_at is not None
    return Preferences(
        row.reminders, quiet, row.direct, Sharing(row.progress), stopped, row.resumed_at, row.hand, row.recall
    )


def progress_sharing(conn: Connection, member_ids: list[int]) -> dict[int, Sharing]:
    """Who may see the progress of each of these members; those who chose nothing are left out."""
    rows = conn.execute(
        select(preferences.c.member_id, preferences.c.progress).where(preferences.c.member_id.in_(member_ids))
    )
    return {member_id: Sharing(shown) for member_id, shown in rows}


def change_preferences(conn: Connection, community_id: int, member_id: int, **values: object) -> None:
    """Change `reminders`, `quiet_from`, `quiet_to`, `direct`, `progress`, `hand`, `recall` or `stopped_at` of a member."""
    defaults: dict[str, object] = {
        "reminders": Reminders.STANDARD,
        "direct": True,
        "progress": Sharing.ME.value,
    }
    defaults |= {"hand": False, "recall": False}
    new = insert(preferences).values(community_id=community_id, member_id=member_id, **{**defaults, **values})
    conn.execute(new.on_conflict_do_update(index_elements=["member_id"], set_=values))


_AWAY = (
    select(away.c.starts, away.c.ends)
    .where(away.c.member_id == bindparam("member"), away.c.ends >= bindparam("since"))
    .order_by(away.c.starts, away.c.id)
)
_DAYS_AWAY = SetQuestion.about(away)


def days_away(conn: Connection, member_id: int, since: date) -> list[Away]:
    """The days away that end on or after a date, soonest first."""

    def ask() -> list[Away]:
        return [Away(*row) for row in conn.execute(_AWAY, {"member": member_id, "since": since})]

    return list(ask_once(conn, _DAYS_AWAY, (member_id, since), ask))


def add_days_away(conn: Connection, community_id: int, member_id: int, starts: date, ends: date) -> None:
    """Remember days away; the same days again change nothing."""
    same = (away.c.member_id == member_id) & (away.c.starts == starts) & (away.c.ends == ends)
    if conn.execute(select(away.c.id).where(same)).first() is None:
        row = {"community_id": community_id, "member_id": member_id, "starts": starts, "ends": ends}
        conn.execute(insert(away).values(row))


def end_days_away(conn: Connection, member_id: int, today: date) -> bool:
    """End the days away that today belongs to, and forget those to come; whether there were any."""
    mine = (away.c.member_id == member_id) & (away.c.ends >= today)
    begun = conn.execute(
        update(away).where(mine, away.c.starts < today).values(ends=today - timedelta(days=1))
    )
    coming = conn.execute(delete(away).where(mine, away.c.starts >= today))
    return begun.rowcount + coming.rowcount > 0


def stop_reminders(conn: Connection, community_id: int, member_id: int, now: datetime) -> None:
    """Write nothing unasked to a member until they say resume."""
    change_preferences(conn, community_id, member_id, stopped_at=now)


def resume_reminders(conn: Connection, community_id: int, member_id: int, now: datetime) -> Preferences:
    """Reminders again: as they were, or the usual ones where they had been switched off."""
    known = preferences_of(conn, member_id).reminders
    wanted = Reminders.STANDARD if known is Reminders.OFF else known
    change_preferences(conn, community_id, member_id, stopped_at=None, resumed_at=now, reminders=wanted)
    return preferences_of(conn, member_id)


def hand_over(conn: Connection, community_id: int, member_id: int) -> list[dict[str, object]]:
    """What a member chose, and their days away, for their own copy."""
    known = preferences_of(conn, member_id)
    days = conn.execute(
        select(away.c.starts, away.c.ends).where(
            away.c.community_id == community_id, away.c.member_id == member_id
        )
    )
    return [
        {
            "reminders": "stopped" if known.stopped else known.reminders.value,
            "quiet hours": describe_quiet_hours(known.quiet),
            "direct messages": known.direct,
            "progress seen by": known.progress.value,
            "leads see when you might want a hand": known.hand,
            "your own earlier words come back": known.recall,
            "away": [f"{starts} to {ends}" for starts, ends in days],
        }
    ]


def forget(conn: Connection, community_id: int, member_id: int) -> None:
    """Forget what a member chose, and when they were away."""
    for table in (preferences, away):
        conn.execute(
            delete(table).where(table.c.community_id == community_id, table.c.member_id == member_id)
        )


def describe_quiet_hours(quiet: tuple[time, time]) -> str:
    """Quiet hours as people write them: `20:00-07:00`, or `none`."""
    return "none" if quiet[0] == quiet[1] else f"{quiet[0]:%H:%M}-{quiet[1]:%H:%M}"
