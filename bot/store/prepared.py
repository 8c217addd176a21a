"""A statement compiled once: for the few that run at every message."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection, Dialect, UpdateBase
from sqlalchemy.exc import DBAPIError


class _Compiled(NamedTuple):
    text: str
    constants: dict[str, Any]
    converted: list[tuple[str, Any]]
    order: list[str] | None


class Prepared:
    """An INSERT, UPDATE or DELETE without RETURNING, and the names it takes values for.

    `connection.execute` spends more time on finding the compiled statement and laying out parameters than
    SQLite spends on storing the row; this does that once for each database and hands the text to the
    driver. Use it where `tests/bench` shows that it matters, and `connection.execute` everywhere else:
    defaults that a column computes in Python are not applied here, every value has to be given.
    """

    def __init__(self, statement: UpdateBase, *names: str) -> None:
        self._statement = statement
        self._names = frozenset(names)
        self._compiled: dict[str, _Compiled] = {}

    def run(self, connection: Connection, values: Mapping[str, Any]) -> int:
        """Execute with these values and return the number of rows touched.

        Raises `TypeError` unless exactly the names of the statement are given, and otherwise what
        `connection.execute` raises.
        """
        if values.keys() != self._names:
            raise TypeError(f"wrong names for a prepared statement: {sorted(self._names ^ values.keys())}")
        dialect = connection.dialect
        text, constants, converted, order = self._compiled.get(dialect.name) or self._compile(dialect)
        filled = {**constants, **values}
        for name, convert in converted:
            filled[name] = convert(filled[name])
        if not connection.in_transaction():
            connection.begin()
        return _hand_over(connection, text, filled if order is None else [filled[name] for name in order])

    def _compile(self, dialect: Dialect) -> _Compiled:
        compiled: Any = self._statement.compile(dialect=dialect, column_keys=sorted(self._names))
        if compiled.effective_returning:
            raise TypeError("a prepared statement returns nothing: its values would not be converted")
        constants = {name: value for name, value in compiled.params.items() if name not in self._names}
        computed = sorted(
            name for name, bind in compiled.binds.items() if bind.required and name in constants
        )
        if computed:
            raise TypeError(f"a prepared statement needs a value for {computed}")
        converted = []
        for name, bind in compiled.binds.items():
            convert = bind.type.dialect_impl(dialect).bind_processor(dialect)
            if convert is not None and name in constants:
                constants[name] = convert(constants[name])
            elif convert is not None:
                converted.append((name, convert))
        order = list(compiled.positiontup) if compiled.positional else None
        self._compiled[dialect.name] = found = _Compiled(compiled.string, constants, converted, order)
        return found


def _hand_over(connection: Connection, text: str, parameters: Any) -> int:
    """Give a statement to the driver, and its error back as SQLAlchemy would have."""
    raw: Any = connection.connection.dbapi_connection
    driver: Any = connection.dialect.loaded_dbapi
    cursor = raw.cursor()
    try:
        cursor.execute(text, parameters)
        return int(cursor.rowcount)
    except driver.Error as error:
        raise DBAPIError.instance(
            text,
            parameters,
            error,
            driver.Error,
            hide_parameters=True,
            connection_invalidated=connection.dialect.is_disconnect(error, raw, cursor),
            dialect=connection.dialect,
        ) from error
    finally:
        cursor.close()
