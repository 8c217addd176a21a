"""Schedules, their places and their occurrences as values, with the words for their states.

The tables they are stored in are in `tables.py`; the columns are explained there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.chat.language import N_
from bot.chat.models import Place, Role


class OccurrenceState(StrEnum):
    """How far an occurrence has come. `queued` and everything after it is no longer the planner's."""

    PLANNED = "planned"
    QUEUED = "queued"
    DONE = "done"
    SKIPPED = "skipped"
    ASKED = "asked"
    FAILED = "failed"


class CatchUp(StrEnum):
    """What happens to an occurrence whose time passed while the bot was away."""

    LATEST = "latest"
    SKIP = "skip"
    ASK = "ask"


class BreakPolicy(StrEnum):
    """What happens to an occurrence that falls into a break."""

    SKIP = "skip"
    HOLD = "hold"
    IGNORE = "ignore"


class ScheduleState(StrEnum):
    """How far a schedule has come; `state_on` says when a pause has ended by itself."""

    DRAFT = "draft"
    """Shown to a moderator and never confirmed."""
    ACTIVE = "active"
    PAUSED = N_("paused")
    SUSPENDED = "suspended"
    """None of its places takes a post, so it rests until a moderator resumes it."""
    CANCELLED = "canceled"


class Approver(StrEnum):
    """Whose approval a post needs before it goes out."""

    MODERATOR = "moderator"
    ADMIN = "admin"

    @property
    def role(self) -> Role:
        """The role that may approve; higher roles may, too."""
        return Role[self.name]

    @property
    def one(self) -> str:
        """Somebody with that role, in a sentence."""
        return f"{'an' if self.value[0] in 'aeiou' else 'a'} {self.value}"


class Unapproved(StrEnum):
    """What becomes of a post that nobody approved in time."""

    WAIT = "wait"
    SKIP = "skip"
    POST = "post"


RUNNING = (ScheduleState.ACTIVE, ScheduleState.PAUSED, ScheduleState.SUSPENDED)
"""The states of a schedule that was confirmed and not cancelled."""
NOTICE = timedelta(hours=24)
"""How long before a post moderators see it, where it needs approval and the schedule does not say."""

FURTHEST = timedelta(hours=26)
"""How far apart the same local time can be in two zones (UTC+14 and UTC-12)."""

BY_HAND = N_("now, by a moderator")
"""The reason of an occurrence that a moderator sends at once: breaks and pauses do not hold it up."""
BY_MODERATOR = N_("skipped by a moderator")
OUTDATED = N_("a newer one went out")
PAUSED = N_("paused")
BREAK = "break: "
FOREVER = date.max


@dataclass(frozen=True, slots=True)
class SchedulePlace:
    """A place of a schedule; the columns of `schedule_place` are explained there."""

    space: str
    channel: str
    pings: str = ""
    suspended: str = ""

    @property
    def place(self) -> Place:
        """The channel."""
        return Place(self.space, self.channel)


def label_of(title: str) -> str:
    """A title for readers: what is filled in on each date stands in brackets."""
    return re.sub(r"\{([^{}\n]{1,30})\}", r"[\1]", title)


@dataclass(frozen=True, slots=True)
class Schedule:
    """A rule in local wall time and zone, with what every kind of scheduled post has; see the table."""

    id: int
    community_id: int
    kind: str
    name: str | None
    state: ScheduleState
    title: str
    rule: str
    zone: str
    anchor: date
    paused_until: date | None
    version: int
    catch_up: CatchUp
    grace_minutes: int
    break_policy: BreakPolicy
    direct: bool
    open_minutes: int | None
    headsup_minutes: int | None
    approver: Approver | None
    unapproved: Unapproved
    instead_of: int | None
    instead_key: str | None
    details: Mapping[str, Any]
    cursor: datetime
    plan_at: datetime | None
    created_at: datetime
    places: tuple[SchedulePlace, ...] = ()
    """Empty where only its time matters: the planner reads them of what is due."""

    @property
    def label(self) -> str:
        """Its title for readers: "Week [week]: [topic]" where it has blanks to be filled in on each date."""
        return label_of(self.title)

    @property
    def running(self) -> bool:
        """Whether it was confirmed and not cancelled."""
        return self.state in RUNNING

    @property
    def open_for(self) -> timedelta | None:
        """How long a post stays open; None: until the next one."""
        return None if self.open_minutes is None else timedelta(minutes=self.open_minutes)

    @property
    def grace(self) -> timedelta:
        """How late one still goes out by itself."""
        return timedelta(minutes=self.grace_minutes)

    @property
    def headsup(self) -> timedelta | None:
        """How long before a post moderators see it; None: not at all."""
        if self.headsup_minutes is None:
            return NOTICE if self.approver is not None else None
        return timedelta(minutes=self.headsup_minutes)

    @property
    def open_places(self) -> tuple[SchedulePlace, ...]:
        """The places that are not suspended."""
        return tuple(one for one in self.places if not one.suspended)

    def state_on(self, day: date) -> ScheduleState:
        """Its state on a local day: a pause with an end is over by itself."""
        over = self.paused_until is None or self.paused_until <= day
        return ScheduleState.ACTIVE if self.state is ScheduleState.PAUSED and over else self.state


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One dated instance of a schedule; see the table for the three times."""

    id: int
    community_id: int
    schedule_id: int
    key: str
    due_at: datetime
    owed_at: datetime
    fire_at: datetime
    wall: str
    note: str | None
    state: OccurrenceState
    reason: str | None
    version: int
    queued_at: datetime | None
