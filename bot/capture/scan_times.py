"""The times at which conversations are re-read: often while people write there, less and less when it is quiet.

A thread is read at every beat (15 minutes, if nobody set it otherwise) until nobody has written in it for a day;
from then on at every second beat, after two days at every fourth, after four at every eighth. Direct messages, of
which there may be hundreds, are read at every eighth beat, for five days. Each conversation has minutes of its own,
so that a platform is never asked for all of them at once.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zlib import crc32

from bot.capture.tables import Watch

SLOWEST = 8
"""How many beats lie between two readings at most."""
LIVELY = timedelta(days=1)
"""For how long after its last message a thread is read at every beat; each doubling of it halves how often."""
FRESH = timedelta(days=5)
"""For how long a direct message is read at all."""
SURE = timedelta(minutes=10)
"""How far apart the two listings must be that make an absence a deletion."""
BLIND, BLINDEST = timedelta(minutes=5), timedelta(hours=2)
"""How long to wait after a history that could not be read: a tenth of how long it has been so, within these."""


def beats_apart(here: Watch, quiet: timedelta) -> int:
    """How many beats lie between two readings of a conversation in which nobody has written for so long."""
    apart = SLOWEST if here.place.private else 1
    while apart < SLOWEST and quiet >= apart * LIVELY:
        apart *= 2
    return apart


def next_scan_at(here: Watch, last: datetime, now: datetime, every: timedelta) -> datetime | None:
    """When to look again, if `last` is when somebody last wrote there; None when that is over."""
    if now > here.until or (here.place.private and now - here.since > FRESH):
        return None
    minutes = int(every.total_seconds() / 60) * beats_apart(here, now - last)
    place = here.place
    own = crc32(f"{place.space}/{place.channel}/{place.thread or ''}".encode()) % minutes
    before = (int(now.timestamp() / 60) - own) // minutes
    return datetime.fromtimestamp(((before + 1) * minutes + own) * 60, UTC)


def scan_pause(here: Watch, now: datetime) -> timedelta:
    """How long a conversation that cannot be read is left alone: seldom, when nobody has mended it for long."""
    blind = now - (here.scanned_at or here.since)
    return min(max(blind / 10, BLIND), BLINDEST)
