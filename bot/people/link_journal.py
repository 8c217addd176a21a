"""The journal of links: rows moved from one member to another, and what they were, so that they can go back.

Each row that is moved, changed or set aside is written down with what it was. Parting gives it back as it was brought; a
value that was changed since stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Date,
    Index,
    Table,
    UniqueConstraint,
    and_,
    bindparam,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from bot.people.links import LinkRules, MemberLink, link_row, member_link
from bot.people.tables import member
from bot.store.compiled import CompiledStatement
from bot.store.schema import metadata
from bot.store.types import UtcDateTime

OWN = frozenset({"member_link", "member"})
"""Tables with members in them that no link moves."""

RowValues = Mapping[Any, Any]
"""RowValues of a row by the names of its columns."""
KEY, NEW = "key_", "new_"
"""What the values of a change are called: a key may itself be changed."""
_COLUMNS = ("community_id", "link_id", "name", "key", "was", "became")
_WRITTEN = CompiledStatement(insert(link_row).values({one: bindparam(one) for one in _COLUMNS}), *_COLUMNS)


@cache
def _change_of(table: Table, names: tuple[str, ...]) -> CompiledStatement:
    """The statement that changes these columns of one row: two who said much have hundreds of rows."""
    keys = [one.name for one in table.primary_key.columns]
    same = and_(*(table.c[name] == bindparam(KEY + name) for name in keys))
    values: dict[str, Any] = {name: bindparam(NEW + name) for name in names}
    return CompiledStatement(
        update(table).where(same).values(values), *map(KEY.__add__, keys), *(NEW + name for name in names)
    )


# ── joining ───────────────────────────────────────────────────────────────────


def join_members(
    conn: Connection,
    community_id: int,
    keeper: int,
    joined: int,
    who: tuple[str, str],
    rules: Iterable[LinkRules],
    now: datetime,
) -> MemberLink:
    """Make the member behind the account `who` one with the keeper.

    In one transaction, though two who both said much take long: nobody may see half of a person, or one answer twice.
    """
    values = {"community_id": community_id, "keeper": keeper, "joined": joined, "space": who[0], "person": who[1], "at": now}  # fmt: skip
    made: int = conn.execute(insert(member_link).values(values).returning(member_link.c.id)).scalar_one()
    link = MemberLink(made, community_id, keeper, joined, *who, now)
    for one in rules:
        one.join(conn, link, now)
    for table, column in member_columns():
        _move_rows(conn, link, table, column)
    return link


def member_columns() -> list[tuple[Table, Column[Any]]]:
    """Every column that names a member whose row is moved with them, those others point to last."""
    return [
        (table, column)
        for table in reversed(metadata.sorted_tables)
        if table.name not in OWN
        for column in table.columns
        if any(key.column is member.c.id for key in column.foreign_keys)
    ]


def _move_rows(conn: Connection, link: MemberLink, table: Table, column: Column[Any]) -> None:
    """Give the keeper every row of the joined member; of two that exclude each other the keeper's stands.

    The other one is set aside; where rows of other tables may point to it, it stays where it is.
    """
    aside = not any(key.column.table is table for one in metadata.tables.values() for key in one.foreign_keys)
    brought = conn.execute(select(table).where(column == link.joined)).all()
    taken = _taken_keys(conn, link, table, column) if brought else {}
    for row in brought:
        moved = {**row._mapping, column.name: link.keeper}  # noqa: SLF001 - SQLAlchemy's public name
        if any(tuple(moved[name] for name in group) in keys for group, keys in taken.items()):
            if aside:
                set_row_aside(conn, link, table, row._mapping)  # noqa: SLF001
        else:
            change_row(conn, link, table, row._mapping, {column.name: link.keeper})  # noqa: SLF001


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


def change_row(
    conn: Connection,
    link: MemberLink,
    table: Table,
    row: RowValues,
    values: RowValues,
    *,
    whole: bool = False,
) -> None:
    """Change a row for a link, and write down what it was: what stays the same only if `whole`."""
    news = {name: value for name, value in values.items() if whole or row[name] != value}
    if not news:
        return
    key = {one.name: row[one.name] for one in table.primary_key.columns}
    changing = _change_of(table, tuple(sorted(news)))
    changing.run(
        conn,
        {f"{KEY}{name}": value for name, value in key.items()} | {f"{NEW}{k}": v for k, v in news.items()},
    )
    _write_down(conn, link, table, {**key, **{k: v for k, v in news.items() if k in key}}, row, news)


def credit_row(conn: Connection, link: MemberLink, table: Table, key: RowValues, was: RowValues) -> None:
    """Write down that a row made since belongs to the joined member, so that parting gives it to them."""
    row = conn.execute(select(table).where(_has_key(table, key))).one()
    now = {name: row._mapping[name] for name in was}  # noqa: SLF001
    _write_down(conn, link, table, key, was, now)


def set_row_aside(conn: Connection, link: MemberLink, table: Table, row: RowValues) -> None:
    """Take a row out of its table until the link ends."""
    key = {one.name: row[one.name] for one in table.primary_key.columns}
    conn.execute(delete(table).where(_has_key(table, key)))
    _write_down(conn, link, table, key, row, None)


def _write_down(
    conn: Connection, link: MemberLink, table: Table, key: RowValues, was: RowValues, became: RowValues | None
) -> None:
    names = was.keys() if became is None else became.keys()
    written = {
        "community_id": link.community_id, "link_id": link.id, "name": table.name, "key": _frozen(key),
        "was": _frozen({name: was[name] for name in names}), "became": None if became is None else _frozen(became),
    }  # fmt: skip
    _WRITTEN.run(conn, written)


def _has_key(table: Table, key: RowValues) -> Any:
    return and_(*(table.c[name] == value for name, value in key.items()))


# ── parting ───────────────────────────────────────────────────────────────────


def part_members(
    conn: Connection, link: MemberLink, rules: Iterable[LinkRules], now: datetime
) -> Sequence[Any]:
    """Give the joined member their account and everything it brought; what was changed since stays with the keeper.

    Returns what the link had done to the rows.
    """
    for one in rules:
        one.part(conn, link, now)
    done = select(link_row).where(link_row.c.link_id == link.id).order_by(link_row.c.id.desc())
    written = conn.execute(done).all()
    for row in written:
        table = metadata.tables[row.name]
        try:
            with conn.begin_nested():
                _give_back(conn, table, row)
        except IntegrityError:  # what it belonged to is gone, or something new stands in its place
            continue
    conn.execute(delete(link_row).where(link_row.c.link_id == link.id))
    conn.execute(delete(member_link).where(member_link.c.id == link.id))
    return written


def _give_back(conn: Connection, table: Table, row: Any) -> None:
    was, key = _thawed(table, row.was), _thawed(table, row.key)
    if row.became is None:
        # SQLite gives the number of the last row to the next one, when that row is gone.
        if list(key) == ["id"] and conn.execute(select(table.c.id).where(_has_key(table, key))).first():
            del was["id"]
        conn.execute(insert(table).values(was))
        return
    current = conn.execute(select(table).where(_has_key(table, key))).one_or_none()
    if current is None:
        return
    became = _thawed(table, row.became)
    same = {name: was[name] for name in was if current._mapping[name] == became[name]}  # noqa: SLF001
    if same:
        conn.execute(update(table).where(_has_key(table, key)).values(same))


def written_rows(conn: Connection, link: MemberLink, table: Table) -> Sequence[Any]:
    """What a link did to the rows of a table, oldest first."""
    ours = (link_row.c.link_id == link.id) & (link_row.c.name == table.name)
    return conn.execute(select(link_row).where(ours).order_by(link_row.c.id)).all()


def moved_ids(conn: Connection, link: MemberLink, table: Table) -> set[int]:
    """The ids of the rows of a table that parting gives back to the joined member."""
    rows = written_rows(conn, link, table)
    return {row.key["id"] for row in rows if row.became is not None and "member_id" in row.was}


# ── rows as JSON ──────────────────────────────────────────────────────────────


def _frozen(values: RowValues) -> dict[str, Any]:
    """RowValues of a row as JSON can hold them."""
    return {
        name: value.isoformat() if isinstance(value, datetime | date) else value
        for name, value in values.items()
    }


def _thawed(table: Table, values: RowValues) -> dict[str, Any]:
    """The same as the columns hold them."""
    return {
        name: kind.fromisoformat(value)
        if value is not None and (kind := _time_kind(table.c[name]))
        else value
        for name, value in values.items()
    }


def _time_kind(column: Column[Any]) -> type[date] | None:
    if isinstance(column.type, UtcDateTime):
        return datetime
    return date if isinstance(column.type, Date) else None
