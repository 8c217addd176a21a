"""The probe of a place: whether the bot could post there now, as its platform says."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping

from bot.chat.models import Place, platform_of
from bot.chat.port import Adapter, PlatformError

log = logging.getLogger(__name__)


class PlaceProbe:
    """Asks the platforms about places."""

    def __init__(self, adapters: Mapping[str, Adapter]) -> None:
        self._adapters = adapters

    async def ask(self, place: Place, seconds: float) -> tuple[bool, str | None]:
        """(whether the platform answered in time, its word for why the bot could not post there)."""
        adapter = self._adapters.get(platform_of(place.space))
        if adapter is None:
            return False, None
        try:
            async with asyncio.timeout(seconds):
                return True, await adapter.posting_problem(place)
        except (PlatformError, TimeoutError) as error:
            log.info("cannot look at a place of %s: %s", place.space, type(error).__name__)
            return False, None
