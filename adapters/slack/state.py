"""The state that survives a restart: which commands in messages were carried out."""

from __future__ import annotations

import asyncio

from bot.chat.port import AdapterState

COMMANDS = 1000
"""Commands in messages that are remembered, so that a second delivery does not carry them out again."""
KEY = "obeyed:"


class SlackState:
    """What the adapter keeps through `AdapterState`, shared by every process that is connected."""

    def __init__(self, memory: AdapterState) -> None:
        self._memory = memory
        self._lock = asyncio.Lock()

    async def is_new_command(self, channel: str, ts: str) -> bool:
        """Whether the command in this message was not carried out yet, by us or by another process; now it is."""
        key = f"{KEY}{ts}:{channel}"
        async with self._lock:
            kept = sorted(one for one in await self._memory.load() if one.startswith(KEY))
            if key in kept:
                return False
            await self._memory.put({key: True})
            if len(kept) >= COMMANDS:
                await self._memory.remove(tuple(kept[: COMMANDS // 2]))
            return True
