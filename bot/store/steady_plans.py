"""SQLite's plans, which stand: a statement is planned once for each connection, and not at each run.

Planning takes five to thirty times as long as running what reads by an index, so nearly all of a short piece of work was planning.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Dialect, Select
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler

KEPT = 1000
"""Statements whose plans a connection keeps, about ten kilobytes for each that it has run; more than the bot has. The
driver's own number is a hundred, and where all of them are taken the newest makes room for the next: what a bot runs all day was
then planned anew every time, because a hundred others had run once before it."""


class _SteadyCompiler(SQLiteCompiler):
    """Writes a limit as a sum, whose value SQLite does not ask for while it plans.

    For a bare `LIMIT ?` it does, and plans anew whenever a value is given (`sqlite3ExprIsInteger`,
    https://sqlite.org/src/file/src/expr.c).
    """

    def limit_clause(self, select: Select[Any], **kw: Any) -> str:
        said: str = super().limit_clause(select, **kw)  # type: ignore[no-untyped-call]
        return said.replace("\n LIMIT ", "\n LIMIT 0 + ", 1)


def write_limits_as_sums(dialect: Dialect) -> None:
    """Have the plans of statements with a limit stand, too."""
    dialect.statement_compiler = _SteadyCompiler
