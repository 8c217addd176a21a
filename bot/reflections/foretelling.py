"""What each coming prompt will ask, told beforehand by the code that draws it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.feature import Outlook
from bot.people.records import community_by_id
from bot.reflections import bank
from bot.timing.plans import Schedule
from bot.timing.recurrence import local_to_utc
from bot.timing.year import Coming


def foretell(conn: Connection, schedule: Schedule, ahead: Sequence[Coming]) -> list[Outlook]:
    """The prompts that a schedule will draw; a warning where the last fresh one of its deck is used."""
    deck, home = str(schedule.details["deck"]), schedule.community_id
    line = iter(bank.foresee(conn, home, schedule.id, deck, len(ahead)))
    left = bank.left(conn, home, schedule.id, deck)
    zone = ZoneInfo(community_by_id(conn, home).zone)
    found = []
    for one in ahead:
        # People see a direct message at their own hour: the community's stands for it.
        direct = schedule.details.get("to") == "direct"
        at = local_to_utc(datetime.fromisoformat(one.wall), zone)[0] if direct else None
        if not one.goes_out:
            found.append(Outlook(at=at))
            continue
        coming = next(line, None)
        if coming is None:
            found.append(Outlook(warning=f"the deck {deck} has no prompts", at=at, comes=False))
            continue
        left -= 1
        warning = f"the last fresh prompt of {deck}; after it the deck begins again" if left == 0 else ""
        found.append(Outlook(coming.prompt.title, warning, at))
    return found
