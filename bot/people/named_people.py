"""People as others write them down: by the platform's id, by a mention, or by their whole name."""

from __future__ import annotations

import re

from sqlalchemy import Connection, func, select

from bot.people.accounts import account
from bot.people.tables import member

FEW = 10
"""People of one name that are told apart."""
_MENTION = re.compile(r"<@!?([^|>]+)(\|[^>]*)?>")


def plain_name(text: str) -> str:
    """A name or id without what marks it as a mention."""
    name = text.strip()
    mention = _MENTION.fullmatch(name)
    return mention[1] if mention is not None else name.removeprefix("@")


def find_named(conn: Connection, community_id: int, text: str, space: str = "") -> tuple[int, ...]:
    """The members of this platform id (`U123`, `<@U123>`, `space/U123`), else those of this name; up to `FEW`.

    `space` is where ids belong that do not say; empty: any space of the community.
    """
    wanted = plain_name(text)
    if not wanted:
        return ()
    own, _slash, id = wanted.rpartition("/")
    query = (
        select(account.c.member_id)
        .join(member, member.c.id == account.c.member_id)
        .where(
            account.c.community_id == community_id,
            account.c.stranger.is_(False),
            member.c.erased_at.is_(None),
        )
        .distinct()
        .order_by(account.c.member_id)
        .limit(FEW)
    )
    by_id = query.where(account.c.person == id)
    if own or space:
        by_id = by_id.where(account.c.space == (own or space))
    found = conn.execute(by_id).scalars().all()
    return tuple(found or conn.execute(query.where(func.lower(member.c.name) == wanted.lower())).scalars())


def present_account(conn: Connection, community_id: int, member_id: int) -> tuple[str, str] | None:
    """(platform id, name) of an account by which a member can be told from others of their name."""
    mine = (account.c.community_id == community_id) & (account.c.member_id == member_id)
    row = conn.execute(
        select(account.c.person, account.c.name)
        .where(mine)
        .order_by(account.c.left_at.is_not(None), account.c.space)
    ).first()
    return None if row is None else (row[0], row[1])
