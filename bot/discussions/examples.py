"""An invented discussion that the example cards are filled with."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.discussions.settings import DiscussionSettings, Meeting
from bot.discussions.tables import imagined_discussion

OPENED = datetime.fromisoformat("2026-10-08T15:00:00+00:00")

PLAN = DiscussionSettings(
    title="Week {week}: {topic}",
    text="What did you try, and what did it change? One sentence is enough.",
    tags=("weekly",),
    meeting=Meeting("fri 15:00", 60, 12, "Library"),
)

ROW = replace(
    imagined_discussion("Week 41: Wait time", PLAN.text),
    id=9, schedule_id=4, key="2026-W41", number=5, space="local:example", channel="c1", message="m1", thread="m1",
    post="discussion:4:2026-W41", opened_at=OPENED, closes_at=OPENED + timedelta(days=6), pinned=True,
)  # fmt: skip
MEETING = replace(
    ROW,
    meets_at=OPENED + timedelta(days=1),
    ends_at=OPENED + timedelta(days=1, hours=1),
    seats=12,
    where="Library",
)
