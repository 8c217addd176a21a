"""An invented schedule and its next date, with which example cards are filled."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from bot.schedules.forecast import UpcomingOccurrence
from bot.schedules.model import (
    BreakPolicy,
    CatchUp,
    OccurrenceState,
    Schedule,
    SchedulePlace,
    ScheduleState,
    Unapproved,
)

AT = datetime.fromisoformat("2026-10-05T08:00:00+00:00")


def example_date(kind: str, name: str, title: str, details: Mapping[str, Any]) -> UpcomingOccurrence:
    """The next date of a weekly schedule in one channel."""
    schedule = Schedule(
        id=3, community_id=1, kind=kind, name=name, state=ScheduleState.ACTIVE, title=title, rule="every mon 09:00",
        zone="Europe/Dublin", anchor=date(2026, 10, 5), paused_until=None, version=1, catch_up=CatchUp.LATEST,
        grace_minutes=2880, break_policy=BreakPolicy.SKIP, direct=False, open_minutes=5760, headsup_minutes=120,
        approver=None, unapproved=Unapproved.WAIT, instead_of=None, instead_key=None, details=details, cursor=AT,
        plan_at=None, created_at=AT, places=(SchedulePlace("local:example", "c1"),),
    )  # fmt: skip
    return UpcomingOccurrence(
        schedule, "2026-W41", AT, AT, "2026-10-05 09:00", None, OccurrenceState.PLANNED, None, 57
    )
