"""When something is due next: the oldest instant in a column, asked alone or together with many others in one statement."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Select, func, select

NextDue = Callable[[Connection], datetime | None]


@dataclass(frozen=True, slots=True, eq=False)
class Earliest:
    """The oldest instants of some columns, each with how much later something is due; `a | b` is the earlier of two."""

    columns: tuple[tuple[Select[Any], timedelta], ...]

    def __call__(self, conn: Connection) -> datetime | None:
        """When it is due; None where there is no row."""
        return ask_together(conn, (self,))[0]

    def __or__(self, other: Earliest) -> Earliest:
        return Earliest(self.columns + other.columns)


def earliest(
    at: ColumnElement[datetime],
    *where: ColumnElement[bool],
    plus: timedelta = timedelta(0),
    source: FromClause | None = None,
) -> Earliest:
    """What tells when the oldest of some rows is due, by a column of them and how much later that is."""
    query = select(func.min(at)).where(*where)
    return Earliest(((query if source is None else query.select_from(source), plus),))


def ask_together(conn: Connection, questions: Sequence[NextDue]) -> list[datetime | None]:
    """The answer to each question, in their order; those that are `earliest` are one statement."""
    plain = tuple(one for one in questions if isinstance(one, Earliest))
    found = iter(conn.execute(_statement(plain)).one() if plain else ())
    return [_soonest(one, found) if isinstance(one, Earliest) else one(conn) for one in questions]


def _soonest(question: Earliest, found: Any) -> datetime | None:
    times = [(at, plus) for (_query, plus), at in zip(question.columns, found, strict=False)]
    return min((at + plus for at, plus in times if at is not None), default=None)


@lru_cache(maxsize=64)
def _statement(questions: tuple[Earliest, ...]) -> Select[Any]:
    return select(
        *(
            query.scalar_subquery().label(f"at{n}")
            for n, query in enumerate(q for one in questions for q, _plus in one.columns)
        )
    )
