"""How often a conversation that cannot be read is tried again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.capture.scan_times import scan_pause
from bot.capture.tables import Watch
from bot.chat.models import Place

START = datetime(2026, 10, 5, 8, 0, tzinfo=UTC)


def watched(scanned_at: datetime | None) -> Watch:
    until = START + timedelta(days=11)
    return Watch(1, 1, Place("local:x", "c1", "10000001"), "prompt", 1, START, until, START, scanned_at)


def test_soon_at_first_and_seldom_when_nobody_mends_it():
    seen = START + timedelta(days=1)
    waits = [
        scan_pause(watched(seen), seen + timedelta(minutes=minutes)) / timedelta(minutes=1)
        for minutes in (1, 50, 100, 600, 5000)
    ]
    assert waits == [5, 5, 10, 60, 120]


def test_a_conversation_never_read_counts_from_its_beginning():
    assert scan_pause(watched(None), START + timedelta(hours=10)) == timedelta(hours=1)


def test_four_days_of_blindness_are_some_dozen_tries():
    now, tries = START, 0
    while now < START + timedelta(days=4):
        now += scan_pause(watched(START), now)
        tries += 1
    assert tries < 100, "instead of more than a thousand"
