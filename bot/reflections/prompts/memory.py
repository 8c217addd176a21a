"""What a community remembers of asking: which prompts reached a schedule's people, by it or by others.

A prompt was asked of the same people where it was posted in the same channel, and of some of them where anybody is known
to be in both channels. What another schedule has chosen for a date to come counts as asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Connection, ForeignKey, Integer, Table, Text, and_, bindparam, select

from bot.people.accounts import account
from bot.people.channel_members import presence
from bot.reflections.schedule.asked_prompts import asked_in
from bot.scheduled_posts.headsups import headsup
from bot.schedules.tables import schedule_place
from bot.store.compiled import CompiledStatement
from bot.store.schema import metadata
from bot.store.types import UtcDateTime
from bot.store.wanted import SetStatement

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
    """Every time a prompt reached people of a schedule, in the order of asking; `spots` is where it posts.

    What others asked of other people is not read: a community of hundreds of schedules asks all of this for each prompt.
    """
    near = _find_near(conn, community_id, spots)
    ours = _BY_SERIES.rows(conn, {"home": community_id, "series": series})
    found = {row.occurrence_id: (row.at, PastAsking(row.prompt_id, own=True, ours=True)) for row in ours}
    for row in _list_posted(conn, community_id, spots | near):
        own, known = (row.space, row.channel) in spots, found.get(row.occurrence_id)
        if known is None or (own and not known[1].own):
            found[row.occurrence_id] = (row.at, PastAsking(row.prompt_id, own=own))
    past = [found[number][1] for number in sorted(found, key=lambda number: (found[number][0], number))]
    for prompt_id, there in _list_chosen(conn, community_id, series):
        if there & (near | spots):
            past.append(PastAsking(prompt_id, own=bool(there & spots)))
    return past


def reach_together(conn: Connection, community_id: int, spots: Spots, others: Spots) -> bool:
    """Whether what is posted in some channels reaches anybody who is in others."""
    return bool(spots & others or _find_near(conn, community_id, spots) & others)


_BY_SERIES = CompiledStatement(
    select(drawn.c.occurrence_id, drawn.c.prompt_id, drawn.c.at).where(
        drawn.c.schedule_id == bindparam("series"), drawn.c.community_id == bindparam("home")
    ),
    "series",
    "home",
)
_POSTED = SetStatement(
    lambda wanted: (
        select(drawn.c.occurrence_id, drawn.c.prompt_id, drawn.c.at, asked_in.c.space, asked_in.c.channel)
        .select_from(wanted)
        .join(asked_in, and_(asked_in.c.space == wanted.c.space, asked_in.c.channel == wanted.c.channel))
        .join(drawn, drawn.c.occurrence_id == asked_in.c.occurrence_id)
        .where(drawn.c.community_id == wanted.c.home)
    ),
    home=Integer,
    space=Text,
    channel=Text,
)


def _list_posted(conn: Connection, community_id: int, spots: Spots) -> list[Any]:
    """What was drawn and posted, or is about to be, in each of these channels."""
    return _POSTED.rows(conn, [(community_id, *spot) for spot in sorted(spots)]) if spots else []


_h, _s = headsup.c, schedule_place.c
_CHOSEN = CompiledStatement(
    select(_h.schedule_id, _h.key, _h.choice, _s.space, _s.channel)
    .join(schedule_place, _s.schedule_id == _h.schedule_id)
    .where(
        _h.community_id == bindparam("home"),
        _h.choice.is_not(None),
        _h.over_at.is_(None),
        _h.schedule_id != bindparam("series"),
    )
    .order_by(_h.schedule_id, _h.key),
    "home",
    "series",
)


def _list_chosen(conn: Connection, community_id: int, series: int) -> list[tuple[int, Spots]]:
    """(prompt, where) of what other schedules have chosen for dates to come."""
    found: dict[tuple[int, str], tuple[int, set[tuple[str, str]]]] = {}
    for row in _CHOSEN.rows(conn, {"home": community_id, "series": series}):
        there = found.setdefault((row.schedule_id, row.key), (row.choice, set()))[1]
        there.add((row.space, row.channel))
    return [(choice, frozenset(there)) for choice, there in found.values()]


def _find_near(conn: Connection, community_id: int, spots: Spots) -> Spots:
    """The channels that have anybody in them who is in one of these, on whichever platform; these too, with anybody in them."""
    wanted = [(community_id, *spot) for spot in sorted(spots)]
    people = {tuple(row) for home, space, channel in wanted for row in _list_some(conn, home, space, channel)}
    if len(people) > CROWD:
        rows = _NEAR.rows(conn, wanted)
    else:
        rows = _AROUND.rows(conn, [(community_id, *who) for who in sorted(people)]) if people else []
    return frozenset((row.space, row.channel) for row in rows)


CROWD = 100
"""How many people are looked for in the channels they are in; of more it is asked which channels have any of them."""
_here, _there, _mine, _theirs = presence.alias(), presence.alias(), account.alias(), account.alias()
_IN = and_(_here.c.space == bindparam("there"), _here.c.channel == bindparam("line"))
_SOME = CompiledStatement(
    select(_theirs.c.space, _theirs.c.person)
    .select_from(_here)
    .join(_mine, and_(_mine.c.space == _here.c.space, _mine.c.person == _here.c.person))
    .join(_theirs, _theirs.c.member_id == _mine.c.member_id)
    .where(_IN, _here.c.community_id == bindparam("home"))
    .limit(bindparam("most", type_=Integer)),
    "home", "there", "line", "most",
)  # fmt: skip


def _list_some(conn: Connection, home: int, space: str, channel: str) -> list[Any]:
    """The accounts of the people in a channel, on whichever platform; of a crowd not all."""
    return _SOME.rows(conn, {"home": home, "there": space, "line": channel, "most": CROWD + 1})


_AROUND = SetStatement(
    lambda wanted: (
        select(_there.c.space, _there.c.channel)
        .select_from(wanted)
        .join(_there, and_(_there.c.space == wanted.c.space, _there.c.person == wanted.c.person))
        .where(_there.c.community_id == wanted.c.home)
    ),
    home=Integer,
    space=Text,
    person=Text,
)
_NEAR = SetStatement(
    lambda wanted: (
        select(_there.c.space, _there.c.channel)
        .distinct()
        .select_from(wanted)
        .join(_here, and_(_here.c.space == wanted.c.space, _here.c.channel == wanted.c.channel))
        .join(_mine, and_(_mine.c.space == _here.c.space, _mine.c.person == _here.c.person))
        .join(_theirs, _theirs.c.member_id == _mine.c.member_id)
        .join(_there, and_(_there.c.space == _theirs.c.space, _there.c.person == _theirs.c.person))
        .where(_here.c.community_id == wanted.c.home, _there.c.community_id == wanted.c.home)
    ),
    home=Integer,
    space=Text,
    channel=Text,
)
