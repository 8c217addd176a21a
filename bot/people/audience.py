"""The audience of what members share: who may read it, decided here for every reader.

A reader is somebody with the role and the teams they have now, so that a new team, role or audience counts at once, also
for what was said long ago. Every query that shows one person's words to another takes its condition from here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, false, or_

from bot.chat.language import N_, _
from bot.chat.models import Role, Sharing
from bot.people import accounts, departures
from bot.people.roles import RoleSources

SHARING_NAMES = (
    (Sharing.ME.value, N_("Only me")),
    (Sharing.MODERATORS.value, N_("Me and the moderators")),
    (Sharing.TEAM.value, N_("My team")),
    (Sharing.EVERYONE.value, N_("Everyone")),
)
"""What each circle of readers is called by whoever shares something with it."""
TeamMates = Callable[[Connection, int, int], frozenset[int]]
"""The members who are in a team with a member now: a function of a connection, a community and a member."""


def sharing_options() -> tuple[tuple[str, str], ...]:
    """The circles to choose from, in the reader's language."""
    return tuple((value, _(label)) for value, label in SHARING_NAMES)


@dataclass(frozen=True, slots=True)
class SharedItem:
    """What a member shared: its community, its author, who may read it, and whether a moderator hid it."""

    community_id: int
    author_id: int
    sharing: Sharing
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class SharedColumns:
    """The columns in which a table holds what a `SharedItem` says; an item is hidden where `hidden_at` has a time."""

    community_id: ColumnElement[Any]
    author_id: ColumnElement[Any]
    sharing: ColumnElement[Any]
    hidden_at: ColumnElement[Any]


@dataclass(frozen=True, slots=True)
class TeamItem:
    """What a team holds together: its community, who is in the team now, and whether others may read it (`EVERYONE`)."""

    community_id: int
    members: frozenset[int]
    sharing: Sharing


@dataclass(frozen=True, slots=True)
class Reader:
    """The reader: a member with their role and their team mates as they are now.

    Without a member (`public_reader`) it is whatever everybody in the community sees, like a digest.
    """

    community_id: int
    member_id: int | None
    role: Role
    mates: frozenset[int] = frozenset()

    def may_read(self, item: SharedItem) -> bool:
        """Whether the reader may read something: what is their own, or shared with a circle they are in."""
        if item.community_id != self.community_id or self.role < Role.MEMBER:
            return False
        if item.author_id == self.member_id:
            return True
        if item.hidden:
            return False
        match item.sharing:
            case Sharing.EVERYONE:
                return True
            case Sharing.MODERATORS:
                return self.role >= Role.MODERATOR
            case Sharing.TEAM:
                return item.author_id in self.mates
            case Sharing.ME:
                return False

    def may_read_of_team(self, item: TeamItem) -> bool:
        """Whether the reader may read what a team holds together; a moderator's role alone opens nothing."""
        if self.role < Role.MEMBER or item.community_id != self.community_id:
            return False
        return item.sharing is Sharing.EVERYONE or self.member_id in item.members

    def circles(self, shared: SharedColumns) -> tuple[ColumnElement[bool], ...]:
        """What others shared with the reader, as one condition for each circle; no item is in two of them.

        Each holds one value of `sharing`, so that an index which has it can be read in order.
        """
        if self.role < Role.MEMBER:
            return ()
        others = [shared.community_id == self.community_id, shared.hidden_at.is_(None)]
        if self.member_id is not None:
            others.append(shared.author_id != self.member_id)
        found = [and_(*others, shared.sharing == Sharing.EVERYONE.value)]
        if self.role >= Role.MODERATOR:
            found.append(and_(*others, shared.sharing == Sharing.MODERATORS.value))
        if self.mates:
            mine = shared.author_id.in_(sorted(self.mates))
            found.append(and_(*others, shared.sharing == Sharing.TEAM.value, mine))
        return tuple(found)

    def condition(self, shared: SharedColumns) -> ColumnElement[bool]:
        """`may_read` as a condition for a query."""
        if self.role < Role.MEMBER:
            return false()
        own = and_(shared.community_id == self.community_id, shared.author_id == self.member_id)
        return or_(*(() if self.member_id is None else (own,)), *self.circles(shared))


def public_reader(community_id: int) -> Reader:
    """The reader that stands for everybody in a community: only what is shared with everyone is shown."""
    return Reader(community_id, None, Role.MEMBER)


@dataclass(frozen=True, slots=True)
class Readers:
    """Makes readers; whoever knows the teams is asked for the mates, which this floor does not know."""

    mates_of: TeamMates
    roles: RoleSources

    def reader(self, conn: Connection, community_id: int, member_id: int, role: Role) -> Reader:
        """The reader that a member is now, with the role their platform shows."""
        return Reader(community_id, member_id, role, self.mates_of(conn, community_id, member_id))

    def absent_reader(self, conn: Connection, community_id: int, member_id: int) -> Reader:
        """The reader that a member is who does nothing now, with the highest role of their accounts."""
        mine = accounts.accounts_of(conn, community_id, member_id)
        known = [departures.account_now(conn, space, person) for space, person in mine]
        roles = (self.roles.of(one[0]) for one in known if one is not None and not one[1])
        return self.reader(conn, community_id, member_id, max(roles, default=Role.MEMBER))

    def count_readers(self, conn: Connection, item: SharedItem) -> int:
        """How many others may read something now; it looks at everybody in the community, so ask it seldom."""
        if item.hidden or item.sharing is Sharing.ME:
            return 0
        if item.sharing is Sharing.TEAM:
            return len(self.mates_of(conn, item.community_id, item.author_id))
        needed = Role.MODERATOR if item.sharing is Sharing.MODERATORS else Role.MEMBER
        present = accounts.present_members(conn, item.community_id)
        return len({one for one, who in present if self.roles.of(who) >= needed} - {item.author_id})
