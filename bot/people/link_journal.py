"""The journal of links: rows moved from one member to another, and what they were, so that they can go back.

Each row that is moved, changed or set aside is written down with what it was. Parting gives it back as it was brought; a
value that was changed since stays as it is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Column, Connection, Date, Table, and_, bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.people.links import LinkRules, MemberLink, link_row, member_link
from bot.store.compiled import CompiledStatement
from bot.store.schema import metadata
from bot.store.types import UtcDateTime

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


@cache
def _deletion_from(table: Table) -> CompiledStatement:
    """The statement that deletes one row."""
    keys = [one.name for one in table.primary_key.columns]
    return CompiledStatement(delete(table).where(*(table.c[name] == bindparam(name) for name in keys)), *keys)


# ── joining ───────────────────────────────────────────────────────────────────


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
    if news:
        change_rows(conn, link, table, [row], news)


def change_rows(
    conn: Connection, link: MemberLink, table: Table, rows: Collection[RowValues], news: RowValues
) -> None:
    """Change rows of a table alike, each of which is different from that, and write down what they were."""
    keys = [_key_of(table, row) for row in rows]
    named = {f"{NEW}{name}": value for name, value in news.items()}
    changing = _change_of(table, tuple(sorted(news)))
    changing.run_all(conn, [{f"{KEY}{name}": key[name] for name in key} | named for key in keys])
    new = {name: value for name, value in news.items() if name in table.primary_key.columns}
    _write_down(conn, link, table, [({**key, **new}, row, news) for key, row in zip(keys, rows, strict=True)])


def _key_of(table: Table, row: RowValues) -> dict[str, Any]:
    return {one.name: row[one.name] for one in table.primary_key.columns}


def credit_row(conn: Connection, link: MemberLink, table: Table, key: RowValues, was: RowValues) -> None:
    """Write down that a row made since belongs to the joined member, so that parting gives it to them."""
    row = conn.execute(select(table).where(_has_key(table, key))).one()
    now = {name: row._mapping[name] for name in was}  # noqa: SLF001
    _write_down(conn, link, table, [(key, was, now)])


def set_row_aside(conn: Connection, link: MemberLink, table: Table, row: RowValues) -> None:
    """Take a row out of its table until the link ends."""
    set_rows_aside(conn, link, table, [row])


def set_rows_aside(conn: Connection, link: MemberLink, table: Table, rows: Collection[RowValues]) -> None:
    """The same with several rows."""
    keys = [_key_of(table, row) for row in rows]
    if keys:
        _deletion_from(table).run_all(conn, keys)
        _write_down(conn, link, table, [(key, row, None) for key, row in zip(keys, rows, strict=True)])


def _write_down(
    conn: Connection, link: MemberLink, table: Table, rows: Iterable[tuple[RowValues, RowValues, RowValues | None]]
) -> None:  # fmt: skip
    """Write into the journal, of each row: its key, what it was, and what it became."""
    _WRITTEN.run_all(
        conn,
        [
            {
                "community_id": link.community_id, "link_id": link.id, "name": table.name, "key": _frozen(key),
                "was": _frozen({name: was[name] for name in (was if became is None else became)}),
                "became": None if became is None else _frozen(became),
            }
            for key, was, became in rows
        ],
    )  # fmt: skip


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


_WRITTEN_OF = CompiledStatement(
    select(link_row.c.id)
    .where(link_row.c.link_id == bindparam("link"), link_row.c.name == bindparam("table"), link_row.c.key == bindparam("row"))
    .limit(1),
    "link", "table", "row",
)  # fmt: skip


def is_written(conn: Connection, link: MemberLink, table: Table, row_id: int) -> bool:
    """Whether a link did something to a row whose key is a number."""
    return _WRITTEN_OF.row(conn, {"link": link.id, "table": table.name, "row": {"id": row_id}}) is not None


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
