"""The erasure of a member in every room, of those a restored backup brought back, and of spaces that were left."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from bot.account.link_rules import part_link
from bot.capture import held_messages
from bot.capture import tables as capture
from bot.delivery import outbox
from bot.facts import MemberErased
from bot.feature import DataSubject, Feature
from bot.people import links
from bot.people import tables as people
from bot.people.accounts import accounts_of, members_of_space
from bot.people.departures import members_who_left
from bot.people.privacy import ErasedAccount, Erasures, erase_member, forget_space_accounts

LATE = timedelta(hours=1)
"""For how long after an erasure something of that member may still come in."""


@dataclass(frozen=True, slots=True)
class MemberErasure:
    """Erases members: asks every feature to forget them, and notes it in the list that survives a backup."""

    erasures: Erasures
    features: Callable[[], Sequence[Feature]]
    tell: Callable[[Connection, object], None]

    def erase(
        self, conn: Connection, subject: DataSubject, *, at: datetime | None = None, asked: bool = True
    ) -> None:
        """Forget a person in every room, with whoever was linked to them, and remember that they asked, and when.

        `at` is when they asked, if that is not now; `asked` is false where it was not their wish. It is one transaction,
        because of two promises: nobody sees somebody half erased, and an erasure that was interrupted is repeated whole. So
        every room asks a fixed number of things of the database, however much was said.
        """
        home = subject.community.id
        self.erasures.note(
            conn,
            [
                ErasedAccount(home, self.erasures.digest(home, *one), at or subject.now, asked)
                for one in subject.accounts
            ],
        )
        joined = links.forget(conn, home, subject.member_id)
        for member_id, accounts in ((subject.member_id, subject.accounts), *((one, ()) for one in joined)):
            for feature in self.features():
                feature.forget(conn, replace(subject, member_id=member_id, accounts=accounts))
            self.tell(conn, MemberErased(home, member_id))
            erase_member(conn, home, member_id, subject.now)

    def erase_owed(self, conn: Connection, now: datetime) -> int:
        """Erase again, after a restored backup, whoever the list says was erased; how many that were.

        What they said since then is taken in again when it is re-read: only their first leaving is repeated.
        """
        self._part_owed(conn, now)
        owed = self.erasures.owed(conn)
        for one in owed:
            home = people.community_by_id(conn, one.community_id)
            accounts = tuple(accounts_of(conn, home.id, one.member_id))
            self.erase(conn, DataSubject(home, one.member_id, accounts, now), at=one.at, asked=one.asked)
        self.erasures.merge(conn)
        return len(owed)

    def _part_owed(self, conn: Connection, now: datetime) -> None:
        """Part accounts that had been unlinked when one of them was erased: the backup still has them as one member."""
        for one in self.erasures.owed(conn):
            if set(accounts_of(conn, one.community_id, one.member_id)) - set(one.accounts):
                for link in links.links_of(conn, one.community_id, one.member_id):
                    part_link(conn, link, self.features(), self.tell, now)

    def list_late(self, conn: Connection, now: datetime) -> list[tuple[DataSubject, Feature]]:
        """Whoever was erased within the last hour, with each feature that has to forget them once more.

        A form that was sent a moment before, or another process, may have stored something of them afterwards. Each
        feature forgets for itself, so that nobody waits for all of them.
        """
        late = conn.execute(
            select(people.member.c.community_id, people.member.c.id).where(
                people.member.c.erased_at >= now - LATE
            )
        ).all()
        gone = [DataSubject(people.community_by_id(conn, home), who, (), now) for home, who in late]
        return [(one, feature) for one in gone for feature in self.features()]

    def erase_left_spaces(
        self, conn: Connection, left: Sequence[tuple[str, int]], before: datetime, now: datetime
    ) -> int:
        """Erase what belongs to these spaces, which the bot was removed from before then; how many spaces that were.

        Members who have an account elsewhere in the community stay, without the account that is gone. The others are erased
        one at a time, so that a large space keeps nobody waiting: as long as there are any, it is found again.
        """
        for space, community_id in set(left) & set(people.left_spaces(conn, before)):
            home = people.community_by_id(conn, community_id)
            alone = members_of_space(conn, space)[0]
            for member_id in alone[:1]:
                accounts = tuple(accounts_of(conn, community_id, member_id))
                self.erase(conn, DataSubject(home, member_id, accounts, now), asked=False)
            if len(alone) > 1:
                continue
            forget_space_accounts(conn, space)
            capture.forget_space(conn, space)
            held_messages.forget_space(conn, space)
            outbox.forget_space(conn, space)
            people.forget_space(conn, space)
        return len(left)

    def erase_left_members(
        self, conn: Connection, left: Sequence[tuple[int, int]], before: datetime, now: datetime
    ) -> int:
        """Erase these (member, community), who left every space before then; how many. Whoever came back stays."""
        gone = set(left) & set(members_who_left(conn, before, ids=[member_id for member_id, _ in left]))
        for member_id, community_id in sorted(gone):
            home = people.community_by_id(conn, community_id)
            accounts = tuple(accounts_of(conn, community_id, member_id))
            self.erase(conn, DataSubject(home, member_id, accounts, now), asked=False)
        return len(gone)
