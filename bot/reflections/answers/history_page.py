"""A page of a member's own answers, newest first: what the history shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Integer, bindparam

from bot.reflections.answers.tables import (
    IS_GIVEN,
    Answer,
    answer,
    load_answers,
    read_answers,
    select_answers,
)
from bot.store.compiled import CompiledStatement

_OWN = select_answers(
    answer.c.community_id == bindparam("home"), answer.c.member_id == bindparam("whose"), IS_GIVEN
)
_OWN_PAGE = CompiledStatement(
    _OWN.offset(bindparam("skipped", type_=Integer)).limit(bindparam("most", type_=Integer)),
    "home",
    "whose",
    "skipped",
    "most",
)
"""As nearly everybody asks: without a filter."""


def list_own_answers(
    conn: Connection, community_id: int, member_id: int, *, offset: int, limit: int
) -> list[Answer]:
    """A member's own answers, newest first, one page of them."""
    page = {"home": community_id, "whose": member_id, "skipped": offset, "most": limit}
    return read_answers(conn, _OWN_PAGE.rows(conn, page))


def list_filtered_answers(
    conn: Connection, community_id: int, member_id: int, conditions: Sequence[Any], *, offset: int, limit: int
) -> list[Answer]:
    """Those of which these conditions hold; all where there are none."""
    if not conditions:
        return list_own_answers(conn, community_id, member_id, offset=offset, limit=limit)
    own = (answer.c.community_id == community_id, answer.c.member_id == member_id, IS_GIVEN)
    return load_answers(conn, *own, *conditions, limit=limit, offset=offset)
