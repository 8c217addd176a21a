"""Figures of the whole deployment, counted in its database: the same whichever process is asked, and while none runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, and_, case, exists, func, or_, select

from bot.delivery import outbox as outbox_records
from bot.delivery import pacing
from bot.delivery.facts import QUIET, OutboxState, Verb
from bot.delivery.pacing import WHOLE, circuit
from bot.delivery.tables import is_any, outbox
from bot.people.preferences import Reminders, preferences
from bot.reflections.answers.tables import answer
from bot.reminders.tables import reminder
from bot.schedules.model import OccurrenceState
from bot.schedules.tables import in_state, occurrence

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
_c = outbox.c
_IN_CHAT = _c.verb != Verb.HOOK
"""It is for people: where a service that is told by HTTP does not answer, admins hear of it, and no member misses it."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What the database says at one moment. Lengths of time are in seconds, 0 where nothing waits.

    `outbox` counts its rows by state. `overdue_posts` are late and may be said now; `overdue_for` is the oldest of them.
    `unplanned_for`: the longest that the time of something planned has come and nobody took it up. `doubt_for`: the longest
    that nobody knows whether something was said. `answers`, `reminders` and `failed` are those of the last hour or day;
    answers to anonymous prompts are in no figure.
    """

    at: datetime
    outbox: Mapping[str, int] = field(default_factory=dict)
    duplicates_removed: int = 0
    overdue_posts: int = 0
    overdue_for: float = 0.0
    unplanned_for: float = 0.0
    doubts: int = 0
    doubt_for: float = 0.0
    failed: int = 0
    last_sent_at: datetime | None = None
    refusing_spaces: int = 0
    refusing_channels: int = 0
    answers_hour: int = 0
    answers_day: int = 0
    reminders_day: int = 0
    muted_members: int = 0


def read_figures(conn: Connection, now: datetime) -> Figures:
    """Count everything at this instant."""
    states = dict(outbox_records.count_states(conn))
    removed = states.pop("duplicates_swept")
    overdue, oldest = conn.execute(_overdue(now)).one()
    doubts, doubtful = conn.execute(_DOUBTS).one()
    # One that has just run out is tried again at this moment, and tells nothing yet.
    tried = now - timedelta(minutes=1)
    circuits = [
        one for one in pacing.open_circuits(conn) if one.open_until > tried and one.code != pacing.LEFT
    ]
    hour, day = conn.execute(_answers(now)).one()
    return Figures(
        at=now,
        outbox=states,
        duplicates_removed=removed,
        overdue_posts=overdue,
        overdue_for=_seconds(oldest, now),
        unplanned_for=_seconds(conn.execute(_unplanned(now)).scalar(), now),
        doubts=doubts,
        doubt_for=_seconds(doubtful, now),
        failed=conn.execute(_failed(now)).scalar_one(),
        last_sent_at=conn.execute(select(func.max(_c.sent_at))).scalar(),
        refusing_spaces=sum(one.lane == WHOLE for one in circuits),
        refusing_channels=sum(one.lane != WHOLE for one in circuits),
        answers_hour=hour,
        answers_day=day,
        reminders_day=conn.execute(_reminders(now)).scalar_one(),
        muted_members=conn.execute(_MUTED).scalar_one(),
    )


def _seconds(since: datetime | None, now: datetime) -> float:
    return 0.0 if since is None else max(0.0, (now - since).total_seconds())


def _overdue(now: datetime) -> Select[int, Any]:
    """(how many, since when): rows whose time has come, but for those that their channel refuses."""
    held = exists().where(
        circuit.c.space == _c.space,
        circuit.c.lane == _c.lane,
        circuit.c.lane != WHOLE,
        circuit.c.open_until > now,
    )
    waits = is_any(_c.state, OutboxState.PENDING, OutboxState.SENDING)
    behind = and_(_c.after.is_not(None), _c.attempt == 0)  # it waits for another row, however long that takes
    return select(func.count(), func.min(_c.due_at)).where(waits, _IN_CHAT, _c.due_at <= now, ~behind, ~held)


def _unplanned(now: datetime) -> Select[Any]:
    """Since when something planned is due that the planner has not taken up."""
    return select(func.min(occurrence.c.fire_at)).where(
        in_state(OccurrenceState.PLANNED), occurrence.c.fire_at <= now
    )


def _failed(now: datetime) -> Select[Any]:
    """How many posts were given up within a day, but for those that nobody wants any more."""
    tried = func.coalesce(_c.send_started_at, _c.not_before)
    unwanted = _c.error.in_(sorted(QUIET))
    return select(func.count()).where(
        is_any(_c.state, OutboxState.FAILED), _IN_CHAT, tried > now - DAY, ~unwanted
    )


def _answers(now: datetime) -> Select[int, int]:
    """(within an hour, within a day): how many people answered, each prompt once."""
    first = answer.c.first_at
    recent = func.count(case((first > now - HOUR, 1)))
    return select(recent, func.count()).where(
        first > now - DAY, first <= now, answer.c.withdrawn_at.is_(None)
    )


def _reminders(now: datetime) -> Select[Any]:
    """How many reminders were said within a day."""
    said = and_(is_any(_c.state, OutboxState.SENT), _c.sent_at > now - DAY)
    return select(func.count()).select_from(reminder).join(outbox, _c.key == reminder.c.key).where(said)


_DOUBTS = select(func.count(), func.min(func.coalesce(_c.unclear_at, _c.created_at))).where(
    is_any(_c.state, OutboxState.UNKNOWN)
)
_MUTED = select(func.count()).where(
    or_(preferences.c.reminders == Reminders.OFF, preferences.c.stopped_at.is_not(None))
)
