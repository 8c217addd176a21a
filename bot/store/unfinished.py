"""The mark of a database that is being filled: whoever opens it before that is done is told so, and not given an empty one.

A restore or a copy that is killed leaves nothing of its rows behind, since they are one transaction. Without the mark the
next start would take what is left for a new database, and the community would begin again from nothing.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection, inspect, text

from bot.store import dialect
from bot.store.engine import build_engine
from bot.store.revisions import VERSIONS

At = Callable[[str], None]
"""Called by a restore or a copy with the name of each point at which a test may kill the process."""
MARK = "unfinished"
"""What stands in the place of the schema's revision meanwhile."""
EXPLANATION = (
    "This database was about to be filled by `tilth restore` or `tilth copy`, which did not come to its end. Nothing is in "
    "it yet. Run the same command once more, or give Tilth a new database."
)


def is_free(connection: Connection) -> bool:
    """Whether nothing is in a database, or only the mark of a restore or copy that did not come to its end."""
    tables = set(inspect(connection).get_table_names())
    if tables <= {VERSIONS}:
        found = connection.execute(text(f"SELECT version_num FROM {VERSIONS}")) if tables else None  # noqa: S608 - our name
        return found is None or list(found.scalars()) in ([MARK], [])
    return False


def mark_unfinished(url: str) -> None:
    """Put the mark into a database with nothing in it, committed; it may be there already. Raises `StoreFault`."""
    engine = build_engine(url, "migrate")
    try:
        with dialect.faults(), engine.begin() as connection:
            if is_free(connection):
                remove_mark(connection)
                connection.execute(
                    text(f"CREATE TABLE {VERSIONS} (version_num VARCHAR(32) NOT NULL PRIMARY KEY)")
                )
                connection.execute(
                    text(f"INSERT INTO {VERSIONS} (version_num) VALUES (:mark)"),  # noqa: S608 - our name
                    {"mark": MARK},
                )
    finally:
        engine.dispose()


def remove_mark(connection: Connection) -> None:
    """Take the mark away, in the transaction that fills the database."""
    connection.execute(text(f"DROP TABLE IF EXISTS {VERSIONS}"))
