"""Posts of the outbox in one workspace: each message of a long card, and its files, as a call of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from adapters.slack import say
from adapters.slack.api import SlackApi
from adapters.slack.state import SlackState
from adapters.slack.uploads import without_files
from bot.chat.cards import Card, File
from bot.chat.models import Place


class SlackPosts:
    """Says one part of a card, so that whoever calls knows of each whether it is there.

    The parts of a card are its messages, and then its files together. A message carries the marker in its blocks.
    A message that Slack makes of files cannot, so their ids are noted before they are shown.
    """

    def __init__(self, api: SlackApi, state: SlackState, now: Callable[[], datetime]) -> None:
        self._api, self._state, self._now = api, state, now

    async def post(self, place: Place, card: Card, marker: str, part: int) -> str:
        """Say a part of a card; the id of its message, or of its first file."""
        messages = say.count_parts(card)
        if part >= messages:
            return await self._post_files(place, card, marker)
        packed = await self._api.uploads.pack(replace(card, blocks=without_files(card)))
        # Where a card is split must not depend on who reads it: the next part may be said by another process.
        look = packed.look(self._api.reader(place) if messages == 1 else "")
        return await self._api.post_part(place, card, marker, look, part)

    async def _post_files(self, place: Place, card: Card, marker: str) -> str:
        """Show the files of a card; empty where the workspace does not let us."""
        packed = await self._api.uploads.pack(replace(card, blocks=_files(card)))
        ids = tuple(id for id, _ in packed.files)
        if not ids:
            return ""
        await self._state.note_files(marker, ids, self._now().timestamp())
        await self._api.uploads.hand_over(packed, place.channel, place.thread)
        return ids[0]


def count_calls(card: Card) -> int:
    """How many calls it takes to post a card."""
    return say.count_parts(card) + bool(_files(card))


def _files(card: Card) -> tuple[File, ...]:
    return tuple(one for one in card.blocks if isinstance(one, File) and one.data)
