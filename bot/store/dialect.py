"""The differences between SQLite and PostgreSQL: upserts, errors, and what an error does to a transaction."""

import re
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import DBAPIError, IntegrityError

from bot.store.errors import StoreBroken, StoreUnavailable

SQLITE_BUSY, SQLITE_READONLY, SQLITE_FULL = 5, 8, 13
LIBPQ_IN_ERROR = 3  # PQTRANS_INERROR

# Primary result codes, https://sqlite.org/rescode.html; a code not listed here is the statement's fault.
_SQLITE = {
    SQLITE_BUSY: "The database is busy: another program has held it for too long. "
    "If this lasts, look for a second Tilth or a tool that has the file open.",
    SQLITE_READONLY: "The database cannot be written: the file, its folder or its volume is read-only. "
    "Check who owns them and how the volume is mounted.",
    10: "The disk under the database reports an error. Check the disk and the system log.",
    11: "The database file is damaged. Stop Tilth and restore the last backup.",
    SQLITE_FULL: "The disk under the database is full. Free some space; Tilth continues by itself.",
    14: "The database file cannot be opened. Check that its folder exists and that Tilth may write there.",
    26: "This file is not a database. Check the path in TILTH_STORE__URL.",
}
_SQLITE_BROKEN = {SQLITE_READONLY, 11, 14, 26}
"""What no waiting mends."""

# SQLSTATE, by code and then by class, https://www.postgresql.org/docs/current/errcodes-appendix.html
_POSTGRES = {
    "25006": "PostgreSQL accepts no writes at present: this server is a standby or set to read-only.",
    "40001": "Other writers kept changing the same rows; nothing was stored.",
    "40P01": "Other writers kept holding the same rows; nothing was stored.",
    "53100": "The disk of the PostgreSQL server is full. Free some space; Tilth continues by itself.",
    "55P03": "Another process held these rows for too long; nothing was stored.",
    "57014": "PostgreSQL stopped a statement that took too long; nothing was stored.",
    "08": "The connection to PostgreSQL was lost.",
    "25P": "PostgreSQL closed a transaction that was left waiting.",
    "53": "The PostgreSQL server is out of connections or memory.",
    "57P": "PostgreSQL is shutting down, starting, or has closed our connection.",
}

# libpq has no code for a login that was refused, only these words, in English unless the server speaks otherwise.
_REFUSED_LOGIN = re.compile(
    r"authentication failed|no pg_hba\.conf entry|(database|role) .* does not exist|not permitted to log in"
)

# What strikes one piece of work only, so that the others of its batch deserve their own attempt.
_OWN = {SQLITE_FULL, "40001", "40P01", "53100", "55P03", "57014"}


def insert(table: Table) -> postgresql.Insert:
    """Start an INSERT that may say `on_conflict_do_update` or `on_conflict_do_nothing`, for both databases.

    It needs no connection, so it can be built once, as a constant of a records module: building a
    statement costs more than running it. SQLAlchemy's SQLite compiler reads PostgreSQL's clause (not the
    other way round); `tests/store/test_dialect.py` runs both and would notice a change. `rowcount` of the
    result counts the rows inserted or changed: 0 says that it was there already.
    """
    # Without the option, `rowcount` after an INSERT is what the driver happens to say: psycopg's is -1.
    return postgresql.insert(table).execution_options(preserve_rowcount=True)


def upsert(table: Table, *, by: Collection[str], change: Collection[str]) -> postgresql.Insert:
    """Build "insert, or change these columns where a row with the same key is there", for both databases.

    `by` names the columns of a primary key or unique index, `change` the columns that take the new
    value. Add conditions with `insert()` instead.
    """
    # Inline: nobody asks an upsert for the key it made, and finding that out costs at every execution.
    statement = insert(table).inline()
    return statement.on_conflict_do_update(
        index_elements=list(by), set_={name: statement.excluded[name] for name in change}
    )


def watch_transaction(connection: Connection) -> Callable[[], bool]:
    """Return a cheap question for this connection: does the transaction still hold everything done in it?

    After some errors it no longer does, even when the error was swallowed: SQLite rolls back by itself
    when the disk is full and then runs each statement on its own
    (https://sqlite.org/lang_transaction.html#response_to_errors_within_a_transaction), and PostgreSQL
    answers COMMIT with a silent ROLLBACK.
    """
    raw: Any = connection.connection.dbapi_connection
    if connection.dialect.name == "sqlite":
        return lambda: raw.in_transaction
    libpq = raw.pgconn
    return lambda: libpq.transaction_status != LIBPQ_IN_ERROR


def is_lost(error: BaseException) -> bool:
    """Tell whether the connection is gone, and with it the open transaction."""
    return isinstance(error, DBAPIError) and error.connection_invalidated


def is_collision(error: BaseException) -> bool:
    """Tell whether PostgreSQL asks to run the same transaction again (serialization failure, deadlock)."""
    return _code(error) in ("40001", "40P01")


def is_writing(error: BaseException) -> bool:
    """Tell whether a connection that may only read was asked to write."""
    return getattr(getattr(error, "orig", None), "sqlite_errorcode", None) == SQLITE_READONLY or (
        _code(error) == "25006"
    )


def strikes_everyone(error: BaseException) -> bool:
    """Tell whether trying others now is pointless: the database itself cannot be reached or written."""
    return explain_fault(error) is not None and not is_lost(error) and _code(error) not in _OWN


def explain_fault(error: BaseException) -> str | None:
    """Say in a sentence what is wrong with the database, or None when the fault is the statement's."""
    if not isinstance(error, DBAPIError) or isinstance(error, IntegrityError):
        return None
    code = _code(error)
    if isinstance(code, int):
        return _SQLITE.get(code)
    if isinstance(code, str):
        found = _POSTGRES.get(code) or _POSTGRES.get(code[:3]) or _POSTGRES.get(code[:2])
        if found is not None:
            return found
    if error.connection_invalidated:
        return _POSTGRES["08"]
    # psycopg has no SQLSTATE for a connection that never came about, only libpq's words.
    if code is None and type(error.orig).__name__ in ("OperationalError", "ConnectionTimeout"):
        first, *_ = str(error.orig).splitlines() or [""]
        return f"No connection to PostgreSQL ({first.strip()}). Check that it runs, and the URL in TILTH_STORE__URL."
    return None


def make_fault(error: BaseException) -> StoreUnavailable | None:
    """The store's own error for a fault of the database; None when the fault is the statement's."""
    sentence = explain_fault(error)
    if sentence is None:
        return None
    broken = _code(error) in _SQLITE_BROKEN or _is_refused_login(error)
    fault = StoreBroken(sentence) if broken else StoreUnavailable(sentence)
    fault.__cause__ = error
    return fault


@contextmanager
def faults() -> Iterator[None]:
    """Raise a fault of the database as the store's own error; what is the statement's stays as it is."""
    try:
        yield
    except DBAPIError as error:
        fault = make_fault(error)
        if fault is None:
            raise
        raise fault from error


def _is_refused_login(error: BaseException) -> bool:
    original = getattr(error, "orig", None)
    return type(original).__name__ == "OperationalError" and bool(_REFUSED_LOGIN.search(str(original)))


def _code(error: BaseException) -> int | str | None:
    """Return SQLite's primary result code or PostgreSQL's SQLSTATE."""
    original = getattr(error, "orig", None)
    number = getattr(original, "sqlite_errorcode", None)
    if number is not None:
        return int(number) & 0xFF  # the low byte of an extended code is the primary one
    return getattr(original, "sqlstate", None)
