"""The file of a feed: entries as iCalendar (RFC 5545), with instants in UTC, which every program shows in its reader's zone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.feeds.entries import FeedEntry

REFRESH = timedelta(hours=1)
"""How often programs are asked to look again."""


def write_calendar(name: str, entries: Iterable[FeedEntry], domain: str, made_at: datetime) -> bytes:
    """A whole file. The same entries make the same bytes, so that programs are spared what they have.

    `domain` makes the ids of entries unique among all calendars; `made_at`, when the feed was turned on, dates all of them.
    """
    from icalendar import Calendar, Event  # 0.2 s to import

    whole = Calendar()
    whole.add("prodid", "-//Tilth//calendar feed//")
    whole.add("version", "2.0")
    whole.add("x-wr-calname", name)
    whole.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    whole.add("x-published-ttl", "PT1H")
    for one in sorted(entries, key=lambda each: each.name):
        event = Event()
        event.add("uid", f"{one.name}@{domain}")
        event.add("dtstamp", made_at)
        event.add("dtstart", one.starts)
        event.add("dtend", one.ends)
        event.add("summary", one.title)
        event.add("transp", "OPAQUE" if one.busy else "TRANSPARENT")
        whole.add_component(event)
    return bytes(whole.to_ical())
