"""The mark of a member that they were welcomed: whoever claims it welcomes them, and nobody else does."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, Integer, bindparam, select, update

from bot.people.tables import member
from bot.store.compiled import CompiledStatement
from bot.store.wanted import SetStatement

_CLAIM = CompiledStatement(
    update(member)
    .where(member.c.id == bindparam("of"), member.c.noticed_at.is_(None))
    .values(noticed_at=bindparam("now"))
    .returning(member.c.id),
    *("of", "now"),
)
_UNWELCOMED = SetStatement(
    lambda wanted: (
        select(member.c.id)
        .select_from(wanted.join(member, member.c.id == wanted.c.member_id))
        .where(member.c.noticed_at.is_(None))
    ),
    member_id=Integer,
)


def claim_welcome(conn: Connection, member_id: int, now: datetime) -> bool:
    """Whether a member has not been welcomed yet; from now on they have."""
    return _CLAIM.row(conn, {"of": member_id, "now": now}) is not None


def claim_welcomes(conn: Connection, member_ids: Collection[int], now: datetime) -> frozenset[int]:
    """Those of these members who have not been welcomed yet; from now on they have."""
    if len(member_ids) > 1:
        member_ids = [row.id for row in _UNWELCOMED.rows(conn, [(one,) for one in member_ids])]
    return frozenset(one for one in member_ids if claim_welcome(conn, one, now))


def release_welcome(conn: Connection, member_id: int) -> None:
    """The welcome of a member did not arrive."""
    conn.execute(update(member).where(member.c.id == member_id).values(noticed_at=None))
