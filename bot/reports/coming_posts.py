"""The posts that come in the next days, as their features tell them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from bot.feature import Feature
from bot.schedules.forecast import Forecaster, UpcomingOccurrence, upcoming_occurrences


@dataclass(frozen=True, slots=True)
class ComingPost:
    """A post that is due in the next days."""

    at: datetime
    title: str


def tellers_of(features: Iterable[Feature]) -> dict[str, Forecaster]:
    """Who tells what a kind of schedule will say."""
    return {kind: tell for feature in features for kind, tell in feature.foretells.items()}


def list_coming(
    conn: Connection, community_id: int, since: datetime, until: datetime, tellers: Mapping[str, Forecaster]
) -> list[ComingPost]:
    """What goes out between two instants, soonest first; what a feature will leave out is not in it."""
    by_schedule: dict[int, list[UpcomingOccurrence]] = {}
    for one in upcoming_occurrences(conn, community_id, since, until):
        by_schedule.setdefault(one.schedule.id, []).append(one)
    found: list[ComingPost] = []
    for ahead in by_schedule.values():
        schedule, tell = ahead[0].schedule, tellers.get(ahead[0].schedule.kind)
        told = [(one, "", True) for one in ahead]
        if tell is not None:
            entries = tell(conn, schedule, ahead)
            told = [(one, what.title, what.comes) for one, what in zip(ahead, entries, strict=True)]
        found += [
            ComingPost(one.at, title or schedule.label)
            for one, title, comes in told
            if one.goes_out and comes
        ]
    return sorted(found, key=lambda one: (one.at, one.title))
