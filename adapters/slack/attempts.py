"""How a card is tried again when Slack does not take its blocks: a definite no, so nothing can be said twice."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from adapters.slack.blocks import Look
from adapters.slack.charts import has_native
from adapters.slack.uploads import Uploads, without_files
from bot.chat.cards import Card
from bot.chat.port import Rejected

log = logging.getLogger(__name__)


async def show_until_taken(
    uploads: Uploads,
    card: Card,
    look: Look,
    soon: Sequence[float],
    try_look: Callable[[Look], Awaitable[None]],
) -> None:
    """Try one look after another: with Slack's own charts, with pictures (after a moment, while they are new), in words.

    Where the same card is taken without charts, this workspace draws none, and is offered none until the next start.
    """
    charted = look.native and has_native(card)
    if charted:
        if await _is_taken(try_look, look):
            return
        brought = await uploads.pack(replace(card, blocks=without_files(card)), native=False)
        look = replace(look, pictures=brought.pictures, native=False)
    for wait in (*(soon if look.pictures else ()), 0.0):
        if await _is_taken(try_look, look):
            if charted:
                log.info("this workspace takes no charts or long tables yet; it gets pictures instead")
                uploads.native = False
            return
        await asyncio.sleep(wait)
    await try_look(replace(look, simple=True))


async def _is_taken(try_look: Callable[[Look], Awaitable[None]], look: Look) -> bool:
    """Whether Slack took the blocks of a card in this look; any other refusal is raised."""
    try:
        await try_look(look)
    except Rejected as error:
        if error.code != "invalid_blocks":
            raise
        return False
    return True
