"""The state that survives a restart: which commands in messages were carried out, and which files were on their way."""

from __future__ import annotations

import asyncio

from bot.chat.port import AdapterState

COMMANDS = 1000
"""Commands in messages that are remembered, so that a second delivery does not carry them out again."""
KEY = "obeyed:"
FILES = "files:"
UPLOADS = 200
"""Cards whose files are remembered: as long as anybody looks for them."""


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

    async def note_files(self, marker: str, ids: tuple[str, ...], at: float) -> None:
        """Files that are about to be shown are a message without a marker: by their ids it is found all the same."""
        key = f"{FILES}{marker}"
        async with self._lock:
            kept = {name: doc for name, doc in (await self._memory.load()).items() if name.startswith(FILES)}
            tries = [*kept.pop(key, {}).get("tries", ()), list(ids)]
            await self._memory.put({key: {"tries": tries, "at": at}})
            if len(kept) >= UPLOADS:
                oldest = sorted(kept, key=lambda name: float(kept[name]["at"]))
                await self._memory.remove(tuple(oldest[: UPLOADS // 2]))

    async def noted_files(self, marker: str) -> tuple[tuple[str, ...], ...]:
        """The ids of the files of each try to show them."""
        found = (await self._memory.load()).get(f"{FILES}{marker}", {})
        return tuple(tuple(map(str, ids)) for ids in found.get("tries", ()))
