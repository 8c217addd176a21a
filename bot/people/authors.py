"""The author of a message: one query for the community, the account, its member and its erasure."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import CTE, Connection, FromClause, Select, Text, and_, bindparam, select

from bot.chat.models import Person
from bot.people.accounts import SHOWN, account, note_direct_channel, update_account
from bot.people.tables import COMMUNITY, Community, Member, community, erasure, member, space
from bot.store.compiled import CompiledStatement
from bot.store.foresight import SetQuestion, remember, take_answer
from bot.store.wanted import Key, SetStatement

_GIVEN = ("where", "space", "person", "digest")


def _speaker(key: Key, rows: FromClause) -> Select[Any]:
    """The community of a space and the account of a person in it, with its erasure."""
    erased = and_(erasure.c.community_id == space.c.community_id, erasure.c.digest == key["digest"])
    ours = and_(account.c.space == key["space"], account.c.person == key["person"])
    home = (column.label(f"home_{column.name}") for column in COMMUNITY)
    return select(*SHOWN, *home, erasure.c.at.label("home_erased_at")).select_from(
        rows.outerjoin(community, community.c.id == space.c.community_id)
        .outerjoin(erasure, erased)
        .outerjoin(account, ours)
        .outerjoin(member, member.c.id == account.c.member_id)
    )


def _for_one() -> Select[Any]:
    return _speaker({name: bindparam(name) for name in _GIVEN}, space).where(
        space.c.key == bindparam("where"), community.c.id.is_not(None)
    )


def _for_many(wanted: CTE) -> Select[Any]:
    key = wanted.c
    return _speaker(key, wanted.outerjoin(space, space.c.key == key.where)).add_columns(key.n)


_SPEAKER = CompiledStatement(_for_one(), *_GIVEN)
_SPEAKER_OF_MANY = SetStatement(_for_many, where=Text, space=Text, person=Text, digest=Text)
_AUTHOR_OF = SetQuestion.about(space, community, account, member, erasure)


def _erased_at(conn: Connection, community_id: int, digest: str) -> datetime | None:
    """When an account was erased, by its digest under the key of a former secret."""
    c = erasure.c
    query = select(c.at).where(c.community_id == community_id, c.digest == digest)
    at: datetime | None = conn.execute(query).scalar_one_or_none()
    return at


def meet_author(
    conn: Connection,
    who: Person,
    where: str,
    digests: Callable[[], Sequence[str]],
    said_at: datetime,
    now: datetime,
    direct: str = "",
) -> tuple[Community, Member] | None:
    """The community of a space and the member behind an account, made at first sight; `direct` is the channel in which
    they write to us, stored where that is news.

    None when the space belongs to no community, or when the account, whose `digests` they are, was erased since then.
    """
    row = take_answer(conn, _AUTHOR_OF, (where, who.space, who.id))
    former: Sequence[str] = ()
    if row is None:
        first, *former = digests()
        row = _SPEAKER.row(conn, {"where": where, "space": who.space, "person": who.id, "digest": first})
    if row is None:
        return None
    known = [row.home_erased_at, *(_erased_at(conn, row.home_id, digest) for digest in former)]
    if any(at is not None and said_at <= at for at in known):
        return None
    home, met = _home_in(row), row.id is not None
    found = update_account(conn, who, home, now, row if met else None)
    if direct and not (met and row.direct == direct and row.refused_at is None):
        note_direct_channel(conn, who, direct)
    return home, found


def foresee_authors(conn: Connection, authors: Sequence[tuple[Person, str, str]]) -> list[int | None]:
    """The member behind each of these (account, space, digest), where there is one; `meet_author` knows them then."""
    found: list[int | None] = [None] * len(authors)
    rows: dict[Hashable, Any] = {}
    for row in _SPEAKER_OF_MANY.rows(
        conn, [(where, who.space, who.id, digest) for who, where, digest in authors]
    ):
        who, where, _digest = authors[row.n]
        if row.home_id is not None:  # else it is asked again: a space may yet come to a community
            found[row.n], rows[where, who.space, who.id] = row.id, row
    remember(conn, _AUTHOR_OF, rows)
    return found


_HOME = slice(len(SHOWN), len(SHOWN) + len(COMMUNITY))
"""Where the columns of the community stand in a row of `_speaker`."""


def _home_in(row: Any) -> Community:
    return _home(*row[_HOME])


@lru_cache(maxsize=64)
def _home(*told: Any) -> Community:
    """The community of these columns: every message has the same few."""
    return Community(*told)
