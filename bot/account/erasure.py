"""The erasure of a member in every room, of those a restored backup brought back, and of spaces that were left."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection, select

from bot.account.link_rules import part_link
from bot.capture import held_messages
from bot.capture import tables as capture
from bot.delivery import outbox
from bot.facts import MemberErased
from bot.feature import DataSubject, Feature, Forget
from bot.people import links
from bot.people import tables as people
from bot.people.accounts import accounts_of, members_of_space
from bot.people.begun_erasures import is_erasing, list_erasing, mark_erasing
from bot.people.departures import members_who_left
from bot.people.privacy import ErasedAccount, Erasures, erase_member, forget_space_accounts
from bot.runtime.clock import Clock
from bot.store.slices import wrap
from bot.store.store import Store

LATE = timedelta(hours=1)
"""For how long after an erasure something of that member may still come in."""


@dataclass(frozen=True, slots=True)
class MemberErasure:
    """Erases members, piece by piece: asks every feature to forget them, and notes it in the list that survives a backup.

    It begins with a mark, in one transaction with the list, and the mark goes with the account in the last piece: so an
    erasure that was begun comes to its end, whoever ends it. Until then nobody is told that something is gone. What others
    read goes first, what names the person last; whatever is still said by them meanwhile goes as well.
    """

    store: Store
    clock: Clock
    erasures: Erasures
    features: Callable[[], Sequence[Feature]]
    tell: Callable[[Connection, object], None]

    async def erase(self, subject: DataSubject) -> None:
        """Forget a person in every room, with whoever was linked to them; when this returns, nothing of them is left."""
        await self.store.write(partial(self.begin, subject=subject))
        await self.go_on()

    def begin(
        self, conn: Connection, subject: DataSubject, *, at: datetime | None = None, asked: bool = True
    ) -> None:
        """Begin to forget a person, with whoever was linked to them, and remember that they asked, and when; `go_on` ends it.

        `at` is when they asked, if that is not now; `asked` is false where it was not their wish.
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
        mark_erasing(conn, home, [subject.member_id, *joined], subject.now)

    async def go_on(self) -> int:
        """Bring every erasure that was begun to its end, a piece of work for each step; how many that were."""
        now = self.clock.now()
        begun = await self.store.read(partial(self._list_begun, now=now))
        for whose in begun:
            for step in self._steps():
                while await self.store.write(_forget_some(step, whose)):
                    pass
            await self.store.write(partial(self._end, whose=whose))
        return len(begun)

    def _steps(self) -> list[Forget]:
        return [step for feature in self.features() for step in feature.forget]

    def _list_begun(self, conn: Connection, now: datetime) -> list[DataSubject]:
        found = []
        for community_id, member_id in list_erasing(conn):
            accounts = tuple(accounts_of(conn, community_id, member_id))
            found.append(DataSubject(people.community_by_id(conn, community_id), member_id, accounts, now))
        return found

    def _end(self, conn: Connection, whose: DataSubject) -> None:
        if not is_erasing(conn, whose.member_id):
            return  # somebody else was faster, and whoever has the account now is a new person
        self.tell(conn, MemberErased(whose.community.id, whose.member_id))
        erase_member(conn, whose.community.id, whose.member_id, whose.now)

    def begin_owed(self, conn: Connection, now: datetime) -> int:
        """Begin again, after a restored backup, to erase whoever the list says was erased; how many that were.

        What they said since then is taken in again when it is re-read: only their first leaving is repeated.
        """
        self._part_owed(conn, now)
        owed = self.erasures.owed(conn)
        for one in owed:
            home = people.community_by_id(conn, one.community_id)
            accounts = tuple(accounts_of(conn, home.id, one.member_id))
            self.begin(conn, DataSubject(home, one.member_id, accounts, now), at=one.at, asked=one.asked)
        self.erasures.merge(conn)
        return len(owed)

    def _part_owed(self, conn: Connection, now: datetime) -> None:
        """Part accounts that had been unlinked when one of them was erased: the backup still has them as one member."""
        for one in self.erasures.owed(conn):
            if set(accounts_of(conn, one.community_id, one.member_id)) - set(one.accounts):
                for link in links.links_of(conn, one.community_id, one.member_id):
                    part_link(conn, link, self.features(), self.tell, now)

    def list_late(self, conn: Connection, now: datetime) -> list[tuple[DataSubject, Forget]]:
        """Whoever was erased within the last hour, with each step by which they are forgotten once more.

        A form that was sent a moment before, or another process, may have stored something of them afterwards.
        """
        late = conn.execute(
            select(people.member.c.community_id, people.member.c.id).where(
                people.member.c.erased_at >= now - LATE
            )
        ).all()
        gone = [DataSubject(people.community_by_id(conn, home), who, (), now) for home, who in late]
        return [(one, step) for one in gone for step in self._steps()]

    def erase_left_spaces(
        self, conn: Connection, left: Sequence[tuple[str, int]], before: datetime, now: datetime
    ) -> int:
        """Erase what belongs to these spaces, which the bot was removed from before then; how many spaces that were.

        Members who have an account elsewhere in the community stay, without the account that is gone. The others are erased
        first, one at a time (`go_on` ends what is begun here): as long as there are any, the space is found again.
        """
        for space, community_id in set(left) & set(people.left_spaces(conn, before)):
            home = people.community_by_id(conn, community_id)
            alone = members_of_space(conn, space)[0]
            for member_id in alone[:1]:
                accounts = tuple(accounts_of(conn, community_id, member_id))
                self.begin(conn, DataSubject(home, member_id, accounts, now), asked=False)
            if alone:
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
        """Begin to erase these (member, community), who left every space before then; how many. Whoever came back stays."""
        gone = set(left) & set(members_who_left(conn, before, ids=[member_id for member_id, _ in left]))
        for member_id, community_id in sorted(gone):
            home = people.community_by_id(conn, community_id)
            accounts = tuple(accounts_of(conn, community_id, member_id))
            self.begin(conn, DataSubject(home, member_id, accounts, now), asked=False)
        return len(gone)


def _forget_some(step: Forget, whose: DataSubject) -> Callable[[Connection], bool]:
    """A piece of work that does one step, while the erasure is not at its end; whether there is more of it."""

    def work(conn: Connection) -> bool:
        return is_erasing(conn, whose.member_id) and bool(step(conn, whose))

    return wrap(work, step)
