"""The state that survives a restart: servers, people, closed direct messages, IDENTIFYs."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.chat.port import AdapterState

log = logging.getLogger(__name__)

UNTOLD = 3
"""Titles of cards that are remembered for somebody whose direct messages are closed."""


@dataclass(frozen=True, slots=True)
class Met:
    """One person: the server where they last did something, their direct message, and what could not be sent there.

    `untold` are titles of our own cards; None: their direct messages are open, as far as we know.
    """

    server: str = ""
    direct: str = ""
    untold: tuple[str, ...] | None = None


class DiscordState:
    """The memory of the adapter, loaded once and written through. It fails soft: nothing in it is worth a fault."""

    def __init__(self, memory: AdapterState) -> None:
        self._memory = memory
        self._loaded = False
        self.servers: set[str] = set()
        self.people: dict[str, Met] = {}
        self.identifies: list[tuple[float, int]] = []
        """(seconds since 1970, shard) of each IDENTIFY, oldest first."""
        self.commands = ""
        """Fingerprint of the commands that Discord was told of last."""
        self.command_ids: dict[str, str] = {}
        """Discord's ids of those commands, by their nouns."""
        self._in: dict[str, str] = {}

    async def load(self) -> None:
        """Remember; raises whatever the store raises, because without it nobody may connect."""
        if self._loaded:
            return
        for key, value in (await self._memory.load()).items():
            kind, _, id = key.partition(":")
            match kind:
                case "server":
                    self.servers.add(id)
                case "person":
                    untold = value.get("untold")
                    met = Met(
                        value.get("server", ""),
                        value.get("direct", ""),
                        None if untold is None else tuple(untold),
                    )
                    self._place(id, met)
                case "identifies":
                    self.identifies = [(float(at), int(shard)) for at, shard in value]
                case "commands":
                    self.commands = str(value)
                case "command_ids":
                    self.command_ids = {str(name): str(number) for name, number in value.items()}
        self._loaded = True

    def person_in(self, direct: str) -> str | None:
        """Whose direct message this channel is."""
        return self._in.get(direct)

    async def meet(self, person: str, *, server: str = "", direct: str = "") -> None:
        """Somebody did something in this server, or in this direct message; written only when it is new."""
        before = self.people.get(person, Met())
        after = replace(before, server=server or before.server, direct=direct or before.direct)
        if after != before:
            self._place(person, after)
            await self._write(person)

    async def close(self, person: str, title: str) -> None:
        """A direct message to somebody was refused; they are told in private when they next ask something."""
        before = self.people.get(person, Met())
        untold = (*(before.untold or ()), title)[-UNTOLD:]
        self._place(person, replace(before, untold=untold))
        await self._write(person)

    async def open(self, person: str) -> tuple[str, ...] | None:
        """What could not be sent to somebody, to be told now and forgotten."""
        before = self.people.get(person)
        if before is None or before.untold is None:
            return None
        self._place(person, replace(before, untold=None))
        await self._write(person)
        return before.untold

    async def join(self, server: str) -> bool:
        """The bot is in this server; whether that is new."""
        if server in self.servers:
            return False
        self.servers.add(server)
        await self._put({f"server:{server}": True})
        return True

    async def leave(self, server: str) -> None:
        """The bot is no longer in this server."""
        self.servers.discard(server)
        try:
            await self._memory.remove((f"server:{server}",))
        except Exception as error:  # noqa: BLE001 - any store's fault; it is asked again after the next start
            log.warning("a server was not forgotten: %s", type(error).__name__)

    async def identify(self, times: list[tuple[float, int]]) -> None:
        """These are the IDENTIFYs of the last day."""
        self.identifies = times
        await self._put({"identifies": [list(one) for one in times]})

    async def sync(self, fingerprint: str, ids: dict[str, str]) -> None:
        """Discord knows these commands, by these ids."""
        self.commands, self.command_ids = fingerprint, ids
        await self._put({"commands": fingerprint, "command_ids": ids})

    def _place(self, person: str, met: Met) -> None:
        self.people[person] = met
        if met.direct:
            self._in[met.direct] = person

    async def _write(self, person: str) -> None:
        met = self.people[person]
        untold = None if met.untold is None else list(met.untold)
        await self._put({f"person:{person}": {"server": met.server, "direct": met.direct, "untold": untold}})

    async def _put(self, items: Mapping[str, Any]) -> None:
        try:
            await self._memory.put(items)
        except Exception as error:  # noqa: BLE001 - any store's fault: it is known here until the next restart
            log.warning("something was not remembered: %s", type(error).__name__)
