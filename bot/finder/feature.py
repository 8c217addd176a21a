"""The feature of finding, put together from the kinds of things that all features lend to the search."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import Connection

from bot.chat.language import N_
from bot.feature import DataSubject, Feature
from bot.finder import cards
from bot.finder.commands import FindCommands, LessonTitles
from bot.finder.stale_entries import StaleEntries
from bot.people.audience import Readers
from bot.search.searchable import Searchable
from bot.search.tables import search_entry
from bot.store.store import Store


def feature(
    store: Store, readers: Readers, features: Callable[[], Sequence[Feature]], lesson_titles: LessonTitles
) -> Feature:
    """`/find`, over everything that the `features` lend."""

    def kinds() -> list[Searchable]:
        return [one for each in features() for one in each.searchable]

    doors = FindCommands(readers, kinds, lesson_titles)
    return Feature(
        name="find",
        forget=(),  # the index has nothing of its own: each room takes out of it what it removes
        hand_over=_hand_over_nothing,
        nouns={"find": N_("Find what others shared")},
        commands=tuple(doors.commands()),
        buttons=tuple(doors.buttons()),
        forms=tuple(doors.forms()),
        completions=tuple(doors.completions()),
        jobs=(StaleEntries(store, kinds).job(),),
        keeps=(search_entry.c.words, search_entry.c.tags),
        examples=cards.examples,
    )


def _hand_over_nothing(_conn: Connection, _whose: DataSubject) -> Mapping[str, list[dict[str, object]]]:
    return {}
