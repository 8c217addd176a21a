"""The gallery in a terminal: every card the bot can show, as plain text or JSON."""

from __future__ import annotations

import json
from collections import Counter

from bot.chat import plain_text
from bot.chat.cards import Card, dump_card
from bot.chat.language import LANGUAGES, _, known_language, locale_of, ngettext, speaking
from bot.playground.bare_app import bare_gallery
from bot.settings.model import Settings

RoomCards = tuple[tuple[str, Card], ...]


def find_cards(settings: Settings, *, room: str, words: str, language: str) -> RoomCards:
    """The cards of a room, or of all, in a language, with these words in them. Raises `ValueError` with words."""
    spoken = known_language(language)
    if spoken is None:
        raise ValueError(
            _(
                "There are no cards in {language}. Choose {known}.",
                language=language,
                known=" / ".join(LANGUAGES),
            )
        )
    with speaking(locale_of(spoken, settings.community.home_country)):
        cards = bare_gallery(settings)
        rooms = list(dict.fromkeys(found for found, _card in cards))
        if room and room not in rooms:
            raise ValueError(_("There is no room {name}. Rooms: {rooms}.", name=room, rooms=", ".join(rooms)))
        return tuple(
            (found, card)
            for found, card in cards
            if room in ("", found)
            and words.casefold() in f"{card.title}\n{plain_text.card_text(card)}".casefold()
        )


def list_as_json(cards: RoomCards) -> str:
    """The cards for a program."""
    rows = [{"from": room, "card": json.loads(dump_card(card))} for room, card in cards]
    return json.dumps(rows, ensure_ascii=False)


def list_as_text(cards: RoomCards) -> str:
    """The cards for people, after an index of their rooms."""
    rooms = Counter(room for room, _card in cards)
    index = [
        ngettext("{room}: {count} card", "{room}: {count} cards", count, room=room)
        for room, count in rooms.items()
    ]
    shown = [f"── {room}: {card.title}\n{plain_text.card_text(card)}\n" for room, card in cards]
    return "\n".join([*(index or [_("No card has these words in it.")]), "", *shown])
