"""What each coming prompt will ask, told beforehand by the code that draws it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from bot.feature import ForecastEntry
from bot.people.tables import community_by_id
from bot.reflections.prompts import selection
from bot.reflections.schedule import shown_prompts
from bot.reflections.schedule.dates import seen_at
from bot.reflections.schedule.settings import terms_of
from bot.schedules.forecast import UpcomingOccurrence
from bot.schedules.model import Schedule


def foretell(
    conn: Connection, schedule: Schedule, ahead: Sequence[UpcomingOccurrence]
) -> list[ForecastEntry]:
    """The prompts that a schedule will draw; a warning where the last fresh one of its decks is used.

    Each schedule is told as if nobody else took from the hand-ordered queue meanwhile.
    """
    terms, home = terms_of(schedule), schedule.community_id
    source, zone = terms.source(schedule.id), community_by_id(conn, home).zone
    going = [one for one in ahead if one.goes_out]
    shown = shown_prompts.find(conn, schedule.id, going[0].key) if going else None
    kept = terms.kept if shown is None or shown.prompt_id is None else shown.prompt_id
    line = iter(selection.next_prompts(conn, home, source, len(going), kept))
    left, deck = selection.count_supply(conn, home, source).left, terms.decks[0]
    found = []
    for one in ahead:
        at = seen_at(one, zone)
        coming = next(line, None) if one.goes_out else None
        if coming is None:
            why = f"the deck {deck} has no prompts" if one.goes_out else ""
            found.append(ForecastEntry(warning=why, at=at, comes=not one.goes_out))
            continue
        left -= 1
        warning = f"the last fresh prompt of {deck}; after it the deck begins again" if left == 0 else ""
        found.append(ForecastEntry(coming.prompt.title, warning, at))
    return found
