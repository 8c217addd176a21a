"""The sign of life: an address that is asked once a minute while all is well, so that somebody notices when it stops.

A bot that is dead cannot say so. A service that expects to hear of it every minute can (healthchecks.io, Uptime Kuma, Dead
Man's Snitch); it is told nothing but that all is well.
"""

from __future__ import annotations

import logging

import aiohttp

log = logging.getLogger(__name__)

SECONDS = 60
"""How often it is given."""
TIMEOUT = aiohttp.ClientTimeout(total=10.0)


class LifeSign:
    """Asks one address; what the address is, and what it answers, is in no log."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._heard: bool | None = None

    async def give(self) -> bool:
        """Ask it once; whether it answered well. Raises nothing: a service that is away is no trouble of the bot."""
        try:
            async with (
                aiohttp.ClientSession(timeout=TIMEOUT) as session,
                session.get(self._address) as answer,
            ):
                heard = answer.status < 400
                why = f"it answered {answer.status}"
        except (TimeoutError, aiohttp.ClientError, OSError, ValueError) as error:
            heard, why = False, type(error).__name__
        if heard != self._heard:
            if heard:
                log.info("the sign of life is heard")
            else:
                log.warning("nobody hears the sign of life (%s); look at TILTH_MONITORING__PING", why)
        self._heard = heard
        return heard
