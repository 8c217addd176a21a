"""Languages of members and communities: in whose language the bot speaks unasked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, bindparam, func, select

from bot.chat.language import known_language, locale_for, locale_of, speaking
from bot.people.accounts import account
from bot.people.tables import community, community_by_id, member
from bot.store.compiled import CompiledStatement

_LANGUAGES = CompiledStatement(
    select(
        member.c.language,
        func.max(account.c.locale).label("platform"),
        community.c.language.label("home"),
        community.c.country,
    )
    .select_from(
        member.join(community, community.c.id == member.c.community_id).outerjoin(
            account, account.c.member_id == member.c.id
        )
    )
    .where(member.c.id == bindparam("member"))
    .group_by(member.c.language, community.c.language, community.c.country),
    "member",
)


def locale_of_member(conn: Connection, member_id: int) -> str:
    """The locale of a member: of the language they chose, else their platform's, else the community's."""
    row = _LANGUAGES.row(conn, {"member": member_id})
    if row is None:
        return ""
    return locale_for(row.language, row.platform, row.home, row.country)


@contextmanager
def speaking_to(conn: Connection, member_id: int) -> Iterator[None]:
    """Say texts in the language of a member, to whom something is said unasked."""
    with speaking(locale_of_member(conn, member_id)):
        yield


@contextmanager
def speaking_to_all(conn: Connection, community_id: int, language: str = "") -> Iterator[None]:
    """Say texts in the language of a community, or in that of the content (`language`) that is said to it."""
    home = community_by_id(conn, community_id)
    with speaking(locale_of(known_language(language) or home.language, home.country)):
        yield
