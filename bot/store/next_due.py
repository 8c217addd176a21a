"""When something is due next: the oldest instant in a column, asked alone or together with many others in one statement."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Select, func, literal, select

NextDue = Callable[[Connection], datetime | None]


@dataclass(frozen=True, slots=True, eq=False)
class Earliest:
    """The oldest instant of a column, and how much later something is due."""

    query: Select[Any]
    plus: timedelta

    def __call__(self, conn: Connection) -> datetime | None:
        """When it is due; None where there is no row."""
        return ask_together(conn, (self,))[0]


def earliest(
    at: ColumnElement[datetime],
    *where: ColumnElement[bool],
    plus: timedelta = timedelta(0),
    source: FromClause | None = None,
) -> Earliest:
    """What tells when the oldest of some rows is due, by a column of them and how much later that is."""
    query = select(func.min(at)).where(*where)
    return Earliest(query if source is None else query.select_from(source), plus)


@dataclass(frozen=True, slots=True, eq=False)
class OnlyWhere:
    """A question that is asked only where there is a row to ask about: whether there is one is asked with the others."""

    rows: Select[Any]
    question: NextDue

    def __call__(self, conn: Connection) -> datetime | None:
        """When it is due; None where there is no row."""
        return ask_together(conn, (self,))[0]


def only_where(rows: FromClause, question: NextDue, *where: ColumnElement[bool]) -> OnlyWhere:
    """A question about the rows of a table that answers None where there is none."""
    return OnlyWhere(select(literal(1)).select_from(rows).where(*where).limit(1), question)


@dataclass(frozen=True, slots=True, eq=False)
class Soonest:
    """Several questions that are one: when the first of what they are about is due."""

    questions: tuple[NextDue, ...]

    def __call__(self, conn: Connection) -> datetime | None:
        """When it is due; None where nothing is."""
        return ask_together(conn, (self,))[0]


def soonest(*questions: NextDue) -> Soonest:
    """One question of several: when the first of what they are about is due."""
    return Soonest(questions)


def ask_together(conn: Connection, questions: Sequence[NextDue]) -> list[datetime | None]:
    """The answer to each question, in their order; those that are `earliest`, and what `only_where` waits for, are one statement."""
    queries = tuple(query for one in questions for query in _queries_of(one))
    found = iter(conn.execute(_statement(queries)).one() if queries else ())
    return [_answer(conn, one, found) for one in questions]


def _queries_of(question: NextDue) -> tuple[Select[Any], ...]:
    match question:
        case Earliest():
            return (question.query,)
        case OnlyWhere():
            return (question.rows,)
        case Soonest():
            return tuple(query for one in question.questions for query in _queries_of(one))
    return ()


def _answer(conn: Connection, question: NextDue, found: Iterator[Any]) -> datetime | None:
    match question:
        case Earliest():
            at = next(found)
            return None if at is None else at + question.plus
        case OnlyWhere():
            return question.question(conn) if next(found) else None
        case Soonest():
            times = [_answer(conn, one, found) for one in question.questions]
            return min((at for at in times if at is not None), default=None)
    return question(conn)


@lru_cache(maxsize=64)
def _statement(queries: tuple[Select[Any], ...]) -> Select[Any]:
    return select(*(query.scalar_subquery().label(f"at{n}") for n, query in enumerate(queries)))
