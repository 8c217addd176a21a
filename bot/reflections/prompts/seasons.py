"""Seasons of prompts: the months in which one may be asked, and the weeks in which its lesson is open."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

LESSON_WEEKS = timedelta(days=14)
"""How long the prompt that completes a lesson can be asked: the next date, or the one after."""
TO_DO_IT = timedelta(hours=12)
"""It asks what was done, so it is not asked on the morning on which the lesson comes."""
FEW_MONTHS = 3
"""A prompt with so few months goes before others while it can be asked."""


def is_in_season(row: Any, at: datetime, zone: str) -> bool:
    """Whether a row of the bank may be asked at an instant, by the local date in a zone."""
    months = row.content.get("months")
    if months and at.astimezone(ZoneInfo(zone)).month not in months:
        return False
    if not row.content.get("completes"):
        return True
    opens: datetime | None = row.lesson_opens_at
    return opens is not None and opens <= at <= row.lesson_closes_at


def lesson_weeks(came: datetime, due: datetime) -> tuple[datetime, datetime]:
    """Between which instants it is asked what was done in a lesson: of one that takes longer, in its last two weeks."""
    closes = max(came + LESSON_WEEKS, due)
    return max(came + TO_DO_IT, closes - LESSON_WEEKS), closes


def is_urgent(row: Any) -> bool:
    """Whether a prompt that may be asked now may not be for most of the year."""
    return bool(row.content.get("completes")) or 0 < len(row.content.get("months", ())) <= FEW_MONTHS
