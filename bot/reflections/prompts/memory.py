"""What a community remembers of asking: which prompts reached a schedule's people, by it or by others.

A prompt was asked of the same people where it was posted in the same channel, and of some of them where anybody is known
to be in both channels. What another schedule has chosen for a date to come counts as asked.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    ForeignKey,
    FromClause,
    Integer,
    Table,
    and_,
    bindparam,
    select,
    tuple_,
)

from bot.people.accounts import account
from bot.people.channel_members import presence
from bot.reflections.schedule.asked_prompts import asked_in
from bot.scheduled_posts.headsups import headsup
from bot.schedules.tables import schedule_place
from bot.store.schema import metadata
from bot.store.types import UtcDateTime

Spots = frozenset[tuple[str, str]]
"""Channels, each as (space, channel)."""

drawn = Table(
    "drawn",
    metadata,
    Column("occurrence_id", Integer, primary_key=True),
    Column("community_id", ForeignKey("community.id"), nullable=False),
    Column("schedule_id", Integer, nullable=False, index=True),
    Column("prompt_id", ForeignKey("prompt.id"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
"""Which prompt an occurrence asked; drawn once, so that a repeated attempt asks the same."""


@dataclass(frozen=True, slots=True)
class PastAsking:
    """A prompt that was asked; `own`: of the same people, else of some of them; `ours`: by the same schedule."""

    prompt_id: int
    own: bool
    ours: bool = False


def recall_askings(conn: Connection, community_id: int, series: int, spots: Spots) -> list[PastAsking]:
    """Every time a prompt reached people of a schedule, in the order of asking; `spots` is where it posts."""
    past = _list_past(conn, community_id)
    chosen = _list_chosen(conn, community_id, series)
    others = {spot for _, _, there in (*past, *chosen) for spot in there} - spots
    near = _find_shared(conn, community_id, spots, others)
    found = []
    for prompt_id, by, there in past:
        if by == series or there & spots:
            found.append(PastAsking(prompt_id, own=True, ours=by == series))
        elif there & near:
            found.append(PastAsking(prompt_id, own=False))
    found += [
        PastAsking(prompt_id, own=bool(there & spots))
        for prompt_id, _, there in chosen
        if there & (near | spots)
    ]
    return found


def reach_together(conn: Connection, community_id: int, spots: Spots, others: Spots) -> bool:
    """Whether what is posted in some channels reaches anybody who is in others."""
    return bool(spots & others or _find_shared(conn, community_id, spots, others))


_PAST = (
    select(
        drawn.c.occurrence_id, drawn.c.prompt_id, drawn.c.schedule_id, asked_in.c.space, asked_in.c.channel
    )
    .outerjoin(asked_in, asked_in.c.occurrence_id == drawn.c.occurrence_id)
    .where(drawn.c.community_id == bindparam("home"))
    .order_by(drawn.c.at, drawn.c.occurrence_id)
)


def _list_past(conn: Connection, community_id: int) -> list[tuple[int, int, Spots]]:
    """(prompt, schedule, where) of every asking, the first first."""
    rows = conn.execute(_PAST, {"home": community_id})
    return _gather(
        (row.occurrence_id, row.prompt_id, row.schedule_id, row.space, row.channel) for row in rows
    )


_h = headsup.c
_CHOSEN = (
    select(_h.schedule_id, _h.key, _h.choice, schedule_place.c.space, schedule_place.c.channel)
    .join(schedule_place, schedule_place.c.schedule_id == _h.schedule_id)
    .where(_h.community_id == bindparam("home"), _h.choice.is_not(None), _h.over_at.is_(None))
    .where(_h.schedule_id != bindparam("series"))
    .order_by(_h.schedule_id, _h.key)
)


def _list_chosen(conn: Connection, community_id: int, series: int) -> list[tuple[int, int, Spots]]:
    """The same of what other schedules have chosen for dates to come."""
    rows = conn.execute(_CHOSEN, {"home": community_id, "series": series})
    return _gather(
        ((row.schedule_id, row.key), row.choice, row.schedule_id, row.space, row.channel) for row in rows
    )


def _gather(rows: Any) -> list[tuple[int, int, Spots]]:
    found: dict[Any, tuple[int, int, set[tuple[str, str]]]] = {}
    for name, prompt_id, schedule_id, space, channel in rows:
        there = found.setdefault(name, (prompt_id, schedule_id, set()))[2]
        if space is not None:
            there.add((space, channel))
    return [(prompt_id, schedule_id, frozenset(there)) for prompt_id, schedule_id, there in found.values()]


def _find_shared(
    conn: Connection, community_id: int, spots: Collection[tuple[str, str]], others: Collection[tuple[str, str]]
) -> Spots:  # fmt: skip
    """Which of the other channels have anybody in them who is in one of these, on whichever platform."""
    if not spots or not others:
        return frozenset()
    here = {"home": community_id, **_named("spot", spots)}
    few = conn.execute(_HERE, here).scalars().all()
    if not few:
        return frozenset()
    there = _named("other", others)
    rows = (
        conn.execute(_OF_FEW, {"home": community_id, "few": few, **there})
        if len(few) <= CROWD
        else conn.execute(_OF_CROWD, here | there)
    )
    return frozenset((row.space, row.channel) for row in rows)


def _named(what: str, places: Collection[tuple[str, str]]) -> dict[str, Any]:
    """The values of `_is_in`."""
    return {
        f"{what}s": sorted(places),
        f"{what}_spaces": sorted({space for space, _ in places}),
        f"{what}_channels": sorted({channel for _, channel in places}),
    }


def _is_in(where: FromClause, what: str) -> ColumnElement[bool]:
    """The condition that somebody is in one of these channels; SQLite finds no pair by an index, but each half of it."""
    c = where.c
    return and_(
        c.space.in_(bindparam(f"{what}_spaces", expanding=True)),
        c.channel.in_(bindparam(f"{what}_channels", expanding=True)),
        tuple_(c.space, c.channel).in_(bindparam(f"{what}s", expanding=True)),
    )


# Made once, because every prompt that is drawn asks for them. Whoever is in small channels is looked for elsewhere; of a
# crowd it is asked whether anybody of the other channel is in it, which the first or second of them mostly is.
CROWD = 100
_here, _there, _mine, _theirs = presence.alias(), presence.alias(), account.alias(), account.alias()
_HERE = (
    select(_mine.c.member_id)
    .select_from(_here)
    .join(_mine, and_(_mine.c.space == _here.c.space, _mine.c.person == _here.c.person))
    .where(_here.c.community_id == bindparam("home"), _is_in(_here, "spot"))
    .limit(CROWD + 1)
)
_OF_FEW = (
    select(_there.c.space, _there.c.channel)
    .distinct()
    .select_from(_theirs)
    .join(_there, and_(_there.c.space == _theirs.c.space, _there.c.person == _theirs.c.person))
    .where(_theirs.c.member_id.in_(bindparam("few", expanding=True)))
    .where(_there.c.community_id == bindparam("home"), _is_in(_there, "other"))
)
_others = (
    select(presence.c.space, presence.c.channel)
    .distinct()
    .where(presence.c.community_id == bindparam("home"), _is_in(presence, "other"))
    .subquery()
)
_anybody = (
    select(_there.c.person)
    .join(_theirs, and_(_theirs.c.space == _there.c.space, _theirs.c.person == _there.c.person))
    .join(_mine, _mine.c.member_id == _theirs.c.member_id)
    .join(_here, and_(_here.c.space == _mine.c.space, _here.c.person == _mine.c.person))
    .where(_there.c.space == _others.c.space, _there.c.channel == _others.c.channel)
    .where(_here.c.community_id == bindparam("home"), _is_in(_here, "spot"))
)
_OF_CROWD = select(_others).where(_anybody.correlate(_others).exists())
