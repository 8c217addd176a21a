"""Decks that no schedule asks: said when somebody fills one, with the button that schedules it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection

from bot.chat.cards import Block, Button, Buttons, Card, Markdown
from bot.chat.language import _
from bot.reflections.schedule.settings import KIND, settings_of
from bot.schedules import tables


def is_asked(conn: Connection, community_id: int, deck: str) -> bool:
    """Whether a schedule that runs draws from a deck."""
    return any(
        one.kind == KIND and one.running and deck in settings_of(one).decks
        for one in tables.schedules(conn, community_id)
    )


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
