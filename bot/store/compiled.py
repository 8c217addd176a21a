"""Statements compiled once, for the few that run at every message."""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol
from weakref import WeakSet

from sqlalchemy import Connection, Dialect, Select, UpdateBase
from sqlalchemy.exc import DBAPIError

from bot.store.foresight import find_foresight


class _Compiled(NamedTuple):
    text: str
    constants: dict[str, Any]
    """Values of the statement's own, as the driver takes them."""
    places: list[tuple[str, Any]]
    """Name and converter of each value the driver takes, in its order."""
    named: bool
    make: Callable[[Sequence[Any]], Any] | None
    read: list[tuple[int, Any]]
    """Place and converter of each value of a row that has to be converted."""
    writes: str | None
    """The table that is written to, if any."""


class Preparable(Protocol):
    """A statement that can be compiled before it is first run."""

    def prepare(self, dialect: Dialect) -> None:
        """Compile it for a database."""


known: WeakSet[Preparable] = WeakSet()
"""Every statement that is compiled once, wherever it is written."""


def prepare_all(dialect: Dialect) -> None:
    """Compile every statement that was not run yet, so that whoever is first does not wait for it; from any thread."""
    for one in list(known):
        one.prepare(dialect)


class CompiledStatement:
    """A statement, and the names it takes values for.

    `connection.execute` spends more time on finding the compiled statement, laying out parameters and
    wrapping rows than SQLite spends on the work; this does that once for each database and hands the text
    to the driver. Use it where `tests/bench` shows that it matters, and `connection.execute` everywhere
    else: defaults that a column computes in Python are not applied here, every value has to be given.
    """

    def __init__(self, statement: UpdateBase | Select[Any], *names: str) -> None:
        self._statement = statement
        self._names = frozenset(names)
        self._compiled: dict[str, _Compiled] = {}
        known.add(self)

    def prepare(self, dialect: Dialect) -> None:
        """Compile it for a database, unless it is."""
        if dialect.name not in self._compiled:
            self._compile(dialect)

    def run(self, connection: Connection, values: Mapping[str, Any]) -> int:
        """Execute a statement that returns nothing; the number of rows touched.

        Raises `TypeError` unless exactly the names of the statement are given, and otherwise what
        `connection.execute` raises.
        """
        ready = self._ready(connection)
        if ready.make is not None:
            raise TypeError("a prepared statement that is run returns nothing: ask this one for its row")
        return _hand_over(connection, ready, self._fill(ready, values))[1]

    def run_all(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Execute a statement that returns nothing with each of these values: one call of the driver. Raises what `run` raises."""
        ready = self._ready(connection)
        if len(rows) == 1:
            self.run(connection, rows[0])
        elif rows:
            _hand_over(connection, ready, [self._fill(ready, values) for values in rows], _run_many)

    def row(self, connection: Connection, values: Mapping[str, Any]) -> Any | None:
        """Execute a SELECT, or what has a RETURNING, that gives one row at most; it, a named tuple, or None.

        Raises what `run` raises.
        """
        ready = self._ready(connection)
        if ready.make is None:
            raise TypeError("this prepared statement has no row: run it")
        found, _ = _hand_over(connection, ready, self._fill(ready, values))
        return None if found is None else _read(ready, found)

    def rows(self, connection: Connection, values: Mapping[str, Any]) -> list[Any]:
        """Execute a SELECT; all its rows, each a named tuple. Raises what `run` raises."""
        ready = self._ready(connection)
        found, _ = _hand_over(connection, ready, self._fill(ready, values), _run_for_all)
        return [_read(ready, one) for one in found]

    def _ready(self, connection: Connection) -> _Compiled:
        dialect = connection.dialect
        return self._compiled.get(dialect.name) or self._compile(dialect)

    def _fill(self, ready: _Compiled, values: Mapping[str, Any]) -> Any:
        if values.keys() != self._names:
            raise TypeError(f"wrong names for a prepared statement: {sorted(self._names ^ values.keys())}")
        given = {**ready.constants, **values} if ready.constants else values
        filled = [convert(given[name]) if convert else given[name] for name, convert in ready.places]
        return dict(zip((name for name, _ in ready.places), filled, strict=True)) if ready.named else filled

    def _compile(self, dialect: Dialect) -> _Compiled:
        compiled: Any = self._statement.compile(dialect=dialect, column_keys=sorted(self._names))
        constants = {name: value for name, value in compiled.params.items() if name not in self._names}
        computed = sorted(
            name for bind, name in compiled.bind_names.items() if bind.required and name in constants
        )
        if computed:
            raise TypeError(f"a prepared statement needs a value for {computed}")
        convert = {
            name: bind.type.dialect_impl(dialect).bind_processor(dialect)
            for bind, name in compiled.bind_names.items()
        }
        for name, value in constants.items():
            known = convert.pop(name, None)
            constants[name] = value if known is None else known(value)
        order = compiled.positiontup if compiled.positional else compiled.params
        places = [(name, convert.get(name)) for name in order]
        make, read = _reading(self._statement, dialect)
        table = getattr(self._statement, "table", None) if isinstance(self._statement, UpdateBase) else None
        found = _Compiled(
            compiled.string, constants, places, not compiled.positional, make, read,
            None if table is None else str(table.name),
        )  # fmt: skip
        self._compiled[dialect.name] = found
        return found


def _reading(
    statement: UpdateBase | Select[Any], dialect: Dialect
) -> tuple[Callable[[Sequence[Any]], Any] | None, list[tuple[int, Any]]]:
    """What makes a named tuple of a row, and the columns that have to be converted first."""
    columns = statement.exported_columns
    if not columns:
        return None, []
    names = [str(column.key) for column in columns]
    if len(set(names)) < len(names):
        raise TypeError(f"two columns of a prepared statement have the same name: {names}")
    made = namedtuple("Row", names)  # type: ignore[misc]
    kinds = (column.type.dialect_impl(dialect) for column in columns)
    processors = enumerate(kind.result_processor(dialect, None) for kind in kinds)
    return made._make, [(place, convert) for place, convert in processors if convert is not None]


def _read(ready: _Compiled, found: Sequence[Any]) -> Any:
    """A row of the driver's with its values converted."""
    read = list(found)
    for place, convert in ready.read:
        if read[place] is not None:  # NULL is None in every type
            read[place] = convert(read[place])
    return ready.make(read) if ready.make is not None else read


def _run_once(cursor: Any, ready: _Compiled, parameters: Any) -> Any:
    cursor.execute(ready.text, parameters)
    return cursor.fetchone() if ready.make is not None else None


def _run_many(cursor: Any, ready: _Compiled, parameters: Any) -> Any:
    cursor.executemany(ready.text, parameters)


def _run_for_all(cursor: Any, ready: _Compiled, parameters: Any) -> Any:
    cursor.execute(ready.text, parameters)
    return cursor.fetchall()


def _hand_over(
    connection: Connection, ready: _Compiled, parameters: Any, run: Callable[[Any, _Compiled, Any], Any] = _run_once
) -> tuple[Any, int]:  # fmt: skip
    """Give a statement to the driver: what was found and the number of rows touched, or the error as SQLAlchemy would."""
    if (ahead := find_foresight(connection)) is not None:
        ahead.precede(connection, ready.writes)
    if not connection.in_transaction():
        connection.begin()
    raw: Any = connection.connection.dbapi_connection
    driver: Any = connection.dialect.loaded_dbapi  # of this connection: SQLite has two
    cursor = raw.cursor()
    try:
        return run(cursor, ready, parameters), cursor.rowcount
    except driver.Error as error:
        raise DBAPIError.instance(
            ready.text,
            parameters,
            error,
            driver.Error,
            hide_parameters=True,
            connection_invalidated=connection.dialect.is_disconnect(error, raw, cursor),
            dialect=connection.dialect,
        ) from error
    finally:
        cursor.close()
