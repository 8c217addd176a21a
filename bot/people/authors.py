"""The author of a message: one query for the community, the account, its member and its erasure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, select

from bot.chat.models import Person
from bot.people.accounts import OURS, SHOWN, account, update_account
from bot.people.tables import COMMUNITY, Community, Member, community, erasure, member, space
from bot.store.compiled import CompiledStatement

_ERASED = and_(erasure.c.community_id == space.c.community_id, erasure.c.digest == bindparam("digest"))
_SPEAKER = CompiledStatement(
    select(
        *SHOWN,
        *(column.label(f"home_{column.name}") for column in COMMUNITY),
        erasure.c.at.label("home_erased_at"),
    )
    .select_from(
        space.join(community, community.c.id == space.c.community_id)
        .outerjoin(erasure, _ERASED)
        .outerjoin(account, OURS)
        .outerjoin(member, member.c.id == account.c.member_id)
    )
    .where(space.c.key == bindparam("where")),
    "where",
    "space",
    "person",
    "digest",
)


def _erased_at(conn: Connection, community_id: int, digest: str) -> datetime | None:
    """When an account was erased, by its digest under the key of a former secret."""
    c = erasure.c
    query = select(c.at).where(c.community_id == community_id, c.digest == digest)
    at: datetime | None = conn.execute(query).scalar_one_or_none()
    return at


def meet_author(
    conn: Connection, who: Person, where: str, digests: Sequence[str], said_at: datetime, now: datetime
) -> tuple[Community, Member] | None:
    """The community of a space and the member behind an account, made at first sight.

    None when the space belongs to no community, or when the account, whose digests these are, was erased since then.
    """
    first, *former = digests
    row = _SPEAKER.row(conn, {"where": where, "space": who.space, "person": who.id, "digest": first})
    if row is None:
        return None
    known = [row.home_erased_at, *(_erased_at(conn, row.home_id, digest) for digest in former)]
    if any(at is not None and said_at <= at for at in known):
        return None
    home = Community(*(getattr(row, f"home_{column.name}") for column in COMMUNITY))
    return home, update_account(conn, who, home, now, row if row.id is not None else None)
