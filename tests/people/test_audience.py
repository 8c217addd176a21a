"""Who may read what a member shared: one rule, as a condition of a query and as a check of one item."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, DateTime, Integer, MetaData, Table, Text, create_engine, insert, select

from bot.chat.models import Role, Sharing
from bot.people.audience import Reader, SharedColumns, SharedItem, TeamItem, public_reader

AUTHOR = 1
MATE = Reader(1, 2, Role.MEMBER, frozenset({AUTHOR, 3}))
OTHERS_MATE = Reader(1, 4, Role.MEMBER, frozenset({5}))
MODERATOR = Reader(1, 6, Role.MODERATOR)
MODERATOR_IN_TEAM = Reader(1, 7, Role.ADMIN, frozenset({AUTHOR}))
OUTSIDE = Reader(2, 2, Role.ADMIN, frozenset({AUTHOR}))
SAME_ID_OUTSIDE = Reader(2, AUTHOR, Role.ADMIN)
GUEST = Reader(1, 2, Role.STRANGER, frozenset({AUTHOR}))
READERS = {
    "author": Reader(1, AUTHOR, Role.MEMBER), "mate": MATE, "another team": OTHERS_MATE, "moderator": MODERATOR,
    "moderator in the team": MODERATOR_IN_TEAM, "public": public_reader(1), "another community": OUTSIDE,
    "another community, same number": SAME_ID_OUTSIDE, "guest": GUEST,
}  # fmt: skip
MAY = {
    Sharing.ME: {"author"},
    Sharing.MODERATORS: {"author", "moderator", "moderator in the team"},
    Sharing.TEAM: {"author", "mate", "moderator in the team"},
    Sharing.EVERYONE: {"author", "mate", "another team", "moderator", "moderator in the team", "public"},
}


@pytest.mark.parametrize("sharing", list(Sharing))
@pytest.mark.parametrize("hidden", [False, True])
def test_the_table_of_who_may_read(sharing, hidden):
    item = SharedItem(1, AUTHOR, sharing, hidden)
    may = {name for name, reader in READERS.items() if reader.may_read(item)}
    assert may == ({"author"} if hidden else MAY[sharing])


@pytest.mark.parametrize(
    ("sharing", "may"),
    [(Sharing.TEAM, {"author", "mate"}), (Sharing.EVERYONE, MAY[Sharing.EVERYONE])],
)
def test_what_a_team_holds_together_is_read_by_whom_it_is_for(sharing, may):
    """A moderator's role opens nothing, and the same number in another community is somebody else."""
    item = TeamItem(1, frozenset({AUTHOR, 2}), sharing)
    assert {name for name, reader in READERS.items() if reader.may_read_of_team(item)} == may


_ids, _roles = st.integers(1, 4), st.sampled_from([Role.STRANGER, Role.MEMBER, Role.MODERATOR, Role.ADMIN])
_readers = st.one_of(
    st.builds(Reader, st.integers(1, 2), _ids, _roles, st.frozensets(_ids)),
    st.builds(public_reader, st.integers(1, 2)),
)
ITEM = Table(
    "item", MetaData(), Column("id", Integer, primary_key=True), Column("community_id", Integer),
    Column("author_id", Integer), Column("sharing", Text), Column("hidden_at", DateTime),
)  # fmt: skip
SHARED = SharedColumns(ITEM.c.community_id, ITEM.c.author_id, ITEM.c.sharing, ITEM.c.hidden_at)
EVERY_ITEM = [
    SharedItem(community, author, sharing, hidden)
    for community in (1, 2) for author in range(1, 5) for sharing in Sharing for hidden in (False, True)
]  # fmt: skip


@pytest.fixture(scope="module")
def items():
    """A connection to a table of every item there can be, numbered as in `EVERY_ITEM`."""
    from datetime import datetime

    engine = create_engine("sqlite://")
    with engine.connect() as conn:
        ITEM.metadata.create_all(conn)
        at = datetime(2026, 10, 5)  # noqa: DTZ001 - only whether there is a time counts
        conn.execute(
            insert(ITEM),
            [
                {
                    "id": number, "community_id": one.community_id, "author_id": one.author_id,
                    "sharing": one.sharing.value, "hidden_at": at if one.hidden else None,
                }
                for number, one in enumerate(EVERY_ITEM)
            ],
        )  # fmt: skip
        yield conn
    engine.dispose()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(reader=_readers)
def test_the_condition_finds_exactly_what_the_check_allows(items, reader):
    allowed = {number for number, one in enumerate(EVERY_ITEM) if reader.may_read(one)}
    assert set(items.execute(select(ITEM.c.id).where(reader.condition(SHARED))).scalars()) == allowed
    circles = [list(items.execute(select(ITEM.c.id).where(one)).scalars()) for one in reader.circles(SHARED)]
    found = [number for circle in circles for number in circle]
    assert len(found) == len(set(found)), "no item is in two circles"
    assert set(found) == {one for one in allowed if EVERY_ITEM[one].author_id != reader.member_id}
