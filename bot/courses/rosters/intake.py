"""The first half of an import, the same in chat and at the terminal: the people of a table are found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.chat.port import Adapter
from bot.courses.email_addresses import ask_addresses
from bot.courses.rosters.candidates import UnmatchedRow, match_rows
from bot.courses.rosters.formats import RosterTable
from bot.courses.rosters.tables import RosterPerson
from bot.store.store import Store


@dataclass(frozen=True, slots=True)
class RosterIntake:
    """Finds the people of a table, and asks the platforms about addresses. Nothing is changed or stored."""

    store: Store
    adapters: Mapping[str, Adapter]

    async def find_people(
        self, community_id: int, table: RosterTable, space: str = ""
    ) -> tuple[list[RosterPerson], list[UnmatchedRow]]:
        """Everybody who may be meant, in rows that are not stored yet, and the lines in which nobody is found.

        `space` is where ids belong that do not say; empty: any space of the community.
        """
        emails = {email for row in table.rows if not row.why for email in row.emails}
        book = await ask_addresses(self.store, self.adapters, community_id, emails, space)
        matched, unmatched = await self.store.read(
            lambda conn: match_rows(conn, community_id, table.rows, book, space)
        )
        people = [
            RosterPerson(0, row.number, member_id, community_id, row.team, row.lead)
            for row in matched
            for member_id in row.members
        ]
        return people, unmatched
