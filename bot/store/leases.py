"""Leases: rows that say which process may do, for now, what only one process may do."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Table,
    Text,
    and_,
    bindparam,
    case,
    or_,
    select,
    update,
)

from bot.store.dialect import insert
from bot.store.schema import metadata
from bot.store.types import UtcDateTime

lease = Table(
    "lease",
    metadata,
    Column("name", Text, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("until", UtcDateTime, nullable=False),
    Column("fence", BigInteger, nullable=False),
)

_NOBODY = ""
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to do what `name` stands for until `until`; `fence` is larger than every earlier holder's."""

    name: str
    owner: str
    until: datetime
    fence: int


_row = insert(lease)
_TAKE = _row.on_conflict_do_update(
    index_elements=["name"],
    set_={
        "owner": _row.excluded.owner,
        "until": _row.excluded.until,
        "fence": case((lease.c.owner == _row.excluded.owner, lease.c.fence), else_=lease.c.fence + 1),
    },
    where=or_(lease.c.owner == _row.excluded.owner, lease.c.until <= bindparam("now", type_=UtcDateTime)),
).returning(lease.c.fence)


def take_lease(conn: Connection, name: str, owner: str, now: datetime, length: timedelta) -> Lease | None:
    """Take the lease if it is free, over, or ours already; None while another owner has it.

    `owner` must differ between processes and between two starts of one. Make `length` much longer than
    the clocks of the machines can differ: "over" is judged by the `now` of whoever asks.
    """
    if owner == _NOBODY:
        raise ValueError("a lease needs an owner with a name")
    until = now + length
    values = {"name": name, "owner": owner, "until": until, "fence": 1, "now": now}
    fence = conn.execute(_TAKE, values).scalar_one_or_none()
    return None if fence is None else Lease(name, owner, until, fence)


def renew_lease(conn: Connection, held: Lease, now: datetime, length: timedelta) -> Lease | None:
    """Make it last until `now + length`; None when somebody else has had it since, and then stop at once."""
    until = now + length
    done = conn.execute(update(lease).where(_ours(held)).values(until=until))
    return Lease(held.name, held.owner, until, held.fence) if done.rowcount else None


def release_lease(conn: Connection, held: Lease) -> None:
    """Give it back before its time; harmless when it is no longer ours. The row stays, and with it the count."""
    conn.execute(update(lease).where(_ours(held)).values(owner=_NOBODY, until=_LONG_AGO))


def holds_lease(conn: Connection, held: Lease, now: datetime) -> bool:
    """Tell whether the lease is still ours; asked in the transaction that relies on it.

    The row is locked until that transaction ends, so nobody can take the lease in between.
    """
    query = select(lease.c.name).where(_ours(held), lease.c.until > now).with_for_update()
    return conn.execute(query).first() is not None


def _ours(held: Lease) -> ColumnElement[bool]:
    return and_(lease.c.name == held.name, lease.c.owner == held.owner, lease.c.fence == held.fence)
