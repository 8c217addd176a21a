"""Foresight: what the pieces of a set would ask one by one is asked once for all of them, and so is what they write.

A set are pieces of work of one kind that wait for the writer one after the other. Before the first runs, its kind asks
what each of them is going to ask, and keeps the answers here; a piece that asks finds its answer. What a piece puts off
is done when all have run. Each piece still runs the same code, in its own turn: alone it asks and writes by itself.

Nothing is ever seen as it was before. Whatever else is said to the database meanwhile comes after all that was put off,
and where it writes to a table that an answer was read from, that answer is forgotten. What a piece puts off concerns
nobody else's answers: its kind foresees nothing for the second of two pieces that could (see `foresee`).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy import Connection, Engine, FromClause, Table, event
from sqlalchemy.sql import visitors

T = TypeVar("T")
About = TypeVar("About")
About_contra = TypeVar("About_contra", contravariant=True)

OWN_ROWS: Mapping[str, Any] = {"own_rows": True}
"""Execution options of a statement that writes only rows of the one its piece is about: no other answer is touched."""
_KEY = "tilth-foresight"
_ASK: Any = object()


class SetKind(Protocol[About_contra]):
    """A kind of work of which many pieces may wait at once."""

    def foresee(self, conn: Connection, about: Sequence[About_contra]) -> None:
        """Ask what the pieces about these are going to ask, and `remember` it; for each but those that another before it changes."""


@dataclass(frozen=True, slots=True)
class PieceOfSet(Generic[About, T]):
    """A piece of work that looks ahead together with others of its kind."""

    kind: SetKind[About]
    do: Callable[[Connection, About], T]
    about: About
    teller: Hashable = None
    """The account whose words it brings: what they ask afterwards is answered after it."""

    @property
    def __wrapped__(self) -> Callable[[Connection, About], T]:
        """What is done: whoever names the piece names that."""
        return self.do

    def __call__(self, conn: Connection) -> T:
        return self.do(conn, self.about)


@dataclass(frozen=True, slots=True, eq=False)
class SetQuestion:
    """Something that many pieces ask, and the tables its answers are read from."""

    tables: frozenset[str]

    @classmethod
    def about(cls, *of: FromClause) -> SetQuestion:
        return cls(
            frozenset(one.name for each in of for one in visitors.iterate(each) if isinstance(one, Table))
        )


@dataclass(frozen=True, slots=True, eq=False)
class LaterWork:
    """What is done for all pieces of a set at once, in the order of `rank`: what others refer to comes first."""

    rank: int
    do: Callable[[Connection, Sequence[Any]], object]


class Foresight:
    """What is known ahead for one set, and what it put off."""

    __slots__ = ("_answers", "_busy", "_later")

    def __init__(self) -> None:
        self._answers: dict[SetQuestion, dict[Hashable, Any]] = {}
        self._later: dict[LaterWork, list[Any]] = {}
        self._busy = True  # what is asked ahead, and what was put off, is no statement of a piece

    def remember(self, question: SetQuestion, answers: Mapping[Hashable, Any]) -> None:
        self._answers.setdefault(question, {}).update(answers)

    def take(self, question: SetQuestion, key: Hashable, missing: Any) -> Any:
        answers = self._answers.get(question)
        return missing if answers is None else answers.pop(key, missing)

    def share(self, question: SetQuestion, key: Hashable, ask: Callable[[], T]) -> T:
        """The answer as it was given before; asked where it was not, or was forgotten since."""
        found: T = self.take(question, key, _ASK)
        if found is _ASK:
            found = ask()
        self.remember(question, {key: found})
        return found

    def put_off(self, work: LaterWork, item: Any) -> None:
        self._later.setdefault(work, []).append(item)

    def precede(self, conn: Connection, writes: str | None) -> None:
        """A piece says something to the database by itself: it writes to this table, "" to any, None to none."""
        if self._busy:
            return
        if self._later:
            self.settle(conn)
        if writes is not None:
            for question in [one for one in self._answers if not writes or writes in one.tables]:
                del self._answers[question]

    def settle(self, conn: Connection) -> None:
        """Do what was put off."""
        self._busy = True
        while self._later:  # what is done may put off more, of a higher rank
            work = min(self._later, key=lambda one: one.rank)
            work.do(conn, self._later.pop(work))
        self._busy = False

    def begin(self) -> None:
        """All is asked; the pieces come."""
        self._busy = False


class _Waiting(Protocol):
    """What waits for the writer, with its work."""

    work: Any


W = TypeVar("W", bound=_Waiting)


def in_sets(conn: Connection, batch: Sequence[W], enough: Callable[[], bool] = lambda: False) -> Iterator[W]:
    """What waits, in its order, until it is `enough`; those of one kind that follow each other ask and write together."""
    conn.info.pop(_KEY, None)  # of a transaction that was rolled back
    for _kind, group in groupby(batch, _kind_of):
        pieces = list(group)
        with looking_ahead(conn, [one.work for one in pieces]):
            for one in pieces:
                yield one
                if enough():
                    return


def _kind_of(waiting: _Waiting) -> int:
    work = waiting.work
    return id(work.kind) if isinstance(work, PieceOfSet) else 0


@contextmanager
def looking_ahead(conn: Connection, works: Sequence[object]) -> Iterator[None]:
    """Let the pieces that run in here, all of one kind, ask together first, and write together at last."""
    set_of = [one for one in works if isinstance(one, PieceOfSet)]
    if len(set_of) < 2:
        yield
        return
    with asking_once(conn, lambda: set_of[0].kind.foresee(conn, [one.about for one in set_of])):
        yield


@contextmanager
def asking_once(conn: Connection, first: Callable[[], object] = lambda: None) -> Iterator[None]:
    """Let what runs in here `ask_once` what it asks alike, and write together at last; `first` asks ahead.

    In another such set it is a set of its own, which may be rolled back: the other one knows nothing any more afterwards.
    """
    around = find_foresight(conn)
    if around is not None:
        around.precede(conn, "")
    ahead = conn.info[_KEY] = Foresight()
    try:
        first()
        ahead.begin()
        yield
        ahead.settle(conn)
    finally:
        if conn.info.get(_KEY) is ahead:
            if around is None:
                del conn.info[_KEY]
            else:
                conn.info[_KEY] = around


def find_foresight(conn: Connection) -> Foresight | None:
    """The foresight of the set that runs on this connection, if one does."""
    found: Foresight | None = conn.info.get(_KEY)
    return found


def remember(conn: Connection, question: SetQuestion, answers: Mapping[Hashable, Any]) -> None:
    """Keep answers for the pieces of the set that runs; each is given once."""
    if (ahead := find_foresight(conn)) is not None:
        ahead.remember(question, answers)


def take_answer(conn: Connection, question: SetQuestion, key: Hashable, missing: Any = None) -> Any:
    """The answer that is known ahead, which may be None; `missing` where it has to be asked."""
    ahead = find_foresight(conn)
    return missing if ahead is None else ahead.take(question, key, missing)


def ask_once(conn: Connection, question: SetQuestion, key: Hashable, ask: Callable[[], T]) -> T:
    """What `ask` finds, which others of the set ask as well: asked again only once its tables were written to."""
    ahead = find_foresight(conn)
    return ask() if ahead is None else ahead.share(question, key, ask)


def do_later(conn: Connection, work: LaterWork, item: Any) -> None:
    """Do this with the same of all pieces of the set; at once where none runs."""
    if (ahead := find_foresight(conn)) is not None:
        ahead.put_off(work, item)
    else:
        work.do(conn, (item,))


def watch_statements(engine: Engine) -> None:
    """Let every statement that a piece says through SQLAlchemy come after what was put off."""
    event.listen(engine, "before_cursor_execute", _precede)


def _precede(conn: Connection, _cursor: Any, statement: str, _values: Any, context: Any, _many: bool) -> None:
    if (ahead := find_foresight(conn)) is not None:
        ahead.precede(conn, _table_written(statement, context))


def _table_written(statement: str, context: Any) -> str | None:
    """The table a statement writes to, "" where that is not known, None where it is none of anybody else's."""
    if context is not None and context.compiled is not None:
        if context.isinsert or context.isupdate or context.isdelete:
            if context.execution_options.get("own_rows"):
                return None
            return str(context.compiled.statement.table.name)
        # A question, or a savepoint: with what is rolled back, answers are gone that were found meanwhile.
        return "" if statement.startswith("ROLLBACK") else None
    return None if statement.lstrip().upper().startswith("SELECT") else ""
