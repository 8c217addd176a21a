"""What an export has seen: by this is known whether moderators may still read all that is in it, as it stands there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from bot.exports.scope import ExportScope, chunks, count_readable, list_asked, readable
from bot.people.tables import Community
from bot.reflections.answers.tables import Answer, answer, part
from bot.reports.highlights.tables import Consent, highlight

_piece = part.alias("piece").c
"""The pieces of answers: under their own name they would be those by which it is known whether an answer is given."""


@dataclass(frozen=True, slots=True)
class SeenAnswers:
    """The answers of an export, in numbers that change when something in it is taken back or edited.

    How many answers, the sum of their ids, and the highest; how many pieces, the highest of their ids, and when one was last said
    or edited; and when an author last took back what they allowed, as of the beginning. Instants are microseconds; 0: never.
    """

    count: int = 0
    total: int = 0
    most: int = 0
    parts: int = 0
    newest: int = 0
    edited: int = 0
    decided: int = 0

    def with_answers(self, found: Iterable[Answer]) -> SeenAnswers:
        """It with more answers."""
        ids, pieces = [one.id for one in found], [piece for one in found for piece in one.parts]
        return replace(
            self, count=self.count + len(ids), total=self.total + sum(ids), most=max(self.most, *ids),
            parts=self.parts + len(pieces), newest=max(self.newest, *(one.id for one in pieces), 0),
            edited=max(self.edited, *(_micros(one.edited_at or one.said_at) for one in pieces), 0),
        )  # fmt: skip


def still_holds(conn: Connection, home: Community, scope: ExportScope, seen: SeenAnswers) -> bool:
    """Whether moderators may still read what an export has seen, as it stands there; what came later does not matter."""
    asked = [one.id for one in list_asked(conn, home, scope)]
    count, total = count_readable(conn, home.id, asked, seen.most)
    parts, edited = _count_parts(conn, home.id, asked, seen)
    decided = last_decision(conn, asked)
    return seen == replace(seen, count=count, total=total, parts=parts, edited=edited, decided=decided)


def last_decision(conn: Connection, asked: Sequence[int]) -> int:
    """When an author of an answer to these occurrences last took back that it may be shown, or their name with it."""
    h = highlight.c
    less = or_(h.consent == Consent.WITHDRAWN, and_(h.consent == Consent.AGREED, h.named.is_(False)))
    return max(
        (_last(conn, h.decided_at, h.occurrence_id.in_(ids), less) for ids in chunks(asked)), default=0
    )


def _count_parts(
    conn: Connection, community_id: int, asked: Sequence[int], seen: SeenAnswers
) -> tuple[int, int]:
    """How many pieces of the answers that an export has seen are there, and when one was last said or edited."""
    count = edited = 0
    for ids in chunks(asked):
        query = select(func.count(), func.max(func.coalesce(_piece.edited_at, _piece.said_at))).join(
            answer, answer.c.id == _piece.answer_id
        )
        upto = and_(answer.c.id <= seen.most, _piece.id <= seen.newest)
        row = conn.execute(query.where(answer.c.occurrence_id.in_(ids), readable(community_id), upto)).one()
        count, edited = count + row[0], max(edited, _micros(row[1]))
    return count, edited


def _last(conn: Connection, column: ColumnElement[Any], *conditions: ColumnElement[bool]) -> int:
    return _micros(conn.execute(select(func.max(column)).where(*conditions)).scalar_one())


def _micros(at: datetime | None) -> int:
    return 0 if at is None else round(at.timestamp() * 1_000_000)
