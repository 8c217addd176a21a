"""The turnout of a prompt: how many answered in time, and the few answers that its digest quotes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, and_, case, exists, func, select

from bot.people.audience import public_reader
from bot.reflections.answers.tables import IS_GIVEN, SHARED, Answer, answer, load_answers, part

QUOTED = 6
"""Answers quoted in a digest; the others are counted."""


@dataclass(frozen=True, slots=True)
class Turnout:
    """How many answered in time, how many of them shared it with everyone, and the first `QUOTED` of those.

    `elsewhere` counts the shared ones that nobody can read in the prompt's own thread.
    """

    answered: int
    shared: int
    elsewhere: int
    quoted: Sequence[Answer]


def read_turnout(conn: Connection, community_id: int, occurrence_id: int) -> Turnout:
    """What a digest says of an occurrence; it reads no more answers than are quoted."""
    here = and_(answer.c.occurrence_id == occurrence_id, answer.c.late.is_(False), IS_GIVEN)
    everyone = public_reader(community_id).condition(SHARED)
    threaded = exists().where(part.c.answer_id == answer.c.id, part.c.via == "thread")
    counts = (
        func.coalesce(func.sum(case((each, 1), else_=0)), 0) for each in (everyone, and_(everyone, ~threaded))
    )
    row = conn.execute(select(func.count(), *counts).where(here)).one()
    quoted = load_answers(conn, here, everyone, limit=QUOTED, oldest=True)
    return Turnout(row[0], row[1], row[2], quoted)
