"""A statement is planned once for each connection, whatever else runs beside it."""

from collections.abc import Callable

from sqlalchemy import Connection, literal_column, select

from bot.store import Store
from bot.store.steady_plans import KEPT
from tests.store.tables import counter

OTHERS = 200


def count_plans(conn: Connection, work: Callable[[Connection], object]) -> int:
    """How many columns and tables SQLite asks about while it plans what is run for the second time: none, if it does not."""
    asked: list[object] = []
    raw = conn.connection.dbapi_connection
    assert raw is not None
    raw.set_authorizer(lambda *what: asked.append(what) or 0)  # type: ignore[attr-defined]
    work(conn)  # who sets one has everything planned anew
    assert asked
    asked.clear()
    work(conn)
    return len(asked)


def test_a_statement_is_planned_once_though_many_others_were_run_before_it(sqlite_store: Store):
    def work(conn: Connection) -> int:
        for number in range(OTHERS):
            conn.execute(select(literal_column(str(number))))
        asks = [select(counter.c.n, literal_column(f"-{number}")) for number in range(3)]
        return count_plans(conn, lambda conn: [conn.execute(ask).all() for ask in asks])

    assert OTHERS + 3 < KEPT
    assert sqlite_store.write_now(work) == 0
    assert sqlite_store.read_now(work) == 0


def test_a_limit_has_no_statement_planned_anew(sqlite_store: Store):
    first = select(counter.c.name).order_by(counter.c.name)

    def fill(conn: Connection) -> None:
        conn.execute(counter.insert(), [{"name": name, "n": 1} for name in "abc"])

    sqlite_store.write_now(fill)
    read = lambda conn: [conn.scalars(first.limit(limit).offset(1)).all() for limit in (1, 2)]
    assert sqlite_store.read_now(read) == [["b"], ["b", "c"]]
    assert sqlite_store.read_now(lambda conn: count_plans(conn, read)) == 0
