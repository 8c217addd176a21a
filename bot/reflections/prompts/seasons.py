"""Seasons of prompts: the months in which one may be asked, and the weeks in which its lesson is open."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

LESSON_WEEKS = timedelta(days=14)
"""How long after a lesson came to somebody the prompt that completes it is asked: the next date, or the one after."""
FEW_MONTHS = 3
"""A prompt with so few months goes before others while it can be asked."""


def is_in_season(row: Any, at: datetime, zone: str) -> bool:
    """Whether a row of the bank may be asked at an instant, by the local date in a zone."""
    months = row.content.get("months")
    if months and at.astimezone(ZoneInfo(zone)).month not in months:
        return False
    if not row.content.get("completes"):
        return True
    came: datetime | None = row.lesson_came_at
    return came is not None and at - LESSON_WEEKS <= came <= at


def is_urgent(row: Any) -> bool:
    """Whether a prompt that may be asked now may not be for most of the year."""
    return bool(row.content.get("completes")) or 0 < len(row.content.get("months", ())) <= FEW_MONTHS
