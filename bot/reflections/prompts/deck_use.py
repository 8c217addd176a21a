"""Decks that no schedule asks: said when somebody fills one, with the button that schedules it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection

from bot.chat.cards import Block, Button, Buttons, Card, Markdown, Note
from bot.chat.language import _, ngettext
from bot.reflections.prompts import selection
from bot.reflections.prompts.memory import reach_together
from bot.reflections.schedule.settings import KIND, settings_of, source_of
from bot.schedules import tables
from bot.schedules.model import Schedule

FEW = 6
"""Prompts below which a schedule begins again so soon that it is said."""


def is_asked(conn: Connection, community_id: int, deck: str) -> bool:
    """Whether a schedule that runs draws from a deck."""
    return any(
        one.kind == KIND and one.running and deck in settings_of(one).decks
        for one in tables.schedules(conn, community_id)
    )


def list_sharers(conn: Connection, schedule: Schedule) -> list[str]:
    """The names of other schedules that run and ask some of the same people from one of the same decks."""
    mine = source_of(schedule)
    found = []
    for one in tables.schedules(conn, schedule.community_id):
        if (
            one.kind != KIND
            or not one.running
            or one.instead_of is not None
            or one.id in (schedule.id, mine.series)
        ):
            continue
        theirs = source_of(one)
        shares = bool(set(mine.decks) & set(theirs.decks))
        if shares and reach_together(conn, schedule.community_id, mine.spots, theirs.spots):
            found.append(one.name or one.title)
    return found


def list_notes(conn: Connection, schedule: Schedule) -> Sequence[Block]:
    """What may surprise somebody about the decks of a schedule: who else asks them, and when they begin again."""
    notes = [
        Note(
            _(
                "{schedule} asks some of the same people from this deck. I ask nobody the same question "
                "again until the deck is used up, so it is used up sooner. The questions shown here can "
                "change.",
                schedule=name,
            )
        )
        for name in list_sharers(conn, schedule)
    ]
    left = selection.count_supply(conn, schedule.community_id, source_of(schedule))
    if left.total == 0:
        notes.append(Note(_("There is nothing to ask yet. Tilth skips its dates until there is.")))
    elif left.total < FEW:
        again = ngettext(
            "After {count} prompt it begins again with the first.",
            "After {count} prompts it begins again with the first.",
            left.total,
        )
        notes.append(Note(again))
    return notes


def add_deck_use(conn: Connection, community_id: int, deck: str, card: Card) -> Card:
    """The card of what was put into a deck; where nothing asks that deck, it says so."""
    if is_asked(conn, community_id, deck):
        return card
    return replace(card, blocks=(*card.blocks, *unasked_blocks(deck)))


def unasked_blocks(deck: str) -> Sequence[Block]:
    """That nothing asks a deck yet, and the way out."""
    return (
        Markdown(_("Nothing asks the deck *{deck}* yet.", deck=deck)),
        Buttons((Button(_("Schedule it"), opens="prompt.new", value=deck, style="main"),)),
    )
