"""The rows of a member who is being joined with another, and how some of them at a time become the other's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Index, Table, UniqueConstraint, select, tuple_

from bot.people.link_journal import RowValues, change_rows, set_rows_aside
from bot.people.links import MemberLink
from bot.people.tables import member
from bot.store.schema import metadata

OWN = frozenset({"member_link", "member"})
"""Tables with members in them that no link moves."""
TOGETHER = 20
"""Rows that are moved together at most."""


@dataclass(frozen=True, slots=True)
class RowMove:
    """Rows of one table that name the joined member in one column, by their keys."""

    table: Table
    column: Column[Any]
    keys: tuple[tuple[Any, ...], ...]


def member_columns() -> list[tuple[Table, Column[Any]]]:
    """Every column that names a member whose row is moved with them, those others point to last."""
    return [
        (table, column)
        for table in reversed(metadata.sorted_tables)
        if table.name not in OWN
        for column in table.columns
        if any(key.column is member.c.id for key in column.foreign_keys)
    ]


def list_moves(conn: Connection, link: MemberLink) -> list[RowMove]:
    """What of the joined member is to be moved, some rows in each."""
    return [one for table, column in member_columns() for one in list_moves_of(conn, link, table, column)]


def list_moves_of(conn: Connection, link: MemberLink, table: Table, column: Column[Any]) -> list[RowMove]:
    """The same of one column of a table."""
    key = tuple(table.primary_key.columns)
    rows = conn.execute(select(*key).where(column == link.joined).order_by(*key))
    keys = [tuple(row) for row in rows]
    return [RowMove(table, column, tuple(keys[at : at + TOGETHER])) for at in range(0, len(keys), TOGETHER)]


def move_rows(conn: Connection, link: MemberLink, move: RowMove, _now: datetime) -> None:
    """Give the keeper these rows, those that are still the joined member's; of two that exclude each other the keeper's stands.

    The other one is set aside; where rows of other tables may point to it, it stays where it is.
    """
    table, column = move.table, move.column
    theirs = select(table).where(column == link.joined, _has_one_of(table, move.keys))
    brought = conn.execute(theirs).mappings().all()
    taken = _taken_keys(conn, link, table, column) if brought else {}
    moved: list[RowValues] = []
    excluded: list[RowValues] = []
    for row in brought:
        new = {**row, column.name: link.keeper}
        stands = any(tuple(new[name] for name in group) in keys for group, keys in taken.items())
        (excluded if stands else moved).append(row)
    if not any(key.column.table is table for one in metadata.tables.values() for key in one.foreign_keys):
        set_rows_aside(conn, link, table, excluded)
    change_rows(conn, link, table, moved, {column.name: link.keeper})


def _has_one_of(table: Table, keys: tuple[tuple[Any, ...], ...]) -> ColumnElement[bool]:
    columns = tuple(table.primary_key.columns)
    if len(columns) == 1:
        return columns[0].in_([key[0] for key in keys])
    return tuple_(*columns).in_(keys)


def _taken_keys(
    conn: Connection, link: MemberLink, table: Table, column: Column[Any]
) -> dict[tuple[str, ...], set[tuple[Any, ...]]]:
    """What the keeper's rows exclude: by each group of columns that may stand together once, the values that do."""
    found = {}
    for group in _unique_groups(table):
        if column.name in group:
            theirs = select(*(table.c[name] for name in group)).where(column == link.keeper)
            keys = (tuple(row) for row in conn.execute(theirs))
            found[group] = {key for key in keys if None not in key}
    return found


def _unique_groups(table: Table) -> list[tuple[str, ...]]:
    groups = [tuple(one.name for one in table.primary_key.columns)]
    groups += [
        tuple(c.name for c in one.columns) for one in table.constraints if isinstance(one, UniqueConstraint)
    ]
    groups += [
        tuple(c.name for c in one.columns) for one in table.indexes if isinstance(one, Index) and one.unique
    ]
    return groups
