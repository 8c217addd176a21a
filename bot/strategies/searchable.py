"""Strategies for the search: everybody finds those that are shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, exists

from bot.chat.cards import Button
from bot.chat.language import N_, _
from bot.chat.models import Role
from bot.people.audience import Reader
from bot.search.searchable import Finding, Searchable
from bot.strategies import cards, tables, try_cards, try_tables
from bot.strategies.tables import IS_SHOWN, KIND, Strategy, strategy
from bot.strategies.tries import try_buttons
from bot.strategies.try_tables import STRATEGY


@dataclass(frozen=True, slots=True)
class FoundStrategies:
    """Shows strategies that were found by words."""

    def searchable(self) -> Searchable:
        """What the search is told of strategies; they come before everything else."""
        return Searchable(KIND, N_("Strategies"), 1, may_read, self.show, tables.index_strategies)

    def show(self, conn: Connection, reader: Reader, refs: Sequence[int]) -> list[Finding]:
        """The strategies with these ids that everybody may read."""
        ours = (strategy.c.community_id == reader.community_id, strategy.c.id.in_(refs), IS_SHOWN)
        found = tables.load_strategies(conn, *ours)
        tries = try_tables.tries_of(conn, STRATEGY, refs)
        buttons = try_buttons(conn, reader, STRATEGY, {one.id: one.author_id for one in found})
        return [self._finding(one, tries.get(one.id, (0, False))[0], buttons[one.id]) for one in found]

    @staticmethod
    def _finding(one: Strategy, count: int, buttons: Sequence[Button]) -> Finding:
        about = " · ".join(filter(None, (one.text.whom, try_cards.tries_text(count) if count else "")))
        see = Button(_("Read it all"), does=cards.SEE, value=f"w{one.id}")
        return Finding(
            one.id,
            one.text.telling,
            one.author,
            one.made_at,
            about or _("Strategy"),
            (see, *buttons),
            one.text.what,
        )


def may_read(reader: Reader, ref: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether a reader may read the strategy with this id: a condition for a query."""
    member = reader.role >= Role.MEMBER
    ours = strategy.c.community_id == (reader.community_id if member else None)
    return exists().where(strategy.c.id == ref, ours, IS_SHOWN)
