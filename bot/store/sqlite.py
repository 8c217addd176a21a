"""The SQLite library: the newer one of pysqlite3 where that is installed, else Python's own; never both in one process.

Two copies of the library in a process do not see each other's locks, and closing a file in one takes the locks of the other
away (https://sqlite.org/howtocorrupt.html, "Multiple copies of SQLite linked into the same application"). So whoever opens
a database takes the driver from here.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3  # noqa: TID251 - here it is chosen
else:
    try:
        from pysqlite3 import dbapi2 as sqlite3
    except ImportError:  # no wheel for this machine
        import sqlite3  # noqa: TID251

__all__ = ["sqlite3"]
