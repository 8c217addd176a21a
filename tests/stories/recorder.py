"""An adapter whose posts are written down as cards, for what people cannot read on a platform: titles, calls of a group."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bot.chat.cards import Card
from bot.chat.models import Place
from bot.chat.port import Adapter


@dataclass(frozen=True, slots=True)
class PostedCard:
    """A card as the bot handed it to the platform, the first or in the place of another."""

    message: str
    card: Card
    edit: bool


@dataclass(frozen=True, slots=True)
class Record:
    """Everything that was posted, in order; it goes on when the bot is started again."""

    cards: list[PostedCard] = field(default_factory=list)

    def of_message(self, message: str) -> Card | None:
        """What a message says now."""
        return next((one.card for one in reversed(self.cards) if one.message == message), None)

    def as_posted(self, message: str) -> Card:
        """What a message said first."""
        return next(one.card for one in self.cards if one.message == message and not one.edit)


class Recorder:
    """Hands everything on to an adapter, and writes down what was posted."""

    def __init__(self, adapter: Adapter, record: Record) -> None:
        self._adapter, self._record = adapter, record

    def __getattr__(self, name: str) -> Any:
        return getattr(self._adapter, name)

    async def post(self, place: Place, card: Card, marker: str, part: int = 0) -> str:
        message = await self._adapter.post(place, card, marker, part)
        if part == 0:
            self._record.cards.append(PostedCard(message, card, edit=False))
        return message

    async def update(self, place: Place, message: str, card: Card) -> None:
        await self._adapter.update(place, message, card)
        self._record.cards.append(PostedCard(message, card, edit=True))
